"""Judges' severity taken out of their scores: entries and judges as facets of one additive model.

On each criterion: score = entry + judge's severity + error. Entries are what is sought and are
not pulled together; severities are drawn from one normal distribution whose width is estimated
with the error's by restricted maximum likelihood (EM; Patterson and Thompson 1971; Henderson's
equations, 1975). So a judge of few scores is corrected little, and juries that share no judge are
still compared, on the assumption that juries are alike (`Fit.linked` tells).

Limitations: severity is one shift a judge and criterion; a judge who spreads scores more than
others counts for more. Scores at the end of a scale cannot shift further and are corrected too much.
"""

from dataclasses import dataclass

import numpy as np

from jingyi.core.judging.scores import F64, I64, Scores
from jingyi.core.refusal import Refusal

MOST_JUDGES = 3_000  # the equations are as many
ROUNDS = 200
STILL = 1e-7
FLAT = 1e9  # error over severity: from here on severity is nil


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One criterion. `entry` NaN where nobody scored it, `severity` 0 for who scored nothing.

    `noise` and `spread` are standard deviations of the error and of severities, in points; NaN
    where every entry has one score only and they cannot be told apart. `ratio` is their squares'.
    """

    entry: F64
    severity: F64
    noise: float
    spread: float
    ratio: float
    residual: F64
    linked: bool


def fit(scores: Scores, criterion: int) -> Fit:
    """Fit one criterion.

    Raises:
        Refusal: more judges than the equations are solved for.
    """
    rows = np.flatnonzero(scores.criterion == criterion)
    entry, judge, y = scores.entry[rows], scores.judge[rows], scores.score[rows]
    entries, judges = len(scores.entries), len(scores.judges)
    if judges > MOST_JUDGES:
        raise Refusal(
            "评委有 {n} 位，超过 {most} 位。人数这样多时请作为公众投票计票。",
            n=judges, most=MOST_JUDGES,
        )  # fmt: skip
    each, cross = np.bincount(entry, minlength=entries), _cross(entry, judge, entries, judges)
    there = each > 0
    per = np.where(there, each, 1)
    mean = np.bincount(entry, y, entries) / per
    centred = np.diag(np.bincount(judge, minlength=judges).astype(float))
    centred -= cross.T @ (cross / per[:, None])
    right = np.bincount(judge, y - mean[entry], judges)
    values, vectors = np.linalg.eigh(centred)
    values = np.maximum(values, 0.0)
    noise2, spread2 = _widths(values, vectors.T @ right, y, mean[entry], int(there.sum()), judges)
    told = np.isfinite(noise2)
    ratio = min(noise2 / spread2, FLAT) if told and spread2 > 0 else FLAT
    ratio = max(ratio, 1e-9)
    severity = vectors @ ((vectors.T @ right) / (values + ratio))
    found = np.where(there, mean - (cross @ severity) / per, np.nan)
    residual = np.full(len(scores.score), np.nan)
    residual[rows] = y - found[entry] - severity[judge]
    linked = _linked(entry, judge, entries)
    width = (float(np.sqrt(noise2)), float(np.sqrt(spread2))) if told else (np.nan, np.nan)
    return Fit(found, severity, *width, ratio, residual, linked)


def covariance(scores: Scores, criterion: int, found: Fit) -> F64:
    """Return the covariance of the entries' values on one criterion, (entries, entries) points²."""
    rows = scores.criterion == criterion
    entry, judge = scores.entry[rows], scores.judge[rows]
    cross = _cross(entry, judge, len(scores.entries), len(scores.judges))
    of_judge = np.bincount(judge, minlength=len(scores.judges)) + found.ratio
    known = np.diag(np.maximum(np.bincount(entry, minlength=len(scores.entries)), 1e-9))
    known -= (cross / of_judge) @ cross.T
    return np.linalg.pinv(known, hermitian=True) * found.noise**2


def _cross(entry: I64, judge: I64, entries: int, judges: int) -> F64:
    flat = np.bincount(entry * judges + judge, minlength=entries * judges)
    return flat.reshape(entries, judges).astype(float)


def _widths(  # noqa: PLR0917 -- the terms of two equations
    values: F64, right: F64, y: F64, mean: F64, entries: int, judges: int
) -> tuple[float, float]:
    """Return the variances of error and severity; NaN where every entry has a single score."""
    free = len(y) - entries
    if free <= 0:
        return np.nan, np.nan
    within = float(((y - mean) ** 2).sum())
    noise2 = spread2 = max(within / free, 1e-12) / 2
    if within <= 1e-12 * max(float((y * y).sum()), 1.0):
        return 0.0, 0.0
    for _ in range(ROUNDS):
        ratio = min(noise2 / max(spread2, 1e-300), FLAT)
        solved = right / (values + ratio)
        explained = float(right @ solved)
        new_noise = max((within - explained) / free, 1e-12 * within / free)
        new_spread = (
            float(solved @ solved) + noise2 * float((1 / (values + ratio)).sum())
        ) / judges
        moved = abs(new_noise - noise2) + abs(new_spread - spread2)
        noise2, spread2 = new_noise, new_spread
        if moved <= STILL * (noise2 + spread2):
            break
    return noise2, spread2


def _linked(entry: I64, judge: I64, entries: int) -> bool:
    """Tell whether all scored entries hang together by judges they share."""
    nodes = np.arange(entries + (int(judge.max()) + 1 if len(judge) else 0))
    while True:  # every pass at least halves the longest path
        low = np.minimum(nodes[entry], nodes[entries + judge])
        before = nodes.copy()
        np.minimum.at(nodes, entry, low)
        np.minimum.at(nodes, entries + judge, low)
        nodes = nodes[nodes]
        if np.array_equal(before, nodes):
            return len(np.unique(nodes[entry])) <= 1
