"""The standing watch: a new lead inside a legal zone tells those who keep the place.

The office's own keepers of the register are led to the place. The organ that answers for the zone
is told the place and the zone, and nothing else: neither the lead nor a word of who reported it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.leads.models import Incident
from jingyi.web.places import fence
from jingyi.web.places.models import Zone
from jingyi.web.places.queries import zones_over
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import holders, seated


def look(office: Procuratorate, fresh: Iterable[Incident], *, at: datetime) -> dict[int, int]:
    """Test new leads against the zones in force, and tell the keepers; once a zone and gathering.

    Returns how many new leads lie in which zone, by the zone's key.
    """
    found = [one for one in fresh if one.is_lead and one.lon is not None]
    spots = [(one.lon, one.lat) for one in found]
    hits = fence.find(zones_over(office), spots, on=localdate(at))
    inside: dict[int, list[Incident]] = {}
    for hit in hits:
        inside.setdefault(hit.zone, []).append(found[hit.spot])
    zones = Zone.objects.select_related("place__office", "place__keeper", "organ").in_bulk(inside)
    for key, leads in inside.items():
        _tell(zones[key], leads, at)
    return {key: len(leads) for key, leads in inside.items()}


def _tell(zone: Zone, leads: list[Incident], at: datetime) -> None:
    place, newest = zone.place, max(one.pk for one in leads)
    key = f"zone:{zone.pk}:{newest}"
    said = say("“{place}”的法定区域内有 {n} 条新线索", place=place.name, n=len(leads))
    url = f"{reverse('leads:desk')}?place={place.code}"
    for user in holders(place.office, "place.change"):
        notify(user=user, sentence=said, url=url, key=key, at=at)
    organ = zone.organ or place.keeper
    if organ:
        told = say("您单位管护的“{place}”法定区域内有新的情况，请到现场查看", place=place.name)
        for user in seated(organ, "station.receive"):
            notify(user=user, sentence=told, url="", key=key, at=at)
