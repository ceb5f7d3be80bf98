"""Compiled loops that take texts apart into units, and units into terms.

A unit is one Han character (or any other letter that is no ASCII), or a whole run of ASCII letters
and digits (`A3`, `2019`, `12.5`): a word. A term is a unit or a pair of neighbours with nothing
between them; its number is a hash of `BITS` bits that ends in 1 for a pair, in 10 for a word, in 00
for another unit. Each kernel has an oracle in `tests/core/matching/test_gram_kernels.py`.
"""

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.kernels import char_at, spread
from jingyi.core.triage.learning.gram_kernels import folded

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]

BITS = 21  # a million pairs, half a million words: two meet seldom enough
TERMS = 1 << BITS
MASK = np.uint64(TERMS - 1)
BREAK, END, UNIT, WORD = 0, 1, 2, 3  # a pause, the end of a sentence, a unit, a unit in ASCII


@nb.njit(inline="always")
def _is_ascii_word(c: np.uint64) -> Any:
    return (np.uint64(48) <= c <= np.uint64(57)) or (np.uint64(97) <= c <= np.uint64(122))


@nb.njit(inline="always")
def _ends_sentence(c: np.uint64) -> Any:
    return (
        c == np.uint64(0x3002)  # 。
        or c == np.uint64(0x21)  # ! and ！, folded
        or c == np.uint64(0x3F)
        or c == np.uint64(0x3B)
        or c == np.uint64(0x0A)
    )  # fmt: skip


@nb.njit(inline="always")
def _is_pause(c: np.uint64) -> Any:
    return (
        c < np.uint64(0xC0)
        or np.uint64(0x2000) <= c <= np.uint64(0x206F)
        or np.uint64(0x2190) <= c <= np.uint64(0x245F)
        or np.uint64(0x2500) <= c <= np.uint64(0x2BFF)
        or (np.uint64(0x3000) <= c <= np.uint64(0x3020) and c != np.uint64(0x3007))
        or np.uint64(0xFE00) <= c <= np.uint64(0xFFFF)
    )


@nb.njit(inline="always")
def unit_at(buf: U8, p: int, stop: int) -> Any:
    """Return (kind, hash, next position) of what stands at `p`, before `stop`."""
    c, after = char_at(buf, p)
    c = folded(c)
    if _is_ascii_word(c):
        key = np.uint64(0)
        while True:
            key = spread(key ^ c)
            p = after
            if p >= stop:
                break
            c, after = char_at(buf, p)
            c = folded(c)
            if _is_ascii_word(c):
                continue
            if c == np.uint64(0x2E) and after < stop and 48 <= buf[after] <= 57:  # 12.5
                continue
            break
        return WORD, key, p
    if _ends_sentence(c):
        return END, c, after
    if _is_pause(c):
        return BREAK, c, after
    return UNIT, spread(c), after


@nb.njit(inline="always")
def unit_term(kind: int, key: np.uint64) -> Any:
    """Return the term of one unit."""
    return np.int32((key & MASK & ~np.uint64(3)) | np.uint64(2 * (kind == WORD)))


@nb.njit(inline="always")
def pair_term(before: np.uint64, key: np.uint64) -> Any:
    """Return the term of two neighbouring units."""
    return np.int32((spread(before + (key >> np.uint64(3))) & MASK) | np.uint64(1))


@nb.njit(cache=True, nogil=True, boundscheck=False)
def room(buf: U8, off: I64) -> int:
    """Return how many terms the rows can have at most."""
    total = 0
    for p in range(off[0], off[len(off) - 1]):
        total += (buf[p] & 0xC0) != 0x80
    return 2 * total


@nb.njit(cache=True, nogil=True, boundscheck=False)
def count_terms(  # noqa: PLR0917
    buf: U8, off: I64, title_end: I64, title: int, ptr: I64, term: I32, times: F32, size: I32
) -> None:  # fmt: skip
    """Write each row's terms, ascending and each once, how often they stand there, and its units.

    What stands in a row's first `title_end` bytes counts `title` times. `ptr`
    (rows + 1) is filled; `term` and `times` have `room` places.
    """
    longest = 0
    for i in range(len(off) - 1):
        longest = max(longest, off[i + 1] - off[i] + (title - 1) * title_end[i])
    found = np.empty(2 * longest + 2, np.int32)
    at = 0
    ptr[0] = 0
    for i in range(len(off) - 1):
        p = off[i]
        before = np.uint64(0)
        many = 0
        units = 0
        while p < off[i + 1]:
            weight = title if p - off[i] < title_end[i] else 1
            kind, key, p = unit_at(buf, p, off[i + 1])
            if kind < UNIT:
                before = np.uint64(0)
                continue
            units += 1
            for _ in range(weight):
                found[many] = unit_term(kind, key)
                many += 1
                if before:
                    found[many] = pair_term(before, key)
                    many += 1
            before = key
        size[i] = units
        found[:many].sort()
        g = 0
        while g < many:
            end = g
            while end < many and found[end] == found[g]:
                end += 1
            term[at] = found[g]
            times[at] = np.float32(end - g)
            at += 1
            g = end
        ptr[i + 1] = at
