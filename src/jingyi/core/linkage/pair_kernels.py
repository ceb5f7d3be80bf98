"""Compiled loops over candidate pairs: from blocks to pairs, patterns, weights, clusters."""

import numba as nb
import numpy as np

from jingyi.core.linkage.string_kernels import F32, I8, I32, I64


@nb.njit(cache=True, nogil=True)
def count_pairs(start: I64, end: I64, most: int) -> int:
    """Return how many pairs the blocks hold; a block of more than `most` rows holds none."""
    total = 0
    for b in range(len(start)):
        size = end[b] - start[b]
        if size <= most:
            total += size * (size - 1) // 2
    return total


@nb.njit(cache=True, nogil=True)
def fill_pairs(  # noqa: PLR0917
    row: I32, start: I64, end: I64, most: int, earlier: I64, source: I32,
    one: I32, other: I32,
) -> int:  # fmt: skip
    """Write the pairs of the blocks that no earlier key brought together; return how many.

    `row` is sorted by block; `earlier` is keys by row, of the earlier keys, -1 where a row has none;
    `source`, where it is not empty, keeps rows of one source apart.
    """
    n = 0
    for b in range(len(start)):
        if end[b] - start[b] > most:
            continue
        for i in range(start[b], end[b]):
            for j in range(i + 1, end[b]):
                p, q = min(row[i], row[j]), max(row[i], row[j])
                seen = len(source) > 0 and source[p] == source[q]
                for k in range(earlier.shape[0]):
                    if earlier[k, p] >= 0 and earlier[k, p] == earlier[k, q]:
                        seen = True
                        break
                if not seen:
                    one[n], other[n] = p, q
                    n += 1
    return n


@nb.njit(cache=True, nogil=True)
def patterns(levels: I8, base: I64, out: I64) -> None:
    """Write each pair's levels as one number: `levels` is columns by pairs, unknown is -1."""
    for k in range(levels.shape[1]):
        number = 0
        for c in range(levels.shape[0]):
            number = number * base[c] + levels[c, k] + 1
        out[k] = number


@nb.njit(cache=True, nogil=True)
def add_frequency(  # noqa: PLR0917
    one: I32, code: I32, level: I8, top: int, rarity: F32, weight: F32
) -> None:
    """Add what a shared value's rarity is worth to the weight of the pairs that agree in it whole."""
    for k in range(len(one)):
        if level[k] == top:
            weight[k] += rarity[code[one[k]]]


@nb.njit(cache=True, nogil=True)
def gather(  # noqa: PLR0917, C901 - one loop, as the compiler wants it
    order: I64, one: I32, other: I32, start: I64, near: I32, worth: F32,
    least: float, cluster: I32,
) -> None:  # fmt: skip
    """Join rows by the pairs in `order`, the heaviest first, into `cluster`: its lowest row.

    Two clusters join only if the mean weight of all candidates between them is
    at least `least`: one vague row does not chain two persons together.
    Row i's candidates are `near[start[i]:start[i + 1]]` with their `worth`.
    """
    after = np.full(len(cluster), -1, np.int32)  # the next row of the same cluster
    last = np.arange(len(cluster)).astype(np.int32)
    size = np.ones(len(cluster), np.int32)
    for k in order:
        a, b = cluster[one[k]], cluster[other[k]]
        if a == b:
            continue
        if size[a] < size[b]:
            a, b = b, a
        total, count = 0.0, 0
        row = b
        while row >= 0:
            for e in range(start[row], start[row + 1]):
                if cluster[near[e]] == a:
                    total += worth[e]
                    count += 1
            row = after[row]
        if total < least * count:
            continue
        after[last[a]] = b
        last[a] = last[b]
        size[a] += size[b]
        row = b
        while row >= 0:
            cluster[row] = a
            row = after[row]
    lowest = np.full(len(cluster), -1, np.int32)
    for row in range(len(cluster)):
        if lowest[cluster[row]] < 0:
            lowest[cluster[row]] = row
    for row in range(len(cluster)):
        last[row] = lowest[cluster[row]]
    cluster[:] = last


@nb.njit(cache=True, nogil=True)
def neighbours(  # noqa: PLR0917
    one: I32, other: I32, weight: F32, start: I64, near: I32, worth: F32
) -> None:
    """Lay the candidates out by row: `start` comes as counts summed, with one place to spare."""
    at = start.copy()
    for k in range(len(one)):
        a, b = one[k], other[k]
        near[at[a]], worth[at[a]] = b, weight[k]
        near[at[b]], worth[at[b]] = a, weight[k]
        at[a] += 1
        at[b] += 1
