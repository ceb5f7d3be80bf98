"""An office's own lengths of soft limits, and the moves of running clocks to another version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from jingyi.web.registry.models import Procuratorate

UNITS = (("days", "days"), ("workdays", "workdays"), ("months", "months"))


class OfficeLimit(models.Model):
    """The length an office gives one of its own limits, for clocks that begin from `since` on.

    Never changed, and given once for a day: clocks may have been moved to it.
    """

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="limits")
    rule = models.CharField(max_length=60)
    track = models.CharField(max_length=30)
    number = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10, choices=UNITS)
    since = models.DateField()
    reason = models.TextField()
    entry = models.BigIntegerField()  # where the ledger has it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gt=0), name="a_limit_is_at_least_one"),
            models.UniqueConstraint(
                fields=["office", "rule", "track", "since"], name="one_limit_from_a_day"
            ),
        ]


class Move(models.Model):
    """Running clocks of a rule moved to one of its versions, all in one act; may be taken back."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="clock_moves")
    rule = models.CharField(max_length=60)
    version = models.DateField()  # its first day
    reason = models.TextField()
    changes = models.JSONField()  # what the preview showed: case, clock, dates before and after
    entry = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    cases = models.ManyToManyField("cases.Case", related_name="clock_moves")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="a_move_is_undone_by_somebody",
            )
        ]

    def get_absolute_url(self):
        return reverse("clock_rules:move", args=[self.pk])
