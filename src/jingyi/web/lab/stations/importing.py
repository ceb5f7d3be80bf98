"""Files of readings, as agencies export them: columns confirmed once, taken in piece by piece."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
from jingyi.web.lab.limits import library
from jingyi.web.lab.stations import actions
from jingyi.web.lab.stations.models import Profile, ResultFile, Station
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

PIECE = 2000  # rows of a file in one transaction
SHOWN = 100  # refused rows that are listed
ROLES = ("site", "area", "time", "item", "value", "unit")
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what: roles, and in a wide table {column: [item, unit]}."""

    roles: dict[str, str]
    items: dict[str, tuple[str, str]]
    year: int | None = None  # of times that are written without one
    make: tuple[str, int] | None = None  # standard and level of stations nobody has entered

    def to_json(self) -> dict[str, Any]:
        return {
            "roles": self.roles,
            "items": {name: list(pair) for name, pair in self.items.items()},
            "year": self.year,
            "make": list(self.make) if self.make else None,
        }

    @staticmethod
    def of(data: dict[str, Any]) -> "Columns":
        items = {name: (one, two) for name, (one, two) in data["items"].items()}
        make = data.get("make")
        return Columns(dict(data["roles"]), items, data.get("year"), (make[0], make[1]) if make else None)  # fmt: skip


def guess(office: Procuratorate, names: Sequence[str]) -> Columns:
    """Return how an office reads a file with these headings: as before, or as they say."""
    if known := Profile.objects.filter(office=office, headings=digest(names)).first():
        return replace(Columns.of(known.columns), year=None)  # another file, another year
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
        sheet = open_table(path_of(file.blob))
    except Refusal as refusal:
        ResultFile.objects.filter(pk=file.pk).update(
            failed=refusal.sentence.to_json(), ended_at=now()
        )
        return file
    columns, table = Columns.of(file.columns), sheet.table
    ResultFile.objects.filter(pk=file.pk).update(rows=table.num_rows)
    while file.done < table.num_rows:
        piece, numbers = table.slice(file.done, PIECE), sheet.rows.slice(file.done, PIECE)
        rows = list(_rows(piece.to_pylist(), columns, numbers.to_pylist()))
        lost = [] if file.done else [(one.row, one.reason) for one in sheet.rejected]
        file = _piece(file, rows, piece.num_rows, now(), lost)
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


def _rows(rows: list[dict[str, Any]], columns: Columns, numbers: list[int]) -> Iterator[Row]:  # fmt: skip
    roles = columns.roles
    for n, row in zip(numbers, rows, strict=True):
        cells = {name: "" if cell is None else str(cell).strip() for name, cell in row.items()}
        site, time = cells[roles["site"]], cells[roles["time"]]
        if site and "area" in roles:  # two provinces may have a site of one name
            site = f"{cells[roles['area']]}{site}"
        if "item" in roles:
            unit = cells[roles["unit"]] if "unit" in roles else ""
            yield Row(n, site, time, cells[roles["item"]], cells[roles["value"]], unit)
        for name, (item, unit) in columns.items.items():
            if cells.get(name) not in {None, "", "*"}:
                yield Row(n, site, time, item, cells[name], unit)


@transaction.atomic
def _piece(
    file: ResultFile, rows: list[Row], count: int, at: datetime,
    lost: Sequence[tuple[int, Sentence]],
) -> ResultFile:  # fmt: skip
    """Take one piece in; `lost`: rows that could not be read at all."""
    columns = Columns.of(file.columns)
    stations = _known(file, rows, columns, at)
    sent: dict[Station, list[actions.Sent]] = {}
    origin: dict[Station, list[int]] = {}
    refused: list[tuple[int, Sentence]] = list(lost)
    for row in rows:
        try:
            time, station = _time(row.time, columns.year), _station(row, stations)
            sent.setdefault(station, []).append(actions.Sent(row.item, time, row.text, row.unit))
            origin.setdefault(station, []).append(row.n)
        except Refusal as refusal:
            if (row.n, refusal.sentence) not in refused[-1:]:  # once for a row, not for each cell
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


def _known(file: ResultFile, rows: list[Row], columns: Columns, at: datetime) -> dict[str, Station]:
    """Return the office's stations by name and code; those of the file too, if it was said so."""
    found = {}
    for one in Station.objects.filter(office=file.office, retired_at=None).select_related("office", "by"):  # fmt: skip
        found[one.name] = found[one.code] = one
    if columns.make is None:
        return found
    standard, level = columns.make
    table = library.standard(standard, file.office)
    measured: dict[str, set[str]] = {}
    for row in rows:
        if row.site and row.site not in found and _has_time(row, columns):
            measured.setdefault(row.site, set()).add(row.item)
    for site, items in measured.items():
        told = {one.id: one.told(site, items) for one in table.choices if not one.measured}
        found[site] = actions.set_up(
            office=file.office, code=site[:40], name=site[:120], standard=standard, level=level,
            conditions=told, minutes=240, place_words=site[:200], by=file.by, at=at,
        )  # fmt: skip
    return found


def _station(row: Row, stations: dict[str, Station]) -> Station:
    if row.site not in stations:
        raise Refusal("没有登记过站点“{name}”。", name=row.site[:40] or "—")
    return stations[row.site]


def _has_time(row: Row, columns: Columns) -> bool:
    try:
        _time(row.time, columns.year)
    except Refusal:
        return False
    return True


def _time(text: str, year: int | None = None) -> datetime:
    plain = text.replace("T", " ").partition("+")[0].partition(".")[0].strip()
    if re.fullmatch(r"\d{1,2}[-/]\d{1,2}( \d{1,2}:\d{2})?", plain):
        if year is None:
            raise Refusal("“{text}”没有写年份。请在确认列的那一页写明是哪一年。", text=text[:30])
        plain = f"{year}-{plain}" if "-" in plain else f"{year}/{plain}"
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
