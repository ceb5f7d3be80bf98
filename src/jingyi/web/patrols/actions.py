"""Writes of the room: plans by the office, records by phones that may send anything twice."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import IO, Any

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.models import User
from jingyi.web.intake import photos
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Report, Source
from jingyi.web.leads.actions.founding import Vouched, found
from jingyi.web.ledger import actions as ledger
from jingyi.web.patrols.models import Plan, Stop, Track, Visit
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import posts_of

KEY = re.compile(r"[0-9a-f-]{36}")
MOST_POINTS = 5_000
MOST_NOTE = 4_000
SKEW = 120  # seconds: beyond, a phone's clock is said to be wrong


@transaction.atomic
def plan(
    *, office: Procuratorate, name: str, on: date, person: User, hours: float,
    stops: Sequence[Mapping[str, Any]], by: User, at: datetime,
) -> Plan:  # fmt: skip
    """Plan a patrol. `stops` in order: name, lon, lat, place or None, look_at.

    Raises:
        Refusal: there is no stop.
    """
    require(by, "patrols.plan", office)
    if not stops:
        raise Refusal("巡查至少要有一个点位。")
    made = Plan.objects.create(
        office=office, name=name, on=on, person=person, hours=hours, by=by, at=at
    )
    Stop.objects.bulk_create([Stop(plan=made, n=n, **stop) for n, stop in enumerate(stops, 1)])
    facts = {"person": person.username, "on": on.isoformat(), "stops": [s["name"] for s in stops]}
    _record("patrol.planned", made, facts, by, at)
    return made


@transaction.atomic
def cancel(*, plan: Plan, why: str, by: User, at: datetime) -> Plan:
    """Cancel a patrol; what was recorded stays.

    Raises:
        Refusal: it is over, or there is no reason.
    """
    require(by, "patrols.plan", plan.office)
    if plan.state in {Plan.State.DONE, Plan.State.CANCELLED}:
        raise Refusal("这次巡查已经结束。")
    if not why.strip():
        raise Refusal("请写明取消的理由。")
    plan.state, plan.why = Plan.State.CANCELLED, why
    plan.save(update_fields=["state", "why"])
    _record("patrol.cancelled", plan, {"why": why}, by, at)
    return plan


@transaction.atomic
def finish(*, plan: Plan, by: User, at: datetime) -> Plan:
    """Say that a patrol is done; records that come later are still taken."""
    _walks(plan, by)
    if plan.state != Plan.State.DONE:
        plan.state = Plan.State.DONE
        plan.save(update_fields=["state"])
        missed = plan.stops.filter(visits=None).count()
        _record("patrol.done", plan, {"missed": missed}, by, at)
    return plan


@transaction.atomic
def take(
    *, plan: Plan, record: Mapping[str, Any], skew: timedelta, by: User, at: datetime
) -> Visit | Track:
    """Keep one record of a phone; the same key again gives what was kept.

    Args:
        plan: the patrol it belongs to.
        record: kind (visit or track), key, and the fields of that kind.
        skew: the server's clock less the phone's, when it was sent.

    Raises:
        Refusal: it is not readable; the phone keeps it and shows why.
    """
    _walks(plan, by)
    key = str(record.get("key", ""))
    if not KEY.fullmatch(key):
        raise Refusal("记录没有编号，无法保存。")
    kept = _known(key, by)
    if kept is not None:
        return kept
    whose = {"plan": plan, "key": key, "by": by, "received_at": at, "skew_s": _seconds(skew)}
    if record.get("kind") == "track":
        made: Visit | Track = Track.objects.create(points=_points(record.get("points")), **whose)
        facts: dict[str, Any] = {"key": key, "points": len(made.points)}
    else:
        made = Visit.objects.create(**_visit(plan, record, at), **whose)
        facts = {"key": key, "finding": made.finding, "taken_at": made.taken_at.isoformat()}
    if plan.state == Plan.State.PLANNED:
        plan.state = Plan.State.UNDERWAY
        plan.save(update_fields=["state"])
    _record("patrol.recorded", plan, facts, by, at)
    return made


def _known(key: str, by: User) -> Visit | Track | None:
    """Return what was kept under a key.

    Raises:
        Refusal: it is somebody else's.
    """
    for kind in (Visit, Track):
        found = kind.objects.filter(key=key).first()
        if found is not None:
            if found.by_id != by.pk:
                raise Refusal("这个编号已被另一部手机的记录使用。")
            return found
    return None


@transaction.atomic
def attach(*, visit: Visit, stream: IO[bytes], size: int, by: User, at: datetime) -> Visit:
    """Keep the photo of a record; the same again changes nothing, another is refused.

    Raises:
        Refusal: no picture, too large, or the record has another photo.
    """
    _walks(visit.plan, by)
    blob = photos.accept(stream, size=size, at=at)
    if visit.photo_id and visit.photo_id != blob.pk:
        raise Refusal("这条记录已有另一张照片。")
    if not visit.photo_id:
        visit.photo = blob
        visit.save(update_fields=["photo"])
        _record("patrol.photo", visit.plan, {"key": visit.key, "sha256": blob.sha256}, by, at)
    return visit


@transaction.atomic
def to_lead(*, visit: Visit, domain: str, by: User, at: datetime) -> Visit:
    """Make a lead of a record that shows a problem.

    Raises:
        Refusal: it is a lead already, or has no words.
    """
    require(by, "lead.take", visit.plan.office)
    visit = Visit.objects.select_for_update(of=("self",)).select_related("plan__office", "stop").get(pk=visit.pk)  # fmt: skip
    if visit.report_id:
        raise Refusal("这条记录已经转为线索。")
    if not visit.note.strip():
        raise Refusal("这条记录没有文字，请先向巡查人问清情况。")
    report = _report(visit, at)
    why = say("巡查发现：{name}，{on}", name=visit.plan.name, on=visit.plan.on.isoformat())
    found(office=visit.plan.office, vouched=[Vouched(report, domain, (why,))], at=at)
    visit.report = report
    visit.save(update_fields=["report"])
    _record("patrol.lead", visit.plan, {"key": visit.key, "report": report.ref}, by, at)
    return visit


def _report(visit: Visit, at: datetime) -> Report:
    """Take the record in like any other report, of a volunteer or of the office's own work."""
    volunteer = any(post.role == "volunteer" for post in posts_of(visit.by))
    where = visit.stop.name if visit.stop else ""
    report, _ = reports.receive(
        office=visit.plan.office, source=Source.VOLUNTEER if volunteer else Source.CASEWORK,
        title=where, text=visit.note, place_words=where, lon=visit.lon, lat=visit.lat,
        accuracy_m=visit.accuracy_m, happened_at=visit.taken_at, identity=None,
        photos=[(visit.photo, f"{visit.key[:8]}.jpg")] if visit.photo else (),
        key=f"patrol:{visit.key}", at=at,
    )  # fmt: skip
    return report


