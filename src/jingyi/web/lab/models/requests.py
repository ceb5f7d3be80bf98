"""What is to be found out, and where it is to be sampled."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jingyi.web.cases.models import Case
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Procuratorate

USER = settings.AUTH_USER_MODEL


class Request(models.Model):
    """A test asked for from a case or a lead: which items, judged by which table of limits."""

    class Purpose(models.TextChoices):
        LEAD = "lead", pgettext_lazy("purpose", "核实线索")
        POINT = "point", pgettext_lazy("purpose", "选择采样点")
        FIX = "fix", pgettext_lazy("purpose", "核查整改")
        OTHER = "other", pgettext_lazy("purpose", "其他")

    ref = models.CharField(unique=True, max_length=24)
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="lab_requests")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="lab_requests")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="lab_requests")
    purpose = models.CharField(max_length=10, choices=Purpose)
    question = models.TextField()
    items = models.JSONField(default=list)  # of rulebook/lab/items.toml
    standard = models.CharField(max_length=60)  # of rulebook/lab/standards/
    conditions = models.JSONField(default=dict)  # choice → option of that standard
    level = models.IntegerField(default=0)  # the class it has to reach; 0 where there is one limit
    due_on = models.DateField(null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["office", "-at"], name="lab_requests")]

    def get_absolute_url(self):
        return reverse("lab:request", args=[self.ref])


class Point(models.Model):
    """A place of the sampling plan."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="points")
    name = models.CharField(_("名称"), max_length=120)
    words = models.CharField(max_length=300, blank=True)  # how to find it
    lon = models.FloatField(null=True)  # WGS-84
    lat = models.FloatField(null=True)
    matrix = models.CharField(max_length=20)  # of rulebook/lab/preservation.toml
    samples = models.PositiveSmallIntegerField(default=1)
    backup = models.BooleanField(default=True)  # a second one, sealed and kept

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["request", "name"], name="lab_point_once")]
