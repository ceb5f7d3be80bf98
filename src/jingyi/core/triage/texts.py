"""The words of a report, cleaned: title and body as one run of UTF-8 bytes per row."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

MOST_CHARACTERS = 20_000
MARKUP = r"(?s)<(script|style)\b.*?</(script|style)>|<!--.*?-->|</?[a-zA-Z][^<>]{0,999}>"
ENTITIES = {"&nbsp;": " ", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}
UNSEEN = r"[\x00-\x08\x0b-\x1f\x7f\x{200b}-\x{200f}\x{feff}\x{fffd}]+"
SPACE = r"[\s\x{3000}]+"
SPACE_BY_HAN = r"([^\x00-\x7f]) | ([^\x00-\x7f])"


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """`buf[off[i]:off[i+1]]` is row i; its first `title_end[i]` bytes are the title."""

    buf: NDArray[np.uint8]
    off: NDArray[np.int64]
    title_end: NDArray[np.int64]
    title: pa.Array
    body: pa.Array
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
    """Clean both columns and lay them behind one another; a missing column is empty."""
    titles, _ = clean(title, count)
    bodies, cut = clean(body, count)
    joined = pc.binary_join_element_wise(titles, bodies, "\n").cast(pa.large_string())
    buf, off = buffers(joined)
    return Texts(buf, off, np.asarray(pc.binary_length(titles), np.int64), titles, bodies, cut)


def clean(column: pa.Array | None, count: int) -> tuple[pa.Array, NDArray[np.bool_]]:
    """Drop markup, control characters and white space; cut what is longer than is read."""
    if column is None:
        return pa.array([""] * count, pa.string()), np.zeros(count, bool)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    text = pc.fill_null(column.cast(pa.string()), "")
    long = np.asarray(pc.greater(pc.utf8_length(text), MOST_CHARACTERS))
    if long.any():
        text = pc.utf8_slice_codeunits(text, 0, MOST_CHARACTERS)
    if pc.any(pc.match_substring(text, "<")).as_py():
        text = pc.replace_substring_regex(text, MARKUP, " ")
    if pc.any(pc.match_substring(text, "&")).as_py():
        for entity, plain in ENTITIES.items():
            text = pc.replace_substring(text, entity, plain)
    text = pc.replace_substring_regex(text, UNSEEN, "")
    text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, SPACE, " "))
    return pc.replace_substring_regex(text, SPACE_BY_HAN, r"\1\2"), long


def buffers(column: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the bytes and offsets of a large_string column without copying the text."""
    _, offsets, data = column.buffers()
    off = np.frombuffer(offsets, np.int64)[column.offset : column.offset + len(column) + 1]
    return (np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)), off
