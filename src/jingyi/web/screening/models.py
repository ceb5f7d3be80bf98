"""Data sources, models as files, runs, hits and what people made of them."""

import re
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.web.intake.models import Report
from jingyi.web.registry.models import Procuratorate

PERSON = settings.AUTH_USER_MODEL


class DataSource(models.Model):
    """One table as an organ handed it over; deleted on its last day, its digest stays."""

    class Origin(models.TextChoices):
        UPLOAD = "upload", _("上传")
        FOLDER = "folder", _("交换文件夹")
        DATABASE = "database", _("只读数据库连接")

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="data_sources")
    name = models.CharField(max_length=120)
    holder = models.CharField(max_length=120)  # the organ whose data it is
    origin = models.CharField(max_length=10, choices=Origin)
    detail = models.CharField(max_length=300)  # the file's name, or connection and table
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()  # bytes
    rows = models.BigIntegerField(null=True)
    profile = models.JSONField(default=list)  # engines.profiling, one a column
    delete_on = models.DateField()
    deleted_at = models.DateTimeField(null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.holder} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("screening:source", args=[self.pk])

    @property
    def path(self) -> Path:
        """Where the file is, under a name that messages may tell."""
        return Path(settings.DATA) / "screening" / "sources" / str(self.pk) / self.file_name

    @property
    def file_name(self) -> str:
        return re.sub(r"[^\w.\-]", "_", self.detail)[-80:].lstrip(".") or "table"


class ModelText(models.Model):
    """The files of a model, under the digest that hits cite: what a run ran is found years later."""

    digest = models.CharField(primary_key=True, max_length=64)
    slug = models.CharField(max_length=64, db_index=True)
    version = models.IntegerField()
    files = models.JSONField()  # name → text


class OwnModel(models.Model):
    """A version of a model that an office wrote; versions are never edited."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="own_models")
    text = models.ForeignKey(ModelText, models.PROTECT, related_name="+")
    slug = models.CharField(max_length=64)
    version = models.IntegerField()
    note = models.CharField(max_length=300, blank=True)
    retired_at = models.DateTimeField(null=True)
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "slug", "version"], name="own_model_once")
        ]
        ordering = ("slug", "-version")


class Threshold(models.Model):
    """The parameters an office runs a model with, saved after their effect was seen."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    model = models.CharField(max_length=64)
    values = models.JSONField()
    preview = models.ForeignKey("Run", models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")


class Mapping(models.Model):
    """How an office reads a file with these headings as a table of a contract."""

    office = models.ForeignKey(Procuratorate, models.CASCADE, related_name="+")
    contract = models.CharField(max_length=120)  # model:table
    headings = models.CharField(max_length=64)  # their digest
    columns = models.JSONField()  # column → heading

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "contract", "headings"], name="mapped_once")
        ]


class Run(models.Model):
    """A model over its sources: what was run, how far it is, what came of it."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队")
        RUNNING = "running", _("运行中")
        DONE = "done", _("完成")
        REFUSED = "refused", _("未能运行")
        CANCELLED = "cancelled", _("已取消")

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="screenings")
    text = models.ForeignKey(ModelText, models.PROTECT, related_name="runs")
    model = models.CharField(max_length=64)
    preview = models.BooleanField(default=False)  # counts and shows a few; nothing is kept of it
    engine = models.CharField(max_length=10)
    values = models.JSONField()  # parameter → value as people write it
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    stage = models.JSONField(null=True)  # Sentence: what it is doing
    share = models.FloatField(default=0)  # done, 0–1
    cancel_asked = models.BooleanField(default=False)
    told = models.JSONField(default=dict)  # by table: rows, set_aside, profiles, warnings; steps
    warnings = models.JSONField(default=list)  # Sentences
    hits = models.BigIntegerField(default=0)  # found
    kept = models.IntegerField(default=0)  # of these, kept one by one
    salt = models.CharField(max_length=32)  # of row digests: nobody guesses a row from its leaf
    problem = models.JSONField(null=True)  # Sentence
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["office", "model", "-at"], name="runs_of_model")]
        ordering = ("-at", "-pk")

    def get_absolute_url(self) -> str:
        return reverse("screening:run", args=[self.pk])

    @property
    def folder(self) -> Path:
        return Path(settings.DATA) / "screening" / "runs" / str(self.pk)

    @property
    def going(self) -> bool:
        return self.state in {Run.State.QUEUED, Run.State.RUNNING}


class RunInput(models.Model):
    """Which source was which table of the contract, and how its columns were read."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="inputs")
    table = models.CharField(max_length=64)
    source = models.ForeignKey(DataSource, models.PROTECT, related_name="uses")
    columns = models.JSONField(default=dict)  # column → heading, where said
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "table"], name="input_once")]
        ordering = ("pk",)


