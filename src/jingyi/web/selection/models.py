"""Selections of brands: rules, entries, the jury and its scores, the public's ballots, the counts."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from jingyi.core.judging.rounds import SCORES, Category, Round
from jingyi.web.brands.models import Brand
from jingyi.web.brands.typical.models import Entry as CaseEntry
from jingyi.web.brands.typical.models import Typical
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Department, Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Edition(models.Model):
    """One selection. Its rules are fixed when it leaves the stage `draft`."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    about = models.TextField(blank=True)
    nominated = models.IntegerField()  # entries that may go to the jury
    chosen = models.IntegerField()
    each = models.IntegerField()  # judges an entry
    public_percent = models.IntegerField()
    votes = models.IntegerField()  # entries one ballot may choose
    publicity_days = models.IntegerField()
    blind = models.BooleanField(default=False)  # judges are not told whose entry it is
    rubric = models.JSONField()  # [[criterion, weight], …]: PostgreSQL forgets an object's order
    categories = models.JSONField(
        default=list
    )  # [[name, nominated, chosen], …]; empty: one, unnamed
    rounds = models.JSONField(
        default=list
    )  # [[title, kind, each, [onward, …]], …]; empty: one, scored
    round = models.IntegerField(default=0)  # the one that is on, from 0
    closes_on = models.DateField()  # last day of nominations
    stage = models.CharField(max_length=20)  # of rulebook/selection.toml
    seed = models.CharField(max_length=64)  # of the lot; secret until decided
    opened_at = models.DateTimeField(null=True)
    notice_until = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "name"], name="selection_name_once"),
            models.CheckConstraint(
                condition=models.Q(public_percent__gte=0, public_percent__lte=50),
                name="selection_public_at_most_half",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("selection:edition", args=[self.pk])

    @property
    def criteria(self) -> dict[str, float]:
        """Weights by criterion, in the order of the sheet."""
        return dict(self.rubric)

    @criteria.setter
    def criteria(self, weights: dict[str, float]) -> None:
        self.rubric = [[name, weight] for name, weight in weights.items()]

    @property
    def kinds(self) -> list[Category]:
        """The categories; one without a name where the rules have none."""
        return [Category(*one) for one in self.categories] or [Category("", self.nominated, self.chosen)]  # fmt: skip

    @property
    def legs(self) -> list[Round]:
        """The rounds in order; one of scores where the rules name none."""
        named = [Round(title, kind, each, tuple(on)) for title, kind, each, on in self.rounds]
        return named or [Round("", SCORES, self.each, tuple(one.chosen for one in self.kinds))]

    @property
    def leg(self) -> Round:
        """The round that is on."""
        return self.legs[self.round]

    @property
    def last_leg(self) -> bool:
        """No round follows."""
        return self.round == len(self.legs) - 1


class Entry(models.Model):
    """A brand or a typical case that stands in a selection, by its `number` to judges and the public.

    Of a typical case only the covered copy goes along: its words, and the title they begin with.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SENT = "sent"
        RETURNED = "returned"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="entries")
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, related_name="+")
    case = models.OneToOneField(CaseEntry, models.PROTECT, null=True, related_name="+")
    heading = models.CharField(max_length=200, blank=True)  # of a typical case, covered
    hands = models.ManyToManyField(PERSON, related_name="+")  # who wrote, added files, sent
    statement = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    returned_why = models.TextField(blank=True)
    number = models.IntegerField(null=True)
    category = models.CharField(max_length=40, blank=True)
    round = models.IntegerField(default=0)  # the last round it stands in
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "brand"], name="entry_once"),
            models.UniqueConstraint(fields=["edition", "number"], name="entry_number_once"),
            models.CheckConstraint(
                condition=models.Q(brand__isnull=False, case=None)
                | models.Q(brand=None, case__isnull=False),
                name="entry_of_one_thing",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("selection:entry", args=[self.pk])

    @property
    def title(self) -> str:
        """What it is called on pages."""
        return self.brand.name if self.brand else self.heading

    @property
    def office(self) -> Procuratorate:
        """Whose it is."""
        return self.brand.office if self.brand else self.case.draft.typical.case.office

    @property
    def department(self) -> Department | None:
        """The department of a brand."""
        return self.brand.department if self.brand else None

    @property
    def source(self) -> Brand | Typical:
        """The page that staff go on to."""
        return self.brand or self.case.draft.typical


class Material(models.Model):
    """A file that supports an entry."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="materials")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)


class Juror(models.Model):
    """A judge of one selection; no longer `active` where one judged a round and then left."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="jurors")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["edition", "person"], name="juror_once")]


class Conflict(models.Model):
    """Why a judge does not judge an entry: declared, or found in the records."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="conflicts")
    juror = models.ForeignKey(Juror, models.CASCADE, related_name="conflicts")
    declared = models.BooleanField()
    why = models.JSONField()  # a Sentence
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "juror"], name="conflict_once")]


class Seat(models.Model):
    """One judge's sheet for one entry. A void one stays on file and counts nowhere."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="seats")
    juror = models.ForeignKey(Juror, models.PROTECT, related_name="seats")
    round = models.IntegerField(default=0)
    points = models.JSONField(default=dict)  # criterion: 0–100
    confidence = models.CharField(max_length=10, blank=True)
    comment = models.TextField(blank=True)
    scored_at = models.DateTimeField(null=True)
    void_why = models.TextField(blank=True)

    class Meta:
        ordering = ("entry__number", "pk")
        constraints = [
            models.UniqueConstraint(fields=["entry", "juror", "round"], name="seat_once")
        ]


class Turnout(models.Model):
    """That a judge may vote in a round's secret ballot, and whether they did; not when, nor what.

    All rows of a round are made when its ballot opens, so their order tells nothing.
    """

    juror = models.ForeignKey(Juror, models.PROTECT, related_name="turnouts")
    round = models.IntegerField()
    voted = models.BooleanField(default=False)

    class Meta:
        ordering = ("juror",)
        constraints = [models.UniqueConstraint(fields=["juror", "round"], name="turnout_once")]


class Box(models.Model):
    """The papers of a round's secret ballot: one value, in order of drawn marks, naming nobody.

    Rows of their own would keep the order in which they were cast; a sorted list keeps none.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="boxes")
    round = models.IntegerField()
    papers = models.JSONField(default=list)  # [[mark, [number of an entry as text, …]], …]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "round"], name="box_once")]


class Voucher(models.Model):
    """The right to cast one ballot. Nothing joins it to the ballot that was cast with it."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="vouchers")
    digest = models.CharField(max_length=64)
    used = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "digest"], name="voucher_once")]


class Vote(models.Model):
    """A ballot of the public: what is published of it, its hour, and a digest of where it came from."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="ballots")
    mark = models.CharField(max_length=64)
    choices = models.JSONField()  # numbers of entries, as text
    hour = models.IntegerField()  # since the vote opened
    source = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "mark"], name="ballot_once")]


class Count(models.Model):
    """A count with everything it says. The newest stands; those before it stay on file."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="counts")
    round = models.IntegerField(default=0)
    result = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.TextField(blank=True)  # of a recount
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)


class Objection(models.Model):
    """What somebody says against a result under notice, and the answer."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="objections")
    name = models.CharField(max_length=60)
    contact = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)


class Issue(models.Model):
    """An issue of the column (专栏): one chosen brand, shown from a moment on."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="issue")
    number = models.IntegerField()  # ① … ⑨
    headline = models.CharField(max_length=80)
    note = models.TextField()  # the editor's
    text = models.TextField()
    picture = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    film = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    share = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")  # a drawn card
    appears_at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("number",)
