"""Compiled loops for learning: hashed n-grams of every row, and the linear solver over them.

Rows are sparse: `index[ptr[i]:ptr[i+1]]` are the buckets of row i, ascending
and each once, `value` what they weigh. Each kernel has an oracle in
`tests/core/triage/test_learning_kernels.py`.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.kernels import char_at, spread

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

BITS = 20  # buckets: 2^20; half a million n-grams meet seldom enough
SHIFT = np.uint64(21)  # a code point has at most 21 bits
CHARACTER = np.uint64((1 << 21) - 1)


@nb.njit(inline="always")
def folded(c: np.uint64) -> np.uint64:
    """Return a character in the one width and case in which it is counted."""
    c = np.uint64(c) & CHARACTER
    if np.uint64(0xFF01) <= c <= np.uint64(0xFF5E):
        c -= np.uint64(0xFEE0)
    if np.uint64(65) <= c <= np.uint64(90):
        c += np.uint64(32)
    return c


@nb.njit(cache=True, nogil=True, boundscheck=False)
def characters(buf: U8, start: I64, stop: I64) -> int:
    """Return how many characters the rows have."""
    total = 0
    for i in range(len(start)):
        for p in range(start[i], stop[i]):
            total += (buf[p] & 0xC0) != 0x80
    return total


@nb.njit(cache=True, nogil=True, boundscheck=False)
def hash_grams(  # noqa: PLR0917
    buf: U8, start: I64, stop: I64, mask: np.uint64, ptr: I64, index: I32, value: F32
) -> None:  # fmt: skip
    """Write the buckets of all characters, pairs and triples of each row, and 1 + log of how often.

    Row i is `buf[start[i]:stop[i]]`; `ptr` (rows + 1) is filled; `index` and
    `value` have room for three n-grams a character of all rows. Letters count
    as small ones, full-width forms as plain ones.
    """
    longest = 0
    for i in range(len(start)):
        longest = max(longest, stop[i] - start[i])
    found = np.empty(3 * longest, np.int32)
    at = 0
    ptr[0] = 0
    for i in range(len(start)):
        p = start[i]
        count = 0
        one = np.uint64(0)
        two = np.uint64(0)
        while p < stop[i]:
            c, p = char_at(buf, p)
            c = folded(c)
            found[count] = np.int32(spread(c) & mask)
            count += 1
            if one:
                found[count] = np.int32(spread((one << SHIFT) | c) & mask)
                count += 1
                if two:
                    key = spread((two << SHIFT) | one) + c
                    found[count] = np.int32(spread(key) & mask)
                    count += 1
            two = one
            one = c
        found[:count].sort()
        g = 0
        while g < count:
            end = g
            while end < count and found[end] == found[g]:
                end += 1
            index[at] = found[g]
            value[at] = np.float32(1.0 + np.log(np.float64(end - g)))
            at += 1
            g = end
        ptr[i + 1] = at


@nb.njit(cache=True, nogil=True, boundscheck=False)
def weigh(ptr: I64, index: I32, value: F32, rarity: F32) -> None:
    """Multiply each value by its bucket's `rarity` and bring each row to length 1, in place."""
    for i in range(len(ptr) - 1):
        square = 0.0
        for g in range(ptr[i], ptr[i + 1]):
            value[g] *= rarity[index[g]]
            square += value[g] * value[g]
        if square > 0:
            scale = np.float32(1.0 / np.sqrt(square))
            for g in range(ptr[i], ptr[i + 1]):
                value[g] *= scale


@nb.njit(cache=True, nogil=True, boundscheck=False)
def add_rows(  # noqa: PLR0917
    ptr: I64, index: I32, value: F32, ptr_b: I64, index_b: I32, value_b: F32,
    ptr_out: I64, index_out: I32, value_out: F32,
) -> None:  # fmt: skip
    """Write the sum of two sets of rows; buckets stay ascending and each once."""
    at = 0
    ptr_out[0] = 0
    for i in range(len(ptr) - 1):
        g = ptr[i]
        h = ptr_b[i]
        while g < ptr[i + 1] or h < ptr_b[i + 1]:
            first = h == ptr_b[i + 1] or (g < ptr[i + 1] and index[g] <= index_b[h])
            second = g == ptr[i + 1] or (h < ptr_b[i + 1] and index_b[h] <= index[g])
            index_out[at] = index[g] if first else index_b[h]
            value_out[at] = np.float32(0.0)
            if first:
                value_out[at] += value[g]
                g += 1
            if second:
                value_out[at] += value_b[h]
                h += 1
            at += 1
        ptr_out[i + 1] = at


@nb.njit(cache=True, nogil=True, boundscheck=False)
def score_rows(ptr: I64, index: I32, value: F32, weights: F32, out: F32) -> None:
    """Add to `out` (rows × classes) the rows times `weights` (buckets × classes)."""
    for i in range(len(ptr) - 1):
        for g in range(ptr[i], ptr[i + 1]):
            row = index[g]
            share = value[g]
            for k in range(weights.shape[1]):
                out[i, k] += share * weights[row, k]


@nb.njit(cache=True, nogil=True, boundscheck=False, fastmath=True)
def descend(  # noqa: C901, PLR0917
    ptr: I64, index: I32, value: F32, label: I64, cost: F64, rows: I64, rounds: int, close: float,
    weights: F32, bias: F32,
) -> int:  # fmt: skip
    """Fit one linear separator a label, with squared hinge loss; return the rounds it took.

    Dual coordinate descent (Hsieh et al., ICML 2008, algorithm 1, L2 loss),
    all labels in one pass because reading the weights is what takes time:
    `cost` (labels) weighs an error about a row of that label, `rows` are
    visited in their order; stops after `rounds`, or when no label's gradients
    differ by more than `close`. `weights` (buckets × labels) and `bias`, both
    zero, are written. The bias is the weight of a feature that is always 1.
    """
    count = weights.shape[1]
    share = np.zeros((len(rows), count), np.float32)
    square = np.zeros(len(rows), np.float32)
    for n in range(len(rows)):
        total = np.float32(1.0)
        for g in range(ptr[rows[n]], ptr[rows[n] + 1]):
            total += value[g] * value[g]
        square[n] = total
    margin = np.zeros(count, np.float32)
    step = np.zeros(count, np.float32)
    lowest = np.zeros(count, np.float32)
    highest = np.zeros(count, np.float32)
    for round_ in range(rounds):
        lowest[:] = np.float32(1e30)
        highest[:] = np.float32(-1e30)
        for n in range(len(rows)):
            i = rows[n]
            for k in range(count):
                margin[k] = bias[k]
            for g in range(ptr[i], ptr[i + 1]):
                v = value[g]
                row = index[g]
                for k in range(count):
                    margin[k] += weights[row, k] * v
            ease = np.float32(0.5 / cost[label[i]])
            moved = False
            for k in range(count):
                sign = np.float32(1.0) if label[i] == k else np.float32(-1.0)
                before = share[n, k]
                slope = sign * margin[k] - np.float32(1.0) + before * ease
                pull = min(slope, np.float32(0.0)) if before == 0 else slope
                highest[k] = max(highest[k], pull)
                lowest[k] = min(lowest[k], pull)
                after = max(before - slope / (square[n] + ease), np.float32(0.0))
                share[n, k] = after
                step[k] = (after - before) * sign
                bias[k] += step[k]
                moved |= step[k] != 0
            if moved:
                for g in range(ptr[i], ptr[i + 1]):
                    v = value[g]
                    row = index[g]
                    for k in range(count):
                        weights[row, k] += step[k] * v
        if (highest - lowest).max() < close:
            return round_ + 1
    return rounds
