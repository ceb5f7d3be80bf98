"""Columns of records as numbers: codes of whole texts, of beginnings, of words; dates as days."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingyi.core.linkage.string_kernels import F32, I32, I64, U8

NO_DATE = np.iinfo(np.int32).min // 2
MOST_WORDS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """One column: each row's code (-1 unknown) and the text of each code."""

    code: I32
    buf: U8
    off: I64
    values: pa.Array


def encode(table: pa.Table, name: str) -> Encoded:
    """Give equal texts equal codes; empty texts are unknown."""
    column = pc.cast(table.column(name), pa.large_string())
    column = pc.if_else(pc.equal(column, ""), None, column).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0)
    coded = column.dictionary_encode()
    values = coded.dictionary.cast(pa.large_string())
    code = np.asarray(pc.fill_null(coded.indices, -1)).astype(np.int32)
    _, off, buf = values.buffers()
    offsets = (
        np.frombuffer(off, np.int64, len(values) + 1) if len(values) else np.zeros(1, np.int64)
    )
    letters = np.frombuffer(buf, np.uint8) if buf else np.zeros(0, np.uint8)
    return Encoded(code, letters, offsets, values)


def beginning(column: Encoded, size: int) -> I32:
    """Return codes by row of the first `size` letters; 0 is the whole."""
    if not size:
        return column.code
    cut = pc.utf8_slice_codeunits(column.values, 0, size)
    codes = np.asarray(cut.dictionary_encode().indices).astype(np.int32)
    return np.append(codes, np.int32(-1))[column.code]


def last_word(column: Encoded) -> I32:
    """Return codes by row of the last word."""
    words = pa.array([text.split()[-1] for text in column.values.to_pylist()], pa.large_string())
    codes = np.asarray(words.dictionary_encode().indices).astype(np.int32)
    return np.append(codes, np.int32(-1))[column.code]


def words(column: Encoded) -> tuple[I64, I32, U8, I64, F32]:
    """Return each row's words, their texts, and the rarity of each in bits."""
    parts = [text.replace(",", " ").split()[:MOST_WORDS] for text in column.values.to_pylist()]
    counts = np.array([len(words) for words in parts] + [0], np.int64)
    flat = pa.array([word for words in parts for word in words], pa.large_string())
    coded = flat.dictionary_encode()
    codes = np.asarray(coded.indices).astype(np.int32)
    first = np.concatenate([[0], np.cumsum(counts)])
    size = counts[column.code]
    start = np.concatenate([[0], np.cumsum(size)])
    word = codes[np.repeat(first[column.code] - start[:-1], size) + np.arange(start[-1])]
    often = np.bincount(word, minlength=len(coded.dictionary))
    bits = np.log2(len(column.code) / often).astype(np.float32)
    _, off, buf = coded.dictionary.buffers()
    return (
        start, word, np.frombuffer(buf, np.uint8),
        np.frombuffer(off, np.int64, len(coded.dictionary) + 1), bits,
    )  # fmt: skip


def days(values: pa.Array) -> I32:
    """Return days since 1970 of ISO dates."""
    days = [_day(text) for text in values.to_pylist()]
    return np.array(days, np.int32)


def _day(text: str) -> int:
    try:
        return int(np.datetime64(text, "D").astype(np.int64))
    except ValueError:
        return NO_DATE
