"""Compiled loops that compare two reports and gather reports into incidents."""

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.kernels import F32, I32, I64, U64, char_at, spread

NAMES, TITLES, TEXTS, CUES, DIVISIONS, BANDS = 24, 24, 48, 3, 4, 8

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
)
METRES_A_DEGREE = 111_320.0
FAR = 3_000.0
SHINGLES = 256


@nb.njit(cache=True, nogil=True, boundscheck=False)
def overlap(a: I32, b: I32, rarity: F32) -> tuple[float, float, float, float]:
    """Return (cosine, rarest shared, mass of a, mass of b) of two ascending term lists."""
    i = j = 0
    both = top = one = two = 0.0
    for k in range(len(a)):
        if a[k] < 0:
            break
        one += rarity[a[k]] * rarity[a[k]]
    for k in range(len(b)):
        if b[k] < 0:
            break
        two += rarity[b[k]] * rarity[b[k]]
    while i < len(a) and j < len(b) and a[i] >= 0 and b[j] >= 0:
        if a[i] == b[j]:
            r = rarity[a[i]]
            both += r * r
            top = max(top, r)
            i += 1
            j += 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    cosine = both / np.sqrt(one * two) if one > 0 and two > 0 else 0.0
    return cosine, top, one, two


@nb.njit(inline="always")
def _bits(x: np.uint64) -> int:
    n = 0
    while x:
        x &= x - np.uint64(1)
        n += 1
    return n


@nb.njit(cache=True, nogil=True, boundscheck=False)
def compare(a: Any, b: Any, rarity: F32, rare: float, out: F32) -> None:
    """Write the FEATURES of two traces. `rare` is the rarity at which a shared pair is telling."""
    name, rarest, one, two = overlap(a["name"], b["name"], rarity)
    title, _, _, _ = overlap(a["title"], b["title"], rarity)
    text, _, _, _ = overlap(a["text"], b["text"], rarity)
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
    out[2] = 1.0 if one > 0 and two > 0 and rarest < rare else 0.0
    out[3] = title
    out[4] = text
    out[5] = both / np.sqrt(float(mine * yours)) if mine and yours else 0.0
    out[6] = division
    days = abs(a["day"] - b["day"])
    out[7] = np.log1p(days) if days == days else 3.0  # noqa: PLR0124  NaN is not itself
    dx = (a["lon"] - b["lon"]) * METRES_A_DEGREE * np.cos(np.radians(a["lat"]))
    dy = (a["lat"] - b["lat"]) * METRES_A_DEGREE
    metres = np.sqrt(dx * dx + dy * dy)
    out[8] = min(metres / FAR, 5.0) if metres == metres else 0.0  # noqa: PLR0124


@nb.njit(cache=True, nogil=True, boundscheck=False)
def logit(a: Any, b: Any, rarity: F32, rare: float, weights: F32, bias: float, room: F32) -> float:  # noqa: PLR0917
    """Return how much speaks for the same incident; above 0, more than not."""
    compare(a, b, rarity, rare, room)
    total = bias
    for k in range(len(weights)):
        total += weights[k] * room[k]
    return total


