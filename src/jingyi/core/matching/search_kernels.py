"""Compiled loops that find the rows of an index that are nearest to a query.

A text is a sparse row of weighted terms; nearness is the inner product. The
index holds the rows twice: by row, and by term (`post_off`, `post_row`,
`post_weight`). A query first adds up the lists of its rarest terms, as many as
its `budget` of entries allows, and then weighs the best rows found in full: so
the order among them is exact, and only a row that shares none of the rare
terms can be missed. With a budget for all lists nothing is missed.
"""

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

EMPTY = np.int32(-1)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def weigh(  # noqa: PLR0917
    ptr: I64, term: I32, times: F32, size: I32, rarity: F32, usual: float, soft: float, even: float
) -> None:
    """Turn `times` into weights: often in a short text counts more, rare terms count more.

    BM25's saturation: times·(soft + 1) / (times + soft·(1 - even + even·size/usual)), times the
    root of `rarity`, so that the inner product of two rows counts rarity once.
    """
    for i in range(len(ptr) - 1):
        drag = soft * (1.0 - even + even * size[i] / usual)
        for g in range(ptr[i], ptr[i + 1]):
            share = times[g] * (soft + 1.0) / (times[g] + drag)
            times[g] = np.float32(share * np.sqrt(rarity[term[g]]))


@nb.njit(cache=True, nogil=True, boundscheck=False)
def by_term(  # noqa: PLR0917
    ptr: I64, term: I32, weight: F32, post_off: I64, post_row: I32, post_weight: F32
) -> None:
    """Write the same entries in the order of their terms; `post_off` holds each list's start."""
    at = post_off.copy()
    for i in range(len(ptr) - 1):
        for g in range(ptr[i], ptr[i + 1]):
            place = at[term[g]]
            post_row[place] = i
            post_weight[place] = weight[g]
            at[term[g]] = place + 1


@nb.njit(inline="always")
def slot_for(count: int) -> Any:
    """Return the size, a power of two, of a table for so many terms."""
    size = 64
    while size < 3 * count:
        size *= 2
    return size


@nb.njit(inline="always")
def place_of(held: I32, mask: int, term: int) -> Any:
    """Return where `term` is in the table, or the empty place where it would be."""
    at = ((term >> 1) ^ (term << 7)) & mask
    while held[at] != EMPTY and held[at] != term:
        at = (at + 1) & mask
    return at


@nb.njit(inline="always")
def _sift(score: F32, row: I32, count: int, s: np.float32, r: np.int32) -> int:
    """Keep the best in a heap whose worst is first; of equals the earlier row is better."""
    size = len(score)
    if count < size:
        at = count
        while at > 0:
            up = (at - 1) >> 1
            if score[up] < s or (score[up] == s and row[up] > r):
                break
            score[at] = score[up]
            row[at] = row[up]
            at = up
        score[at] = s
        row[at] = r
        return count + 1
    if s < score[0] or (s == score[0] and r > row[0]):
        return count
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        other = down + 1
        if other < size and (
            score[other] < score[down] or (score[other] == score[down] and row[other] > row[down])
        ):
            down = other
        if s < score[down] or (s == score[down] and r > row[down]):
            break
        score[at] = score[down]
        row[at] = row[down]
        at = down
    score[at] = s
    row[at] = r
    return count


@nb.njit(inline="always")
def _drain(score: F32, row: I32, count: int) -> None:
    """Sort what was kept: best first, of equals the earlier row first."""
    for i in range(1, count):
        s = score[i]
        r = row[i]
        j = i
        while j > 0 and (score[j - 1] < s or (score[j - 1] == s and row[j - 1] > r)):
            score[j] = score[j - 1]
            row[j] = row[j - 1]
            j -= 1
        score[j] = s
        row[j] = r


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _add_up(  # noqa: PLR0917
    a: int, b: int, q_term: I32, q_weight: F32, post_off: I64, post_row: I32, post_weight: F32,
    budget: int, sums: F32, touched: I32,
) -> Any:  # fmt: skip
    """Add the lists of a query's rarest terms to `sums`; return (rows touched, all lists read)."""
    length = np.empty(b - a, np.int64)
    for k in range(a, b):
        length[k - a] = post_off[q_term[k] + 1] - post_off[q_term[k]]
    seen = 0
    for k in np.argsort(length):
        if length[k] > budget and seen > 0:
            return seen, False
        budget -= length[k]
        w = q_weight[a + k]
        first = post_off[q_term[a + k]]
        for g in range(first, first + length[k]):
            r = post_row[g]
            if sums[r] == 0:
                touched[seen] = r
                seen += 1
            sums[r] += w * post_weight[g]
    return seen, True


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _weigh_in_full(  # noqa: PLR0917
    a: int, b: int, q_term: I32, q_weight: F32, ptr: I64, term: I32, weight: F32,
    row: I32, kept: int, score: F32, held: I32, value: F32,
) -> None:  # fmt: skip
    """Write the whole inner product of a query with each of `kept` rows; `held` is left empty."""
    mask = len(held) - 1
    for k in range(a, b):
        at = place_of(held, mask, q_term[k])
        held[at] = q_term[k]
        value[at] = q_weight[k]
    for k in range(kept):
        s = np.float32(0)
        for g in range(ptr[row[k]], ptr[row[k] + 1]):
            at = place_of(held, mask, term[g])
            if held[at] != EMPTY:
                s += value[at] * weight[g]
        score[k] = s
    held[:] = EMPTY


@nb.njit(cache=True, nogil=True, boundscheck=False)
def search(  # noqa: PLR0917
    low: int, high: int, q_ptr: I64, q_term: I32, q_weight: F32,
    ptr: I64, term: I32, weight: F32, post_off: I64, post_row: I32, post_weight: F32,
    budget: int, out_row: I32, out_score: F32, wide: int,
) -> None:  # fmt: skip
    """Write the nearest rows of queries `low:high`, best first, -1 behind the last.

    `wide` rows are kept from the lists of the rarest terms and weighed in full;
    the best of them, as many as `out_row` has columns, are written.
    """
    sums = np.zeros(len(ptr) - 1, np.float32)
    touched = np.empty(len(ptr) - 1, np.int32)
    score = np.empty(wide, np.float32)
    row = np.empty(wide, np.int32)
    held = np.full(64, EMPTY, np.int32)
    value = np.zeros(64, np.float32)
    top = out_row.shape[1]
    for q in range(low, high):
        a = q_ptr[q]
        b = q_ptr[q + 1]
        seen, whole = _add_up(
            a, b, q_term, q_weight, post_off, post_row, post_weight, budget, sums, touched
        )
        kept = 0
        for k in range(seen):
            r = touched[k]
            s = sums[r]
            sums[r] = 0
            if kept < wide or s >= score[0]:
                kept = _sift(score, row, kept, s, r)
        if not whole:
            if slot_for(b - a) > len(held):
                held = np.full(slot_for(b - a), EMPTY, np.int32)
                value = np.zeros(len(held), np.float32)
            _weigh_in_full(a, b, q_term, q_weight, ptr, term, weight, row, kept, score, held, value)
        _drain(score, row, kept)
        for k in range(top):
            out_row[q, k] = row[k] if k < kept else -1
            out_score[q, k] = score[k] if k < kept else 0
