"""Stations set up; readings taken in, judged, and made leads of where the rule says so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from jingyi.core.lab import book, judging, stations
from jingyi.core.lab.limits import Limit
from jingyi.core.lab.units import Item, Unit
from jingyi.core.lab.values import Value, parse
from jingyi.core.ledger import canonical
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Report, Source
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.limits import library
from jingyi.web.lab.stations import feed
from jingyi.web.lab.stations.models import Exceedance, Key, Reading, Station
from jingyi.web.leads.actions.grouping import same_matter
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Sent:
    """One reading as it came."""

    item: str
    at: datetime
    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of readings; `refused`: (place in the message, why)."""

    new: int
    known: int
    refused: list[tuple[int, Sentence]]


@transaction.atomic
def set_up(
    *,
    office: Procuratorate,
    code: str,
    name: str,
    standard: str,
    conditions: Mapping[str, str],
    level: int,
    minutes: int,
    lon: float | None = None,
    lat: float | None = None,
    place_words: str = "",
    by: User,
    at: datetime,
) -> Station:
    """Enter a station with the limits its readings are judged by."""
    require(by, "lab.manage", office)
    library.standard(standard, office, timezone.localdate(at)).settled(conditions)
    if Station.objects.filter(office=office, code=code.strip()).exists():
        raise Refusal("本院已经有编号为 {code} 的站点。", code=code.strip())
    found = Station.objects.create(
        office=office, code=code.strip(), name=name.strip(), standard=standard,
        conditions=dict(conditions), level=level, minutes=minutes, lon=lon, lat=lat,
        place_words=place_words.strip(), by=by, at=at,
    )  # fmt: skip
    facts = {"code": found.code, "standard": standard, "level": level}
    record("station.set-up", f"station:{found.pk}", facts, office=office, by=by, at=at)
    return found


@transaction.atomic
def give_key(*, station: Station, by: User, at: datetime) -> tuple[Key, str]:
    """Make a key for a station's feed; earlier ones go on until they are revoked."""
    require(by, "lab.manage", station.office)
    key, secret = feed.make_key(station, by=by, at=at)
    record("station.key", f"station:{station.pk}", {"key": key.name}, office=station.office, by=by, at=at)  # fmt: skip
    return key, secret


@transaction.atomic
def revoke(*, key: Key, by: User, at: datetime) -> Key:
    """Stop a key at once."""
    require(by, "lab.manage", key.station.office)
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    facts = {"key": key.name}
    record("station.key-revoked", f"station:{key.station_id}", facts, office=key.station.office, by=by, at=at)  # fmt: skip
    return key


