"""Compiled loops that write the keys under which reports of one incident can meet."""

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.incident_kernels import BANDS, CUES, METRES_A_DEGREE, PHOTOS, Traces
from jingyi.core.triage.kernels import F32, I32, I64, U64, spread

NAME_KEYS, TITLE_KEYS, TOPIC_KEYS = 8, 4, 2
WORD_KEYS = NAME_KEYS + TITLE_KEYS + BANDS
HERE_NAMES, HERE_TITLES, HERE_BANDS = 3, 2, 4  # within one square fewer will do
TERM, BAND, TOPIC, PHOTO, CODE = 1, 2, 3, 4, 5  # what a key is of
CELL, BORDER = 3_000.0, 150.0  # metres: reports with the same words meet in one cell
SPOT, EDGE = 250.0, 40.0  # metres: reports of the same kind of problem meet on one spot
MOST = 4 * (WORD_KEYS + TOPIC_KEYS) + WORD_KEYS + 4 * PHOTOS + 1  # keys of one report
PLAIN, PLACED = np.uint8(0), np.uint8(1)

U32 = NDArray[np.uint32]


@nb.njit(inline="always")
def _hash(what: int, value: np.uint64) -> np.uint64:
    return spread((np.uint64(what) << np.uint64(56)) ^ np.uint64(value))


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _rarest(terms: I32, rarity: F32, rare: float, most: int, out: U64, at: int) -> int:  # noqa: PLR0917
    """Append the keys of the `most` rarest terms that are rare enough; return how many there are."""
    taken = 0
    above = np.inf
    last = -1
    while taken < most:
        best = -1
        for k in range(len(terms)):
            t = terms[k]
            if t < 0:
                break
            r = rarity[t]
            if r < rare or r > above or (r == above and t <= last):
                continue
            if best < 0 or r > rarity[best]:
                best = t
        if best < 0:
            return at
        above, last = rarity[best], best
        key = _hash(TERM, np.uint64(best))
        known = False
        for k in range(at):
            if out[k] == key:
                known = True
        if not known:
            out[at] = key
            at += 1
        taken += 1
    return at


@nb.njit(inline="always")
def _words(  # noqa: PLR0917
    trace: Any, rarity: F32, rare: float, bands: int, names: int, titles: int, out: U64
) -> int:
    """Write the keys of a report's words: near-copies first, then its rarest names."""
    at = 0
    for b in range(bands):
        if trace["bands"][b]:
            out[at] = _hash(BAND, (np.uint64(b) << np.uint64(32)) | np.uint64(trace["bands"][b]))
            at += 1
    at = _rarest(trace["name"], rarity, rare, names, out, at)
    return _rarest(trace["title"], rarity, rare, titles, out, at)


@nb.njit(inline="always")
def _cells(lon: float, lat: float, size: float, border: float, out: U64) -> int:
    """Write the square a point lies in, and the neighbours it lies within `border` metres of."""
    y = lat * METRES_A_DEGREE / size
    margin = border / size
    n = 0
    for dy in range(-1, 2):
        row = np.floor(y) + dy
        if (dy < 0 and y - np.floor(y) > margin) or (dy > 0 and row - y > margin):
            continue
        wide = np.cos(np.radians((row + 0.5) * size / METRES_A_DEGREE)) * METRES_A_DEGREE / size
        x = lon * wide
        for dx in range(-1, 2):
            column = np.floor(x) + dx
            if (dx < 0 and x - np.floor(x) > margin) or (dx > 0 and column - x > margin):
                continue
            out[n] = (np.uint64(np.int64(row) + 500_000) << np.uint64(24)) ^ np.uint64(
                np.int64(column) + 4_000_000
            )
            n += 1
    return n


@nb.njit(cache=True, nogil=True, boundscheck=False)
def write_keys(  # noqa: PLR0917, C901
    traces: Traces,
    rarity: F32,
    rare: float,
    mixed: bool,
    off: I64,
    key: U32,
    kind: NDArray[np.uint8],
) -> None:
    """Write the keys of each report, `off[i]:off[i+1]`, those that tell most first.

    A report whose place is known meets others on the same words in the same
    square (kind PLACED); where some reports of the run have no place
    (`mixed`), also on the words alone (PLAIN). PLACED keys link whatever
    bears them, PLAIN ones never two reports with a place.
    """
    words = np.empty(WORD_KEYS, np.uint64)
    cells = np.empty(9, np.uint64)
    at = 0
    for i in range(len(traces)):
        off[i] = at
        t = traces[i]
        if t["code"]:
            key[at], kind[at] = _hash(CODE, np.uint64(t["code"])) >> np.uint64(32), PLACED
            at += 1
        for p in range(PHOTOS):
            for quarter in range(4):
                if t["photos"][p]:
                    bits = (t["photos"][p] >> np.uint64(16 * quarter)) & np.uint64(0xFFFF)
                    value = _hash(PHOTO, (np.uint64(quarter) << np.uint64(16)) | bits)
                    key[at], kind[at] = value >> np.uint64(32), PLACED
                    at += 1
        placed = t["lon"] == t["lon"]
        if placed:
            n = _words(t, rarity, rare, HERE_BANDS, HERE_NAMES, HERE_TITLES, words)
            for c in range(_cells(t["lon"], t["lat"], CELL, BORDER, cells)):
                for w in range(n):
                    key[at] = spread(words[w] ^ cells[c]) >> np.uint64(32)
                    kind[at] = PLACED
                    at += 1
            at = _topics(t, cells, key, kind, at)
        if mixed or not placed:
            n = _words(t, rarity, rare, BANDS, NAME_KEYS, TITLE_KEYS, words)
            for w in range(n):
                key[at], kind[at] = words[w] >> np.uint64(32), PLAIN
                at += 1
    off[len(traces)] = at


@nb.njit(inline="always")
def _topics(t: Any, cells: U64, key: U32, kind: NDArray[np.uint8], at: int) -> int:
    n = _cells(t["lon"], t["lat"], SPOT, EDGE, cells)
    taken = 0
    for bit in range(64 * CUES):
        if taken < TOPIC_KEYS and (t["cues"][bit // 64] >> np.uint64(bit % 64)) & np.uint64(1):
            taken += 1
            for c in range(n):
                key[at] = spread(_hash(TOPIC, np.uint64(bit)) ^ cells[c]) >> np.uint64(32)
                kind[at] = PLACED
                at += 1
    return at


@nb.njit(cache=True, nogil=True, boundscheck=False)
def write_codes(off: I64, key: U32, codes: U64, row: I32) -> None:
    """Write each key's code, the key and its position, and its row."""
    for i in range(len(off) - 1):
        for k in range(off[i], off[i + 1]):
            codes[k] = (np.uint64(key[k]) << np.uint64(32)) | np.uint64(k)
            row[k] = i
