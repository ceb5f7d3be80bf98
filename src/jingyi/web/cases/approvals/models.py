"""Requests for approval (报批) with every opinion on them, delegations, and recusals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.cases.models import Case, Event
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Procuratorate

USER = settings.AUTH_USER_MODEL


class Approval(models.Model):
    """A request that a step of a case be decided by who the rulebook says decides it."""

    class Stage(models.TextChoices):
        REVIEW = "review", _("待部门负责人审核")
        DECISION = "decision", _("待检察长决定")
        SUPERIOR = "superior", _("待上一级院决定")
        RECHECK = "recheck", _("责令复核中")
        APPROVED = "approved", _("已批准")
        RETURNED = "returned", pgettext_lazy("approval", "已退回")
        WITHDRAWN = "withdrawn", pgettext_lazy("approval", "已撤回")

    OPEN = (Stage.REVIEW, Stage.DECISION, Stage.SUPERIOR, Stage.RECHECK)

    case = models.ForeignKey(Case, models.PROTECT, related_name="approvals")
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="approvals")
    # the office above, where the step is that office's to decide
    superior = models.ForeignKey(Procuratorate, models.PROTECT, null=True, related_name="+")
    step = models.CharField(max_length=60)  # a step of rulebook/states
    stage = models.CharField(max_length=10, choices=Stage)
    grounds = models.TextField()
    draft = models.TextField(blank=True)  # of the decision
    until = models.DateField(null=True)  # the last day asked for
    facts = models.JSONField(default=dict)  # what the step needs on file, as in an event
    exhibit = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    exhibit_name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="approvals")
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="approval")

    class Meta:
        indexes = [
            models.Index(fields=["office", "stage"], name="approval_waiting"),
            models.Index(fields=["superior", "stage"], name="approval_above"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step"],
                condition=Q(stage__in=["review", "decision", "superior", "recheck"]),
                name="one_open_approval_of_a_step",
            ),
            models.CheckConstraint(
                condition=Q(stage="approved", event__isnull=False)
                | (~Q(stage="approved") & Q(event__isnull=True)),
                name="what_is_approved_is_on_file",
            ),
        ]

    def get_absolute_url(self):
        return reverse("approvals:approval", args=[self.pk])


class Opinion(models.Model):
    """What somebody said on a request, in its order. Never changed and never taken away (R8)."""

    class Kind(models.TextChoices):
        ASKED = "asked", pgettext_lazy("approval", "报批")
        AGREED = "agreed", _("部门负责人同意")
        DISAGREED = "disagreed", _("部门负责人不同意")
        COMMITTEE = "committee", _("检察委员会意见")
        RECHECK = "recheck", _("责令复核")
        RECHECKED = "rechecked", _("复核情况")
        DISSENT = "dissent", _("保留不同意见")
        FORWARDED = "forwarded", _("检察长同意，报上一级院")
        APPROVED = "approved", pgettext_lazy("approval", "批准")
        RETURNED = "returned", pgettext_lazy("approval", "退回")
        WITHDRAWN = "withdrawn", pgettext_lazy("approval", "撤回报批")

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="opinions")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    on = models.DateField(null=True)  # of a committee's meeting, of a decision
    delegated = models.BooleanField(default=False)  # said by a delegate in the chief's stead
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Delegation(models.Model):
    """A chief procurator's dated delegation to decide requests of the office."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="delegations")
    to = models.ForeignKey(USER, models.PROTECT, related_name="delegations")
    since = models.DateField()
    until = models.DateField()  # last day, inclusive
    reason = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="delegation_ends_after_it_begins"
            )
        ]


class Chain(models.Model):
    """Whether an office's requests pass the department head first, from a day on."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="chains")
    head_reviews = models.BooleanField()
    since = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["since", "pk"]


class Recusal(models.Model):
    """An application that somebody be taken off a case (回避), or their own."""

    class Stage(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("recusal", "待决定")
        GRANTED = "granted", _("决定回避")
        REFUSED = "refused", _("驳回申请")
        AGAIN = "again", _("复议中")
        UPHELD = "upheld", _("复议维持")
        OVERTURNED = "overturned", _("复议改为回避")

    OFF = (Stage.GRANTED, Stage.OVERTURNED)

    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    capacity = models.CharField(max_length=20)  # of rulebook/approvals.toml
    person = models.ForeignKey(USER, models.PROTECT, null=True, related_name="recusals")
    name = models.CharField(max_length=120)
    own = models.BooleanField()  # asked by the person
    applicant = models.CharField(max_length=120, blank=True)  # the party, otherwise
    ground = models.CharField(max_length=40)  # of rulebook/approvals.toml
    text = models.TextField()
    asked_on = models.DateField()  # the day it was received
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")  # who entered it
    at = models.DateTimeField()
    body = models.CharField(max_length=10)  # who decides: chief or committee
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.WAITING)
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    successor = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    again_on = models.DateField(null=True)
    again_text = models.TextField(blank=True)
    reconsidered_on = models.DateField(null=True)
    reconsidered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reconsidered_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "stage"], name="recusal_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage="waiting", decided_by__isnull=True)
                | (~Q(stage="waiting") & Q(decided_by__isnull=False) & ~Q(reason="")),
                name="a_recusal_is_decided_for_a_reason",
            )
        ]

    def get_absolute_url(self):
        return reverse("approvals:recusal", args=[self.pk])
