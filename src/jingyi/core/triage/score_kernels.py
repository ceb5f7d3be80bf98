"""Compiled loops from cues and words to log-odds, and from log-odds to a judgement, row by row.

No row looks at another and every sum runs in one order, so that a report is
judged alike wherever and with whatever it is judged.
"""

import math

import numba as nb
import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.kernels import BUCKETS, F32, I64, U8, char_at, spread

I8 = NDArray[np.int8]
LANES = 8


@nb.njit(cache=True, nogil=True, boundscheck=False)
def score_cues(  # noqa: PLR0917
    seen: U8, title_share: float, opening: F32, mix: F32, cues: F32, out: F32
) -> None:
    """Add to `out[i]` what the cues of row i say.

    Strength 1 for a cue in the body, 1 + `title_share` in the title. First
    the root of the rulebook's sums (`opening`: cues × sums) through `mix`
    (sums × classes), then `cues` (cues × classes).
    """
    sums = np.zeros(opening.shape[1], np.float32)
    for i in range(len(seen)):
        sums[:] = 0
        for k in range(seen.shape[1]):
            if not seen[i, k]:
                continue
            strength = np.float32(1.0 + title_share) if seen[i, k] == 2 else np.float32(1.0)
            for q in range(len(sums)):
                sums[q] += strength * opening[k, q]
            for q in range(cues.shape[1]):
                out[i, q] += strength * cues[k, q]
        for q in range(len(sums)):
            if sums[q] > 0:
                root = np.sqrt(sums[q])
                for c in range(mix.shape[1]):
                    out[i, c] += root * mix[q, c]


@nb.njit(cache=True, nogil=True, boundscheck=False)
def score_ngrams(buf: U8, off: I64, weights: NDArray[np.int16], scale: F32, out: F32) -> None:
    """Add to `out[i]` the weight rows of all characters and pairs of characters of row i.

    `weights` is (BUCKETS, K) in steps of `scale`: half the memory of floats,
    and sums that are exact. The sum is divided by the square root of the
    number of n-grams, so that long messages don't shout.
    """
    k = weights.shape[1]
    total = np.zeros(k, np.int32)
    for i in range(len(off) - 1):
        total[:] = 0
        p = off[i]
        before = np.uint64(0)
        grams = 0
        while p < off[i + 1]:
            c, p = char_at(buf, p)
            row = np.int64(spread(c) & np.uint64(BUCKETS - 1))
            for q in range(k):
                total[q] += weights[row, q]
            grams += 1
            if before:
                row = np.int64(spread((before << np.uint64(21)) | c) & np.uint64(BUCKETS - 1))
                for q in range(k):
                    total[q] += weights[row, q]
                grams += 1
            before = c
        if grams:
            share = np.float32(1.0) / np.sqrt(np.float32(grams))
            for q in range(out.shape[1]):
                out[i, q] += np.float32(total[q]) * scale[q] * share


def in_steps(weights: F32) -> tuple[NDArray[np.int16], F32]:
    """Return (BUCKETS × classes) weights as whole steps, and the size of a step by class.

    Columns of nothing are added to a multiple of `LANES`, which the processor adds up at once.
    """
    scale = np.abs(weights).max(0, initial=1e-9) / np.iinfo(np.int16).max
    width = -(-weights.shape[1] // LANES) * LANES
    out = np.zeros((len(weights), width), np.int16)
    out[:, : weights.shape[1]] = np.rint(weights / scale)
    return out, np.asarray(scale, np.float32)


@nb.njit(cache=True, nogil=True, boundscheck=False)
def chain(scores: F32, weights: F32, sure: float) -> None:
    """Add to the last column, the lead's, what the domains say: whether there is one, and which.

    `weights[0]` is for the log-odds of any domain, clipped at `sure`; the rest
    for each domain's probability.
    """
    last = scores.shape[1] - 1
    for i in range(len(scores)):
        top = scores[i, 0]
        rest = -np.inf
        for k in range(1, last):
            top = max(top, scores[i, k])
            rest = max(rest, scores[i, k])
        total = math.exp(scores[i, 0] - top)
        beyond = 0.0
        told = 0.0
        for k in range(1, last):
            share = math.exp(scores[i, k] - top)
            total += share
            told += share * weights[k]
            beyond += math.exp(scores[i, k] - rest)
        odds = rest + math.log(beyond) - scores[i, 0]
        scores[i, last] += min(max(odds, -sure), sure) * weights[0] + told / total


@nb.njit(cache=True, nogil=True, boundscheck=False)
def judge(  # noqa: PLR0917
    scores: F32, temperature: float, set_at: float, margin: float,
    probability: F32, best: I8, abstains: U8, chosen: I8, lead: F32,
) -> None:  # fmt: skip
    """Write probabilities (none and domains), the best, the conformal set in order, and the lead's.

    `chosen[i]` holds classes by falling probability, -1 behind the last; class
    0, none, stands there only alone.
    """
    classes = scores.shape[1] - 1
    order = np.empty(classes, np.int8)
    for i in range(len(scores)):
        top = scores[i, 0]
        for k in range(classes):
            top = max(top, scores[i, k])
        total = 0.0
        for k in range(classes):
            share = math.exp((scores[i, k] - top) / temperature)
            probability[i, k] = share
            total += share
        for k in range(classes):
            probability[i, k] = probability[i, k] / total
            at = k
            while at > 0 and probability[i, order[at - 1]] < probability[i, k]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = k
        first, second = order[0], order[1]
        close = probability[i, first] - probability[i, second] < margin
        doubt = first > 0 and second > 0 and close
        best[i] = first
        abstains[i] = doubt
        n = 0
        for rank in range(classes):
            k = order[rank]
            if k > 0 and (probability[i, k] >= set_at or (doubt and rank < 2)):
                chosen[i, n] = k
                n += 1
        if n == 0 and first > 0:
            chosen[i, 0] = first
            n = 1
        chosen[i, n:] = -1
        odds = min(max(scores[i, classes], -30.0), 30.0)
        lead[i] = 1.0 / (1.0 + math.exp(-odds))
