"""Texts as an index in which the nearest to a text are found."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.matching import gram_kernels, search_kernels
from jingyi.core.matching.rules import Rules
from jingyi.core.triage import texts
from jingyi.core.triage.texts import Texts

BLOCK = 512  # queries a thread takes at a time
EVERYTHING = 1 << 62

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Sparse rows: `term[ptr[i]:ptr[i+1]]`, ascending, with `weight` each; `size` is in units."""

    ptr: I64
    term: I32
    weight: F32
    size: I32

    @property
    def count(self) -> int:
        return len(self.size)


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Texts, and their terms weighted and listed both by text and by term.

    `rarity[term]` is what sharing it is worth; `usual` the mean size of a text in units.
    """

    texts: Texts
    rows: Rows
    rarity: F32
    usual: float
    post_off: I64
    post_row: I32
    post_weight: F32
    rules: Rules

    @property
    def count(self) -> int:
        return self.rows.count


def read(
    title: pa.Array | None, body: pa.Array | None, count: int, rules: Rules
) -> tuple[Texts, Rows]:
    """Clean two columns of text and count their terms; `weight` is how often, for now."""
    cleaned = texts.read(title, body, count)
    room = gram_kernels.room(cleaned.buf, cleaned.off)
    ptr, size = np.zeros(count + 1, np.int64), np.zeros(count, np.int32)
    term, times = np.empty(room, np.int32), np.empty(room, np.float32)
    gram_kernels.count_terms(
        cleaned.buf, cleaned.off, cleaned.title_end, rules.title, ptr, term, times, size
    )
    return cleaned, Rows(ptr, term[: ptr[-1]].copy(), times[: ptr[-1]].copy(), size)


def build(title: pa.Array | None, body: pa.Array | None, count: int, rules: Rules) -> Index:
    """Return the index of `count` texts; a missing column is empty."""
    cleaned, rows = read(title, body, count, rules)
    often = np.bincount(rows.term, minlength=gram_kernels.TERMS)
    rarity = np.log1p((count - often + 0.5) / (often + 0.5)).astype(np.float32) ** np.float32(
        rules.rarity
    )
    rarity[0::2] *= np.float32(rules.unit)
    usual = float(max(rows.size.mean(), 1.0)) if count else 1.0
    weigh(rows, rarity, usual, rules)
    post_off = np.zeros(gram_kernels.TERMS + 1, np.int64)
    np.cumsum(often, out=post_off[1:])
    post_row, post_weight = np.empty(len(rows.term), np.int32), np.empty(len(rows.term), np.float32)
    search_kernels.by_term(rows.ptr, rows.term, rows.weight, post_off, post_row, post_weight)
    return Index(cleaned, rows, rarity, usual, post_off, post_row, post_weight, rules)


def weigh(rows: Rows, rarity: F32, usual: float, rules: Rules) -> None:
    """Turn counts into weights, in place."""
    search_kernels.weigh(
        rows.ptr, rows.term, rows.weight, rows.size, rarity, usual, rules.soft, rules.even
    )


def nearest(
    index: Index,
    queries: Rows,
    top: int,
    *,
    budget: int = EVERYTHING,
    wide: int = 0,
    workers: int = 1,
) -> tuple[I32, F32]:
    """Return (queries × top) rows of the index, best first, -1 behind the last; and their nearness."""
    top = max(top, 1)
    row, near = (
        np.full((queries.count, top), -1, np.int32),
        np.zeros((queries.count, top), np.float32),
    )

    def work(low: int) -> None:
        search_kernels.search(
            low, min(low + BLOCK, queries.count), queries.ptr, queries.term, queries.weight,
            index.rows.ptr, index.rows.term, index.rows.weight,
            index.post_off, index.post_row, index.post_weight,
            budget, row, near, max(wide, top),
        )  # fmt: skip

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(0, queries.count, BLOCK)))
    return row, near
