"""Which column of a foreign table is what: by its heading, then by what is in it."""

import re
from collections.abc import Sequence
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from jingyi.core.triage import book
from jingyi.engines import cells, positions

FIELDS = (
    "id",
    "title",
    "text",
    "time",
    "lon",
    "lat",
    "datum",
    "place",
    "reporter",
    "likes",
    "dislikes",
    "photos",
)
SAMPLE = 200
LONG_TEXT = 15


def guess(names: Sequence[str], sample: pa.Table | None = None) -> dict[str, str]:
    """Return field → heading for every field a column was found for.

    Args:
        names: headings as sent.
        sample: the same columns, as text; a heading whose content cannot be
            that field (a "时间" that holds no dates) is passed over, and a
            table with no telling heading gets its longest column as `text`.
    """
    shown = None if sample is None else sample.slice(0, SAMPLE)
    found: dict[str, str] = {}
    for exact in (True, False):
        for field in FIELDS:
            if field in found:
                continue
            for word in _headings()[field]:
                match = next(
                    (
                        name
                        for name in names
                        if name not in found.values()
                        and _says(name, word, exact=exact)
                        and (shown is None or fits(field, shown[name]))
                    ),
                    None,
                )
                if match is not None:
                    found[field] = match
                    break
    if "text" not in found and shown is not None:
        longest = max(
            (name for name in names if name not in found.values()),
            key=lambda name: _mean_length(shown[name]),
            default=None,
        )
        if longest is not None and _mean_length(shown[longest]) >= LONG_TEXT:
            found["text"] = longest
    return found


def fits(field: str, column: pa.ChunkedArray) -> bool:
    """Tell whether the content may be that field: dates, numbers, coordinates; text always may."""
    filled = pc.drop_null(pc.if_else(pc.equal(column, ""), None, column))
    if field == "datum":
        return any(positions.known(word) for word in filled.to_pylist())
    if cells.kind_of(field) == pa.string():
        return len(filled) > 0 or field not in {"id", "text"}
    read = cells.typed(field, filled)
    return bool(len(read) and read.null_count * 2 <= len(read))


def _says(name: str, word: str, *, exact: bool) -> bool:
    plain = re.sub(r"[\s()（）\[\]【】:：*_]+", "", name).casefold()
    wanted = re.sub(r"[\s_]+", "", word).casefold()
    return plain == wanted if exact else len(wanted) > 1 and wanted in plain


def _mean_length(column: pa.ChunkedArray) -> float:
    return float(pc.mean(pc.utf8_length(column)).as_py() or 0)


@cache
def _headings() -> dict[str, list[str]]:
    return dict(book.read("columns.toml")["fields"])
