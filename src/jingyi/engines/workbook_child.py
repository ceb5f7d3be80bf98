"""The child that parses one workbook: `python -m jingyi.engines.workbook_child IN OUT BYTES`."""

import resource
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

NO_MEMORY, NOT_READABLE = 3, 4
HEADER_SEARCH = 20


def main(arguments: Sequence[str]) -> int:
    """Write the first sheet that has data as an Arrow file: row numbers, then text columns."""
    source, target, limit = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        names, rows, columns = first_table(source)
    except CalamineError:
        return NOT_READABLE
    except MemoryError:
        return NO_MEMORY
    arrays = [pa.array(rows, pa.int64()), *(pa.array(column, pa.string()) for column in columns)]
    table = pa.Table.from_arrays(arrays, names=["row", *names])
    with pa.OSFile(target, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return 0


def first_table(source: str) -> tuple[list[str], list[int], list[list[str]]]:
    """Return headings, row numbers and columns of the first sheet with a header and a row."""
    workbook = CalamineWorkbook.from_path(source)
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        cells = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        spread_merged(cells, sheet.merged_cell_ranges or [])
        header = header_row(cells)
        if header is None:
            continue
        headings = [as_text(cell) for cell in cells[header]]
        width = max(index + 1 for index, text in enumerate(headings) if text)
        rows: list[int] = []
        columns: list[list[str]] = [[] for _ in range(width)]
        for number, row in enumerate(cells[header + 1 :], header + 2):
            texts = [as_text(cell) for cell in row[:width]]
            if any(texts):
                rows.append(number)
                for column, text in zip(columns, texts, strict=True):
                    column.append(text)
        return headings[:width], rows, columns
    return [], [], []


def header_row(cells: list[list[Any]]) -> int | None:
    """Return the first row that names two columns or more; a banner over the table names one."""
    counts = [len({as_text(cell) for cell in row} - {""}) for row in cells[:HEADER_SEARCH]]
    widest = max(counts, default=0)
    if widest == 0:
        return None
    return next(
        i for i, count in enumerate(counts) if count >= min(2, widest) and count * 2 > widest
    )


def spread_merged(cells: list[list[Any]], ranges: Sequence[tuple[Any, Any]]) -> None:
    """Give each cell of a merged range the value of its first."""
    for (top, left), (bottom, right) in ranges:
        if top >= len(cells) or left >= len(cells[top]):
            continue
        value = cells[top][left]
        for row in cells[top : bottom + 1]:
            row[left : right + 1] = [value] * len(row[left : right + 1])


def as_text(cell: object) -> str:
    """Return what the spreadsheet shows: whole numbers without ".0", dates as ISO."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < 2**53:
            return str(int(cell))
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date() | time() | timedelta():
            return str(cell)
        case _:
            return str(cell).strip().replace("\x00", "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
