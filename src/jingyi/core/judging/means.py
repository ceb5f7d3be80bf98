"""Means, trimmed means and medians of an entry, and totals to the last digit by a stated rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from jingyi.core.judging.scores import F64, I64, Scores

TRIM = 1  # scores left out at each end


def mean(scores: Scores, share: F64) -> F64:
    """Return each entry's mean: of the judges on each criterion, weighted; NaN where one lacks."""
    return _weighted(scores, share, 0)[0]


def trimmed(scores: Scores, share: F64, trim: int = TRIM) -> tuple[F64, I64]:
    """Return each entry's mean without the `trim` highest and lowest on each criterion.

    Where trimming would leave nothing the plain mean stands; the second array counts
    on how many criteria that was so.
    """
    return _weighted(scores, share, trim)


def _weighted(scores: Scores, share: F64, trim: int) -> tuple[F64, I64]:
    """Return the weighted means by entry, and on how many criteria nothing could be left out."""
    kinds = len(scores.criteria)
    cell = scores.entry * kinds + scores.criterion
    order = np.lexsort((scores.score, cell))
    cells, values = cell[order], scores.score[order]
    size = len(scores.entries) * kinds
    starts = np.searchsorted(cells, np.arange(size + 1))
    count = np.diff(starts)
    place = np.arange(len(cells)) - starts[cells]
    cut = np.where(count > 2 * trim, trim, 0)
    kept = (place >= cut[cells]) & (place < count[cells] - cut[cells])
    total = np.bincount(cells[kept], values[kept], minlength=size)
    with np.errstate(invalid="ignore"):
        by_cell = (total / np.where(count > 0, count - 2 * cut, np.nan)).reshape(-1, kinds)
    used = share > 0
    whole = (trim > 0) & (count > 0) & (cut == 0)
    return by_cell[:, used] @ share[used], whole.reshape(-1, kinds)[:, used].sum(axis=1)


def median(scores: Scores, share: F64) -> F64:
    """Return each entry's median of the judges on each criterion, weighted; NaN where one lacks."""
    out = np.full((len(scores.entries), len(scores.criteria)), np.nan)
    cell = scores.entry * len(scores.criteria) + scores.criterion
    order = np.argsort(cell, kind="stable")
    cells, first = np.unique(cell[order], return_index=True)
    for at, part in zip(cells, np.split(scores.score[order], first[1:]), strict=True):
        out.flat[at] = np.median(part)
    used = share > 0
    return out[:, used] @ share[used]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a competition computes a total: leave out, round, multiply, round, add up."""

    trim: int = TRIM
    digits: int = 2


def panel(scores: Sequence[Fraction], rule: Rule) -> Fraction:
    """Return one criterion's score of the panel, rounded half up; all of them if too few to trim."""
    ordered = sorted(scores)
    kept = (
        ordered[rule.trim : -rule.trim] if rule.trim and len(ordered) > 2 * rule.trim else ordered
    )
    return rounded(sum(kept, Fraction(0)) / len(kept), rule.digits)


def total(panels: Mapping[str, Fraction], factors: Mapping[str, Fraction], rule: Rule) -> Fraction:
    """Return the sum of the panel's scores times their factors, each product rounded half up."""
    return sum((rounded(panels[name] * factors[name], rule.digits) for name in panels), Fraction(0))


def rounded(value: Fraction, digits: int) -> Fraction:
    """Return the value rounded half away from zero, as rules of competitions mean it."""
    scale = 10**digits
    up = int(abs(value) * scale + Fraction(1, 2))
    return Fraction(up if value >= 0 else -up, scale)
