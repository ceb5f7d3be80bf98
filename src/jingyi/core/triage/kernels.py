"""Compiled loops over the bytes of an Arrow text column.

Every kernel takes `buf` (uint8, UTF-8 bytes of all rows) and `off` (int64,
n+1 offsets) and makes no Python object per row. Each has an oracle in
`tests/core/triage/test_kernels.py`: the same result in plain Python on random
small input. Compiled on first use, kept in numba's cache after that.

Method and measured ratios: one pass per question, no matrix of features; the
weight table has 2^16 rows because it must stay in the processor's cache.
"""

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]

BUCKETS = 1 << 16
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
ONE = np.uint64(0xD6E8FEB86659FD93)
EMPTY = np.uint32(0xFFFFFFFF)


@nb.njit(inline="always")
def char_at(buf: U8, p: int) -> Any:
    """Return (code point, next position) of the UTF-8 character that starts at `p`."""
    x = np.uint64(buf[p])
    tail = np.uint64(0x3F)
    if x < np.uint64(0x80):
        return x, p + 1
    if x < np.uint64(0xE0):
        return ((x & np.uint64(0x1F)) << np.uint64(6)) | (np.uint64(buf[p + 1]) & tail), p + 2
    if x < np.uint64(0xF0):
        c = (x & np.uint64(0x0F)) << np.uint64(12)
        c |= (np.uint64(buf[p + 1]) & tail) << np.uint64(6)
        return c | (np.uint64(buf[p + 2]) & tail), p + 3
    c = (x & np.uint64(0x07)) << np.uint64(18)
    c |= (np.uint64(buf[p + 1]) & tail) << np.uint64(12)
    c |= (np.uint64(buf[p + 2]) & tail) << np.uint64(6)
    return c | (np.uint64(buf[p + 3]) & tail), p + 4


@nb.njit(inline="always")
def spread(key: np.uint64) -> np.uint64:
    """Mix the bits of a key so that any part of it may serve as a hash."""
    h = np.uint64(key) * GOLDEN
    h ^= h >> np.uint64(32)
    h *= ONE
    return h ^ (h >> np.uint64(29))


@nb.njit(cache=True, nogil=True, boundscheck=False)
def find_words(  # noqa: PLR0917
    buf: U8, off: I64, group: U8, step: I32, word: I32, link: I32, counts: I64, fill: bool,
    hit_word: I32, hit_end: I32,
) -> None:  # fmt: skip
    """Run the automaton of `lexicon.build` over every row.

    Twice: with `fill` false `counts[i+1]` gets the number of hits of row i;
    after a cumulative sum, with `fill` true, `hit_word` and `hit_end` (bytes
    from the row's start) are written at `counts[i]` onwards, ends ascending.
    """
    for i in range(len(off) - 1):
        state = np.int32(0)
        start = off[i]
        at = counts[i]
        found = 0
        for p in range(start, off[i + 1]):
            state = step[state, group[buf[p]]]
            t = state if word[state] >= 0 else link[state]
            while t > 0:
                if fill:
                    hit_word[at] = word[t]
                    hit_end[at] = p + 1 - start
                    at += 1
                found += 1
                t = link[t]
        if not fill:
            counts[i + 1] = found


@nb.njit(cache=True, nogil=True, boundscheck=False)
def find_cues(  # noqa: PLR0917
    hit_off: I64, hit_word: I32, hit_end: I32, title_end: I64,
    use_off: I64, use_cue: I32, use_role: U8, within: I32, needs: U8,
    seen: U8, first: I32,
) -> None:  # fmt: skip
    """Write for each row and cue: 0 absent, 1 in the body, 2 in the title; and the word that did it.

    A cue is present where one of its words stands (role 0), if it `needs`
    company (bit 1) with one of its near words (role 1) at most `within` bytes
    away, and if it has exceptions (bit 2) with none of those (role 2) as near.
    """
    for i in range(len(hit_off) - 1):
        for h in range(hit_off[i], hit_off[i + 1]):
            for u in range(use_off[hit_word[h]], use_off[hit_word[h] + 1]):
                if use_role[u] != 0:
                    continue
                cue = use_cue[u]
                zone = np.uint8(2) if hit_end[h] <= title_end[i] else np.uint8(1)
                if seen[i, cue] >= zone:
                    continue
                if needs[cue] & 1 and not _beside(
                    h, hit_off[i], hit_off[i + 1], hit_word, hit_end, use_off, use_cue, use_role,
                    cue, 1, within[cue],
                ):  # fmt: skip
                    continue
                if needs[cue] & 2 and _beside(
                    h, hit_off[i], hit_off[i + 1], hit_word, hit_end, use_off, use_cue, use_role,
                    cue, 2, within[cue],
                ):  # fmt: skip
                    continue
                seen[i, cue] = zone
                first[i, cue] = hit_word[h]


@nb.njit(inline="always")
def _beside(  # noqa: PLR0917
    h: int, low: int, high: int, hit_word: I32, hit_end: I32,
    use_off: I64, use_cue: I32, use_role: U8, cue: int, role: int, within: int,
) -> bool:  # fmt: skip
    found = False
    g = h
    while g >= low and hit_end[h] - hit_end[g] <= within and not found:
        for u in range(use_off[hit_word[g]], use_off[hit_word[g] + 1]):
            if use_cue[u] == cue and use_role[u] == role:
                found = True
        g -= 1
    g = h + 1
    while g < high and hit_end[g] - hit_end[h] <= within and not found:
        for u in range(use_off[hit_word[g]], use_off[hit_word[g] + 1]):
            if use_cue[u] == cue and use_role[u] == role:
                found = True
        g += 1
    return found


@nb.njit(cache=True, nogil=True, boundscheck=False, fastmath=True)
def score_ngrams(buf: U8, off: I64, weights: F32, out: F32) -> None:
    """Add to `out[i]` the weight rows of all characters and pairs of characters of row i.

    `weights` is (BUCKETS, K); the sum is divided by the square root of the
    number of n-grams, so that long messages don't shout.
    """
    k = weights.shape[1]
    for i in range(len(off) - 1):
        total = np.zeros(k, np.float32)
        p = off[i]
        before = np.uint64(0)
        grams = 0
        while p < off[i + 1]:
            c, p = char_at(buf, p)
            row = np.int64(spread(c) & np.uint64(BUCKETS - 1))
            for q in range(k):
                total[q] += weights[row, q]
            grams += 1
            if before:
                row = np.int64(spread((before << np.uint64(21)) | c) & np.uint64(BUCKETS - 1))
                for q in range(k):
                    total[q] += weights[row, q]
                grams += 1
            before = c
        if grams:
            scale = np.float32(1.0) / np.sqrt(np.float32(grams))
            for q in range(k):
                out[i, q] += total[q] * scale


@nb.njit(cache=True, nogil=True, boundscheck=False)
def ngram_rows(buf: U8, off: I64, index_off: I64, fill: bool, index: I32) -> None:
    """Write the bucket of every character and pair of every row: the features, for training."""
    for i in range(len(off) - 1):
        p = off[i]
        at = index_off[i]
        before = np.uint64(0)
        count = 0
        while p < off[i + 1]:
            c, p = char_at(buf, p)
            if fill:
                index[at] = np.int32(spread(c) & np.uint64(BUCKETS - 1))
                at += 1
            count += 1
            if before:
                if fill:
                    pair = (before << np.uint64(21)) | c
                    index[at] = np.int32(spread(pair) & np.uint64(BUCKETS - 1))
                    at += 1
                count += 1
            before = c
        if not fill:
            index_off[i + 1] = count
