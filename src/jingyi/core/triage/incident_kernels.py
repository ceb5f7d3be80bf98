"""Compiled loops that compare two reports and gather reports into incidents."""

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.kernels import F32, I32, I64, U64, char_at, spread

NAMES, TITLES, TEXTS, CUES, DIVISIONS, BANDS, PHOTOS = 16, 16, 24, 3, 4, 6, 2

# What is kept of a report to compare it with others, now or years later. No text can be read
# from it. Terms are buckets of hashed character pairs, ascending, -1 behind the last.
TRACE = np.dtype(
    [
        ("name", "<i4", (NAMES,)),
        ("title", "<i4", (TITLES,)),
        ("text", "<i4", (TEXTS,)),
        ("cues", "<u8", (CUES,)),
        ("divisions", "<u4", (DIVISIONS,)),  # hashes, 0 behind the last
        ("bands", "<u4", (BANDS,)),
        ("photos", "<u8", (PHOTOS,)),  # perceptual hashes, 0 behind the last
        ("code", "<u4"),  # hash of a credit code, 0 if none
        ("day", "<f4"),  # days since 1970, NaN if unknown
        ("lon", "<f4"),
        ("lat", "<f4"),
    ]
)
Traces = NDArray[np.void]

FEATURES = (
    "name_cosine",
    "name_rarest",
    "name_conflict",
    "title_cosine",
    "text_cosine",
    "cue_cosine",
    "division",
    "log_days",
    "far",
    "near",
    "code",
    "photo",
)
METRES_A_DEGREE = 111_320.0
FAR = 3_000.0  # metres: the unit of `far`
NEAR = 200.0  # metres at which `near` has fallen to a third
BEYOND = np.uint32(0xFFFFFFFF)
ALIKE = 10  # bits in which two copies of one photo may differ


@nb.njit(cache=True, nogil=True, boundscheck=False)
def overlap(a: I32, b: I32, rarity: F32) -> tuple[float, float]:
    """Return (rarity squared in common, rarest in common) of two ascending term lists."""
    i = j = 0
    both: Any = 0.0
    top: Any = 0.0
    while i < len(a) and j < len(b) and a[i] >= 0 and b[j] >= 0:
        x, y = a[i], b[j]
        weight = rarity[x] if x == y else np.float32(0.0)
        both += weight * weight
        top = max(top, weight)
        i += int(x <= y)
        j += int(y <= x)
    return both, top


@nb.njit(cache=True, nogil=True, boundscheck=False)
def write_masses(traces: Traces, rarity: F32, out: F32) -> None:
    """Write the lengths of each report's name and title terms as vectors of rarity: (rows × 2)."""
    for i in range(len(traces)):
        out[i, 0] = _mass(traces[i]["name"], rarity)
        out[i, 1] = _mass(traces[i]["title"], rarity)


@nb.njit(inline="always")
def _mass(terms: I32, rarity: F32) -> Any:
    total = 0.0
    for k in range(len(terms)):
        if terms[k] < 0:
            break
        total += rarity[terms[k]] * rarity[terms[k]]
    return np.sqrt(total)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def likeness(a: I32, b: I32, rarity: F32) -> float:
    """Return the share of rarity in common, from two samples of the lowest hashed terms.

    A full sample says nothing beyond its last term, so both are read as far as
    the shorter reaches: an estimate of the weighted Jaccard index of the wholes.
    """
    i = j = 0
    both: Any = 0.0
    every: Any = 0.0
    while i < len(a) and j < len(b):  # no branch to guess: terms come in no order
        x, y = np.uint32(a[i]), np.uint32(b[j])  # -1 so lies beyond every term
        low = min(x, y)
        if low == BEYOND:
            break
        weight = rarity[low]
        every += weight
        both += weight if x == y else np.float32(0.0)
        i += int(x <= y)
        j += int(y <= x)
    return both / every if every > 0 else 0.0


@nb.njit(inline="always")
def _bits(x: np.uint64) -> int:
    n = 0
    while x:
        x &= x - np.uint64(1)
        n += 1
    return n


@nb.njit(cache=True, nogil=True, boundscheck=False)
def compare(a: Any, b: Any, one: F32, two: F32, rarity: F32, rare: float, out: F32) -> None:  # noqa: PLR0917
    """Write the FEATURES of two traces. `rare` is the rarity at which a shared pair is telling.

    `one` and `two` are their masses.

    Neither words nor a place decide alone: `near` is closeness times likeness,
    of the words or of the kind of problem, whichever is greater; so a district
    in common counts as far as anything else is alike.
    """
    name = rarest = title = 0.0
    if one[0] > 0 and two[0] > 0:
        name, rarest = overlap(a["name"], b["name"], rarity)
        name /= one[0] * two[0]
    if one[1] > 0 and two[1] > 0:
        title, _ = overlap(a["title"], b["title"], rarity)
        title /= one[1] * two[1]
    text = likeness(a["text"], b["text"], rarity)
    both = mine = yours = 0
    for k in range(CUES):
        both += _bits(a["cues"][k] & b["cues"][k])
        mine += _bits(a["cues"][k])
        yours += _bits(b["cues"][k])
    division = 0.0
    if a["divisions"][0] and b["divisions"][0]:
        division = -1.0
        for p in range(DIVISIONS):
            for q in range(DIVISIONS):
                if a["divisions"][p] and a["divisions"][p] == b["divisions"][q]:
                    division = 1.0
    out[0] = name
    out[1] = rarest / 10.0
    metres = _metres(a, b)
    placed = metres == metres  # noqa: PLR0124  NaN is not itself
    close = np.exp(-metres / NEAR) if placed else 0.0
    out[2] = 1.0 - close if one[0] > 0 and two[0] > 0 and rarest < rare else 0.0
    out[3] = title
    out[4] = text
    out[5] = both / np.sqrt(float(mine * yours)) if mine and yours else 0.0
    out[6] = division * max(name, title, out[4], out[5]) if division > 0 else division
    days = abs(a["day"] - b["day"])
    out[7] = np.log1p(days) if days == days else 3.0  # noqa: PLR0124  NaN is not itself
    out[8] = min(metres / FAR, 5.0) if placed else 0.0
    out[9] = close * max(out[4], out[5])
    out[10] = 0.0
    if a["code"] and b["code"]:
        out[10] = 1.0 if a["code"] == b["code"] else -1.0
    out[11] = _photo(a["photos"], b["photos"])