@transaction.atomic
def take_in(
    *, station: Station, sent: Sequence[Sent], at: datetime, by: User | None = None
) -> Taken:
    """Keep readings that are new, judge them, and make leads of what the rule finds.

    The same reading again is known and changes nothing.
    """
    judge = Judge(station)
    made: dict[tuple[str, datetime], Reading] = {}
    places: list[tuple[int, Reading]] = []
    refused: list[tuple[int, Sentence]] = []
    for place, one in enumerate(sent):
        try:
            reading = judge.read(one, at)
        except Refusal as refusal:
            refused.append((place, refusal.sentence))
            continue
        places.append((place, reading))
        made.setdefault((reading.item, reading.at), reading)
    new, kept = _keep(station, list(made.values()))
    first = {key: one.text for key, one in made.items()} | kept
    for place, one in places:
        was = first[one.item, one.at]
        if was != one.text:  # a reading is never edited
            refused.append((place, say("{at} 已经收到“{was}”，与“{text}”不同；保留先收的。", at=timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M"), was=was, text=one.text)))  # fmt: skip
    if new:
        _record(station, new, by, at)
        for item in {one.item for one in new}:
            _look(station, item, new, at)
    return Taken(len(new), len(sent) - len(refused) - len(new), sorted(refused, key=lambda one: one[0]))  # fmt: skip


class Judge:
    """Judges the readings of one station; the limits are looked up once."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.names = book.names()
        table = library.stored([station.standard])[station.standard]
        chosen = table.settled(station.conditions)
        self.limits = {one.item.id: one for one in table.limits if one.holds(chosen)}

    def read(self, sent: Sent, now: datetime) -> Reading:
        """Return a reading judged, not yet kept.

        Raises:
            Refusal: nobody knows the item or unit, it is no result, or it lies ahead.
        """
        item = self.names.items.get(sent.item) or self.names.item(sent.item)
        if item is None:
            raise Refusal("没有叫“{name}”的检测项目。", name=sent.item[:40])
        if sent.at > now + timedelta(minutes=10):
            raise Refusal("时间 {at} 还没有到。", at=sent.at.isoformat())
        limit = self.limits.get(item.id)
        unit = self.names.unit(item, sent.unit) if sent.unit or limit is None else limit.unit
        value = parse(sent.text)
        over, share = self._judged(value, limit, unit)
        number = float(value.number) if value and value.number is not None else None
        return Reading(
            station=self.station, item=item.id, at=sent.at, text=sent.text.strip()[:40],
            number=number, mark=value.mark if value else "", unit=unit.id, over=over, share=share,
        )  # fmt: skip

    def _judged(self, value: Value | None, limit: Limit | None, unit: Unit) -> tuple[bool | None, float | None]:  # fmt: skip
        if value is None or limit is None:
            return None, None
        low, high = (side[self.station.level] for side in judging.bounds(limit, unit))
        levels = judging.range_of(
            None if value.number is None else Fraction(value.number), value.mark, [low], [high],
            limit.below,
        )  # fmt: skip
        over = bool(max(levels)) if len(levels) == 1 else None
        if value.number is None or value.mark:
            return over, None
        number = float(value.number)
        shares = [number / float(high)] if high else []
        shares += [float(low) / number] if low and number > 0 else []
        return over, max(shares, default=None)


def _keep(
    station: Station, readings: Iterable[Reading]
) -> tuple[list[Reading], dict[tuple[str, datetime], str]]:
    """Keep what is new; return it, and the text of what was there before."""
    rows = list(readings)
    times = {one.at for one in rows}
    if not times:
        return [], {}
    held = Reading.objects.filter(station=station)
    held = held.filter(at__in=times) if len(times) <= CHUNK else held.filter(at__range=(min(times), max(times)))  # fmt: skip
    known = {(item, at): text for item, at, text in held.values_list("item", "at", "text")}
    new = [one for one in rows if (one.item, one.at) not in known]
    Reading.objects.bulk_create(new, batch_size=CHUNK, ignore_conflicts=True)
    return new, known


def _record(station: Station, new: Sequence[Reading], by: User | None, at: datetime) -> None:
    """One leaf for a message: how many, of which times, and the digest of their texts."""
    told = [[one.item, one.at.isoformat(), one.text, one.unit] for one in new]
    facts = {
        "n": len(new), "first": min(one.at for one in new).isoformat(),
        "last": max(one.at for one in new).isoformat(), "sha256": sha256(canonical({"readings": told})).hexdigest(),
    }  # fmt: skip
    record("station.readings", f"station:{station.pk}", facts, office=station.office, by=by, at=at)


def _look(station: Station, item: str, new: Sequence[Reading], at: datetime) -> None:
    """Find episodes around new readings; a new one opens a lead or joins the last within the window."""
    rule = stations.rule_on(book.exceedances(), timezone.localdate(at))
    gap = timedelta(minutes=station.minutes * 2.5)
    times = [one.at for one in new if one.item == item]
    margin = gap * rule.consecutive
    around = Reading.objects.filter(
        station=station, item=item, at__range=(min(times) - margin, max(times) + margin)
    ).order_by("at")
    points = [stations.Point(one.at, one.over, one.share or 0.0) for one in around]
    for found in stations.episodes(points, rule, gap):
        _settle(station, item, found, rule, at)


def _settle(
    station: Station, item: str, found: stations.Episode, rule: stations.Rule, at: datetime
) -> None:
    before = Exceedance.objects.filter(station=station, item=item)
    same = before.filter(began_at__lte=found.last, last_at__gte=found.began).first()
    if same is not None:  # it goes on, or was known
        same.began_at, same.last_at = min(same.began_at, found.began), max(same.last_at, found.last)
        same.n, same.worst = max(same.n, found.n), max(same.worst, found.worst)
        same.save()
        return
    recent = before.filter(last_at__gte=found.began - rule.window, report__isnull=False).first()
    of = book.names().items[item]
    report = None if found.last < at - rule.late else _report(station, of, found, at)
    Exceedance.objects.create(
        station=station, item=item, began_at=found.began, last_at=found.last, n=found.n,
        worst=found.worst, report=report, at=at,
    )  # fmt: skip
    if report is not None and recent is not None and recent.report is not None:
        same_matter(first=recent.report, second=report, by=station.by, at=at)


def _report(station: Station, item: Item, found: stations.Episode, at: datetime) -> Report:
    """Take an episode in like any other report; the words say that it is a screening."""
    day = f"{timezone.localtime(found.began):%Y年%m月%d日%H时}"
    text = (
        f"{station.name}自动监测：{item.title}自{day}起{found.n}次读数超过限值，"
        f"最高为限值的{found.worst:.1f}倍。自动监测数据为初筛，须核实。"
    )
    report, _ = reports.receive(
        office=station.office, source=Source.SHARING, title=f"{station.name}{item.title}读数异常",
        text=text, place_words=station.place_words or station.name, lon=station.lon,
        lat=station.lat, happened_at=found.began, identity=None,
        key=f"station:{station.pk}:{item.id}:{found.began.isoformat()}", at=at,
    )  # fmt: skip
    return report
