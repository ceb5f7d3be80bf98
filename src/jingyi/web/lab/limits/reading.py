"""A file of limits, row by row: read whole, or refused with every row that is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jingyi.core.lab import book, own
from jingyi.core.lab.headings import ROLES
from jingyi.core.lab.units import heading, plain
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.engines.tables import open_table

MOST_ROWS = 50_000
NEEDED = ("item", "limit")


@dataclass(frozen=True, slots=True)
class Read:
    """`rows`: (row in the file, what it says); `wrong`: (row in the file, why it is no limit)."""

    rows: list[tuple[int, own.Row]]
    wrong: list[tuple[int, Sentence]]


def read(path: Path, start: date, end: date | None, unit: str = "") -> Read:
    """Read a file of limits.

    Args:
        start, end: of rows that do not say from when until when they are in force.
        unit: of rows that do not say theirs; else that of the heading of the limits is meant.

    Raises:
        Refusal: it is no table, or nobody can tell which column is the item or the limit.
    """
    sheet = open_table(path)
    columns = roles(sheet.names)
    if sheet.table.num_rows > MOST_ROWS:
        raise Refusal("限值超过 {most} 行，请拆成几个文件。", most=MOST_ROWS)
    usual = unit or heading(columns["limit"])[1]
    rows: list[tuple[int, own.Row]] = []
    wrong = [(one.row, one.reason) for one in sheet.rejected]
    for n, cells in zip(sheet.rows.to_pylist(), sheet.table.to_pylist(), strict=True):
        told = {role: (cells[name] or "").strip() for role, name in columns.items()}
        if not any(told.values()):
            continue
        try:
            rows.append((n, own.read_row({**told, "unit": told.get("unit") or usual}, book.names(), start, end)))  # fmt: skip
        except Refusal as refusal:
            wrong.append((n, refusal.sentence))
    wrong += _twice(rows)
    return Read(rows, sorted(wrong, key=lambda one: one[0]))


def roles(names: tuple[str, ...]) -> Mapping[str, str]:
    """Return role → heading.

    Raises:
        Refusal: no heading says which column is the item or the limit.
    """
    known = book.headings().roles
    found: dict[str, str] = {}
    for role in ROLES:
        for name in names:
            if name not in found.values() and {plain(name), plain(heading(name)[0])} & known[role]:
                found[role] = name
                break
    missing = [role for role in NEEDED if role not in found]
    if missing:
        raise Refusal(
            "看不出哪一列是项目、哪一列是限值。表头请写：项目、食品、限值、单位、依据、施行日期、失效日期；现有的列：{names}。",
            names="、".join(names)[:300],
        )
    return {role: name for role, name in found.items() if role in {"item", "food", "limit", "unit", "cited", "from", "to"}}  # fmt: skip


def _twice(rows: list[tuple[int, own.Row]]) -> list[tuple[int, Sentence]]:
    """Return the rows that say something else for an item, food and day that an earlier row set."""
    seen: dict[tuple[str, str], list[own.Row]] = {}
    wrong = []
    for n, row in rows:
        others = seen.setdefault((row.item.id, row.food), [])
        if any(row.holds(one.start) or one.holds(row.start) for one in others):
            said = own.NotALimit("{food}中的“{item}”前面已经有同时有效的限值。", food=row.food or "表", item=row.name)  # fmt: skip
            wrong.append((n, said.sentence))
        others.append(row)
    foods = {bool(row.food) for _, row in rows}
    if len(foods) > 1:
        said = own.NotALimit("有的行写了食品，有的行没有写。请每行都写，或者都不写。")
        wrong += [(n, said.sentence) for n, row in rows if not row.food]
    return wrong
