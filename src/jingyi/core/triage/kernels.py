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


@nb.njit(inline="always")
def slot_of(node: int, c: np.uint64, size: int) -> Any:
    """Return where a table of `size` (a power of two) begins to look for a node's child."""
    return np.int64(spread((np.uint64(node) << np.uint64(21)) | c) & np.uint64(size - 1))


@nb.njit(inline="always")
def bit_of(before: np.uint64, c: np.uint64) -> Any:
    """Return which of 2^16 bits stands for a pair of characters."""
    return np.int64((before * GOLDEN ^ c * ONE) >> np.uint64(48))


@nb.njit(inline="always")
def _child(node: int, c: np.uint64, slot: U64, taken: U8) -> Any:
    """Return the child of a trie's node by character, 0 if there is none.

    A slot holds (node, character, child) in 21 bits each; `taken` says in one
    bit whether a slot is used, so that most looks that end in nothing stay in
    the nearest cache.
    """
    wanted = (np.uint64(node) << np.uint64(21)) | c
    at = slot_of(node, c, len(slot))
    while taken[at >> 3] >> np.uint8(at & 7) & np.uint8(1):
        if slot[at] >> np.uint64(21) == wanted:
            return np.int32(slot[at] & np.uint64(0x1FFFFF))
        at = (at + 1) & (len(slot) - 1)
    return np.int32(0)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def find_words(  # noqa: PLR0917
    buf: U8, off: I64, last: I32, ends: U8, slot: U64, taken: U8, word: I32,
    hit_off: I64, hit_word: I32, hit_end: I32,
) -> bool:  # fmt: skip
    """Find every word of `lexicon.build` in every row, by walking back from each character.

    `ends` has a bit for each pair of characters that a word may end with, and
    `last` a positive node where one character is a word: else there is none.

    Row i's hits are `hit_off[i]:hit_off[i+1]`: `hit_word`, and `hit_end` in
    bytes from the row's start, ascending; the longest first where two end
    together. False if the arrays are too short for what was found.
    """
    at = 0
    for i in range(len(off) - 1):
        start = off[i]
        hit_off[i] = at
        p = start
        behind = np.uint64(0)
        while p < off[i + 1]:
            c, after = char_at(buf, p)
            node = last[c] if c < np.uint64(len(last)) else _child(0, c, slot, taken)
            pair = bit_of(behind, c)
            behind = c
            if node <= 0 and not ends[pair >> 3] >> np.uint8(pair & 7) & np.uint8(1):
                p = after
                continue
            node = abs(node)
            first = at
            q = p
            while node > 0:
                if word[node] >= 0:
                    if at == len(hit_word):
                        return False
                    hit_word[at] = word[node]
                    hit_end[at] = after - start
                    at += 1
                if q == start:
                    break
                q -= 1
                while (buf[q] & 0xC0) == 0x80:
                    q -= 1
                before, _ = char_at(buf, q)
                node = _child(node, before, slot, taken)
            for k in range((at - first) // 2):
                hit_word[first + k], hit_word[at - 1 - k] = (
                    hit_word[at - 1 - k],
                    hit_word[first + k],
                )
            p = after
    hit_off[len(off) - 1] = at
    return True


@nb.njit(cache=True, nogil=True, boundscheck=False)
def find_cues(  # noqa: PLR0917
    hit_off: I64, hit_word: I32, hit_end: I32, title_end: I64,
    use_off: I64, use_cue: I32, use_role: U8, within: I32, needs: U8,
    seen: U8, first: I32,
) -> None:  # fmt: skip
    """Write for each row and cue: 0 absent, 1 in the body, 2 in the title; and the use that did it.

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
                first[i, cue] = u


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
