"""Reads of loaded limits. An office has its own and those of the offices above it."""

from django.db.models import QuerySet

from jingyi.web.accounts.models import User
from jingyi.web.lab.limits.models import OwnTable
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for


def of_office(office: Procuratorate) -> QuerySet[OwnTable]:
    """Return the tables that an office may judge by."""
    above = [int(part) for part in office.path.split("/") if part]
    return OwnTable.objects.filter(office__in=[*above, office.pk])


def tables_for(user: User) -> QuerySet[OwnTable]:
    """Return the tables that `user` may see: of the offices they read, and of those above."""
    offices = offices_for(user, "lab.read")
    above = {int(part) for path in offices.values_list("path", flat=True) for part in path.split("/") if part}  # fmt: skip
    found = OwnTable.objects.filter(office__in=above)
    return found.select_related("office", "by", "replaced_by")
