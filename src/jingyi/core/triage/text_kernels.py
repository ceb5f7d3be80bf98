"""Compiled loops that lay two columns of text behind one another, cleaned, as valid UTF-8."""

from typing import Any

import numba as nb
import numpy as np

from jingyi.core.triage.kernels import I64, U8

UNSEEN, SPACE, SHOWN = 0, 1, 2
MARKUP = np.uint8(1)
LONG = np.uint8(2)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def look(buf: U8, off: I64, most: int, flags: U8) -> None:
    """Flag the rows with a `<` or an `&`, and those of more than `most` characters."""
    for i in range(len(off) - 1):
        found = np.uint8(0)
        characters = 0
        for p in range(off[i], off[i + 1]):
            x = buf[p]
            characters += (x & 0xC0) != 0x80
            if x in (0x3C, 0x26):  # < &
                found |= MARKUP
        if characters > most:
            found |= LONG
        flags[i] = found


@nb.njit(inline="always")
def _take(buf: U8, p: int, stop: int) -> Any:
    """Return (code point, bytes) at `p`; a broken sequence is one byte of U+FFFD."""
    x = np.int64(buf[p])
    if x < 0x80:
        return x, 1
    broken = np.int64(0xFFFD)
    if x < 0xC2 or x > 0xF4:
        return broken, 1
    size = 2 if x < 0xE0 else (3 if x < 0xF0 else 4)
    if p + size > stop:
        return broken, 1
    c = x & (0x7F >> size)
    for k in range(1, size):
        y = np.int64(buf[p + k])
        if (y & 0xC0) != 0x80:
            return broken, 1
        c = (c << 6) | (y & 0x3F)
    if (
        (size == 3 and (c < 0x800 or 0xD800 <= c <= 0xDFFF))
        or (size == 4 and (c < 0x10000 or c > 0x10FFFF))
    ):  # fmt: skip
        return broken, 1
    return c, size


@nb.njit(inline="always")
def _goes_on(buf: U8, p: int) -> Any:
    return (buf[p + 1] & 0xC0) == 0x80 and (buf[p + 2] & 0xC0) == 0x80


@nb.njit(inline="always")
def _kind(c: int) -> int:
    if c in (0x20, 0x3000, 0x0A, 0x09):
        return SPACE
    if c < 0x20 or c == 0x7F or (0x200B <= c <= 0x200F) or c in (0xFEFF, 0xFFFD):
        return UNSEEN
    return SHOWN


@nb.njit(inline="always")
def _copy(buf: U8, low: int, high: int, out: U8, at: int) -> int:
    """Copy one text without what cannot be seen; runs of white space become one space.

    No space is left beside a character that is not ASCII, at the beginning or at the end.
    """
    begin = at
    waiting = False
    wide = False  # the last character written is not ASCII
    p = low
    while p < high:
        if 0xE4 <= buf[p] <= 0xE9 and p + 3 <= high and _goes_on(buf, p):  # most characters: Han
            waiting = False
            wide = True
            out[at] = buf[p]
            out[at + 1] = buf[p + 1]
            out[at + 2] = buf[p + 2]
            at += 3
            p += 3
            continue
        c, size = _take(buf, p, high)
        kind = _kind(c)
        if kind == SPACE:
            waiting = True
        elif kind == SHOWN:
            if waiting and at > begin and not wide and c < 0x80:
                out[at] = 0x20
                at += 1
            waiting = False
            wide = c >= 0x80
            for k in range(size):
                out[at + k] = buf[p + k]
            at += size
        p += size
    return at


@nb.njit(cache=True, nogil=True, boundscheck=False)
def lay_out(  # noqa: PLR0917
    title: U8, title_off: I64, body: U8, body_off: I64, out: U8, off: I64, title_end: I64
) -> int:
    """Write title, a line feed and body of every row into `out`; return the bytes written."""
    at = 0
    for i in range(len(off) - 1):
        off[i] = at
        at = _copy(title, title_off[i], title_off[i + 1], out, at)
        title_end[i] = at - off[i]
        out[at] = 0x0A
        at = _copy(body, body_off[i], body_off[i + 1], out, at + 1)
    off[len(off) - 1] = at
    return at
