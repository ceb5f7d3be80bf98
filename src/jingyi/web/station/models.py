"""What is sent to an organ's station, what the organ prepares and signs, and who looked at it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.cases.models import Case, Event, Suggestion
from jingyi.web.cases.verification.models import Answer, Proof
from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Organ

USER = settings.AUTH_USER_MODEL


class Matter(models.Model):
    """A suggestion as the organ's station has it: sent, and received on a day that counts."""

    suggestion = models.OneToOneField(
        Suggestion, models.SET_NULL, null=True, related_name="matter"
    )  # none once the decision was undone
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="matters")
    sent_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    received_on = models.DateField(null=True)
    received_by = models.CharField(max_length=60, blank=True)  # who signed, by name
    received_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_on__isnull=True, received_at__isnull=True, received_by="")
                | Q(received_on__isnull=False, received_at__isnull=False) & ~Q(received_by=""),
                name="received_by_somebody_on_a_day",
            )
        ]

    def get_absolute_url(self):
        return reverse("station:matter", args=[self.pk])


class Draft(models.Model):
    """A reply in preparation: drafted, reviewed, signed by the organ's leader. Nobody else sees it."""

    class State(models.TextChoices):
        DRAFTING = "drafting", pgettext_lazy("draft", "起草")
        REVIEWING = "reviewing", pgettext_lazy("draft", "待审核")
        SIGNING = "signing", pgettext_lazy("draft", "待签发")
        SIGNED = "signed", pgettext_lazy("draft", "已签发")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="drafts")
    number = models.IntegerField()  # of the matter, from 1
    state = models.CharField(max_length=10, choices=State, default=State.DRAFTING)
    version = models.IntegerField(default=1)  # optimistic lock
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signed_on = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="one_draft_of_a_number"),
            models.UniqueConstraint(
                fields=["matter"], condition=~Q(state="signed"), name="one_draft_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_on__isnull=False),
                name="a_signed_draft_has_a_day",
            ),
        ]


class Line(models.Model):
    """What a draft says of one duty."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="lines")
    duty = models.IntegerField()
    said = models.CharField(max_length=10, choices=Answer.Said, blank=True)
    text = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)  # money, area, …
    unit = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["duty"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "duty"], name="one_line_a_duty"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, unit="") | (Q(amount__isnull=False) & ~Q(unit="")),
                name="an_amount_has_a_unit",
            ),
        ]


class Attached(models.Model):
    """A sealed file of a line."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="files")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Proof.Kind)
    dated_on = models.DateField(null=True)
    caption = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]


class Passage(models.Model):
    """One act along the chain of a draft; never changed."""

    class Kind(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("passage", "提交审核")
        RETURNED = "returned", pgettext_lazy("passage", "退回修改")
        PASSED = "passed", pgettext_lazy("passage", "审核通过")
        RECALLED = "recalled", pgettext_lazy("passage", "撤回")
        SIGNED = "signed", pgettext_lazy("passage", "签发")

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="passages")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField(blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]


class Request(models.Model):
    """What an organ asks of the procuratorate, with a reason; the procuratorate decides."""

    class Kind(models.TextChoices):
        OBJECTION = "objection", _("异议")
        EXTENSION = "extension", _("延长整改期限")
        SUSPENSION = "suspension", _("中止审查")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("request", "待答复")
        ACCEPTED = "accepted", pgettext_lazy("request", "已采纳")
        REFUSED = "refused", pgettext_lazy("request", "未采纳")
        TAKEN_BACK = "taken-back", pgettext_lazy("request", "已撤回")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    until = models.DateField(null=True)  # asked for
    late = models.BooleanField(default=False)  # after the period for objecting
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="asked_for")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "taken-back"])
                | (Q(decided_by__isnull=False) & ~Q(answer="")),
                name="decided_by_somebody_in_words",
            )
        ]


class Paper(models.Model):
    """A text both sides sign: minutes of a consultation, or a confirmation of facts."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("磋商纪要")
        FACTS = "facts", _("事实确认书")

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200)
    text = models.TextField()
    digest = models.CharField(max_length=64)  # SHA-256 of title and text: what was signed
    held_on = models.DateField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaces")

    class Meta:
        ordering = ["-held_on", "-pk"]

    def get_absolute_url(self):
        return reverse("station:paper", args=[self.pk])


class Signature(models.Model):
    """One side's signature under a paper, for the very words it had then."""

    class Side(models.TextChoices):
        OFFICE = "office", pgettext_lazy("side", "检察院")
        ORGAN = "organ", pgettext_lazy("side", "行政机关")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "side"], name="one_signature_a_side")
        ]


class Link(models.Model):
    """An address that opens one matter once, for whoever it was sent to; only its hash is kept."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="links")
    key_hash = models.CharField(max_length=64, unique=True)
    for_whom = models.CharField(max_length=60)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="a_link_lasts_a_while")
        ]


class Seen(models.Model):
    """Who looked at what of a matter, and when."""

    class Part(models.TextChoices):
        MATTER = "matter", _("检察建议及职责")
        DRAFT = "draft", _("回复草稿")
        FILE = "file", _("附上的文件")
        PAPER = "paper", _("双方文件")
        REQUEST = "request", _("申请和异议")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="seen")
    part = models.CharField(max_length=10, choices=Part)
    by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    link = models.ForeignKey(Link, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["matter", "-at"], name="seen_of_matter")]


from jingyi.web.station.shared.models import Clue, Due, Joint, Look, Row, Upload  # noqa: E402, F401 -- tables of this room, kept beside what they do
