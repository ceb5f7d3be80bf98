"""Rows of an organ's ledgers, their last days, clues in both directions, joint work, who saw what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.evidence.models import Blob
from jingyi.web.intake.models import Report
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Organ, Procuratorate

USER = settings.AUTH_USER_MODEL


class Headings(models.Model):
    """Which heading is which column, as one organ confirmed it for one set of headings."""

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="+")
    kind = models.SlugField(max_length=30)  # of rulebook/ledgers
    digest = models.CharField(max_length=64)  # of the set of headings
    mapping = models.JSONField()  # our column → their heading
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "kind", "digest"], name="headings_known_once")
        ]


class Upload(models.Model):
    """One file of an organ's ledger: looked at, confirmed, and perhaps undone."""

    class State(models.TextChoices):
        PREVIEW = "preview", pgettext_lazy("upload", "待确认")
        DONE = "done", pgettext_lazy("upload", "已导入")
        UNDONE = "undone", pgettext_lazy("upload", "已撤销")

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="uploads")
    kind = models.SlugField(max_length=30)
    file = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    mapping = models.JSONField(default=dict)
    remembered = models.BooleanField(default=False)  # the mapping comes from an earlier file
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    rows = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    same = models.IntegerField(default=0)
    refused = models.JSONField(default=list)  # [[row in the file, Sentence], …]
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]

    def get_absolute_url(self):
        return reverse("shared:upload", args=[self.pk])


class Row(models.Model):
    """One matter of an organ's ledger as its last file had it. Only the organ's own files change it."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="rows")
    kind = models.SlugField(max_length=30)
    key = models.CharField(max_length=64)  # known by this when it comes again
    number = models.CharField(max_length=120, blank=True)
    values = models.JSONField()  # column → text; dates as YYYY-MM-DD
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")  # the last to touch it
    since = models.DateTimeField()
    uncounted = models.JSONField(default=list)  # [[title, why], …] as Sentences

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organ", "kind", "key"], name="row_known_once")
        ]

    def get_absolute_url(self):
        return reverse("shared:row", args=[self.pk])


class Change(models.Model):
    """What one file did to one row: undoing the file puts `before` back, or takes the row away."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="changes")
    key = models.CharField(max_length=64)
    before = models.JSONField(null=True)  # None: the row was new
    before_upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    after = models.JSONField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "key"], name="one_change_a_row_and_file")
        ]


class Due(models.Model):
    """A last day that follows from a row; whether it is late is asked with a day."""

    row = models.ForeignKey(Row, models.CASCADE, related_name="dues")
    rule = models.CharField(max_length=60)
    title = models.JSONField()  # Sentence
    party = models.CharField(max_length=10)  # organ or public
    wait = models.BooleanField()
    due_on = models.DateField()
    provisional = models.BooleanField()
    open = models.BooleanField()
    met_on = models.DateField(null=True)
    steps = models.JSONField()  # of Sentences

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["open", "wait", "due_on"], name="duty_due")]


class Clue(models.Model):
    """A clue one side gives the other: sent, received, decided with a reason, answered, confirmed."""

    class Way(models.TextChoices):
        TO_ORGAN = "to-organ", _("检察院移送行政机关")
        TO_OFFICE = "to-office", _("行政机关移送检察院")

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("clue", "待签收")
        RECEIVED = "received", pgettext_lazy("clue", "已签收，待决定")
        DECIDED = "decided", pgettext_lazy("clue", "已决定")
        TAKEN_BACK = "taken-back", pgettext_lazy("clue", "已撤回")

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("clue", "受理")
        NOT_OURS = "not-ours", pgettext_lazy("clue", "不属于本机关职责")
        ALREADY = "already", pgettext_lazy("clue", "此前已经办理")
        DECLINED = "declined", pgettext_lazy("clue", "不予受理")

    way = models.CharField(max_length=10, choices=Way)
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="clues")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="clues")
    title = models.CharField(max_length=200)
    text = models.TextField()
    place = models.CharField(max_length=200, blank=True)
    happened_on = models.DateField(null=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="clues")
    report = models.OneToOneField(Report, models.PROTECT, null=True, related_name="clue")
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    received_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)  # the sender has the receipt
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # what came of it
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | ~Q(state__in=["sent", "taken-back"]),
                name="clue_received_is_not_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & ~Q(reason="") & Q(decided_at__isnull=False, state="decided")),
                name="clue_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(received_at__isnull=False),
                name="clue_confirmed_after_receipt",
            ),
        ]

    def get_absolute_url(self):
        return reverse("shared:clue", args=[self.pk])


class Joint(models.Model):
    """A joint inspection or a training that both sides planned, with what it found."""

    class Kind(models.TextChoices):
        INSPECTION = "inspection", _("联合检查")
        TRAINING = "training", _("培训")
        MEETING = "meeting", _("会商")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("joint", "已计划")
        HELD = "held", pgettext_lazy("joint", "已开展")
        DROPPED = "dropped", pgettext_lazy("joint", "已取消")

    kind = models.CharField(max_length=10, choices=Kind)
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="joint_work")
    organs = models.ManyToManyField(Organ, related_name="joint_work")
    subject = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    participants = models.JSONField(default=list)  # names as written, one a line
    findings = models.JSONField(default=list)  # one a line
    minutes = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.TextField(blank=True)  # where it was dropped
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="held") | ~Q(minutes=""), name="joint_work_held_has_minutes"
            )
        ]

    def get_absolute_url(self):
        return reverse("shared:joint", args=[self.pk])


class Look(models.Model):
    """Who of the other side looked at what of an organ's ledger: which columns, how many rows."""

    organ = models.ForeignKey(Organ, models.CASCADE, related_name="looks")
    kind = models.SlugField(max_length=30)
    row = models.ForeignKey(Row, models.SET_NULL, null=True, related_name="looks")
    page = models.CharField(max_length=10)  # agenda, rows, row, report, file
    count = models.IntegerField()  # rows shown
    columns = models.JSONField()  # of the kind
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="looks")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organ", "-at"], name="look_of_organ")]
