"""What an office measures with: methods, instruments and their checks, lots of kits, materials."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.registry.models import Procuratorate

USER = settings.AUTH_USER_MODEL


class Technique(models.TextChoices):
    """How a method measures; the rules of its controls follow from it (rulebook/lab/control.toml)."""

    STRIP = "strip", pgettext_lazy("technique", "试纸或试剂盒")
    METER = "meter", pgettext_lazy("technique", "便携仪器")
    INSTRUMENT = "instrument", pgettext_lazy("technique", "实验室仪器")


class Method(models.Model):
    """How one item is measured here, and how well.

    `lod`, `most`: detection limit and end of the range, in `unit`. The standard uncertainty of a
    value is the larger of `u_percent` of it and `u_least`.
    """

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="lab_methods")
    name = models.CharField(_("名称"), max_length=120)
    number = models.CharField(_("方法标准号"), max_length=60, blank=True)
    item = models.CharField(max_length=60)  # of rulebook/lab/items.toml
    unit = models.CharField(max_length=20)
    technique = models.CharField(max_length=10, choices=Technique)
    sign_only = models.BooleanField(default=False)  # shows a colour or does not: no number
    lod = models.DecimalField(max_digits=16, decimal_places=8, null=True)
    most = models.DecimalField(max_digits=16, decimal_places=8, null=True)
    u_percent = models.FloatField(null=True)
    u_least = models.FloatField(null=True)
    source = models.CharField(max_length=200, blank=True)  # where the uncertainty comes from
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["item", "name"]
        constraints = [
            models.UniqueConstraint(fields=["office", "name", "item"], name="lab_method_once")
        ]

    def u(self, value: float) -> float | None:
        """Return the standard uncertainty of a value, in its unit; None: nobody has said it."""
        parts = [
            abs(value) * self.u_percent / 100 if self.u_percent else None,
            self.u_least,
        ]
        known = [part for part in parts if part]
        return max(known) if known else None


class Device(models.Model):
    """An instrument or meter: whose number, and until when its calibration is valid."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="lab_devices")
    name = models.CharField(_("名称"), max_length=120)
    model = models.CharField(max_length=80, blank=True)
    serial = models.CharField(max_length=80)
    calibrated_to = models.DateField()  # last day, inclusive
    certificate = models.CharField(max_length=80, blank=True)
    methods = models.ManyToManyField(Method, related_name="devices", blank=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "serial"]
        constraints = [models.UniqueConstraint(fields=["office", "serial"], name="lab_device_once")]


class Check(models.Model):
    """An instrument looked at before use: it passed, or it did not and why."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="checks")
    on = models.DateField()
    passed = models.BooleanField()
    words = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(passed=True) | ~Q(words=""), name="a_failed_check_says_why"
            )
        ]


class Kit(models.Model):
    """A lot of strips, kits or reagents for one method, with its last day."""

    method = models.ForeignKey(Method, models.PROTECT, related_name="kits")
    lot = models.CharField(_("批号"), max_length=60)
    expires_on = models.DateField()
    maker = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["expires_on", "lot"]
        constraints = [models.UniqueConstraint(fields=["method", "lot"], name="lab_lot_once")]


class Material(models.Model):
    """A control material of a method: what it should read, certified or established by us.

    `expanded`: the certificate's expanded uncertainty; `sd`: the standard deviation of its chart.
    """

    method = models.ForeignKey(Method, models.PROTECT, related_name="materials")
    name = models.CharField(max_length=120)
    lot = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=20, default="1")
    certified = models.FloatField()
    expanded = models.FloatField()
    sd = models.FloatField(null=True)
    expires_on = models.DateField()

    class Meta:
        ordering = ["name", "lot"]
