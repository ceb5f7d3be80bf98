"""Compiled loops that pick out of a row's names the parties, each once, and its credit codes."""

import numba as nb

from jingyi.core.triage.kernels import I32, I64, U8

CODE = 18  # characters of a unified social credit code


@nb.njit(inline="always")
def _inside(buf: U8, low: int, size: int, begin: int, end: int) -> bool:
    """Tell whether the `size` bytes at `low` also stand somewhere between `begin` and `end`."""
    found = False
    at = begin
    while at + size <= end and not found:
        k = 0
        while k < size and buf[low + k] == buf[at + k]:
            k += 1
        found = k == size
        at += 1
    return found


@nb.njit(cache=True, nogil=True, boundscheck=False)
def pick(  # noqa: PLR0917
    buf: U8, off: I64, span_off: I64, span_start: I32, span_end: I32, party: U8, most: int,
    out_off: I64, out_start: I64, out_end: I64,
) -> None:  # fmt: skip
    """Write the byte ranges in `buf` of each row's parties: of two, one inside the other, the longer."""
    n = 0
    for i in range(len(off) - 1):
        out_off[i] = n
        for q in range(span_off[i], span_off[i + 1]):
            if not party[q]:
                continue
            low, high = off[i] + span_start[q], off[i] + span_end[q]
            known = False
            for k in range(out_off[i], n):
                known = known or _inside(buf, low, high - low, out_start[k], out_end[k])
            if known:
                continue
            kept = out_off[i]
            for k in range(out_off[i], n):
                if not _inside(buf, out_start[k], out_end[k] - out_start[k], low, high):
                    out_start[kept], out_end[kept] = out_start[k], out_end[k]
                    kept += 1
            n = kept
            if n - out_off[i] < most:
                out_start[n], out_end[n] = low, high
                n += 1
    out_off[len(off) - 1] = n


@nb.njit(cache=True, nogil=True, boundscheck=False)
def find_codes(buf: U8, off: I64, row: I64, start: I64) -> int:
    """Write (row, first byte) of every run of exactly 18 digits and capitals; return how many."""
    n = 0
    for i in range(len(off) - 1):
        run = 0
        for p in range(off[i], off[i + 1] + 1):
            x = buf[p] if p < off[i + 1] else 0
            if (0x30 <= x <= 0x39) or (0x41 <= x <= 0x5A):
                run += 1
                continue
            if run == CODE and n < len(row):
                row[n], start[n] = i, p - CODE
                n += 1
            run = 0
    return n


@nb.njit(cache=True, nogil=True, boundscheck=False)
def copy(buf: U8, start: I64, end: I64, out: U8) -> None:
    """Copy the byte ranges behind one another."""
    at = 0
    for k in range(len(start)):
        for p in range(start[k], end[k]):
            out[at] = buf[p]
            at += 1
