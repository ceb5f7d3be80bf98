"""Compiled loops that reduce a text to its rarest pairs of characters, to compare it by."""

from typing import Any

import numba as nb
import numpy as np

from jingyi.core.triage.kernels import F32, I32, I64, U8, char_at, spread
from jingyi.core.triage.name_kernels import in_name

FEW = 64  # candidates that are compared with one another


@nb.njit(cache=True, nogil=True, boundscheck=False)
def pairs_of(  # noqa: PLR0917
    buf: U8, low: int, high: int, mask: np.uint64, bucket: I32, begin: I32, end: I32
) -> int:
    """Write every pair of neighbouring characters that a name may hold; return how many.

    `bucket` is the pair's hash; `begin` and `end` are bytes from `low`.
    """
    n = 0
    before = np.uint64(0)
    at = 0
    p = low
    while p < high:
        c, after = char_at(buf, p)
        if not in_name(c):
            before = np.uint64(0)
        else:
            if before:
                bucket[n] = np.int32(spread((before << np.uint64(21)) | c) & mask)
                begin[n] = at
                end[n] = after - low
                n += 1
            before = c
            at = p - low
        p = after
    return n


@nb.njit(cache=True, nogil=True, boundscheck=False)
def rarest(bucket: I32, wanted: U8, count: int, rarity: F32, out: I32) -> None:
    """Write the rarest wanted pairs, each once, bucket ascending, -1 behind the last.

    Pairs of rarity 0 are left out; of equally rare ones the lower bucket comes first.
    """
    n = 0
    size = len(out)
    for k in range(count):
        b = bucket[k]
        r = rarity[b]
        if not wanted[k] or r <= 0 or (n == size and r < rarity[out[n - 1]]):
            continue
        at = n
        while at > 0 and (
            rarity[out[at - 1]] < r or (rarity[out[at - 1]] == r and out[at - 1] > b)
        ):
            at -= 1
        if at > 0 and out[at - 1] == b:
            continue
        if at == size:
            continue
        n = min(n + 1, size)
        for q in range(n - 1, at, -1):
            out[q] = out[q - 1]
        out[at] = b
    for k in range(1, n):
        b = out[k]
        at = k
        while at > 0 and out[at - 1] > b:
            out[at] = out[at - 1]
            at -= 1
        out[at] = b
    out[n:] = -1


@nb.njit(cache=True, nogil=True, boundscheck=False)
def lowest(bucket: I32, count: int, rarity: F32, room: I32, out: I32) -> None:
    """Write the lowest buckets, each once, ascending, -1 behind the last: a fair sample of all pairs.

    `room` is for working in: 2 × FEW.
    """
    size = len(out)
    bound = len(rarity)
    n = 0
    if count > 2 * size:  # the lowest of many lie below this, but for bad luck
        bound = int(1.5 * size / count * len(rarity))
    n = _few(bucket, count, rarity, bound, room, out)
    if n < 0 or (n < size and bound < len(rarity)):
        n = _lowest(bucket, count, rarity, out)
    out[n:] = -1


@nb.njit(inline="always")
def _few(bucket: I32, count: int, rarity: F32, bound: int, room: I32, out: I32) -> int:  # noqa: PLR0917
    """Write the lowest of those below `bound`; -1 if they are FEW or more.

    Each is put where as many lie below it; counting is quicker than moving.
    """
    found, placed = room[:FEW], room[FEW:]
    n = 0
    for k in range(count):
        b = bucket[k]
        found[n] = b
        n += (b < bound) & (rarity[b] > 0)
        if n == FEW:
            return -1
    placed[:n] = -1
    for k in range(n):
        own = found[k]
        below = np.int32(0)
        for q in range(n):
            below += np.int32(found[q] < own)
        placed[below] = found[k]
    kept = 0
    for k in range(n):
        if placed[k] >= 0 and kept < len(out):
            out[kept] = placed[k]
            kept += 1
    return kept


@nb.njit(inline="always")
def _lowest(bucket: I32, count: int, rarity: F32, out: I32) -> int:
    n = 0
    size = len(out)
    for k in range(count):
        b = bucket[k]
        if rarity[b] <= 0 or (n == size and b >= out[n - 1]):
            continue
        at = n
        while at > 0 and out[at - 1] > b:
            at -= 1
        if at > 0 and out[at - 1] == b:
            continue
        n = min(n + 1, size)
        for q in range(n - 1, at, -1):
            out[q] = out[q - 1]
        out[at] = b
    return n


@nb.njit(cache=True, nogil=True, boundscheck=False)
def write_sketches(  # noqa: PLR0917
    buf: U8, off: I64, title_end: I64, span_off: I64, span_start: I32, span_end: I32, left_out: U8,
    rarity: F32, name_rarity: F32, name: I32, title: I32, text: I32,
) -> None:  # fmt: skip
    """Write three sketches of each row: its names, its title, the whole.

    `left_out` is by span: what stands in such a one is no name's, whatever else it is part of.
    """
    longest = 0
    for i in range(len(off) - 1):
        longest = max(longest, off[i + 1] - off[i])
    bucket = np.empty(longest + 1, np.int32)
    begin = np.empty(longest + 1, np.int32)
    end = np.empty(longest + 1, np.int32)
    every = np.ones(longest + 1, np.uint8)
    some = np.zeros(longest + 1, np.uint8)
    room = np.empty(2 * FEW, np.int32)
    mask = np.uint64(len(rarity) - 1)
    for i in range(len(off) - 1):
        n = pairs_of(buf, off[i], off[i + 1], mask, bucket, begin, end)
        lowest(bucket, n, rarity, room, text[i])
        inside = 0
        while inside < n and end[inside] <= title_end[i]:
            inside += 1
        rarest(bucket, every, inside, rarity, title[i])
        some[:n] = 0
        for wanted in (1, 0):
            for q in range(span_off[i], span_off[i + 1]):
                if left_out[q] != wanted:
                    k = _first_from(begin, n, span_start[q])
                    while k < n and end[k] <= span_end[q]:
                        some[k] = wanted
                        k += 1
        rarest(bucket, some, n, name_rarity, name[i])


@nb.njit(inline="always")
def _first_from(begin: I32, count: int, position: int) -> Any:
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if begin[middle] < position:
            low = middle + 1
        else:
            high = middle
    return low
