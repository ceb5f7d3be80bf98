"""Compiled loop that finds the names of divisions: the longest at each spot, lent ones left out.

The same rules as `whereabouts.mentions`, over a million rows; a test holds the two together.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core import rulebook
from jingyi.core.triage import divisions
from jingyi.core.triage.kernels import I32, I64, U8

ROAD, OTHER = 1, 2  # what a name may be lent to: a road also with 东 or 二 between
NAME, WHOLE = 1, 2  # a division's name; one that ends with what it is: 淮北市
DIVISIONS = {"division", "organ", "company"}  # kinds of names.toml that stand in a division
BETWEEN = 6  # bytes at most between a name and the road
FAR = 24  # bytes within which whatever follows closely also ends
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF


@dataclass(frozen=True, slots=True, eq=False)
class Lending:
    """By word number: `name` and `lent`, as above; `between` by code point, from `FIRST_HAN`."""

    name: NDArray[np.uint8]
    lent: NDArray[np.uint8]
    between: NDArray[np.uint8]
    longest: int


def lent_to() -> tuple[dict[str, Any], frozenset[str], frozenset[str]]:
    """Return the words of the rulebook, roads, and whatever else a division may lend its name to."""
    told = rulebook.raw("triage/places/words.toml")
    kinds = rulebook.raw("triage/names.toml")["kind"]
    small = (w for k in kinds if k["id"] not in DIVISIONS for w in k["suffixes"])
    roads = frozenset(told["lent_to_roads"])
    others = frozenset(small) - frozenset(told["kept_before"]) | frozenset(told["lent_to"])
    return told, roads, others - roads


@lru_cache(maxsize=8)
def lending(words: tuple[str, ...]) -> Lending:
    """Lay out the rules over an automaton's words."""
    known = divisions.names()
    told, roads, others = lent_to()
    name = [(w in known) + (w in known and w[-1] in told["whole"]) for w in words]
    lent = [ROAD if w in roads else OTHER * (w in others) for w in words]
    between = np.zeros(LAST_HAN - FIRST_HAN + 1, np.uint8)
    between[[ord(c) - FIRST_HAN for c in told["between"]]] = 1
    longest = max(len(w.encode()) for w in known)
    return Lending(np.array(name, np.uint8), np.array(lent, np.uint8), between, longest)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def names(  # noqa: PLR0917
    buf: U8, text_off: I64, off: I64, word: I32, end: I32, length: I32,
    name: U8, lent: U8, between: U8, longest: int, kept: U8,
) -> None:  # fmt: skip
    """Mark in `kept` the hits (ordered by their ends) that name a division."""
    for i in range(len(off) - 1):
        at, free = int(off[i]), 0  # hits before `at` and bytes before `free` are done with
        while True:
            best, low = -1, 0
            for h in range(at, off[i + 1]):
                if best >= 0 and end[h] - longest > low:
                    break
                start = end[h] - length[word[h]]
                if not name[word[h]] or start < free:
                    continue
                if best < 0 or start <= low:  # later hits end later: at one start, longer
                    best, low = h, start
            if best < 0:
                break
            kept[best] = name[word[best]] == WHOLE or not _is_lent(
                buf, text_off[i], off[i + 1], best, word, end, length, name, lent, between
            )
            at, free = best + 1, int(end[best])


@nb.njit(inline="always")
def _is_lent(  # noqa: PLR0917
    buf: U8, text: Any, stop: Any, best: Any, word: I32, end: I32, length: I32,
    name: U8, lent: U8, between: U8,
) -> bool:  # fmt: skip
    """Tell whether the name is only part of a smaller one, 南京 in 南京东路."""
    found = False
    for g in range(best + 1, stop):
        gap = end[g] - length[word[g]] - end[best]
        if end[g] - end[best] > FAR:
            break
        if gap == 0 and name[word[g]]:
            return False
        kind = lent[word[g]]
        if gap == 0 and kind:
            found = True
        elif kind == ROAD and 0 < gap <= BETWEEN and gap % 3 == 0:
            plain = True
            for p in range(text + end[best], text + end[best] + gap, 3):
                c = (buf[p] & 0x0F) << 12 | (buf[p + 1] & 0x3F) << 6 | (buf[p + 2] & 0x3F)
                plain = plain and FIRST_HAN <= c <= LAST_HAN and between[c - FIRST_HAN] == 1
            found = found or plain
    return found
