"""What was measured together, its controls, its results, and what a qualified body reported."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from jingyi.web.evidence.models import Blob
from jingyi.web.lab.models.equipment import Device, Kit, Material, Method
from jingyi.web.lab.models.requests import Request
from jingyi.web.lab.models.samples import Sample
from jingyi.web.registry.models import Procuratorate

USER = settings.AUTH_USER_MODEL


class Worksheet(models.Model):
    """A batch: one method, one day, one analyst; positions in the order of measuring."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("worksheet", "检测中")
        SUBMITTED = "submitted", pgettext_lazy("worksheet", "待复核")
        VERIFIED = "verified", pgettext_lazy("worksheet", "已复核")
        VOID = "void", pgettext_lazy("worksheet", "已作废")

    ref = models.CharField(unique=True, max_length=24)
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="lab_worksheets")
    method = models.ForeignKey(Method, models.PROTECT, related_name="worksheets")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="worksheets")
    kit = models.ForeignKey(Kit, models.PROTECT, null=True, related_name="worksheets")
    on = models.DateField()
    analyst = models.ForeignKey(USER, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    verifier = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    returned = models.TextField(blank=True)  # why the verifier sent it back, last
    void_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["office", "state", "-on"], name="lab_worksheets")]
        constraints = [
            models.CheckConstraint(
                condition=Q(verifier__isnull=True) | ~Q(verifier=F("analyst")),
                name="the_verifier_is_not_the_analyst",
            ),
        ]

    def get_absolute_url(self):
        return reverse("lab:worksheet", args=[self.ref])


class Result(models.Model):
    """One sample on a worksheet: what was read, what holds it, what it came to."""

    worksheet = models.ForeignKey(Worksheet, models.CASCADE, related_name="results")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="results")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=40, blank=True)  # as written: 0.12, <0.02, 阳性
    measured_at = models.DateTimeField(null=True)
    late = models.JSONField(default=list)  # sentences: kept too long, too warm
    holds = models.JSONField(default=list)  # sentences: why it is not released
    state = models.CharField(max_length=20, blank=True)  # core.lab.verdicts.ScreeningState
    because = models.JSONField(null=True)
    probability = models.FloatField(null=True)
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated_by")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["worksheet", "position"], name="lab_position_once")
        ]


class Control(models.Model):
    """One control of a worksheet: its figures by name, as `core.lab.control` reads them."""

    worksheet = models.ForeignKey(Worksheet, models.CASCADE, related_name="controls")
    kind = models.CharField(max_length=20)  # of core.lab.control_rules.KINDS
    position = models.PositiveSmallIntegerField()
    figures = models.JSONField(default=dict)
    material = models.ForeignKey(Material, models.PROTECT, null=True, related_name="controls")
    passed = models.BooleanField()
    because = models.JSONField()
    dropped = models.CharField(max_length=200, blank=True)  # why it does not count

    class Meta:
        ordering = ["position", "pk"]


class Commission(models.Model):
    """A sample sent to a qualified body, and its report when it is there."""

    request = models.ForeignKey(Request, models.PROTECT, related_name="commissions")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="commissions")
    item = models.CharField(max_length=60)
    body = models.CharField(max_length=120)
    sent_on = models.DateField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    number = models.CharField(max_length=60, blank=True)  # of the report
    cma = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    over = models.BooleanField(null=True)
    value = models.CharField(max_length=40, blank=True)
    u = models.FloatField(null=True)  # standard uncertainty, where the report states one
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, blank=True)  # core.lab.verdicts.EvidentialState
    because = models.JSONField(null=True)
    reported_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sent_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="") | (~Q(number="") & ~Q(cma="") & Q(issued_on__isnull=False)),
                name="a_confirmation_has_a_report",
            )
        ]
