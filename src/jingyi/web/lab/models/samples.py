"""Samples as they were taken: who, where, when, how kept. What became of them is their custody."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from jingyi.web.evidence.models import Blob
from jingyi.web.lab.models.requests import Point, Request

USER = settings.AUTH_USER_MODEL


class Sample(models.Model):
    """One sample. Its number says nothing of where it is from: the analyst need not know."""

    class Kind(models.TextChoices):
        NORMAL = "normal", pgettext_lazy("sample", "样品")
        DUPLICATE = "duplicate", pgettext_lazy("sample", "现场平行样")
        BLANK = "field-blank", pgettext_lazy("sample", "全程序空白")
        BACKUP = "backup", pgettext_lazy("sample", "备样")

    number = models.CharField(unique=True, max_length=12)
    request = models.ForeignKey(Request, models.PROTECT, related_name="samples")
    point = models.ForeignKey(Point, models.PROTECT, related_name="taken")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.NORMAL)
    twin = models.ForeignKey("self", models.PROTECT, null=True, related_name="twins")
    items = models.JSONField(default=list)
    matrix = models.CharField(max_length=20)
    taken_at = models.DateTimeField()
    lon = models.FloatField(null=True)  # WGS-84
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    first = models.ForeignKey(USER, models.PROTECT, related_name="+")  # the two who took it
    second = models.ForeignKey(USER, models.PROTECT, related_name="+")
    witness = models.CharField(max_length=120, blank=True)
    witness_words = models.CharField(max_length=200, blank=True)  # signed, or why not
    weather = models.CharField(max_length=80, blank=True)
    appearance = models.CharField(max_length=120, blank=True)
    container = models.CharField(max_length=80, blank=True)
    preservative = models.CharField(max_length=120, blank=True)
    temperature = models.FloatField(null=True)  # °C, as kept
    seal = models.CharField(max_length=60)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["taken_at", "pk"]
        indexes = [models.Index(fields=["request", "taken_at"], name="lab_samples")]
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="two_take_a_sample"),
            models.CheckConstraint(condition=~Q(seal=""), name="a_sample_is_sealed"),
        ]

    def get_absolute_url(self):
        return reverse("lab:sample", args=[self.number])

    @property
    def subject(self) -> str:
        """Return what its chain of custody is kept under."""
        return f"sample:{self.number}"


class Photo(models.Model):
    """A picture of the sampling."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="photos")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sample", "blob"], name="lab_photo_once")]
