"""Compiled comparisons of byte strings: Jaro-Winkler, edits of a date, common beginnings.

A string is `buf[off[i]:off[i + 1]]`. ASCII is compared letter by letter; other
text byte by byte, which is enough to order names by likeness.
"""

import numba as nb
import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

LONGEST = 64  # bytes compared
PREFIX = 4  # letters of a common beginning that raise Jaro's share
RAISE = 0.1


@nb.njit(cache=True, nogil=True, inline="never")
def jaro_winkler(a: U8, b: U8) -> float:  # noqa: C901 - one loop after another
    """Return the likeness of two strings, 0 to 1 (Winkler 1990)."""
    n, m = min(len(a), LONGEST), min(len(b), LONGEST)
    if n == 0 or m == 0:
        return 0.0
    reach = max(max(n, m) // 2 - 1, 0)
    of_a, of_b = np.uint64(0), np.uint64(0)
    common = 0
    one = np.uint64(1)
    for i in range(n):
        for j in range(max(0, i - reach), min(m, i + reach + 1)):
            bit = one << np.uint64(j)
            if a[i] == b[j] and not of_b & bit:
                of_a |= one << np.uint64(i)
                of_b |= bit
                common += 1
                break
    if common == 0:
        return 0.0
    swapped, j = 0, 0
    for i in range(n):
        if of_a & (one << np.uint64(i)):
            while not of_b & (one << np.uint64(j)):
                j += 1
            if a[i] != b[j]:
                swapped += 1
            j += 1
    share = (common / n + common / m + (common - swapped // 2) / common) / 3
    same = 0
    while same < min(n, m, PREFIX) and a[same] == b[same]:
        same += 1
    return share + RAISE * same * (1 - share)


@nb.njit(cache=True, nogil=True, inline="never")
def edits(a: U8, b: U8, most: int) -> int:
    """Return the edits (insert, delete, change, swap neighbours) between two strings, at most `most`."""
    n, m = min(len(a), LONGEST), min(len(b), LONGEST)
    if abs(n - m) >= most:
        return most
    before = np.zeros(LONGEST + 1, np.int32)
    last = np.arange(LONGEST + 1).astype(np.int32)
    here = np.zeros(LONGEST + 1, np.int32)
    for i in range(1, n + 1):
        here[0] = i
        for j in range(1, m + 1):
            cost = 0 if a[i - 1] == b[j - 1] else 1
            here[j] = min(last[j] + 1, here[j - 1] + 1, last[j - 1] + cost)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                here[j] = min(here[j], before[j - 2] + 1)
        before, last, here = last, here, before
    return min(int(last[m]), most)


@nb.njit(cache=True, nogil=True, parallel=True)
def name_levels(  # noqa: PLR0917
    one: I32, other: I32, code: I32, buf: U8, off: I64, least: F64, out: I8
) -> None:
    """Write each pair's level: -1 unknown, 0 different, then one for each of `least`, then equal."""
    top = len(least) + 1
    for k in nb.prange(len(one)):
        a, b = code[one[k]], code[other[k]]
        if a < 0 or b < 0:
            out[k] = -1
        elif a == b:
            out[k] = top
        else:
            share = jaro_winkler(buf[off[a] : off[a + 1]], buf[off[b] : off[b + 1]])
            level = 0
            while level < len(least) and share >= least[level]:
                level += 1
            out[k] = level


@nb.njit(cache=True, nogil=True)
def prefix_levels(one: I32, other: I32, parts: I32, out: I8) -> None:
    """Write each pair's level: `parts[p]` are codes of the parts compared, the whole last."""
    top = parts.shape[0]
    for k in range(len(one)):
        if parts[top - 1, one[k]] < 0 or parts[top - 1, other[k]] < 0:
            out[k] = -1
            continue
        level = top
        while level and parts[level - 1, one[k]] != parts[level - 1, other[k]]:
            level -= 1
        out[k] = level


@nb.njit(cache=True, nogil=True)
def date_levels(  # noqa: PLR0917
    one: I32, other: I32, code: I32, buf: U8, off: I64, day: I32, within: I32, out: I8
) -> None:
    """Write each pair's level: 0, within each of `within` days (widest first), one edit, equal.

    `day` is by code: days since 1970, the least number where the text is no date.
    """
    top = len(within) + 2
    for k in range(len(one)):
        a, b = code[one[k]], code[other[k]]
        if a < 0 or b < 0:
            out[k] = -1
        elif a == b:
            out[k] = top
        elif edits(buf[off[a] : off[a + 1]], buf[off[b] : off[b + 1]], 2) == 1:
            out[k] = top - 1
        else:
            apart = abs(np.int64(day[a]) - np.int64(day[b]))
            level = 0
            while level < len(within) and apart <= within[level]:
                level += 1
            out[k] = level


@nb.njit(cache=True, nogil=True, parallel=True)
def words_levels(  # noqa: PLR0917, C901 - one loop, as the compiler wants it
    one: I32, other: I32, start: I64, word: I32, buf: U8, off: I64, bits: F32,
    alike: float, least: F64, out: I8,
) -> None:  # fmt: skip
    """Write each pair's level by the rarity, in bits, of the words that both rows have.

    Row i's words are `word[start[i]:start[i + 1]]`, the rarest first. Words of
    Jaro-Winkler `alike` count for a share, by the commoner of the two. -1: a row without words.
    """
    for k in nb.prange(len(one)):
        a, b = one[k], other[k]
        n, m = start[a + 1] - start[a], start[b + 1] - start[b]
        if n == 0 or m == 0:
            out[k] = -1
            continue
        used = np.uint64(0)
        shared, of_a, of_b = 0.0, 0.0, 0.0
        for i in range(start[a], start[a + 1]):
            of_a += bits[word[i]]
        for j in range(start[b], start[b + 1]):
            of_b += bits[word[j]]
        for i in range(start[a], start[a + 1]):
            best, at = 0.0, np.int64(-1)
            for j in range(start[b], start[b + 1]):
                if used & (np.uint64(1) << np.uint64(j - start[b])):
                    continue
                x, y = word[i], word[j]
                if x == y:
                    worth = float(bits[x])
                else:
                    share = jaro_winkler(buf[off[x] : off[x + 1]], buf[off[y] : off[y + 1]])
                    worth = share * min(bits[x], bits[y]) if share >= alike else 0.0
                if worth > best:
                    best, at = worth, j - start[b]
            if at >= 0:
                used |= np.uint64(1) << np.uint64(at)
                shared += best
        told = shared * (shared / max(min(of_a, of_b), 1e-6))
        level = 0
        while level < len(least) and told >= least[level]:
            level += 1
        out[k] = level
