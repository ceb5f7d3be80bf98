"""Replies duty by duty, verifications with their findings and proofs, visits after closing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.cases.models import Case, Event, Suggestion
from jingyi.web.evidence.models import Blob

USER = settings.AUTH_USER_MODEL


class Answer(models.Model):
    """What the organ replied on one duty of a suggestion. It closes nothing."""

    class Said(models.TextChoices):
        DONE = "done", _("已完成")
        PARTLY = "partly", pgettext_lazy("reply", "部分完成")
        NOT = "not", pgettext_lazy("reply", "未完成")
        NOT_OURS = "not-ours", _("不属于本机关职责")
        DISPUTED = "disputed", _("有异议")

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    suggestion = models.ForeignKey(Suggestion, models.SET_NULL, null=True, related_name="answers")
    duty = models.IntegerField()
    words = models.TextField()  # the duty as it read then
    said = models.CharField(max_length=10, choices=Said)
    text = models.TextField(blank=True)
    on = models.DateField()  # the day of the reply
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]


class Verification(models.Model):
    """One round: somebody went and looked at every duty that was still open."""

    class Method(models.TextChoices):
        VISIT = "visit", _("现场查看")
        SAMPLE = "sample", _("重新取样检测")
        IMAGE = "image", _("卫星或者无人机影像")
        THIRD = "third", _("第三方评估")
        HEARING = "hearing", _("听证")

    case = models.ForeignKey(Case, models.PROTECT, related_name="verifications")
    suggestion = models.ForeignKey(
        Suggestion, models.SET_NULL, null=True, related_name="verifications"
    )
    round = models.IntegerField()  # of the suggestion, from 1
    on = models.DateField()
    methods = models.JSONField(default=list)  # of Method
    first = models.ForeignKey(USER, models.PROTECT, related_name="+")
    second = models.ForeignKey(USER, models.PROTECT, related_name="+")
    place = models.CharField(max_length=200)
    passed = models.BooleanField()
    event = models.OneToOneField(Event, models.PROTECT, related_name="verification")
    # where the chief procurator settles what is left: on a ground of the rulebook, with reasons
    ground = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first=models.F("second")), name="two_people_verified"
            ),
            models.CheckConstraint(
                condition=Q(ground="") | (Q(passed=True) & ~Q(reason="")),
                name="verified_on_a_ground_for_a_reason",
            ),
        ]

    @property
    def method_names(self):
        """The methods in words."""
        return [self.Method(name).label for name in self.methods]


class Finding(models.Model):
    """What a round found of one duty."""

    class Kind(models.TextChoices):
        FIXED = "fixed", _("已整改")
        PARTLY = "partly", pgettext_lazy("finding", "部分整改")
        NOT = "not", pgettext_lazy("finding", "未整改")
        NOT_THEIRS = "not-theirs", _("不属于其职责")
        UNCLEAR = "unclear", _("无法判断")

    verification = models.ForeignKey(Verification, models.CASCADE, related_name="findings")
    duty = models.IntegerField()
    words = models.TextField()  # the duty as it read then
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.TextField()
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)  # as measured
    unit = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["duty"]
        constraints = [
            models.UniqueConstraint(fields=["verification", "duty"], name="one_finding_a_duty"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, unit="") | (Q(amount__isnull=False) & ~Q(unit="")),
                name="measured_with_a_unit",
            ),
        ]


class Proof(models.Model):
    """A sealed file shown for an answer, a finding or a visit; photographs with their own time."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("整改前照片")
        AFTER = "after", _("整改后照片")
        PHOTO = "photo", pgettext_lazy("proof", "照片")
        PAPER = "paper", pgettext_lazy("proof", "材料")
        MEASURED = "measured", _("检测、测量记录")

    answer = models.ForeignKey(Answer, models.CASCADE, null=True, related_name="proofs")
    finding = models.ForeignKey(Finding, models.CASCADE, null=True, related_name="proofs")
    visit = models.ForeignKey("LookBack", models.CASCADE, null=True, related_name="proofs")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    caption = models.TextField(blank=True)
    dated_on = models.DateField(null=True)  # as whoever handed it in says
    taken_at = models.DateTimeField(null=True)  # by the camera's clock, taken as local time
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    fingerprint = models.BigIntegerField(null=True)  # perceptual, signed

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=False, finding__isnull=True, visit__isnull=True)
                | Q(answer__isnull=True, finding__isnull=False, visit__isnull=True)
                | Q(answer__isnull=True, finding__isnull=True, visit__isnull=False),
                name="a_proof_of_one_thing",
            )
        ]


class LookBack(models.Model):
    """A visit (回头看) that a closed case is due for, and what it found."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("visit", "待办")
        DONE = "done", pgettext_lazy("visit", "已办")
        DROPPED = "dropped", _("不再需要")

    class Outcome(models.TextChoices):
        HELD = "held", _("整改成果保持")
        RELAPSED = "relapsed", _("问题反弹")

    case = models.ForeignKey(Case, models.CASCADE, related_name="lookbacks")
    closed_on = models.DateField()
    number = models.IntegerField()  # of this closing, from 1
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)  # old files name none
    done_on = models.DateField(null=True)
    found = models.TextField(blank=True)
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="lookback")

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="lookback_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "closed_on", "number"], name="one_visit_of_a_number"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False, event__isnull=False),
                name="a_visit_done_is_on_file",
            ),
        ]


class Comparison(models.Model):
    """Two pictures of a case laid over each other, and what a program says of them; no finding."""

    class Verdict(models.TextChoices):
        CHANGED = "changed", _("有变化")
        SAME = "same", _("没有看出变化")
        UNCLEAR = "unclear", _("看不出来")

    case = models.ForeignKey(Case, models.CASCADE, related_name="comparisons")
    before = models.ForeignKey(Proof, models.CASCADE, related_name="+")
    after = models.ForeignKey(Proof, models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict)
    overlap = models.FloatField()  # share of the later picture
    changed = models.FloatField()  # share of the overlap
    area = models.FloatField(null=True)  # m², where the size of a pixel was said
    metres = models.FloatField(null=True)  # of a pixel's side on the ground, as said
    laid = models.ForeignKey(Blob, models.PROTECT, related_name="+")  # the earlier, laid over
    shown = models.ForeignKey(Blob, models.PROTECT, related_name="+")  # the later
    outlined = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["before", "after", "metres"], name="compared_once", nulls_distinct=False
            )
        ]
