"""Messages as hashed character n-grams: title and body each of length 1, then added."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.triage import texts
from jingyi.core.triage.learning import gram_kernels as kernels

BUCKETS = 1 << kernels.BITS
MASK = np.uint64(BUCKETS - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Sparse rows: `index[ptr[i]:ptr[i+1]]` buckets with `value` each."""

    ptr: NDArray[np.int64]
    index: NDArray[np.int32]
    value: NDArray[np.float32]

    @property
    def count(self) -> int:
        return len(self.ptr) - 1

    def weighed(self, rarity: NDArray[np.float32]) -> "Rows":
        """Return the same rows with values times `rarity`, of length 1; an empty row stays empty."""
        value = self.value.copy()
        kernels.weigh(self.ptr, self.index, value, rarity)
        return Rows(self.ptr, self.index, value)

    def taken(self, at: NDArray[np.int64]) -> "Rows":
        """Return the rows `at`, in that order."""
        many = self.ptr[at + 1] - self.ptr[at]
        ptr = np.r_[0, np.cumsum(many)]
        inside = np.arange(ptr[-1]) + np.repeat(self.ptr[at] - ptr[:-1], many)
        return Rows(ptr, self.index[inside], self.value[inside])

    def scores(
        self, weights: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return (rows × classes)."""
        out = np.tile(bias, (self.count, 1))
        kernels.score_rows(self.ptr, self.index, self.value, weights, out)
        return out


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """The n-grams of titles and of bodies as they were counted."""

    title: Rows
    body: Rows

    @property
    def count(self) -> int:
        return self.body.count

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Rows in which there is nothing to read."""
        return np.asarray(np.diff(self.title.ptr) + np.diff(self.body.ptr) == 0)

    def taken(self, at: Sequence[int]) -> "Grams":
        """Return the rows `at`, in that order."""
        rows = np.asarray(at, np.int64)
        return Grams(self.title.taken(rows), self.body.taken(rows))

    def document_frequency(self) -> NDArray[np.int64]:
        """Return for each bucket how many titles and bodies have it."""
        out = np.bincount(self.title.index, minlength=BUCKETS)
        return out + np.bincount(self.body.index, minlength=BUCKETS)


def read(title: pa.Array | None, body: pa.Array | None, count: int) -> Grams:
    """Clean and hash both columns; a missing column, a null and an empty text have no n-grams."""
    cleaned = texts.read(title, body, count)
    start, stop = cleaned.off[:-1], cleaned.off[1:]
    middle = start + cleaned.title_end  # a line feed parts the two
    return Grams(hashed(cleaned.buf, start, middle), hashed(cleaned.buf, middle + 1, stop))


def hashed(buf: NDArray[np.uint8], start: NDArray[np.int64], stop: NDArray[np.int64]) -> Rows:
    """Return the n-grams of the bytes between `start` and `stop`, row by row."""
    room = 3 * kernels.characters(buf, start, stop)
    ptr = np.zeros(len(start) + 1, np.int64)
    index, value = np.empty(room, np.int32), np.empty(room, np.float32)
    kernels.hash_grams(buf, start, stop, MASK, ptr, index, value)
    return Rows(ptr, index[: ptr[-1]].copy(), value[: ptr[-1]].copy())


def joined(one: Rows, other: Rows) -> Rows:
    """Return the sum of both, row by row."""
    room = len(one.index) + len(other.index)
    ptr = np.zeros(one.count + 1, np.int64)
    index, value = np.empty(room, np.int32), np.empty(room, np.float32)
    kernels.add_rows(
        one.ptr, one.index, one.value, other.ptr, other.index, other.value, ptr, index, value
    )
    return Rows(ptr, index[: ptr[-1]].copy(), value[: ptr[-1]].copy())
