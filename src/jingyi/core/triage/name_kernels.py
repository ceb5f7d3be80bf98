"""Compiled loops that find names: a suffix, and the characters before it up to a boundary."""

from typing import Any

import numba as nb
import numpy as np

from jingyi.core.triage.kernels import I32, I64, U8, char_at, spread

NONE, SUFFIX, BOUND, NOUN = 0, 1, 2, 3
MOST_SPANS = 48


@nb.njit(cache=True, nogil=True, boundscheck=False)
def find_spans(  # noqa: PLR0917, C901
    buf: U8, off: I64, title_end: I64, hit_off: I64, hit_word: I32, hit_end: I32,
    length: I32, role: U8, kind: U8, rank: U8, least: U8, bounds: U8, longest: int,
    span_off: I64, start: I32, end: I32, kinds: U8,
) -> None:  # fmt: skip
    """Write the name spans of each row, `span_off[i]:span_off[i+1]`: byte ranges, ends ascending.

    `role` says what each word is good for (bits SUFFIX, BOUND, NOUN); `kind`,
    of a suffix word, its kind; `rank` and `least` are by kind.
    """
    n = 0
    for i in range(len(off) - 1):
        span_off[i] = n
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
            for q in range(span_off[i], n):
                if rank[kinds[q]] > rank[k] and low < end[q] <= s:
                    low = end[q]
            p, chars = _back(buf, off[i], s, low, bounds, longest)
            if chars < least[k] or _is_noun(h, hit_off[i], hit_word, hit_end, length, role, p, e):
                continue
            if (
                n > span_off[i]
                and start[n - 1] == p
                and end[n - 1] <= s
                and rank[kinds[n - 1]] == rank[k]
            ):
                n -= 1  # 某某新城, then 某某新城小区: the longer name
            if n - span_off[i] < MOST_SPANS:
                start[n] = p
                end[n] = e
                kinds[n] = k
                n += 1
    span_off[len(off) - 1] = n


@nb.njit(inline="always")
def in_name(c: np.uint64) -> Any:
    han = (c >= 0x3400) and (c <= 0x9FFF)
    digit = (c >= 0x30) and (c <= 0x39)
    letter = ((c >= 0x41) and (c <= 0x5A)) or ((c >= 0x61) and (c <= 0x7A))
    return han or digit or letter or c == 0xB7  # middle dot


@nb.njit(inline="always")
def _back(buf: U8, row: int, s: int, low: int, bounds: U8, longest: int) -> Any:  # noqa: PLR0917
    """Return (first byte, characters) of what a name that goes on to `s` may hold, not before `low`."""
    p = s
    chars = 0
    while p > low and chars < longest:
        b = p - 1
        while (buf[row + b] & 0xC0) == 0x80:
            b -= 1
        c, _ = char_at(buf, row + b)
        if not in_name(c) or (c < np.uint64(len(bounds)) and bounds[c]):
            break
        p = b
        chars += 1
    return p, chars


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


@nb.njit(cache=True)
def pair_bucket(first: int, second: int, buckets: int) -> int:
    """Return the bucket of a pair of characters, given as code points."""
    pair = (np.uint64(first) << np.uint64(21)) | np.uint64(second)
    return int(spread(pair) & np.uint64(buckets - 1))
