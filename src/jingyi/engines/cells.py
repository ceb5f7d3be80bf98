"""One cell, as text, read as what its column is."""

import math
import re
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from jingyi.engines import parquet

KINDS = {
    "time": pa.timestamp("s"),
    "lon": pa.float64(),
    "lat": pa.float64(),
    "likes": pa.int64(),
    "dislikes": pa.int64(),
    "photos": pa.int64(),
}
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  local time of the sender, as written
AFTERNOON = {"下午", "P", "p"}
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000  # 1954 … 2119
WRITTEN_DATE = re.compile(
    r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[ T]*(上午|下午)?\s*(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2}))?)?"
)
AMERICAN_DATE = re.compile(  # told from day-first dates by its AM or PM
    r"^\s*(\d{1,2})/(\d{1,2})/(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP])M\s*$", re.IGNORECASE
)
COMPACT_DATE = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:\s*(\d{2})(\d{2})(\d{2}))?\s*$")
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


def kind_of(field: str) -> pa.DataType:
    """Return the Arrow type of a field; text unless listed."""
    return KINDS.get(field, pa.string())


def typed(field: str, column: pa.ChunkedArray) -> pa.Array:
    """Read a column of text as `field`; what cannot be read is null."""
    kind = kind_of(field)
    if not pa.types.is_string(column.type):
        return _stored(field, kind, column)
    if kind == pa.string():
        if field == "id":
            plain = pc.utf8_trim_whitespace(column)
            column = pc.replace_substring_regex(plain, r"^(\d+)\.0$", r"\1")
        return column.combine_chunks()
    filled = pc.if_else(pc.equal(column, ""), None, column)
    if (read := _plain(filled, kind)) is not None:
        return read
    values = column.to_pylist()
    if field == "time":
        return pa.array([moment(v) for v in values], kind)
    numbers = [number(v) for v in values]
    if pa.types.is_integer(kind):
        return pa.array([None if v is None else int(v) for v in numbers], kind)
    return pa.array(numbers, kind)


def _stored(field: str, kind: pa.DataType, column: pa.ChunkedArray) -> pa.Array:
    """Take a column that is stored in a type of its own; by way of text where that is another."""
    own = column.type
    if kind != pa.string() and (pa.types.is_integer(own) or pa.types.is_floating(own)):
        if not pa.types.is_timestamp(kind) and (read := _plain(column, kind)) is not None:
            return read
    elif pa.types.is_timestamp(kind) and pa.types.is_timestamp(own):
        return column.cast(kind, safe=False).combine_chunks()
    return typed(field, parquet.as_text(column))


def _plain(column: pa.ChunkedArray, kind: pa.DataType) -> pa.Array | None:
    """Read a column whose every cell is a plain number or an ISO date; None where one is not.

    A million cells so take a tenth of a second instead of several.
    """
    try:
        if pa.types.is_timestamp(kind):
            return column.cast(kind).combine_chunks()
        numbers = column.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    sound = pc.less(pc.abs(numbers), 2.0**62)  # false for NaN and the infinities too
    numbers = pc.if_else(sound, numbers, None)
    if pa.types.is_integer(kind):
        numbers = pc.trunc(numbers).cast(kind)
    return numbers.combine_chunks()


def moment(cell: str | None) -> datetime | None:
    """Read a written date, a compact one, or a spreadsheet's day number; else None."""
    if not cell:
        return None
    if found := WRITTEN_DATE.match(cell):
        year, month, day, half, hour, minute, second = found.groups()
    elif found := AMERICAN_DATE.match(cell):
        month, day, year, hour, minute, second, half = found.groups()
        hour = str(int(hour) % 12)
    elif found := COMPACT_DATE.match(cell):
        year, month, day, hour, minute, second = found.groups()
        half = None
    else:
        return _serial(cell)
    hours = int(hour or 0) + (12 if half in AFTERNOON and int(hour or 0) < 12 else 0)
    try:
        return datetime(  # noqa: DTZ001
            int(year), int(month), int(day), hours, int(minute or 0), min(int(second or 0), 59)
        )
    except ValueError:
        return None


def number(cell: str | None) -> float | None:
    """Read the number in a cell, units and full-width digits allowed; else None."""
    if not cell or len(cell) > 64:
        return None
    found = NUMBER.search(cell.replace(",", "").replace("，", ""))
    value = float(found.group()) if found else math.nan
    return value if math.isfinite(value) and abs(value) < 2**62 else None


def whole(cell: str) -> str:
    """Drop the ".0" a spreadsheet adds to whole numbers."""
    return cell[:-2] if cell.endswith(".0") and cell[:-2].isdigit() else cell


def _serial(cell: str) -> datetime | None:
    try:
        days = float(cell)
    except ValueError:
        return None
    if not FIRST_SERIAL <= days <= LAST_SERIAL:
        return None
    return EXCEL_EPOCH + timedelta(seconds=round(days * 86400))