@nb.njit(cache=True, nogil=True, boundscheck=False)
def write_districts(  # noqa: PLR0917, C901
    buf: NDArray[np.uint8], off: I64, count: I32, start: I32, end: I32, wanted: NDArray[np.uint8],
    kind: NDArray[np.uint8], out: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Write hashes of the last three characters of names of districts and counties, ascending.

    `wanted` is by kind; only names that end in 区, 县 or 旗 are taken.
    """
    for i in range(len(count)):
        n = 0
        for q in range(count[i]):
            if not wanted[kind[i, q]] or n == DIVISIONS:
                continue
            p = off[i] + end[i, q]
            chars = 0
            h = np.uint64(0)
            while p > off[i] + start[i, q] and chars < 3:
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
def write_keys(traces: Traces, rarity: F32, rare: float, keys: U64) -> None:
    """Write the keys under which a report looks for company; 0 behind the last.

    Its rarest name pairs, its rarest title pairs, and its MinHash bands.
    """
    per_name = keys.shape[1] - BANDS - 4
    for i in range(len(traces)):
        at = _rarest(traces[i]["name"], rarity, rare, per_name, np.uint64(1), keys[i], 0)
        at = _rarest(traces[i]["title"], rarity, rare, 4, np.uint64(1), keys[i], at)
        for b in range(BANDS):
            if traces[i]["bands"][b]:
                keys[i, at] = spread((np.uint64(b + 2) << np.uint64(40)) | traces[i]["bands"][b])
                at += 1


@nb.njit(cache=True, nogil=True, boundscheck=False)
def _rarest(  # noqa: PLR0917
    terms: I32, rarity: F32, rare: float, most: int, salt: np.uint64, out: U64, at: int
) -> int:
    taken = 0
    ceiling = 1e9
    while taken < most:
        best = -1
        for k in range(len(terms)):
            if terms[k] < 0:
                break
            r = rarity[terms[k]] + terms[k] * 1e-7
            if (
                rare <= rarity[terms[k]]
                and r < ceiling
                and (best < 0 or r > rarity[terms[best]] + terms[best] * 1e-7)
            ):
                best = k
        if best < 0:
            return at
        ceiling = rarity[terms[best]] + terms[best] * 1e-7
        key = spread((salt << np.uint64(40)) | np.uint64(terms[best]))
        known = False
        for k in range(at):
            if out[k] == key:
                known = True
        if not known:
            out[at] = key
            at += 1
        taken += 1
    return at


@nb.njit(cache=True, nogil=True, boundscheck=False)
def gather(  # noqa: PLR0915, PLR0917, C901
    traces: Traces, keys: U64, order: I64, founder: I64, leader: I64, apart_off: I64, apart: I64,
    rarity: F32, rare: float, weights: F32, bias: float, threshold: float, reach: int, members: int,
) -> None:  # fmt: skip
    """Give each report without one a founder: itself, or that of the incident it fits best.

    Reports are taken in `order` (time, then id). `founder[i]` >= 0 was decided
    before and is not changed, so a new report joins or founds, and never
    moves another; `leader[i]` >= 0 is an earlier report that a person has
    said is the same. A report looks only at incidents that
    share one of its `keys`, the `reach` latest of each; it joins the one where
    the mean logit over at most `members` of its reports is highest and at
    least `threshold`. `apart[apart_off[i]:apart_off[i+1]]` are reports a
    person has said are not the same as i.
    """
    head = nb.typed.Dict.empty(nb.uint64, nb.int64)
    links = keys.shape[1]
    entry_row = np.empty(len(order) * links + 1, np.int64)
    entry_next = np.empty(len(order) * links + 1, np.int64)
    used = 0
    newest = np.full(len(traces), -1, np.int64)  # by founder: last member
    earlier = np.full(len(traces), -1, np.int64)  # by member: the one before it
    size = np.zeros(len(traces), np.int64)
    stamp = np.full(len(traces), -1, np.int64)
    room = np.zeros(len(weights), np.float32)
    for turn in range(len(order)):
        i = order[turn]
        if founder[i] < 0 and leader[i] >= 0:
            founder[i] = founder[leader[i]]
        if founder[i] < 0:
            best = threshold
            choice = -1
            for k in range(links):
                if keys[i, k] == 0 or keys[i, k] not in head:
                    continue
                e = head[keys[i, k]]
                looked = 0
                while e >= 0 and looked < reach:
                    f = founder[entry_row[e]]
                    e = entry_next[e]
                    if stamp[f] == i:
                        continue
                    stamp[f] = i
                    looked += 1
                    total = 0.0
                    n = 0
                    m = newest[f]
                    while m >= 0 and n < members:
                        total += logit(traces[i], traces[m], rarity, rare, weights, bias, room)
                        n += 1
                        m = earlier[m]
                    if n and total / n >= best and not _kept_apart(i, f, founder, apart_off, apart):
                        best = total / n
                        choice = f
            founder[i] = choice if choice >= 0 else i
        f = founder[i]
        earlier[i] = newest[f]
        newest[f] = i
        size[f] += 1
        for k in range(links):
            if keys[i, k] == 0:
                continue
            old = head[keys[i, k]] if keys[i, k] in head else np.int64(-1)
            if old >= 0 and founder[entry_row[old]] == f:
                continue
            entry_row[used] = i
            entry_next[used] = old
            head[keys[i, k]] = used
            used += 1


@nb.njit(inline="always")
def _kept_apart(i: int, f: int, founder: I64, apart_off: I64, apart: I64) -> bool:
    found = False
    for q in range(apart_off[i], apart_off[i + 1]):
        if founder[apart[q]] == f:
            found = True
    return found
