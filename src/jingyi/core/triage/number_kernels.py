"""Compiled loop that reads on behind a place's name: 12号, 3栋, 左岸5公里处, K12+300, 桩号0+350."""

from typing import Any

import numba as nb

from jingyi.core.triage.kernels import I32, I64, U8

MOST = 4  # numbers read on: 12号 3栋 2单元
SPACE, POINT, PLUS, ZERO, NINE = 0x20, 0x2E, 0x2B, 0x30, 0x39
BANKS = (0x5DE6, 0x53F3, 0x4E1C, 0x897F, 0x5357, 0x5317)  # 左 右 东 西 南 北
BANK, STAKE, NUMBER, SPOT, POST = 0x5CB8, 0x6869, 0x53F7, 0x5904, 0x6869  # 岸 桩 号 处 桩
UNITS = (0x53F7, 0x5F04, 0x680B, 0x5E62)  # 号 弄 栋 幢
AFTER = (0x697C, 0x9662)  # 楼 院, behind 号
PUBLIC, THOUSAND, LI, METRE = 0x516C, 0x5343, 0x91CC, 0x7C73  # 公 千 里 米


@nb.njit(cache=True, nogil=True, boundscheck=False)
def read_on(buf: U8, off: I64, places: I32) -> None:
    """Move the end of each row's place (rows × 2, bytes; -1 if none) behind its numbers."""
    for i in range(len(off) - 1):
        if places[i, 0] >= 0:
            end = off[i] + places[i, 1]
            for _ in range(MOST):
                beyond = _number(buf, end, off[i + 1])
                if beyond == end:
                    break
                end = beyond
            places[i, 1] = end - off[i]


@nb.njit(inline="always")
def _at(buf: U8, p: Any, stop: Any) -> Any:
    """Return the character at `p`, and how many bytes it has; 0, 0 at the end."""
    if p >= stop:
        return 0, 0
    x = int(buf[p])
    if x < 0x80:
        return x, 1
    if 0xE0 <= x < 0xF0 and p + 2 < stop:
        return (x & 0x0F) << 12 | (int(buf[p + 1]) & 0x3F) << 6 | (int(buf[p + 2]) & 0x3F), 3
    return 0, 1


@nb.njit
def _digits(buf: U8, p: Any, stop: Any) -> Any:
    """Return where the number that begins at `p` ends, `p` itself if none does."""
    q = p
    while q < stop and (ZERO <= buf[q] <= NINE or (buf[q] == POINT and q > p)):
        q += 1
    return q


@nb.njit
def _number(buf: U8, start: Any, stop: Any) -> Any:
    """Return where the number behind `start` ends, `start` itself if there is none."""
    p = start
    while p < stop and buf[p] == SPACE:
        p += 1
    c, size = _at(buf, p, stop)
    d, more = _at(buf, p + size, stop)
    if c in BANKS and d == BANK:
        p += size + more
        return max(p, _number_proper(buf, p, stop))
    if c == STAKE and d == NUMBER:
        p += size + more
    found = _number_proper(buf, p, stop)
    return start if found == p else found


@nb.njit
def _number_proper(buf: U8, start: Any, stop: Any) -> Any:
    """Return where a number with its unit ends, `start` itself where it tells no spot."""
    p = start
    while p < stop and buf[p] == SPACE:
        p += 1
    mile = p < stop and buf[p] in (0x4B, 0x6B)  # K k
    p += mile
    q = _digits(buf, p, stop)
    if q == p:
        return start
    c, size = _at(buf, q, stop)
    if c == PLUS:
        more = _digits(buf, q + size, stop)
        return more if more > q + size else start
    if mile:
        return q
    if c in UNITS:
        q += size
        c, size = _at(buf, q, stop)
        return q + size if c in AFTER else q
    return _measured(buf, start, q, stop)


@nb.njit
def _measured(buf: U8, start: Any, q: Any, stop: Any) -> Any:
    """Return where 公里处 or km+300米处 behind a number ends, `start` where it tells no spot."""
    c, size = _at(buf, q, stop)
    d, more = _at(buf, q + size, stop)
    if not (
        (c in (PUBLIC, THOUSAND) and d in (LI, METRE)) or (c in (0x6B, 0x4B) and d in (0x6D, 0x4D))
    ):
        return start  # neither 公里, 千米 nor km
    q += size + more
    c, size = _at(buf, q, stop)
    if c == PLUS:
        q = _digits(buf, q + size, stop)
        c, size = _at(buf, q, stop)
    if c == METRE:
        q += size
        c, size = _at(buf, q, stop)
    return q + size if c in (SPOT, POST) else start
