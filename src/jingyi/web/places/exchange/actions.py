"""Writes of an exchange: a file read, then what it says entered into the register, all or nothing."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from jingyi.core.places.importing import CHANGED, ENDED, NEW, Step, outcomes
from jingyi.core.places.shapes import inside
from jingyi.core.places.topology import Sound
from jingyi.core.refusal import Refusal
from jingyi.engines.places import files
from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.places.exchange.queries import steps_of
from jingyi.web.places.models import Place, Upload, Zone
from jingyi.web.places.register import actions as register
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Organ, Procuratorate, Region


def take(*, office: Procuratorate, raw: bytes, name: str, datum: str, kind: str, region: Region | None, by: User, at: datetime) -> Upload:  # fmt: skip
    """Read a file and keep its records for a preview; nothing enters the register yet."""
    require(by, "place.change", office)
    records = files.read(raw, name, datum)
    return Upload.objects.create(
        office=office, name=name[:120], sha256=sha256(raw).hexdigest(), kind=kind, region=region,
        records=[one.to_json() for one in records], by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def confirm(*, upload: Upload, by: User, at: datetime) -> Upload:
    """Enter what an upload says; decided again on the register as it stands now.

    Raises:
        Refusal: it was confirmed already.
    """
    require(by, "place.change", upload.office)
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if upload.confirmed_at:
        raise Refusal("这个文件已经登记过了。")
    steps = steps_of(upload)
    codes = {step.told[name] for step in steps for name in ("keeper", "organ") if name in step.told}
    organs = {one.code: one for one in Organ.objects.filter(code__in=codes)}
    acts = _enter(upload, [one for one in steps if (one.what, one.outcome) == ("place", NEW)], organs, by, at)  # fmt: skip
    for step in steps:
        if (step.what, step.outcome) == ("place", CHANGED):
            _change(upload, step, organs, by, at)
    acts += _draw(upload, [one for one in steps if (one.what, one.outcome) == ("zone", NEW)], organs, by, at)  # fmt: skip
    for step in steps:
        if step.outcome == ENDED:
            zone = Zone.objects.select_related("place__office").get(pk=step.zone)
            register.end_zone(zone=zone, last_day=step.told["valid_to"], by=by, at=at)
    upload.counts = dict(outcomes(steps))
    upload.confirmed_at = at
    upload.save(update_fields=["counts", "confirmed_at"])
    facts = {"name": upload.name, "sha256": upload.sha256, "counts": upload.counts}
    told = ledger.Act(
        "places.imported", f"places-upload:{upload.pk}", at, by, upload.office.code, facts
    )
    ledger.append_many([told, *acts])
    return upload


@transaction.atomic
def discard(*, upload: Upload, by: User) -> None:
    """Throw away an upload that was not confirmed; it changed nothing, so nothing is recorded."""
    require(by, "place.change", upload.office)
    if upload.confirmed_at:
        raise Refusal("已经登记的文件不能丢弃；登记的内容可以逐条撤销。")
    upload.delete()


def _enter(upload: Upload, steps: Iterable[Step], organs: dict[str, Organ], by: User, at: datetime) -> list[ledger.Act]:  # fmt: skip
    made = []
    for step in steps:
        told = _values(step, organs)
        geometry = step.record.geometry or {}
        lon, lat = inside(geometry)
        made.append(
            Place(
                office=upload.office, code=step.code, geometry=geometry, lon=lon, lat=lat,
                origin=_origin(upload, step), **told,
            )
        )  # fmt: skip
    return [
        register.act_of("place.entered", place, {"after": register.state_of(place)}, by, at)
        for place in Place.objects.bulk_create(made, batch_size=500)
    ]


def _change(upload: Upload, step: Step, organs: dict[str, Organ], by: User, at: datetime) -> None:
    place = Place.objects.select_related("office").get(office=upload.office, code=step.code)
    drawn = Sound(step.record.geometry or {}, step.record.repairs) if step.redrawn else None
    register.change(
        place=place, drawn=drawn, datum=step.record.origin.get("datum", ""), by=by, at=at,
        came=_origin(upload, step), **_values(step, organs),
    )  # fmt: skip


def _draw(upload: Upload, steps: Iterable[Step], organs: dict[str, Organ], by: User, at: datetime) -> list[ledger.Act]:  # fmt: skip
    steps = list(steps)
    places = {one.code: one for one in Place.objects.filter(office=upload.office).select_related("office")}  # fmt: skip
    made = Zone.objects.bulk_create(
        [
            Zone(
                place=places[step.code], kind=step.kind, geometry=step.record.geometry,
                origin=_origin(upload, step), **_values(step, organs),
            )
            for step in steps
        ],
        batch_size=500,
    )  # fmt: skip
    return [register.drawn_act(zone, by, at) for zone in made]


def _values(step: Step, organs: dict[str, Organ]) -> dict[str, Any]:
    """Return the fields of a model that a step writes."""
    told: dict[str, Any] = dict(step.told)
    for name in ("keeper", "organ"):
        if name in told:
            told[name] = organs[told[name]]
    if "region" in told:
        told["region_id"] = told.pop("region")
    if "aliases" in told:
        told["aliases"] = told["aliases"].split("、")
    if "radius_m" in told:
        told["radius_m"] = float(told["radius_m"])
    return {name: value for name, value in told.items() if value is not None}


def _origin(upload: Upload, step: Step) -> dict[str, Any]:
    """Return where a shape comes from: its datum, its coordinates as given where moved, file, row."""
    repairs = [one.to_json() for one in step.record.repairs]
    told = {
        "repairs": repairs,
        "file": upload.name,
        "sha256": upload.sha256,
        "row": step.record.number,
    }
    return {**step.record.origin, **told}
