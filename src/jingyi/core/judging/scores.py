"""Scores of judges: who gave which entry how much on which criterion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from jingyi.core.refusal import Refusal

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
WHOLE = "总分"  # the one criterion of a table that has none


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """One row a score: `entry[i]`, `judge[i]`, `criterion[i]` are places in the three lists of names."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    criteria: tuple[str, ...]
    entry: I64
    judge: I64
    criterion: I64
    score: F64

    @classmethod
    def of(cls, rows: Sequence[tuple[str, str, str, float]]) -> Self:
        """Return the scores of rows (entry, judge, criterion, score); names as they first appear.

        Raises:
            Refusal: there is none, or a judge gave one entry two scores on one criterion.
        """
        if not rows:
            raise Refusal("没有可用的评分。请检查评分表。")
        seen: dict[tuple[str, str, str], float] = {}
        for entry, judge, criterion, score in rows:
            if seen.setdefault((entry, judge, criterion), score) != score:
                raise Refusal(
                    "评委“{judge}”对“{entry}”的“{criterion}”有两个不同的分数。请先确认哪一个有效。",
                    judge=judge, entry=entry, criterion=criterion,
                )  # fmt: skip
        names = [tuple(dict.fromkeys(key[k] for key in seen)) for k in range(3)]
        places = [{name: n for n, name in enumerate(each)} for each in names]
        codes = [np.array([places[k][key[k]] for key in seen], np.int64) for k in range(3)]
        values = np.array(list(seen.values()), float)
        return cls(names[0], names[1], names[2], codes[0], codes[1], codes[2], values)

    def without_judge(self, judge: int) -> "Scores":
        """Return the scores of the others; the names stay."""
        return self.kept(self.judge != judge)

    def without_criterion(self, criterion: int) -> "Scores":
        """Return the scores on the others; the names stay."""
        return self.kept(self.criterion != criterion)

    def kept(self, rows: NDArray[np.bool_]) -> "Scores":
        """Return the scores of some rows; the names stay."""
        return replace(
            self,
            entry=self.entry[rows],
            judge=self.judge[rows],
            criterion=self.criterion[rows],
            score=self.score[rows],
        )


def shares(scores: Scores, weights: Mapping[str, float]) -> F64:
    """Return each criterion's share of the result, 1 in all; equal ones where nothing is said.

    Raises:
        Refusal: a weight of no criterion, a criterion without a weight, or a weight that is none.
    """
    if not weights:
        return np.full(len(scores.criteria), 1 / len(scores.criteria))
    for name in weights:
        if name not in scores.criteria:
            raise Refusal(
                "没有名为“{name}”的评分项。评分项：{names}。",
                name=name, names="、".join(scores.criteria),
            )  # fmt: skip
    for name in scores.criteria:
        if not 0 < weights.get(name, 0) < np.inf:
            raise Refusal("评分项“{name}”须有大于 0 的权重。", name=name)
    given: F64 = np.array([weights[name] for name in scores.criteria], float)
    given /= given.sum()
    return given