class Standing(models.Model):
    """One finding of a model in an office, run after run: its lead, its verdict, its suppression."""

    class Verdict(models.TextChoices):
        RIGHT = "right", _("属实")
        WRONG = "wrong", _("不属实")

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    model = models.CharField(max_length=64)
    key = models.CharField(max_length=64)  # digest of the key's values, the model not in it
    first_run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    report = models.OneToOneField(Report, models.PROTECT, null=True, related_name="screened")
    verdict = models.CharField(max_length=5, choices=Verdict, blank=True)  # said in the studio
    note = models.CharField(max_length=300, blank=True)
    judged_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)
    suppressed_for = models.CharField(max_length=300, blank=True)
    suppressed_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "model", "key"], name="standing_once")
        ]

    def held(self, on: date) -> bool:
        """Tell whether it is suppressed on a day."""
        return self.suppressed_until is not None and on <= self.suppressed_until


class Hit(models.Model):
    """One row of a run's result with the rows it cites; of a deleted source only digests stay."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="found")
    n = models.IntegerField()  # from 1, in the order of the result
    standing = models.ForeignKey(Standing, models.PROTECT, null=True, related_name="hits")
    values = models.JSONField()  # output → text; {} once the sources are deleted
    cited = models.JSONField()  # output of kind rows → row numbers
    rows = models.JSONField()  # table → row number → column → text; {} once deleted
    digests = models.JSONField()  # table → row number → SHA-256 (salt, row)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "n"], name="hit_once")]
        ordering = ("n",)

    def get_absolute_url(self) -> str:
        return reverse("screening:hit", args=[self.run_id, self.n])

    @property
    def subject(self) -> str:
        return f"hit:{self.run_id}:{self.n}"

    def typed(self, model: Any) -> dict[str, Any]:
        """Return the values and cited rows as `Reasons` reads them."""
        return {
            one.name: self.cited[one.name] if one.kind == "rows" else self.values.get(one.name, "")
            for one in model.outputs
        }


class Negative(models.Model):
    """A row drawn at random from what was not flagged, and what a person said of it."""

    class Verdict(models.TextChoices):
        MISSED = "missed", _("应当命中")
        RIGHT = "right", _("不该命中")

    run = models.ForeignKey(Run, models.CASCADE, related_name="negatives")
    table = models.CharField(max_length=64)
    row = models.BigIntegerField()
    unflagged = models.BigIntegerField()  # rows that were drawn from
    values = models.JSONField()  # column → text
    verdict = models.CharField(max_length=6, choices=Verdict, blank=True)
    by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "table", "row"], name="drawn_row_once")
        ]
        ordering = ("pk",)


class Agreement(models.Model):
    """What two organs agreed on before they compare lists by keyed hashes: purpose, times, end."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="agreements")
    code = models.CharField(max_length=40)  # the same on both sides
    partner = models.CharField(max_length=120)
    purpose = models.CharField(max_length=300)
    kind = models.CharField(max_length=12)  # person-id or credit-code
    digest = models.CharField(max_length=8, default="sha256")
    sealed = models.BinaryField()  # Fernet token of the agreed key
    most = models.IntegerField()
    until = models.DateField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="agreed_once")]
        ordering = ("-at",)

    def get_absolute_url(self) -> str:
        return reverse("screening:agreement", args=[self.pk])


class Collision(models.Model):
    """One query under an agreement: what was handed over, and what came of it."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="collisions")
    query = models.IntegerField()  # from 1
    source = models.ForeignKey(DataSource, models.PROTECT, related_name="+")
    column = models.CharField(max_length=200)
    ours = models.IntegerField()  # different identifiers
    theirs = models.IntegerField(null=True)
    common = models.IntegerField(null=True)
    result = models.ForeignKey(DataSource, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "query"], name="queried_once")]
        ordering = ("-query",)
