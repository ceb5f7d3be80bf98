"""Patrols: plans with their stops, and what phones recorded on the way."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.web.evidence.models import Blob
from jingyi.web.intake.models import Report
from jingyi.web.places.models import Place
from jingyi.web.registry.models import Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Plan(models.Model):
    """One patrol of one person on one day."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待巡查")
        UNDERWAY = "underway", _("巡查中")
        DONE = "done", _("已完成")
        CANCELLED = "cancelled", _("已取消")

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    on = models.DateField()
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="patrols")
    hours = models.FloatField(default=4)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    why = models.TextField(blank=True)  # why it was cancelled
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("patrols:plan", args=[self.pk])


class Stop(models.Model):
    """A checkpoint of a patrol, in its order; of a place of the register, or a spot by itself."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="stops")
    n = models.IntegerField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="stops")
    name = models.CharField(max_length=80)
    lon = models.FloatField()  # WGS-84
    lat = models.FloatField()
    look_at = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("n", "pk")
        constraints = [models.UniqueConstraint(fields=["plan", "n"], name="stop_number_once")]


class Visit(models.Model):
    """What a phone recorded at a stop or on the way. `key` is the phone's own: sent twice, kept once."""

    class Finding(models.TextChoices):
        FINE = "fine", _("正常")
        WATCH = "watch", _("要留意")
        PROBLEM = "problem", _("有问题")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="visits")
    stop = models.ForeignKey(Stop, models.PROTECT, null=True, related_name="visits")
    key = models.CharField(max_length=36, unique=True)
    finding = models.CharField(max_length=10, choices=Finding)
    note = models.TextField(blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy_m = models.FloatField(null=True)
    taken_at = models.DateTimeField()  # by the phone's clock
    skew_s = models.IntegerField()  # the server's clock less the phone's, when it was sent
    received_at = models.DateTimeField()
    photo = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="patrol_visits")
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("taken_at", "pk")


class Track(models.Model):
    """A piece of the way walked: [longitude, latitude, accuracy in metres, seconds since 1970]."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="tracks")
    key = models.CharField(max_length=36, unique=True)
    points = models.JSONField()
    skew_s = models.IntegerField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
