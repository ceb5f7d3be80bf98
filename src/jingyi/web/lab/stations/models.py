"""Stations, the keys they sign with, what they sent, and what was made of it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.web.evidence.models import Blob
from jingyi.web.intake.models import Report
from jingyi.web.registry.models import Procuratorate

USER = settings.AUTH_USER_MODEL


class Station(models.Model):
    """A station or sensor that measures by itself, judged by one table of limits."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="lab_stations")
    code = models.CharField(_("站点编号"), max_length=40)
    name = models.CharField(_("名称"), max_length=120)
    lon = models.FloatField(null=True)  # WGS-84
    lat = models.FloatField(null=True)
    place_words = models.CharField(max_length=200, blank=True)
    standard = models.CharField(max_length=60)  # of rulebook/lab/standards/
    conditions = models.JSONField(default=dict)
    level = models.IntegerField(default=0)  # the class it has to reach
    minutes = models.IntegerField(default=240)  # between readings
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="lab_station_once")]

    def get_absolute_url(self):
        return reverse("stations:station", args=[self.pk])


class Key(models.Model):
    """A key a station signs its feed with; its secret is sealed with the office's own key."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="keys")
    name = models.SlugField(unique=True, max_length=24)
    sealed = models.BinaryField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]


class Nonce(models.Model):
    """A message that was taken in: the same one a second time is refused."""

    key = models.ForeignKey(Key, models.CASCADE, related_name="nonces")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "nonce"], name="lab_nonce_once")]
        indexes = [models.Index(fields=["at"], name="lab_nonce_age")]


class Reading(models.Model):
    """One value of one item. `text` is the cell as it came; `number` None for a gap or a mere bound."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="readings")
    item = models.CharField(max_length=60)
    at = models.DateTimeField()
    text = models.CharField(max_length=40)
    number = models.FloatField(null=True)
    mark = models.CharField(max_length=1, blank=True)
    unit = models.CharField(max_length=20)
    over = models.BooleanField(
        null=True
    )  # of the limit; None: no limit, a gap, or it cannot be told
    share = models.FloatField(null=True)  # of the limit

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["station", "item", "at"], name="lab_reading_once")
        ]


class Exceedance(models.Model):
    """What the rule found in a series, and the report that it became."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="exceedances")
    item = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    n = models.IntegerField()
    worst = models.FloatField()
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="exceedances")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "item", "began_at"], name="lab_exceedance_once"
            )
        ]


class Profile(models.Model):
    """How an office's file with these headings is read; remembered from the first time."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="lab_profiles")
    headings = models.CharField(max_length=64)  # SHA-256 of the headings, in order
    columns = models.JSONField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "headings"], name="lab_profile_once")
        ]


class ResultFile(models.Model):
    """A file of readings that was imported, or is being."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="lab_files")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    columns = models.JSONField(default=dict)
    rows = models.IntegerField(null=True)
    done = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    rejected = models.JSONField(default=list)  # (row, Sentence), the first hundred
    refused = models.IntegerField(default=0)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failed = models.JSONField(null=True)  # a Sentence

    class Meta:
        ordering = ["-at", "-pk"]
