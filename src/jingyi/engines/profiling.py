"""What is in a table, column by column, before anybody says what it is for.

A column's kind is what most of its cells are; identity numbers and credit codes are checked
against their check digit. Only the first `MOST` different cells of a column are looked at.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from jingyi.engines.screening import repair
from jingyi.engines.tables import open_table

MOST = 20_000  # different cells of a column
ENOUGH = 0.6  # of the cells are of a kind: so is the column
KINDS = ("person-id", "credit-code", "date", "month", "integer", "number")
EXAMPLES = 3
CHECKED = {"person-id": "id-check", "credit-code": "code-check"}
LENGTHS = {"person-id": {15, 18}, "credit-code": {18}}


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column: cells that are empty, different ones, and how many of its kind fail their check digit."""

    heading: str
    kind: str
    cells: int
    empty: int
    distinct: int
    checked: int  # cells whose check digit could be checked
    wrong: int  # of these, how many do not fit
    examples: tuple[str, ...]


def profile(path: Path) -> tuple[int, list[ColumnProfile]]:
    """Return the number of rows, and what is in each column.

    Raises:
        Refusal: it is not a table.
    """
    sheet = open_table(path)
    return sheet.table.num_rows, [_column(name, sheet.table[name]) for name in sheet.names]


def _column(heading: str, given: pa.ChunkedArray) -> ColumnProfile:
    counted = {one["values"]: one["counts"] for one in pc.value_counts(given).to_pylist()}
    empty = sum(n for cell, n in counted.items() if (cell or "").strip().lower() in repair.EMPTY)
    full = {
        cell: n for cell, n in counted.items() if (cell or "").strip().lower() not in repair.EMPTY
    }
    looked = dict(list(full.items())[:MOST])
    kind, findings = _kind(looked)
    checked = 0
    if kind in CHECKED:
        checked = sum(n for cell, n in looked.items() if len(cell.strip()) == 18)
    return ColumnProfile(
        heading, kind, len(given), empty, len(full), checked, findings[CHECKED.get(kind, "")],
        tuple(list(full)[:EXAMPLES]),
    )  # fmt: skip


def _kind(cells: dict[str, int]) -> tuple[str, Counter[str]]:
    """Return what most of the cells are, and the findings of reading them so."""
    total = sum(cells.values())
    for kind in KINDS:
        right = 0
        findings: Counter[str] = Counter()
        for cell, n in cells.items():
            if kind in LENGTHS and len(cell.strip()) not in LENGTHS[kind]:
                continue
            value, found = repair.read(cell, kind)
            if value is None or found in repair.REFUSED or not _plausible(cell, kind):
                continue
            right += n
            if found:
                findings[found] += n
        if total and right >= ENOUGH * total:
            return kind, findings
    return "text", Counter()


def _plausible(cell: str, kind: str) -> bool:
    """Tell a day or month by how it is written: any number could be a date's serial."""
    text = cell.strip()
    if kind == "date":
        return not text.replace(".", "").isdigit() or len(text) == 8
    if kind == "month":
        return any(mark in text for mark in "-/年")
    if kind == "credit-code":
        return any(letter.isalpha() for letter in text) or text.startswith(("9", "5", "1"))
    if kind == "integer":
        return "." not in text
    return True
