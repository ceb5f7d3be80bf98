"""Titles, bodies and labels out of tables, by the names of their columns; every row accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jingyi.core.refusal import Refusal
from jingyi.engines import tables


@dataclass(frozen=True, slots=True)
class Messages:
    """One row each; "" where a cell is empty. `ids` are the file's, or row numbers."""

    ids: Sequence[str]
    titles: Sequence[str]
    bodies: Sequence[str]
    labels: Sequence[str]
    rejected: Sequence[str] = ()

    def taken(self, at: Sequence[int]) -> "Messages":
        """Return the rows `at`."""
        columns = (self.ids, self.titles, self.bodies, self.labels)
        return Messages(*([column[i] for i in at] for column in columns))


def read(paths: Sequence[Path], title: str | None, text: str, label: str | None) -> Messages:
    """Read tables behind one another. Of several, one may lack the title or the text.

    Rows that could not be read at all stay, empty, in their place: none is lost.

    Raises:
        Refusal: a file cannot be read, or lacks a column.
    """
    ids: list[str] = []
    titles: list[str] = []
    bodies: list[str] = []
    labels: list[str] = []
    rejected: list[str] = []
    for path in paths:
        sheet = tables.open_table(path)
        named = [name for name in (title, text) if name in sheet.names]
        for wanted in (text, title, label):
            if (
                wanted
                and wanted not in sheet.names
                and (len(paths) == 1 or not named or wanted == label)
            ):
                raise Refusal(
                    "{file} 中没有名为“{heading}”的列。现有的列：{names}。",
                    file=path.name,
                    heading=wanted,
                    names="、".join(sheet.names),
                )
        numbers = sheet.rows.to_pylist()
        own = tables.guess_columns(sheet.names, sheet.table).get("id")
        order = sorted(
            [
                *((row, n) for n, row in enumerate(numbers)),
                *((one.row, -1) for one in sheet.rejected),
            ]
        )
        for column, heading in ((ids, own), (titles, title), (bodies, text), (labels, label)):
            there = heading in sheet.names
            cells = sheet.table[heading].to_pylist() if there else [""] * len(numbers)
            if column is ids:
                cells = [cell or str(row) for cell, row in zip(cells, numbers, strict=True)]
            lost = str if column is ids else lambda _row: ""
            column += [lost(row) if n < 0 else (cells[n] or "") for row, n in order]
        rejected += [f"{path.name} 第 {one.row} 行：{one.reason}" for one in sheet.rejected]
    return Messages(ids, titles, bodies, [cell.strip() for cell in labels], rejected)
