"""Texts as an index in which the nearest to a text are found."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.matching import gram_kernels, part_kernels, search_kernels
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
    """Sparse rows: `term[ptr[i]:ptr[i+1]]`, ascending, with `weight` each.

    `worth` is (3 × rows): the squared length, and what all pairs and all words are worth.
    """

    texts: Texts
    ptr: I64
    term: I32
    weight: F32
    worth: F32

    @property
    def count(self) -> int:
        return len(self.ptr) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Rows, listed by term as well: entries `post_off[t]:post_off[t+1]` are term t's.

    `rarity[t]` is what sharing a term is worth; `usual` the mean size of a text in units.
    """

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

    def queries(self, title: pa.Array | None, body: pa.Array | None, count: int) -> Rows:
        """Return texts weighed by this index's rarities."""
        cleaned, ptr, term, times, size = _counted(title, body, count, self.rules)
        return _weighed(cleaned, ptr, term, times, size, self.rarity, self.usual, self.rules)


def build(title: pa.Array | None, body: pa.Array | None, count: int, rules: Rules) -> Index:
    """Return the index of `count` texts; a missing column is empty."""
    cleaned, ptr, term, times, size = _counted(title, body, count, rules)
    often = np.bincount(term, minlength=gram_kernels.TERMS)
    worth = np.log1p((count - often + 0.5) / (often + 0.5)) ** rules.rarity
    worth[0::2] *= rules.unit
    rarity: F32 = worth.astype(np.float32)
    usual = float(max(size.mean(), 1.0)) if count else 1.0
    rows = _weighed(cleaned, ptr, term, times, size, rarity, usual, rules)
    post_off = np.zeros(gram_kernels.TERMS + 1, np.int64)
    np.cumsum(often, out=post_off[1:])
    post_row, post_weight = np.empty(len(term), np.int32), np.empty(len(term), np.float32)
    search_kernels.by_term(ptr, term, rows.weight, post_off, post_row, post_weight)
    return Index(rows, rarity, usual, post_off, post_row, post_weight, rules)


def nearest(  # noqa: PLR0917
    index: Index,
    queries: Rows,
    top: int,
    budget: int = EVERYTHING,
    wide: int = 0,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> tuple[I32, F32]:
    """Return (queries × top) rows of the index, best first, -1 behind the last; and their nearness."""
    shape = (queries.count, max(top, 1))
    row, near = np.full(shape, -1, np.int32), np.zeros(shape, np.float32)

    def work(low: int) -> int:
        high = min(low + BLOCK, queries.count)
        search_kernels.search(
            low, high, queries.ptr, queries.term, queries.weight,
            index.rows.ptr, index.rows.term, index.rows.weight,
            index.post_off, index.post_row, index.post_weight,
            budget, row, near, max(wide, shape[1]),
        )  # fmt: skip
        return high

    with ThreadPoolExecutor(workers) as pool:
        for done in pool.map(work, range(0, queries.count, BLOCK)):
            if progress:
                progress(done)
    return row, near


def agreements(index: Index, queries: Rows, row: I32, workers: int = 1) -> F32:
    """Return (queries × candidates × parts): in which ways each pair agrees, as shares."""
    out = np.zeros((*row.shape, part_kernels.PARTS), np.float32)

    def work(low: int) -> None:
        part_kernels.parts(
            low, min(low + BLOCK, queries.count),
            queries.ptr, queries.term, queries.weight, queries.worth,
            index.rows.ptr, index.rows.term, index.rows.weight, index.rows.worth,
            index.rarity, row, out,
        )  # fmt: skip

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(0, queries.count, BLOCK)))
    return out


def _counted(
    title: pa.Array | None, body: pa.Array | None, count: int, rules: Rules
) -> tuple[Texts, I64, I32, F32, I32]:
    cleaned = texts.read(title, body, count)
    room = gram_kernels.room(cleaned.buf, cleaned.off)
    ptr, size = np.zeros(count + 1, np.int64), np.zeros(count, np.int32)
    term, times = np.empty(room, np.int32), np.empty(room, np.float32)
    gram_kernels.count_terms(
        cleaned.buf, cleaned.off, cleaned.title_end, rules.title, ptr, term, times, size
    )
    return cleaned, ptr, term[: ptr[-1]].copy(), times[: ptr[-1]].copy(), size


def _weighed(  # noqa: PLR0917
    cleaned: Texts, ptr: I64, term: I32, times: F32, size: I32, rarity: F32, usual: float, rules: Rules
) -> Rows:  # fmt: skip
    search_kernels.weigh(ptr, term, times, size, rarity, usual, rules.soft, rules.even)
    worth = np.zeros((3, len(size)), np.float32)
    part_kernels.worth(ptr, term, times, rarity, worth[0], worth[1], worth[2])
    return Rows(cleaned, ptr, term, times, worth)
