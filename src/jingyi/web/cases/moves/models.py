"""Moves of a case between procuratorates, what is reported on them, and mergers of two cases."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.core import rulebook
from jingyi.web.cases.models import Case, Event
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Procuratorate

USER = settings.AUTH_USER_MODEL


class JurisdictionMove(models.Model):
    """A case sent from one procuratorate to another, or supervised by a superior one.

    The case stays with the sender until the receiver receives it; from then on it is the
    receiver's, with its whole file. What the sender may read of it ends with the event `left_by`.
    """

    class State(models.TextChoices):
        SENT = "sent", _("待接收")
        RECEIVED = "received", _("已接收")
        WITHDRAWN = "withdrawn", _("已撤回")
        RUNNING = "running", _("督办中")
        ENDED = "ended", _("已办结")

    case = models.ForeignKey(Case, models.PROTECT, related_name="jurisdiction_moves")
    kind = models.CharField(max_length=20)  # of rulebook/moves.toml
    sender = models.ForeignKey(Procuratorate, models.PROTECT, related_name="moves_sent")
    receiver = models.ForeignKey(Procuratorate, models.PROTECT, related_name="moves_received")
    decider = models.ForeignKey(Procuratorate, models.PROTECT, related_name="moves_decided")
    grounds = models.TextField()
    number = models.CharField(max_length=60, blank=True)  # of the document, given elsewhere
    exhibit = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    exhibit_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State)
    sent_on = models.DateField()
    received_on = models.DateField(null=True)
    due_on = models.DateField(null=True)  # the last day that the superior sets
    left_by = models.OneToOneField(Event, models.PROTECT, null=True, related_name="left_with")
    came_by = models.OneToOneField(Event, models.PROTECT, null=True, related_name="came_with")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True)  # of a withdrawal, or the end of a supervision
    received_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["receiver", "state"], name="move_inbox")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="sent"), name="one_move_on_its_way"
            ),
            models.CheckConstraint(
                condition=~Q(state="received")
                | Q(received_on__isnull=False, came_by__isnull=False),
                name="received_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "ended"]) | ~Q(closed_reason=""),
                name="move_closed_for_a_reason",
            ),
        ]

    def get_absolute_url(self):
        return reverse("moves:move", args=[self.pk])

    @property
    def rule(self):
        """What the rulebook says of this kind of move."""
        return rulebook.moves()[0][self.kind]


class MoveReport(models.Model):
    """What the office that has the case reports to the superior that handed it down or supervises."""

    move = models.ForeignKey(JurisdictionMove, models.PROTECT, related_name="reports")
    text = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class CaseMerge(models.Model):
    """A later case closed into an earlier one of the same organ and the same kind of violation."""

    earlier = models.ForeignKey(Case, models.PROTECT, related_name="merged_in")
    later = models.ForeignKey(Case, models.PROTECT, related_name="merged_into")
    event = models.OneToOneField(Event, models.PROTECT, related_name="merge")
    grounds = models.TextField()
    incidents = models.JSONField(default=list)  # numbers of those that went along
    exhibits = models.JSONField(default=list)  # numbers that the copies have in the earlier case
    earlier_version = models.IntegerField()  # of the earlier case right after the merger
    on = models.DateField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    undone_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["later"], condition=Q(undone_at__isnull=True), name="merged_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                name="merge_undone_by_somebody_for_a_reason",
            ),
        ]