@nb.njit(inline="always")
def _metres(a: Any, b: Any) -> Any:
    dx = (a["lon"] - b["lon"]) * METRES_A_DEGREE * np.cos(np.radians(a["lat"]))
    dy = (a["lat"] - b["lat"]) * METRES_A_DEGREE
    return np.sqrt(dx * dx + dy * dy)


@nb.njit(inline="always")
def _photo(a: U64, b: U64) -> float:
    found = 0.0
    for p in range(PHOTOS):
        for q in range(PHOTOS):
            if a[p] and b[q] and _bits(a[p] ^ b[q]) <= ALIKE:
                found = 1.0
    return found


@nb.njit(cache=True, nogil=True, boundscheck=False)
def logit(  # noqa: PLR0917
    a: Any,
    b: Any,
    one: F32,
    two: F32,
    rarity: F32,
    rare: float,
    weights: F32,
    bias: float,
    room: F32,
) -> float:
    """Return how much speaks for the same incident; above 0, more than not."""
    compare(a, b, one, two, rarity, rare, room)
    total = bias
    for k in range(len(weights)):
        total += weights[k] * room[k]
    return total


@nb.njit(cache=True, nogil=True, boundscheck=False)
def write_districts(  # noqa: PLR0917, C901
    buf: NDArray[np.uint8], off: I64, span_off: I64, end: I32, start: I32,
    wanted: NDArray[np.uint8], out: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Write hashes of the last three characters of names of districts and counties.

    `wanted` is by span; only names that end in 区, 县 or 旗 are taken.
    """
    for i in range(len(off) - 1):
        n = 0
        for q in range(span_off[i], span_off[i + 1]):
            if not wanted[q] or n == DIVISIONS:
                continue
            p = off[i] + end[q]
            chars = 0
            h = np.uint64(0)
            while p > off[i] + start[q] and chars < 3:
                p -= 1
                while (buf[p] & 0xC0) == 0x80:
                    p -= 1
                c, _ = char_at(buf, p)
                if chars == 0 and c not in (0x533A, 0x53BF, 0x65D7):  # 区 县 旗
                    break
                h = spread((h << np.uint64(21)) ^ c)
                chars += 1
            if chars < 2:
                continue
            code = np.uint32(h >> np.uint64(33)) | np.uint32(1)
            new = True
            for k in range(n):
                if out[i, k] == code:
                    new = False
            if new:
                out[i, n] = code
                n += 1


@nb.njit(cache=True, nogil=True, boundscheck=False)
def write_bands(buf: NDArray[np.uint8], off: I64, out: NDArray[np.uint32]) -> None:
    """Write one-permutation MinHash bands over character pairs: equal bands, likely near-copies.

    2 × BANDS minima, two to a band; a row with fewer pairs than minima gets zero bands left out.
    """
    slots = 2 * BANDS
    minima = np.empty(slots, np.uint32)
    for i in range(len(off) - 1):
        minima[:] = np.uint32(0xFFFFFFFF)
        before = np.uint64(0)
        p = off[i]
        while p < off[i + 1]:
            c, p = char_at(buf, p)
            if before:
                h = spread((before << np.uint64(21)) | c)
                slot = np.int64(h % np.uint64(slots))
                value = np.uint32(h >> np.uint64(32))
                minima[slot] = min(minima[slot], value)
            before = c
        for b in range(BANDS):
            x, y = minima[2 * b], minima[2 * b + 1]
            if x == np.uint32(0xFFFFFFFF) or y == np.uint32(0xFFFFFFFF):
                out[i, b] = 0
            else:
                out[i, b] = (
                    np.uint32(spread((np.uint64(x) << np.uint64(32)) | y) >> np.uint64(33)) | 1
                )


@nb.njit(cache=True, nogil=True, boundscheck=False)
def write_topics(seen: NDArray[np.uint8], bit: NDArray[np.int16], out: U64) -> None:
    """Set the bit of every cue seen; -1 has none."""
    for i in range(len(seen)):
        for k in range(len(bit)):
            if seen[i, k] and bit[k] >= 0:
                out[i, bit[k] // 64] |= np.uint64(1) << np.uint64(bit[k] % 64)
