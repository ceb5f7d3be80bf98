"""Typical cases being written, their versions, the selections they were entered in, what is out already."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.cases.models import Case
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Typical(models.Model):
    """A closed case being made a typical case."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="typical")
    title = models.CharField(max_length=120)
    latest = models.IntegerField(default=1)  # the version that stands; the optimistic lock
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("typical:draft", args=[self.pk])

    @property
    def subject(self) -> str:
        """How the ledger and the covered copies call it."""
        return f"typical:{self.pk}"


class Draft(models.Model):
    """One version, whole. Never changed."""

    typical = models.ForeignKey(Typical, models.PROTECT, related_name="drafts")
    n = models.IntegerField()
    title = models.CharField(max_length=120)
    sections = models.JSONField(default=dict)  # id of rulebook/typical.toml: text
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-n",)
        constraints = [
            models.UniqueConstraint(fields=["typical", "n"], name="typical_version_once")
        ]

    @property
    def key(self) -> str:
        """How its covered copies are filed."""
        return f"v{self.n}"


class Entry(models.Model):
    """A covered copy entered in a selection, and what came of it."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("评选中")
        CHOSEN = "chosen", pgettext_lazy("selection", "入选")
        PASSED = "passed", pgettext_lazy("selection", "未入选")
        RETURNED = "returned", pgettext_lazy("selection", "退回修改")

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="entries")
    selection = models.CharField(max_length=120)
    organiser = models.CharField(max_length=80)
    on = models.DateField()
    copy = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    outcome_on = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="pending", outcome_on=None)
                | (~Q(outcome="pending") & Q(outcome_on__isnull=False)),
                name="outcome_on_a_day",
            )
        ]


class Published(models.Model):
    """A typical case that is out already: what a new one is compared with. Public by nature."""

    title = models.CharField(max_length=200)
    source = models.CharField(max_length=200)  # who published it, where
    on = models.DateField()
    text = models.TextField()
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="published")
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")  # who recorded it
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-on", "-pk")
        constraints = [models.UniqueConstraint(fields=["title", "source"], name="published_once")]
