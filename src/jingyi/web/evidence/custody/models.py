"""What happened to a piece of evidence, act by act; nothing is changed or taken away."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from jingyi.core.custody import Kind
from jingyi.web.evidence.models import Blob

USER = settings.AUTH_USER_MODEL


class Link(models.Model):
    """One link of a chain. `at` is when it was entered; `happened_at` what was said of when."""

    class Kinds(models.TextChoices):
        COLLECTED = Kind.COLLECTED, pgettext_lazy("custody", "提取")
        SEALED = Kind.SEALED, pgettext_lazy("custody", "封存")
        OFFERED = Kind.OFFERED, pgettext_lazy("custody", "移交")
        ACCEPTED = Kind.ACCEPTED, pgettext_lazy("custody", "接收")
        REFUSED = Kind.REFUSED, pgettext_lazy("custody", "拒收")
        WITHDRAWN = Kind.WITHDRAWN, pgettext_lazy("custody", "撤回移交")
        OPENED = Kind.OPENED, pgettext_lazy("custody", "拆封")
        TESTED = Kind.TESTED, pgettext_lazy("custody", "检验")
        RETURNED = Kind.RETURNED, pgettext_lazy("custody", "发还")
        DISPOSED = Kind.DISPOSED, pgettext_lazy("custody", "处置")

    subject = models.CharField(max_length=80)  # "sample:7K4M2QX", "exhibit:2026-0007/3"
    number = models.IntegerField()  # in its chain, from 1: two at once cannot both be next
    kind = models.CharField(max_length=10, choices=Kinds)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    second = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    happened_at = models.DateTimeField()
    seal = models.CharField(max_length=60, blank=True)
    intact = models.BooleanField(null=True)
    lon = models.FloatField(null=True)  # WGS-84
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    datum = models.CharField(max_length=10, blank=True)  # in which the place was said
    device = models.CharField(max_length=120, blank=True)
    clock_offset_s = models.FloatField(null=True)  # the device's clock less the server's, seconds
    method = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    condition = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    files = models.ManyToManyField(Blob, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "number"], name="custody_in_order"),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True, lat__isnull=True)
                | models.Q(lon__isnull=False, lat__isnull=False),
                name="custody_place_is_two_numbers",
            ),
        ]
        db_table = "evidence_custody_link"


class Metadata(models.Model):
    """What a file says of itself (core.capture), read once; anew when the reader has changed."""

    blob = models.OneToOneField(Blob, models.CASCADE, primary_key=True, related_name="metadata")
    version = models.IntegerField()
    found = models.JSONField()
    read_at = models.DateTimeField()

    class Meta:
        db_table = "evidence_custody_metadata"
