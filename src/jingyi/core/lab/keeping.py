"""How samples are kept until they are measured: container, what is added, how cold, how long.

rulebook/lab/keeping.toml, dated. A sample that was kept too long or too warm is marked, never
hidden: what is wrong with it stays with every result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from jingyi.core.lab.units import Names
from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Kept:
    """How some items are kept in some matrices. Temperatures in °C, None where none is given."""

    items: frozenset[str]
    matrices: frozenset[str]
    container: Sentence
    added: Sentence | None
    coldest: int | None
    warmest: int | None
    hours: int
    valid_from: date
    valid_to: date | None
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """rulebook/lab/keeping.toml."""

    matrices: Mapping[str, Sentence]
    rules: tuple[Kept, ...]

    def of(self, item: str, matrix: str, on: date) -> Kept | None:
        """Return how an item is kept in a matrix on a day; None: the book says nothing of it."""
        for one in self.rules:
            in_force = one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)
            if item in one.items and matrix in one.matrices and in_force:
                return one
        return None

    def for_items(self, items: Iterable[str], matrix: str, on: date) -> list[tuple[str, Kept]]:
        """Return each item with how it is kept, where the book says so; the shortest first."""
        known = [(item, self.of(item, matrix, on)) for item in items]
        found = [(item, kept) for item, kept in known if kept is not None]
        return sorted(found, key=lambda pair: pair[1].hours)


def wrong_with(
    kept: Kept, *, taken_at: datetime, measured_at: datetime, temperature: float | None
) -> list[Sentence]:
    """Return what is wrong with how a sample was kept; nothing: it was kept as it should be.

    Args:
        temperature: of the sample as it came to the laboratory, °C; None if nobody noted it.
    """
    found = []
    hours = (measured_at - taken_at).total_seconds() / 3600
    if hours < 0:
        found.append(say("检测时间早于采样时间，请核对。"))
    elif kept.hours and hours > kept.hours:
        found.append(
            say(
                "采样后 {hours:.1f} 小时检测，超过保存时限 {most} 小时（{source}），结果已标记。",
                hours=hours,
                most=kept.hours,
                source=str(kept.source),
            )
        )
    elif not kept.hours and hours > 1:
        found.append(
            say(
                "应当现场测定，采样后 {hours:.1f} 小时才检测（{source}），结果已标记。",
                hours=hours,
                source=str(kept.source),
            )
        )
    if kept.warmest is not None and temperature is not None and temperature > kept.warmest:
        found.append(
            say(
                "保存温度 {found:g} ℃，高于 {most} ℃（{source}），结果已标记。",
                found=temperature,
                most=kept.warmest,
                source=str(kept.source),
            )
        )
    return found


def read_keeping(top: Table, instruments: dict[str, Instrument], names: Names) -> Keeping:
    """Read rulebook/lab/keeping.toml; every item and matrix it names is known."""
    matrices = {}
    for row in top.tables("matrix", least=1):
        matrices[row.text("id")] = titled(row.text("title"), row.text("title_en"))
        row.done()
    rules = tuple(
        _read_kept(row, instruments, names, frozenset(matrices))
        for row in top.tables("keeping", least=1)
    )
    top.done()
    return Keeping(matrices, rules)


def _read_kept(
    row: Table, instruments: dict[str, Instrument], names: Names, matrices: frozenset[str]
) -> Kept:
    items, where = frozenset(row.texts("items")), frozenset(row.texts("matrices"))
    if unknown := items - names.items.keys():
        raise row.wrong("items", f"names {', '.join(sorted(unknown))}, which items.toml has not")
    if unknown := where - matrices:
        raise row.wrong("matrices", f"names {', '.join(sorted(unknown))}")
    found = Kept(
        items=items,
        matrices=where,
        container=titled(row.text("container"), row.text("container_en")),
        added=titled(row.text("added"), row.text("added_en")) if row.has("added") else None,
        coldest=row.number("coldest") if row.has("coldest") else None,
        warmest=row.number("warmest") if row.has("warmest") else None,
        hours=row.number("hours"),
        valid_from=row.day("valid_from"),
        valid_to=row.day_or_none("valid_to"),
        source=read_source(row.table("source"), instruments),
        status=row.one_of("status", STATUSES),
    )
    row.day("confirmed_on")
    row.done()
    return found
