"""Compiled loops that find names: a suffix, and the characters before it up to a boundary."""

from typing import Any

import numba as nb
import numpy as np

from jingyi.core.triage.kernels import F32, I32, I64, U8, char_at, spread

NONE, SUFFIX, BOUND, NOUN = 0, 1, 2, 3
MOST_SPANS = 48


@nb.njit(cache=True, nogil=True, boundscheck=False)
def find_spans(  # noqa: PLR0917, PLR0912, C901
    buf: U8, off: I64, title_end: I64, hit_off: I64, hit_word: I32, hit_end: I32,
    length: I32, role: U8, kind: U8, rank: U8, least: U8, bound_chars: I64, longest: int,
    count: I32, start: I32, end: I32, kinds: U8,
) -> None:  # fmt: skip
    """Write the name spans of each row: (rows × MOST_SPANS) byte ranges, ends ascending.

    `role` says what each word is good for (bits SUFFIX, BOUND, NOUN); `kind`,
    of a suffix word, its kind; `rank` and `least` are by kind.
    """
    for i in range(len(off) - 1):
        n = 0
        last = -1  # end of the last suffix looked at: the longest comes first
        for h in range(hit_off[i], hit_off[i + 1]):
            w = hit_word[h]
            if not role[w] & 1:
                continue
            e = hit_end[h]
            s = e - length[w]
            if e == last or _covered(
                h, hit_off[i], hit_off[i + 1], hit_word, hit_end, length, role, s, e
            ):
                continue
            last = e
            k = kind[w]
            low = 0 if e <= title_end[i] else title_end[i] + 1
            g = h - 1
            while g >= hit_off[i] and hit_end[g] > s - 4 * longest:
                if role[hit_word[g]] & 2 and low < hit_end[g] <= s:
                    low = hit_end[g]
                g -= 1
            for q in range(n):
                if rank[kinds[i, q]] > rank[k] and low < end[i, q] <= s:
                    low = end[i, q]
            p = s
            chars = 0
            while p > low and chars < longest:
                b = p - 1
                while (buf[off[i] + b] & 0xC0) == 0x80:
                    b -= 1
                c, _ = char_at(buf, off[i] + b)
                if not _in_name(c) or _has(bound_chars, c):
                    break
                p = b
                chars += 1
            if chars < least[k] or _is_noun(h, hit_off[i], hit_word, hit_end, length, role, p, e):
                continue
            if (
                n
                and start[i, n - 1] == p
                and end[i, n - 1] <= s
                and rank[kinds[i, n - 1]] == rank[k]
            ):
                n -= 1  # 某某新城, then 某某新城小区: the longer name
            if n < MOST_SPANS:
                start[i, n] = p
                end[i, n] = e
                kinds[i, n] = k
                n += 1
        count[i] = n


@nb.njit(inline="always")
def _in_name(c: np.uint64) -> Any:
    han = (c >= 0x3400) and (c <= 0x9FFF)
    digit = (c >= 0x30) and (c <= 0x39)
    letter = ((c >= 0x41) and (c <= 0x5A)) or ((c >= 0x61) and (c <= 0x7A))
    return han or digit or letter or c == 0xB7  # middle dot


@nb.njit(inline="always")
def _has(ordered: I64, value: np.uint64) -> Any:
    wanted = np.int64(value)
    at = np.searchsorted(ordered, wanted)
    return at < len(ordered) and ordered[at] == wanted


@nb.njit(inline="always")
def _covered(  # noqa: PLR0917
    h: int, low: int, high: int, hit_word: I32, hit_end: I32, length: I32, role: U8, s: int, e: int
) -> bool:
    """Tell whether the suffix lies inside a longer noun: 市 in 城市, 市 in 市场."""
    found = False
    g = h - 1
    while g >= low and hit_end[g] == e:
        g -= 1
    g += 1
    while g < high and hit_end[g] < e + 30:
        w = hit_word[g]
        begins = hit_end[g] - length[w]
        if role[w] & 4 and begins <= s and hit_end[g] >= e and (begins < s or hit_end[g] > e):
            found = True
        g += 1
    return found


@nb.njit(inline="always")
def _is_noun(  # noqa: PLR0917
    h: int, low: int, hit_word: I32, hit_end: I32, length: I32, role: U8, s: int, e: int
) -> bool:
    found = False
    g = h
    while g >= low and hit_end[g] == e:
        if role[hit_word[g]] & 4 and length[hit_word[g]] == e - s:
            found = True
        g -= 1
    return found


@nb.njit(cache=True, nogil=True, boundscheck=False)
def sketch(  # noqa: PLR0917
    buf: U8, off: I64, rarity: F32, ranges: I32, range_count: I32, size: int,
    term: I32, weight: F32, filled: I32,
) -> None:  # fmt: skip
    """Write the `size` rarest character pairs of each row, bucket ascending, with their rarity.

    Only pairs inside the row's byte `ranges` (rows × k × 2); a row with
    `range_count` -1 is read whole. `rarity` is by bucket; 0 leaves a pair out.
    """
    buckets = len(rarity)
    mask = np.uint64(buckets - 1)
    seen = np.zeros(buckets, np.uint8)
    for i in range(len(off) - 1):
        capacity = off[i + 1] - off[i] + 1
        found = np.empty(capacity, np.int32)
        n = 0
        whole = range_count[i] < 0
        parts = 1 if whole else range_count[i]
        for r in range(parts):
            p = off[i] if whole else off[i] + ranges[i, r, 0]
            stop = off[i + 1] if whole else off[i] + ranges[i, r, 1]
            before = np.uint64(0)
            while p < stop:
                c, p = char_at(buf, p)
                if not _in_name(c):
                    before = np.uint64(0)
                    continue
                if before:
                    b = np.int32(spread((before << np.uint64(21)) | c) & mask)
                    if not seen[b] and rarity[b] > 0 and n < capacity:
                        seen[b] = 1
                        found[n] = b
                        n += 1
                before = c
        for q in range(n):
            seen[found[q]] = 0
        kept = found[:n]
        if n > size:
            order = np.argsort(-rarity[kept] + kept * 1e-9)
            kept = kept[order[:size]]
        kept = np.sort(kept)
        filled[i] = len(kept)
        for q in range(len(kept)):
            term[i, q] = kept[q]
            weight[i, q] = rarity[kept[q]]


@nb.njit(cache=True)
def pair_bucket(first: int, second: int, buckets: int) -> int:
    """Return the bucket of a pair of characters, given as code points."""
    pair = (np.uint64(first) << np.uint64(21)) | np.uint64(second)
    return int(spread(pair) & np.uint64(buckets - 1))
