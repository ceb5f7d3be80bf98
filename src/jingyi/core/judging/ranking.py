"""The order of entries with severity taken out, and how sure each rank is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.judging import severity
from jingyi.core.judging.scores import F64, I64, Scores
from jingyi.core.judging.severity import Fit

DRAWS = 1_000
SURE = 0.90  # share of draws that an interval of ranks holds
SEED = 20260801  # of the draws: the same table gives the same intervals
SAME = 1e-9  # points: nearer than this is a tie


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """By entry: `value` in points (NaN where a criterion lacks), `rank` from 1 (0 without a value).

    `low` … `high` hold the rank in `SURE` of the draws; `fits` by place of the criterion.
    """

    value: F64
    rank: I64
    low: I64
    high: I64
    fits: dict[int, Fit]

    def chosen(self, places: int) -> NDArray[np.int64]:
        """Return the entries whose rank is within `places`; a tie at the end brings all of it in."""
        return np.flatnonzero((self.rank > 0) & (self.rank <= places))


def rank(scores: Scores, share: F64) -> Ranking:
    """Rank the entries by their corrected values.

    Args:
        scores: what judges gave.
        share: of each criterion in the result, 1 in all; 0 leaves one out.
    """
    value, fits = corrected(scores, share)
    low, high = intervals(scores, share, fits, value)
    place = places_of(value)
    return Ranking(value, place, np.minimum(low, place), np.maximum(high, place), fits)


def corrected(scores: Scores, share: F64) -> tuple[F64, dict[int, Fit]]:
    """Return the entries' values without judges' severity, and the fits they come from."""
    fits = {int(n): severity.fit(scores, int(n)) for n in np.flatnonzero(share > 0)}
    value = np.zeros(len(scores.entries))
    for number, found in fits.items():
        value += share[number] * found.entry
    return value, fits


def places_of(value: F64) -> I64:
    """Return ranks from 1, equal values the same rank; 0 for NaN."""
    known = np.sort(-value[~np.isnan(value)])
    place = np.searchsorted(known, -value - SAME, side="left") + 1
    return np.where(np.isnan(value), 0, place).astype(np.int64)


def intervals(scores: Scores, share: F64, fits: dict[int, Fit], value: F64) -> tuple[I64, I64]:
    """Return the lowest and highest rank of each entry in the middle `SURE` of the draws.

    Draws are from the normal distribution of the fits' errors; that one judge errs alike on
    several criteria (a halo) is kept by the correlation of their residuals. Where errors cannot
    be told, because every entry has one score, every rank is possible.
    """
    known = np.flatnonzero(~np.isnan(value))
    low, high = np.zeros(len(value), np.int64), np.zeros(len(value), np.int64)
    if not len(known):
        return low, high
    if any(np.isnan(found.noise) for found in fits.values()):
        low[known], high[known] = 1, len(known)
        return low, high
    dice = np.random.default_rng(SEED)
    mixed = np.linalg.cholesky(_alike(scores, list(fits.values())))
    free = dice.standard_normal((len(fits), len(known), DRAWS))
    free = np.einsum("ab,bnd->and", mixed, free)
    drawn = np.repeat(value[known, None], DRAWS, axis=1)
    for row, (number, found) in enumerate(fits.items()):
        spread = severity.covariance(scores, number, found)[np.ix_(known, known)]
        drawn += share[number] * (_root(spread) @ free[row])
    order = np.argsort(-drawn, axis=0, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(known) + 1)[:, None], axis=0)
    tail = (1 - SURE) / 2
    low[known] = np.floor(np.quantile(ranks, tail, axis=1, method="lower"))
    high[known] = np.ceil(np.quantile(ranks, 1 - tail, axis=1, method="higher"))
    return low, high


def _root(spread: F64) -> F64:
    """Return a matrix whose square is the covariance; the smallest negatives are rounding."""
    values, vectors = np.linalg.eigh(spread)
    root: F64 = vectors * np.sqrt(np.maximum(values, 0.0))
    return root


def _alike(scores: Scores, fits: list[Fit]) -> F64:
    """Return how residuals of one judge on one entry go together across criteria, (k, k)."""
    kinds = len(fits)
    if kinds == 1:
        return np.eye(1)
    pair = scores.entry * len(scores.judges) + scores.judge
    pairs, place = np.unique(pair, return_inverse=True)
    table = np.full((len(pairs), kinds), np.nan)
    for number, found in enumerate(fits):
        mine = ~np.isnan(found.residual)
        table[place[mine], number] = found.residual[mine]
    whole = table[~np.isnan(table).any(axis=1)]
    if len(whole) <= kinds:
        return np.full((kinds, kinds), 1 - 1e-6) + 1e-6 * np.eye(kinds)  # nothing known: the widest
    spread = whole.std(axis=0)
    if not spread.all():
        return np.eye(kinds)
    mixed: F64 = np.corrcoef(whole.T) * (1 - 1e-6) + 1e-6 * np.eye(kinds)
    return mixed
