"""Which case was sealed when, by whom, why, and for whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jingyi.web.cases.models import Case
from jingyi.web.evidence.models import Withheld


class Sealing(models.Model):
    """A case kept to a group. Its members are the readers of what is withheld."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="sealings")
    group = models.OneToOneField(Withheld, models.PROTECT, related_name="sealing")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    lifted_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(lifted_at__isnull=True), name="sealed_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason="")),
                name="lifted_by_somebody_for_a_reason",
            ),
        ]
