"""Reads of stations; every one starts from the offices in which a person reads the laboratory."""

from datetime import datetime

from django.db.models import Max, QuerySet

from jingyi.web.accounts.models import User
from jingyi.web.lab.queries import READ
from jingyi.web.lab.stations.models import Exceedance, Reading, ResultFile, Station
from jingyi.web.leads.models import Incident
from jingyi.web.registry.queries import offices_for


def stations_for(user: User) -> QuerySet[Station]:
    """Return the stations in use that `user` may see, with when each was last heard of."""
    found = Station.objects.filter(office__in=offices_for(user, READ), retired_at=None)
    return found.annotate(heard_at=Max("readings__at")).select_related("office")


def files_for(user: User) -> QuerySet[ResultFile]:
    """Return the imported files that `user` may see."""
    found = ResultFile.objects.filter(office__in=offices_for(user, READ))
    return found.select_related("office", "by")


def series(station: Station, item: str, start: datetime, end: datetime) -> list[Reading]:
    """Return the readings of an item in a period, the oldest first."""
    return list(station.readings.filter(item=item, at__range=(start, end)).order_by("at"))


def newest(station: Station, start: datetime, end: datetime, times: int = 60) -> list[Reading]:
    """Return the readings of every item at the last times of a period."""
    found = station.readings.filter(at__range=(start, end))
    last = list(found.order_by("-at").values_list("at", flat=True).distinct()[:times])
    return list(found.filter(at__gte=last[-1])) if last else []


def items_of(station: Station) -> list[str]:
    """Return the items that a station has sent."""
    return list(station.readings.order_by("item").values_list("item", flat=True).distinct())


def exceedances_of(incident: Incident) -> QuerySet[Exceedance]:
    """Return the exceedances that a lead stands on."""
    found = Exceedance.objects.filter(report__finding__incident=incident)
    return found.select_related("station")
