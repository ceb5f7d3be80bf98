"""The words of a report, cleaned: title and body as one run of UTF-8 bytes per row."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jingyi.core.triage import text_kernels as kernels

MOST_CHARACTERS = 20_000
MARKUP = r"(?s)<(script|style)\b.*?</(script|style)>|<!--.*?-->|</?[a-zA-Z][^<>]{0,999}>"
ENTITIES = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}
PADDING = 8  # bytes behind the last row, so that no kernel reads past the end

U8 = NDArray[np.uint8]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """`buf[off[i]:off[i+1]]` is row i; its first `title_end[i]` bytes are the title."""

    buf: U8
    off: I64
    title_end: I64
    cut: NDArray[np.bool_]  # rows of which only the first MOST_CHARACTERS were read

    @property
    def count(self) -> int:
        return len(self.off) - 1

    def row(self, i: int) -> str:
        return bytes(self.buf[self.off[i] : self.off[i + 1]]).decode()

    def part(self, i: int, start: int, end: int) -> str:
        """Return the characters between two byte positions of row i."""
        low = self.off[i]
        return bytes(self.buf[low + start : low + end]).decode(errors="replace")


def read(title: pa.Array | None, body: pa.Array | None, count: int) -> Texts:
    """Clean both columns and lay them behind one another; a missing column is empty.

    Dropped are markup, control characters, what is no UTF-8, and white space beyond one space.
    """
    titles, title_off, _ = _plain(title, count)
    bodies, body_off, cut = _plain(body, count)
    size = int(title_off[-1] - title_off[0] + body_off[-1] - body_off[0]) + count
    out = np.empty(size + PADDING, np.uint8)
    off = np.zeros(count + 1, np.int64)
    title_end = np.zeros(count, np.int64)
    written = kernels.lay_out(titles, title_off, bodies, body_off, out, off, title_end)
    out[written:] = 0
    return Texts(out, off, title_end, cut)


def _plain(column: pa.Array | None, count: int) -> tuple[U8, I64, NDArray[np.bool_]]:
    """Return the bytes and offsets of a column; rows with markup, or too long, are mended first."""
    if column is None:
        return np.zeros(0, np.uint8), np.zeros(count + 1, np.int64), np.zeros(count, bool)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    text = column.cast(pa.large_string()) if column.type != pa.large_string() else column
    text = pc.fill_null(text, "") if text.null_count else text
    buf, off = buffers(text)
    flags = np.zeros(count, np.uint8)
    kernels.look(buf, off, MOST_CHARACTERS, flags)
    rows = np.flatnonzero(flags)
    if len(rows):
        mended = _mend(text.take(pa.array(rows)))
        buf, off = buffers(pc.replace_with_mask(text, pa.array(flags > 0), mended))
    return buf, off, (flags & kernels.LONG) > 0


def _mend(text: pa.Array) -> pa.Array:
    """Return the texts without markup and entities, and no longer than is read."""
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:  # bytes that are no UTF-8
        raw = text.cast(pa.large_binary()).to_pylist()
        text = pa.array([one.decode(errors="replace") for one in raw], pa.large_string())
    text = pc.utf8_slice_codeunits(text, 0, MOST_CHARACTERS)
    text = pc.replace_substring_regex(text, MARKUP, " ")
    for entity, plain in ENTITIES.items():
        text = pc.replace_substring(text, entity, plain)
    return text


def buffers(column: pa.Array) -> tuple[U8, I64]:
    """Return the bytes and offsets of a large_string column without nulls, the text not copied."""
    _, offsets, data = column.buffers()
    off = np.frombuffer(offsets, np.int64)[column.offset : column.offset + len(column) + 1]
    return (np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)), off
