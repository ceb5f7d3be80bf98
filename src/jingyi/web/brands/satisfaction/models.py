"""Links to a form, and answers. Nothing joins the two: who answered what is not kept."""

from django.conf import settings
from django.db import models

from jingyi.web.registry.models import Procuratorate

PERSON = settings.AUTH_USER_MODEL


class Asked(models.Model):
    """Somebody was asked, about one matter. The link's key is told once and not kept."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=20)  # of rulebook/talent.toml
    subject = models.CharField(max_length=80)  # "case:2026-0012"
    key_hash = models.CharField(max_length=64, unique=True)
    until = models.DateTimeField()
    used = models.BooleanField(
        default=False
    )  # when is not kept, so that no answer can be found by it
    by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["audience", "subject"], name="asked_once_a_matter")
        ]


class Answered(models.Model):
    """What somebody answered: 1 to 5 by question, and words. Its key is drawn, its day is a month."""

    id = models.UUIDField(primary_key=True)  # drawn: rows stand in no order of coming
    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="+")
    audience = models.CharField(max_length=20)
    month = models.DateField()  # its first day
    scores = models.JSONField(default=dict)  # question: 1 to 5
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("month", "id")
        indexes = [models.Index(fields=["office", "audience"], name="answered_by")]
