"""Reads about reports."""

from datetime import datetime, timedelta
from math import cos, radians

from django.db.models import QuerySet

from jingyi.web.accounts.models import User
from jingyi.web.intake import codes
from jingyi.web.intake.models import Receipt, Report
from jingyi.web.ledger.models import Entry
from jingyi.web.places.models import Layer
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for

NEAR_M, RECENT = 500.0, timedelta(days=30)
METRES_A_DEGREE = 111_320.0


def reports_for(user: User) -> QuerySet[Report]:
    """Return the reports of the offices where `user` may read them."""
    return Report.objects.filter(office__in=offices_for(user, "report.read"))


def receipt_of(typed: str) -> Receipt | None:
    """Return the receipt whose code this is."""
    code = codes.read(typed)
    found = Receipt.objects.select_related("report__office")
    return found.filter(code_hash=codes.digest(code)).first() if code else None


def filed(report: Report) -> Entry:
    """Return the ledger's entry of a report coming in."""
    return Entry.objects.get(kind="report.received", subject=f"report:{report.ref}")


def offices_that_receive() -> QuerySet[Procuratorate]:
    """Return the offices the public may write to: the lowest ones, and those without any below."""
    return Procuratorate.objects.filter(parts=None).select_related("region").order_by("path")


def near(lon: float, lat: float, at: datetime) -> int:
    """Return how many reports of the last month lie within half a kilometre: a number, no text."""
    tall = NEAR_M / METRES_A_DEGREE
    wide = tall / max(cos(radians(lat)), 0.05)
    return Report.objects.filter(
        lon__range=(lon - wide, lon + wide),
        lat__range=(lat - tall, lat + tall),
        received_at__gte=at - RECENT,
    ).count()


def base_map() -> QuerySet[Layer]:
    """Return the layers of the base map, which are no secret, lowest first."""
    return Layer.objects.order_by("order", "pk")
