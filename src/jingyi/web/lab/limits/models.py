"""Tables of limits that an office has loaded; superseded ones stay with their last day."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingyi.web.evidence.models import Blob
from jingyi.web.registry.models import Procuratorate

USER = settings.AUTH_USER_MODEL


class OwnTable(models.Model):
    """One file of limits, as it was loaded. Its rows are never changed: a newer one replaces it."""

    office = models.ForeignKey(Procuratorate, models.PROTECT, related_name="own_limits")
    number = models.CharField(_("标准号"), max_length=60)
    title = models.CharField(_("名称"), max_length=200)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)  # last day, inclusive
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    file = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number", "-in_force_from", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gte=F("in_force_from")),
                name="own_limits_end_after_they_begin",
            )
        ]

    def get_absolute_url(self):
        return reverse("limits:table", args=[self.pk])

    @property
    def name(self) -> str:
        """Return the id under which it is a standard."""
        return f"own-{self.pk}"


class OwnLimit(models.Model):
    """One row: an item in a food, between two figures, as the file said."""

    table = models.ForeignKey(OwnTable, models.CASCADE, related_name="limits")
    row = models.PositiveIntegerField()  # in the file
    item = models.CharField(max_length=60)  # of the rulebook, or `own:kind:name`
    name = models.CharField(max_length=40)  # as the file said
    food = models.CharField(max_length=60, blank=True)
    low = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    high = models.DecimalField(max_digits=20, decimal_places=10, null=True)
    below = models.BooleanField(default=False)
    temporary = models.BooleanField(default=False)
    unit = models.CharField(max_length=20)
    cited = models.CharField(max_length=120, blank=True)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)

    class Meta:
        ordering = ["row"]
        indexes = [models.Index(fields=["table", "name"], name="own_limits_by_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False), name="a_limit_has_a_figure"
            ),
            models.UniqueConstraint(fields=["table", "row"], name="own_limit_row_once"),
        ]

    @property
    def figures(self) -> str:
        """Return the limit as it is written, without its unit."""
        low, high = (None if one is None else f"{plain(one)}" for one in (self.low, self.high))
        if low is not None and high is not None:
            return f"{low}～{high}"
        return f"≥{low}" if high is None else f"{'<' if self.below else '≤'}{high}"


def plain(figure: Decimal) -> Decimal:
    """Return a figure without the zeros that the table adds, never as a power of ten."""
    return Decimal(f"{figure.normalize():f}")
