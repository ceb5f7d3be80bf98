"""Cases, the dated events on file, and the clocks that follow from them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.web.evidence.models import Blob
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Department, Organ, Procuratorate


class Case(models.Model):
    """A filed case (立案). Its state and clocks follow from its events, by the rulebook."""

    class Track(models.TextChoices):
        ADMINISTRATIVE = "administrative", _("行政公益诉讼")
        CIVIL = "civil", _("民事公益诉讼")

    ref = models.CharField(unique=True, max_length=24)
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="cases")
    department = models.ForeignKey(Department, models.PROTECT, null=True)
    track = models.CharField(max_length=16, choices=Track)
    domain = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=30)  # a state of rulebook/states.toml
    organ = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="cases")
    defendant = models.CharField(_("违法行为人"), max_length=200, blank=True)  # civil track
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases")
    incidents = models.ManyToManyField(Incident, related_name="cases")
    opened_on = models.DateField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["office", "state", "-opened_on", "-id"], name="case_list")]

    def get_absolute_url(self):
        return reverse("cases:case", args=[self.ref])


class Event(models.Model):
    """A step taken, with the day it took effect. The file of a case is the list of its events."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=60)  # an event of rulebook/states.toml
    on = models.DateField()
    until = models.DateField(null=True)  # last day of a span (appraisal, suspension)
    facts = models.JSONField(default=dict)  # what the step needs on file
    exhibit = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    exhibit_name = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["on", "id"]


class Clock(models.Model):
    """A clock derived from a case's events. Whether it is overdue is asked, never stored."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    rule = models.CharField(max_length=60)  # "suggestion.reply"
    rule_version = models.DateField()
    track = models.CharField(max_length=30)
    started_on = models.DateField()
    due_raw = models.DateField(null=True)  # nothing where the calendar is not announced
    due_on = models.DateField(null=True, db_index=True)
    stopped_on = models.DateField(null=True)
    steps = models.JSONField(default=list)  # Sentences: why this date
    refusal = models.JSONField(null=True)  # Sentence: why there is no date

    class Meta:
        indexes = [models.Index(fields=["stopped_on", "due_on"])]


class Suggestion(models.Model):
    """A procuratorial suggestion (检察建议) to one organ. Its number is given elsewhere."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="suggestions")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="suggestions")
    number = models.CharField(_("文号"), max_length=60, blank=True)
    asks = models.JSONField(default=list)  # each duty, in words
    urgent = models.BooleanField(default=False)
    decided_on = models.DateField()
    served_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)
