"""Files of readings, as agencies export them: columns confirmed once, taken in piece by piece."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jingyi.core.lab import book
from jingyi.core.lab.units import UnknownUnit, heading
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines.tables import open_table
from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.stations import actions
from jingyi.web.lab.stations.models import Profile, ResultFile, Station
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

PIECE = 2000  # rows of a file in one transaction
SHOWN = 100  # refused rows that are listed
ROLES = ("site", "time", "item", "value", "unit")
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what: roles, and in a wide table {column: [item, unit]}."""

    roles: dict[str, str]
    items: dict[str, tuple[str, str]]

    def to_json(self) -> dict[str, Any]:
        return {
            "roles": self.roles,
            "items": {name: list(pair) for name, pair in self.items.items()},
        }

    @staticmethod
    def of(data: dict[str, Any]) -> "Columns":
        return Columns(dict(data["roles"]), {name: (one, two) for name, (one, two) in data["items"].items()})  # fmt: skip


def guess(office: Procuratorate, names: Sequence[str]) -> Columns:
    """Return how an office reads a file with these headings: as before, or as they say."""
    if known := Profile.objects.filter(office=office, headings=digest(names)).first():
        return Columns.of(known.columns)
    headings, known_names = book.headings(), book.names()
    roles = {role: name for role in ROLES if (name := headings.find(role, names))}
    items: dict[str, tuple[str, str]] = {}
    if not ({"item", "value"} <= roles.keys()):
        for name in names:
            if name in roles.values() or (item := known_names.item(name)) is None:
                continue
            try:
                items[name] = (item.id, known_names.unit(item, heading(name)[1]).id)
            except UnknownUnit:
                items[name] = (item.id, "")
    return Columns(roles, items)


def digest(names: Sequence[str]) -> str:
    """Return what a set of headings is remembered under."""
    return sha256("\x1f".join(names).encode()).hexdigest()


@transaction.atomic
def begin(
    *, office: Procuratorate, blob: Blob, name: str, columns: Columns, by: User, at: datetime
) -> ResultFile:
    """Remember how the file is read, and begin its import.

    Raises:
        Refusal: no column of sites or times, or nothing measured.
    """
    require(by, "lab.manage", office)
    if not {"site", "time"} <= columns.roles.keys():
        raise Refusal("请指明哪一列是站点、哪一列是时间。")
    if not columns.items and not {"item", "value"} <= columns.roles.keys():
        raise Refusal("没有找到检测项目：表头应像“氨氮(mg/L)”，或者有“项目、结果、单位”三列。")
    names = open_table(path_of(blob)).names
    Profile.objects.update_or_create(
        office=office, headings=digest(names),
        defaults={"columns": columns.to_json(), "by": by, "at": at},
    )  # fmt: skip
    return ResultFile.objects.create(
        office=office, blob=blob, name=name[:200], columns=columns.to_json(), by=by, at=at
    )


def run(file: ResultFile, *, now: Callable[[], datetime] = timezone.now) -> ResultFile:
    """Take a file in from where it stands; killed in the middle, it goes on there."""
    try:
        table = open_table(path_of(file.blob)).table
    except Refusal as refusal:
        ResultFile.objects.filter(pk=file.pk).update(
            failed=refusal.sentence.to_json(), ended_at=now()
        )
        return file
    columns = Columns.of(file.columns)
    ResultFile.objects.filter(pk=file.pk).update(rows=table.num_rows)
    while file.done < table.num_rows:
        piece = table.slice(file.done, PIECE)
        file = _piece(
            file, list(_rows(piece.to_pylist(), columns, file.done)), piece.num_rows, now()
        )
    _end(file, now())
    return file


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a row: its number in the file, site, time and cell as they are."""

    n: int
    site: str
    time: str
    item: str
    text: str
    unit: str


def _rows(rows: list[dict[str, Any]], columns: Columns, start: int) -> Iterator[Row]:
    roles = columns.roles
    for n, row in enumerate(rows, start + 1):
        cells = {name: "" if cell is None else str(cell).strip() for name, cell in row.items()}
        site, time = cells[roles["site"]], cells[roles["time"]]
        if "item" in roles:
            unit = cells[roles["unit"]] if "unit" in roles else ""
            yield Row(n, site, time, cells[roles["item"]], cells[roles["value"]], unit)
        for name, (item, unit) in columns.items.items():
            if cells.get(name) not in {None, "", "*"}:
                yield Row(n, site, time, item, cells[name], unit)


@transaction.atomic
def _piece(file: ResultFile, rows: list[Row], count: int, at: datetime) -> ResultFile:
    stations = {}
    for one in Station.objects.filter(office=file.office, retired_at=None).select_related("office", "by"):  # fmt: skip
        stations[one.name] = stations[one.code] = one
    sent: dict[Station, list[actions.Sent]] = {}
    origin: dict[Station, list[int]] = {}
    refused: list[tuple[int, Sentence]] = []
    for row in rows:
        try:
            station = _station(row, stations)
            sent.setdefault(station, []).append(actions.Sent(row.item, _time(row.time), row.text, row.unit))  # fmt: skip
            origin.setdefault(station, []).append(row.n)
        except Refusal as refusal:
            refused.append((row.n, refusal.sentence))
    found = ResultFile.objects.select_for_update().get(pk=file.pk)
    for station, readings in sent.items():
        taken = actions.take_in(station=station, sent=readings, at=at, by=file.by)
        found.new += taken.new
        found.known += taken.known
        refused += [(origin[station][place], why) for place, why in taken.refused]
    found.done += count
    found.refused += len(refused)
    room = SHOWN - len(found.rejected)
    found.rejected += [[n, why.to_json()] for n, why in sorted(refused, key=lambda one: one[0])[:max(room, 0)]]  # fmt: skip
    found.save()
    return found


def _station(row: Row, stations: dict[str, Station]) -> Station:
    if row.site not in stations:
        raise Refusal("没有登记过站点“{name}”。", name=row.site[:40] or "—")
    return stations[row.site]


def _time(text: str) -> datetime:
    plain = text.replace("T", " ").partition("+")[0].partition(".")[0].strip()
    for form in FORMATS:
        try:
            return timezone.make_aware(datetime.strptime(plain, form))  # noqa: DTZ007 -- made aware here
        except ValueError:
            continue
    raise Refusal("“{text}”不是时间，可写 2026-08-03 12:00。", text=text[:30])


@transaction.atomic
def _end(file: ResultFile, at: datetime) -> None:
    ResultFile.objects.filter(pk=file.pk).update(ended_at=at)
    file.ended_at = at
    facts = {"sha256": file.blob_id, "new": file.new, "known": file.known, "refused": file.refused}
    record("station.file", f"file:{file.blob_id}", facts, office=file.office, by=file.by, at=at)


def path_of(blob: Blob) -> Path:
    """Return where the file is, for readers that want a path."""
    return vault.path_of(blob.sha256, folder=Path(settings.VAULT))


def told(file: ResultFile) -> Sentence:
    """Say how an import stands."""
    return say(
        "读了 {done} 行，新收 {new} 个读数，已有 {known} 个，不能收 {refused} 个。",
        done=file.done, new=file.new, known=file.known, refused=file.refused,
    )  # fmt: skip
