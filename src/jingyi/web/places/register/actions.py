"""Writes of the register. What was before stands in the ledger, so the last change can be undone."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from jingyi.core.places.book import book
from jingyi.core.places.shapes import inside
from jingyi.core.places.topology import Sound
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger.queries import history_of
from jingyi.web.places.models import Place, Zone
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Organ, Procuratorate

TOLD = (
    "name", "name_en", "aliases", "kind", "level", "batch", "region_id", "keeper_id", "geometry",
    "lon", "lat", "radius_m", "basis", "contact", "origin", "retired_on",
)  # fmt: skip
UNDONE = {"place.changed", "place.retired"}


@transaction.atomic
def enter(
    *, office: Procuratorate, code: str, drawn: Sound, datum: str, by: User, at: datetime,
    came: dict[str, Any] | None = None, **told: Any,
) -> Place:  # fmt: skip
    """Enter a place into the register of an office; `told` are fields of `Place`.

    Args:
        came: where the shape comes from, where more is known than its datum.
    """
    require(by, "place.change", office)
    lon, lat = inside(drawn.geometry)
    place = Place.objects.create(
        office=office, code=code, geometry=drawn.geometry, lon=lon, lat=lat,
        origin=came or _origin(datum, drawn), **told,
    )  # fmt: skip
    _record("place.entered", place, {"after": state_of(place)}, by, at)
    return place


@transaction.atomic
def change(
    *, place: Place, drawn: Sound | None, datum: str, by: User, at: datetime,
    came: dict[str, Any] | None = None, **told: Any,
) -> Place:  # fmt: skip
    """Change what the register says of a place; without `drawn` its shape stays.

    Args:
        came: where the shape comes from, where more is known than its datum.
    """
    require(by, "place.change", place.office)
    place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    before = state_of(place)
    for name, value in told.items():
        setattr(place, name, value)
    if drawn:
        place.geometry = drawn.geometry
        place.lon, place.lat = inside(drawn.geometry)
        place.origin = came or _origin(datum, drawn)
    _store("place.changed", place, before, by, at)
    return place


@transaction.atomic
def retire(*, place: Place, on: date, by: User, at: datetime) -> Place:
    """Take a place off the register; what happened there stays readable."""
    require(by, "place.change", place.office)
    place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    if place.retired_on:
        raise Refusal("{name}已经撤下。", name=place.name)
    before = state_of(place)
    place.retired_on = on
    _store("place.retired", place, before, by, at)
    return place


@transaction.atomic
def undo(*, place: Place, by: User, at: datetime) -> Place:
    """Take back the last change or retirement, unless something was changed since.

    Raises:
        Refusal: there is nothing to take back, or it was taken back already.
    """
    require(by, "place.change", place.office)
    place = Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    last = history_of(f"place:{place.pk}").filter(kind__startswith="place.").last()
    facts = last.body["facts"] if last and last.kind in UNDONE else None
    if facts is None:
        raise Refusal("{name}没有可以撤销的修改：最近一次登记不是修改或者撤下。", name=place.name)
    before = state_of(place)
    for name, value in facts["before"].items():
        whole = date.fromisoformat(value) if name == "retired_on" and value else value
        setattr(place, name, whole)
    _store("place.undone", place, before, by, at)
    return place


@transaction.atomic
def draw_zone(
    *,
    place: Place,
    kind: str,
    name: str,
    drawn: Sound,
    datum: str,
    valid_from: date,
    valid_to: date | None,
    basis: str,
    organ: Organ | None,
    contact: str,
    by: User,
    at: datetime,
    came: dict[str, Any] | None = None,
) -> Zone:
    """Add a legal zone to a place, as a notice drew it; `came` as of a place."""
    require(by, "place.change", place.office)
    if kind not in book().zones:
        raise Refusal("没有“{kind}”这种法定区域。", kind=kind)
    if valid_to and valid_to < valid_from:
        raise Refusal("失效日 {to} 早于生效日 {since}。", to=valid_to, since=valid_from)
    zone = Zone.objects.create(
        place=place, kind=kind, name=name, geometry=drawn.geometry, valid_from=valid_from,
        valid_to=valid_to, basis=basis, organ=organ, contact=contact,
        origin=came or _origin(datum, drawn),
    )  # fmt: skip
    ledger.append_many([drawn_act(zone, by, at)])
    return zone


@transaction.atomic
def end_zone(*, zone: Zone, last_day: date, by: User, at: datetime) -> Zone:
    """Let a zone end with a day; until then, and for that day, it stays in force."""
    require(by, "place.change", zone.place.office)
    if last_day < zone.valid_from:
        raise Refusal("失效日 {to} 早于生效日 {since}。", to=last_day, since=zone.valid_from)
    zone.valid_to = last_day
    zone.save(update_fields=["valid_to"])
    facts = {"zone": zone.pk, "last_day": last_day.isoformat()}
    _record("zone.ended", zone.place, facts, by, at)
    return zone


def _origin(datum: str, drawn: Sound) -> dict[str, Any]:
    return {"datum": datum, "repairs": [one.to_json() for one in drawn.repairs]}


def state_of(place: Place) -> dict[str, Any]:
    """Return what the ledger keeps of a place."""
    found = {name: getattr(place, name) for name in TOLD}
    return found | {"retired_on": place.retired_on.isoformat() if place.retired_on else None}


def _store(kind: str, place: Place, before: dict[str, Any], by: User, at: datetime) -> None:
    """Save a place and record what changed; nothing at all when nothing did."""
    after = state_of(place)
    changed = [name for name in TOLD if before[name] != after[name]]
    if not changed:
        return
    place.save(update_fields=changed)
    facts = {
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }
    _record(kind, place, facts, by, at)


def act_of(kind: str, place: Place, facts: dict[str, Any], by: User, at: datetime) -> ledger.Act:
    """Return the ledger's entry of something done to a place."""
    told = {"code": place.code, **facts}
    return ledger.Act(kind, f"place:{place.pk}", at, by, place.office.code, told)


def drawn_act(zone: Zone, by: User, at: datetime) -> ledger.Act:
    """Return the ledger's entry of a zone that was drawn."""
    facts = {
        "zone": zone.pk, "kind": zone.kind, "geometry": zone.geometry, "basis": zone.basis,
        "from": zone.valid_from.isoformat(),
    }  # fmt: skip
    return act_of("zone.drawn", zone.place, facts, by, at)


def _record(kind: str, place: Place, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append_many([act_of(kind, place, facts, by, at)])
