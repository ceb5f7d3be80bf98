"""Compiled loops that write down why each row was judged so, as numbers that `reasons` can say."""

from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.kernels import F32, I32, I64, U8

(DOMAIN, NO_DOMAIN, ASK, LEAD, NO_LEAD, CUE, NEAR, NAMED, REPORTS, AGAIN, LIFE) = range(1, 12)
(SWAPPED, OUTSIDE, LONG, EMPTY) = range(12, 16)
MOST_CUES = 3
SLOTS = 4 + 2 * MOST_CUES  # reasons of one row before those of places, others' reports and warnings

I8 = NDArray[np.int8]


@nb.njit(inline="always")
def code(what: int, a: Any, b: Any) -> Any:
    """Return a reason as one number: what it says, and the two things it says it of."""
    return (np.int64(what) << 48) | (np.int64(a) << 24) | np.int64(b)


@nb.njit(inline="always")
def _cues(  # noqa: PLR0917
    seen: U8, first: I32, about: I8, weight: F32, title_share: float, wanted: int, out: I64, at: int
) -> int:
    """Append the cues of one class that weigh most; equal ones in the rulebook's order."""
    above = np.inf
    after = -1
    for _ in range(MOST_CUES):
        best, top = -1, np.float64(-1.0)
        for k in range(len(seen)):
            if not seen[k] or about[k] != wanted:
                continue
            w = weight[k] * (1.0 + title_share * (seen[k] == 2))
            if w > above or (w == above and k <= after):
                continue
            if w > top:
                best, top = k, w
        if best < 0:
            break
        out[at] = code(CUE, first[best], 0)
        at += 1
        above, after = top, best
    return at


@nb.njit(cache=True, nogil=True, boundscheck=False)
def tell(  # noqa: PLR0917
    best: I8, abstains: U8, chosen: I8, probability: F32, lead: F32, is_lead: U8,
    seen: U8, first: I32, about: I8, weight: F32, title_share: float, empty: U8,
    off: I64, out: I64,
) -> None:  # fmt: skip
    """Write the reasons of every row, `off[i]:off[i+1]`: the domain and its cues, the lead and its.

    `about` is by cue: the class it speaks of, or the number of classes for a lead.
    """
    at = 0
    classes = probability.shape[1]
    for i in range(len(best)):
        off[i] = at
        if empty[i]:
            out[at] = code(EMPTY, 0, 0)
            at += 1
            continue
        if abstains[i]:
            out[at] = code(ASK, chosen[i, 0], chosen[i, 1])
            at += 1
        else:
            share = np.int64(np.rint(100 * np.float64(probability[i, best[i]])))
            out[at] = code(DOMAIN if best[i] else NO_DOMAIN, best[i], share)
            at += 1
            if best[i]:
                at = _cues(seen[i], first[i], about, weight, title_share, best[i], out, at)
        share = np.int64(np.rint(100 * np.float64(lead[i])))
        out[at] = code(LEAD if is_lead[i] else NO_LEAD, 0, share)
        at = _cues(seen[i], first[i], about, weight, title_share, classes, out, at + 1)
    off[len(best)] = at


@nb.njit(cache=True, nogil=True, boundscheck=False)
def append(off: I64, told: I64, more: I64, out_off: I64, out: I64) -> None:
    """Write each row's reasons followed by its `more` (rows × k), where those are not 0."""
    at = 0
    for i in range(len(off) - 1):
        out_off[i] = at
        for k in range(off[i], off[i + 1]):
            out[at] = told[k]
            at += 1
        for k in range(more.shape[1]):
            if more[i, k]:
                out[at] = more[i, k]
                at += 1
    out_off[len(off) - 1] = at