def _walks(plan: Plan, by: User) -> None:
    if plan.person_id != by.pk:
        raise Refusal("这次巡查不是您的任务。")


def _seconds(skew: timedelta) -> int:
    return int(max(min(skew.total_seconds(), 2**31 - 1), -(2**31)))


def _visit(plan: Plan, record: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    finding, note = str(record.get("finding", "")), str(record.get("note", ""))
    if finding not in Visit.Finding.values:
        raise Refusal("记录没有写明正常、要留意还是有问题。")
    stop = record.get("stop")
    known = plan.stops.filter(pk=stop).first() if isinstance(stop, int) else None
    if stop is not None and known is None:
        raise Refusal("点位不在这次巡查里，可能计划已经改过。")
    spot = [_number(record.get(name), most) for name, most in (("lon", 180), ("lat", 90))]
    return {
        "stop": known, "finding": finding, "note": note[:MOST_NOTE].replace("\x00", ""),
        "lon": spot[0] if None not in spot else None, "lat": spot[1] if None not in spot else None,
        "accuracy_m": _number(record.get("accuracy"), 1e6),
        "taken_at": _moment(record.get("at"), at),
    }  # fmt: skip


def _number(value: object, most: float) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value):
        return float(value) if abs(value) <= most else None
    return None


def _moment(value: object, at: datetime) -> datetime:
    """Return the phone's moment; what cannot be one is when it came."""
    number = _number(value, 4e9)
    if number is None or number <= 0:
        return at
    return datetime.fromtimestamp(number, UTC)


def _points(given: object) -> list[list[float]]:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_POINTS:
        raise Refusal("轨迹是空的，或者一段超过 {most} 个点。", most=MOST_POINTS)
    points = []
    for one in given:
        row = [_number(value, most) for value, most in zip(one, (180, 90, 1e6, 4e9), strict=True)] if isinstance(one, list) and len(one) == 4 else []  # fmt: skip
        if not row or row[0] is None or row[1] is None or row[3] is None:
            raise Refusal("轨迹里有一个点读不懂。")
        points.append([row[0], row[1], row[2] or 0.0, row[3]])
    return points


def _record(kind: str, plan: Plan, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append(kind=kind, subject=f"patrol:{plan.pk}", facts=facts, by=by, at=at, office=plan.office)  # fmt: skip
