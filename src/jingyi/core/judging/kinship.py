"""Do judges favour their own unit? Residuals on own entries against those on others'."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from jingyi.core.judging.scores import F64, Scores
from jingyi.core.judging.severity import Fit


@dataclass(frozen=True, slots=True)
class Favour:
    """How many points more own entries get than the same judge's others, net of the entries' worth.

    `error` is the standard error, `chance` the two-sided probability of as much by chance;
    `own` and `others` count pairs of judge and entry.
    """

    points: float
    error: float
    chance: float
    own: int
    others: int


def favour(
    scores: Scores, fits: Mapping[int, Fit], judge_unit: Mapping[str, str],
    entry_unit: Mapping[str, str],
) -> tuple[Favour | None, dict[str, Favour]]:  # fmt: skip
    """Return the favour of all judges together, and of each who scored both own and others' entries.

    A favour says what the scores show, not why: taste and closeness look the same.
    """
    table = np.full((len(scores.entries), len(scores.judges)), 0.0)
    count = np.zeros_like(table)
    for found in fits.values():
        mine = ~np.isnan(found.residual)
        where = (scores.entry[mine], scores.judge[mine])
        np.add.at(table, where, found.residual[mine])
        np.add.at(count, where, 1)
    panel = (count > 0).sum(axis=1, keepdims=True)
    seen = (count > 0) & (panel > 1)
    per = np.divide(table, count, where=seen, out=np.zeros_like(table))
    per *= panel / np.maximum(panel - 1, 1)  # against the other judges, not against all
    of_judge = np.array([judge_unit.get(name, "") for name in scores.judges], object)
    of_entry = np.array([entry_unit.get(name, "") for name in scores.entries], object)
    own = seen & (of_entry[:, None] == of_judge[None, :]) & (of_judge != "")[None, :]
    single = {
        name: told
        for n, name in enumerate(scores.judges)
        if (told := _compared(per[own[:, n], n], per[seen[:, n] & ~own[:, n], n])) is not None
    }
    return _compared(per[own], per[seen & ~own]), single


def _compared(own: F64, others: F64) -> Favour | None:
    if len(own) < 2 or len(others) < 2:
        return None
    points = float(own.mean() - others.mean())
    error = sqrt(own.var(ddof=1) / len(own) + others.var(ddof=1) / len(others))
    chance = erfc(abs(points) / error / sqrt(2)) if error else 1.0
    return Favour(points, error, chance, len(own), len(others))
