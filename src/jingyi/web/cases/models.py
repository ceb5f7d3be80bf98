"""Cases, the dated events on file, and the clocks that follow from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.evidence.models import Blob
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Department, Organ, Procuratorate


class Track(models.TextChoices):
    """The two procedures of public-interest litigation."""

    ADMINISTRATIVE = "administrative", pgettext_lazy("track", "行政公益诉讼")
    CIVIL = "civil", pgettext_lazy("track", "民事公益诉讼")


class Case(models.Model):
    """A filed case (立案). Its state and clocks follow from its events, by the rulebook."""

    Track = Track

    ref = models.CharField(unique=True, max_length=24)
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="cases")
    department = models.ForeignKey(Department, models.PROTECT, null=True)
    track = models.CharField(max_length=16, choices=Track)
    domain = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=30)  # a state of rulebook/states.toml
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="cases")
    defendant = models.CharField(_("违法行为人"), max_length=200, blank=True)  # civil track
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases")
    incidents = models.ManyToManyField(Incident, related_name="cases")
    opened_on = models.DateField()
    fact_from = models.DateField(null=True)  # first day of the fact: which statute it is judged by
    fact_to = models.DateField(null=True)  # last day; nothing while it goes on
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    version = models.IntegerField(default=1)  # optimistic lock

    class Meta:
        indexes = [
            models.Index(fields=["office", "-opened_on", "-id"], name="case_list"),
            models.Index(fields=["handler", "state"], name="case_mine"),
        ]

    def get_absolute_url(self):
        return reverse("cases:case", args=[self.ref])


class Proposal(models.Model):
    """A prosecutor's proposal to file; the chief procurator files it or returns it (R7, R8, R30).

    Dissent of whoever proposed stays on file, whatever was decided.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待检察长决定")
        FILED = "filed", _("已立案")
        RETURNED = "returned", _("已退回")

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="proposals")
    incidents = models.ManyToManyField(Incident, related_name="proposals")
    track = models.CharField(max_length=16, choices=Track)
    domain = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    defendant = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, null=True)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    grounds = models.TextField()
    fact_from = models.DateField(null=True)
    fact_to = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # of the return
    dissent = models.TextField(blank=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="proposal")

    class Meta:
        indexes = [models.Index(fields=["office", "state", "-at"], name="proposal_waiting")]

    def get_absolute_url(self):
        return reverse("cases:proposal", args=[self.pk])


class Event(models.Model):
    """A step taken, with the day it took effect. The file of a case is the list of its events.

    An event is never changed: one that was wrong is undone with a reason, and what is right is a
    new event that `corrects` it.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=60)  # an event of rulebook/states.toml
    on = models.DateField()
    place = models.IntegerField()  # among events of one day; a correction takes over the place
    until = models.DateField(null=True)  # the last day a decision names (a superior's extension)
    facts = models.JSONField(default=dict)  # what the step needs on file
    exhibit = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    exhibit_name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["on", "place"]
        indexes = [models.Index(fields=["kind", "case"], name="event_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "place"],
                condition=Q(undone_at__isnull=True),
                name="one_event_in_a_place",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                name="undone_by_somebody_for_a_reason",
            ),
        ]


class Clock(models.Model):
    """A clock derived from a case's events, kept so that lists can ask what is due.

    Written anew whenever an event is; whether it is overdue is asked with a day, never stored.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    rule = models.CharField(max_length=60)  # "suggestion.reply"
    rule_version = models.DateField(null=True)  # nothing where no version is in force
    track = models.CharField(max_length=30, blank=True)
    duty = models.BooleanField()  # somebody must act; otherwise a period to be waited out
    started_on = models.DateField()
    due_raw = models.DateField(null=True)
    due_on = models.DateField(null=True)  # nothing where the calendar is not announced
    stopped_on = models.DateField(null=True)  # done, or no longer applicable
    paused = models.BooleanField(default=False)  # while days are left out, `due_on` still moves
    steps = models.JSONField(default=list)  # Sentences: why this date
    refusal = models.JSONField(null=True)  # Sentence: why there is no date

    class Meta:
        indexes = [models.Index(fields=["stopped_on", "due_on"], name="clock_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | Q(refusal__isnull=False),
                name="a_date_or_the_reason_why_not",
            )
        ]


class Suggestion(models.Model):
    """A procuratorial suggestion (检察建议) to one organ. Its number is given elsewhere.

    Follows from the event that decided it and those after, like the clocks.
    """

    event = models.OneToOneField(Event, models.CASCADE, related_name="suggestion")
    case = models.ForeignKey(Case, models.PROTECT, related_name="suggestions")
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="suggestions")
    number = models.CharField(_("文号"), max_length=60, blank=True)
    asks = models.JSONField(default=list)  # each duty, in words
    urgent = models.BooleanField(default=False)
    decided_on = models.DateField()
    served_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)


# a folder of its own; Django looks for models here
from jingyi.web.cases.approvals.models import Approval, Chain, Delegation, Opinion, Recusal  # noqa: E402, F401 -- they refer to Case above
from jingyi.web.cases.documents.models import Document, Exhibit, Fact, Version  # noqa: E402, F401 -- likewise
from jingyi.web.cases.moves.models import CaseMerge, JurisdictionMove, MoveReport  # noqa: E402, F401 -- likewise
from jingyi.web.cases.reading.models import Dated, Item, Note, NoteVersion, Page, Reading  # noqa: E402, F401 -- likewise
from jingyi.web.cases.rules.models import Move, OfficeLimit  # noqa: E402, F401 -- likewise
from jingyi.web.cases.sealing.models import Sealing  # noqa: E402, F401 -- likewise
from jingyi.web.cases.verification.models import (  # noqa: E402 -- likewise
    Answer,  # noqa: F401
    Comparison,  # noqa: F401
    Finding,  # noqa: F401
    LookBack,  # noqa: F401
    Proof,  # noqa: F401
    Verification,  # noqa: F401
)
