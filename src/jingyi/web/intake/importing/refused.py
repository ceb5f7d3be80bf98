"""The file of rows that were not taken in: as sent, each with its reason, safe to open."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

NUMBER = re.compile(r"[-+]?[\d.,]+%?")
STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run as a formula


def as_csv(names: Sequence[str], rows: Iterable[tuple[int, str, Sequence[str]]]) -> bytes:
    """Return CSV in UTF-8 with a mark that spreadsheets understand.

    Args:
        names: the headings as sent.
        rows: (row in the file, reason in words, cells as sent).
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*map(safe, names), "所在行", "未导入的原因"])
    for number, reason, cells in rows:
        padded = [*cells, *[""] * (len(names) - len(cells))]
        writer.writerow(
            [*map(safe, padded[: len(names)]), number, reason, *map(safe, padded[len(names) :])]
        )
    return out.getvalue().encode("utf-8-sig")


def safe(cell: str | None) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers stay as they are."""
    text = str(cell or "").replace("\x00", "")
    return f"'{text}" if text.startswith(STARTS) and not NUMBER.fullmatch(text) else text
