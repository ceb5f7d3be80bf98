"""The register in the words of a file, to be compared with one or written to one."""

from collections.abc import Iterable

from django.db.models import QuerySet

from jingyi.core.places.importing import Defaults, KnownPlace, KnownZone, Register, Step, plan
from jingyi.core.places.records import Record
from jingyi.engines.places.base import Feature, Group
from jingyi.web.accounts.models import User
from jingyi.web.places.models import Place, Upload, Zone
from jingyi.web.registry.models import Organ, Procuratorate, Region
from jingyi.web.registry.queries import offices_for

RESERVED = frozenset({"register", "new", "layers", "print", "at"})  # addresses of the room itself
PLACES = (
    "record", "code", "name", "name_en", "aliases", "kind", "level", "batch", "region", "keeper",
    "contact", "basis", "radius_m", "datum", "retired_on",
)  # fmt: skip
ZONES = (
    "record", "place", "kind", "name", "basis", "valid_from", "valid_to", "organ", "contact", "datum",
)  # fmt: skip


def uploads_for(user: User) -> QuerySet[Upload]:
    """Return the uploads to the registers that `user` may change, the newest first."""
    return Upload.objects.filter(office__in=offices_for(user, "place.change"))


def steps_of(upload: Upload) -> tuple[Step, ...]:
    """Return what each record of an upload becomes in the register as it stands now."""
    records = [Record.from_json(one) for one in upload.records]
    defaults = Defaults(upload.kind, upload.region_id or "")
    return plan(records, register_of(upload.office), defaults)


def register_of(office: Procuratorate) -> Register:
    """Return the register of an office: its places and zones, its divisions, the organs."""
    own = Place.objects.filter(office=office).order_by("code")
    places = {
        one.code: KnownPlace(
            one.code,
            told_of(one),
            one.geometry,
            tuple(
                KnownZone(z.pk, z.kind, z.valid_from, z.valid_to, z.geometry) for z in one.zones.all()
            ),
            retired=one.retired_on is not None,
        )
        for one in own.select_related("keeper").prefetch_related("zones")
    }  # fmt: skip
    taken = Place.objects.exclude(office=office).values_list("code", flat=True)
    return Register(office.code, places, _regions(office), _organs(), RESERVED | frozenset(taken))


def told_of(place: Place) -> dict[str, str]:
    """Return a place's values by field, as a file holds them; without those that are empty."""
    told = {
        "record": "place", "code": place.code, "name": place.name, "name_en": place.name_en,
        "aliases": "、".join(place.aliases), "kind": place.kind, "level": place.level,
        "batch": place.batch, "region": place.region_id,
        "keeper": place.keeper.code if place.keeper else "", "contact": place.contact,
        "basis": place.basis, "radius_m": f"{place.radius_m:.10g}" if place.radius_m else "",
        "datum": "WGS-84",
        "retired_on": place.retired_on.isoformat() if place.retired_on else "",
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def told_of_zone(zone: Zone) -> dict[str, str]:
    """Return a zone's values by field, as a file holds them."""
    told = {
        "record": "zone", "place": zone.place.code, "kind": zone.kind, "name": zone.name,
        "basis": zone.basis, "valid_from": zone.valid_from.isoformat(),
        "valid_to": zone.valid_to.isoformat() if zone.valid_to else "",
        "organ": zone.organ.code if zone.organ else "", "contact": zone.contact, "datum": "WGS-84",
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def groups_of(places: QuerySet[Place]) -> list[Group]:
    """Return places and their zones as they are written to a file, in WGS-84."""
    found = places.select_related("keeper").order_by("code")
    zones = Zone.objects.filter(place__in=places).select_related("place", "organ").order_by("pk")
    return [
        Group("places", PLACES, tuple(Feature(one.geometry, told_of(one)) for one in found)),
        Group("zones", ZONES, tuple(Feature(one.geometry, told_of_zone(one)) for one in zones)),
    ]


def _regions(office: Procuratorate) -> dict[str, str]:
    """Return the divisions within an office's own, by code and by name."""
    own = Region.objects.filter(code__startswith=office.region_id.rstrip("0").ljust(2, "0"))
    return _named((one.code, one) for one in own.order_by("-code"))


def _organs() -> dict[str, str]:
    """Return every organ by code and by name; a name that two bear means neither."""
    found = list(Organ.objects.order_by("code"))
    names = [one.name for one in found]
    told = {one.name: one.code for one in found if names.count(one.name) == 1}
    return told | {one.code: one.code for one in found}


def _named(found: Iterable[tuple[str, Region]]) -> dict[str, str]:
    told: dict[str, str] = {}
    for code, one in found:
        told[code] = code
        told[one.name] = code
    return told
