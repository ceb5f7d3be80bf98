"""Fitting: one linear separator a label, settings and calibration by internal cross-validation."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.refusal import Refusal
from jingyi.core.triage.learning import conformal, features, measures
from jingyi.core.triage.learning import gram_kernels as kernels
from jingyi.core.triage.learning.features import Grams, Rows
from jingyi.core.triage.learning.learned import Learned

COSTS = (0.35, 0.7, 1.4)
FOLDS = 4
ROUNDS = 12
CLOSE = 0.3
LANES = 8  # labels are filled up to a multiple: the processor takes eight at a time
FEW = 1000  # messages below which an n-gram that occurs once counts too
MOST_WEIGHTS = 64_000_000
SEED = 20261123  # the same file gives the same model
THREADS = 2
TEMPERATURES = np.geomspace(0.05, 3.0, 60)
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Problem:
    """Rows over the buckets in use (`kept`, ascending), numbered from 0; `labels` from 0 to `count`."""

    rows: Rows
    kept: NDArray[np.int64]
    labels: NDArray[np.int64]
    count: int

    def fit(
        self, at: NDArray[np.int64], cost: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return weights (buckets in use × labels) and bias fitted on the rows `at`.

        A label's errors cost more the rarer it is, so that each label counts alike.
        """
        many = np.maximum(np.bincount(self.labels[at], minlength=self.count), 1)
        lanes = -(-self.count // LANES) * LANES
        weights = np.zeros((len(self.kept), lanes), np.float32)
        bias = np.zeros(lanes, np.float32)
        order = np.random.default_rng(SEED).permutation(at)
        r, each = self.rows, cost * len(at) / (self.count * many)
        kernels.descend(
            r.ptr, r.index, r.value, self.labels, each, order, ROUNDS, CLOSE, weights, bias
        )
        return weights[:, : self.count], bias[: self.count]

    def held_out(
        self, fold: NDArray[np.int64], cost: float, tell: Callable[[], None]
    ) -> NDArray[np.float32]:
        """Return scores of every message by a fit that saw none of its fold."""
        out = np.zeros((len(fold), self.count), np.float32)

        def one(number: int) -> None:
            weights, bias = self.fit(np.flatnonzero(fold != number), cost)
            here = np.flatnonzero(fold == number)
            out[here] = self.rows.taken(here).scores(np.ascontiguousarray(weights), bias)
            tell()

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(one, range(FOLDS)))
        return out


def _problem(
    grams: Grams, rarity: NDArray[np.float32], labels: NDArray[np.int64], count: int
) -> _Problem:
    """Number the buckets in use from 0, as a smaller table is a faster one."""
    rows = features.joined(grams.title.weighed(rarity), grams.body.weighed(rarity))
    kept = np.flatnonzero(rarity)
    number = np.zeros(features.BUCKETS, np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    used = rarity[rows.index] > 0
    ptr = np.r_[0, np.cumsum(used)][rows.ptr]
    return _Problem(Rows(ptr, number[rows.index[used]], rows.value[used]), kept, labels, count)


def weigh_buckets(grams: Grams, labels: int) -> NDArray[np.float32]:
    """Return how telling each bucket is, as in tf-idf; 0 for one that is too rare to learn from."""
    seen = grams.document_frequency()
    least = 2 if grams.count >= FEW else 1
    while np.count_nonzero(seen >= least) * labels > MOST_WEIGHTS:
        least *= 2
    total = np.count_nonzero(np.diff(grams.title.ptr)) + np.count_nonzero(np.diff(grams.body.ptr))
    rarity = np.where(seen >= least, np.log((total + 1) / (seen + 1)) + 1, 0)
    return rarity.astype(np.float32)


def train(
    grams: Grams,
    labels: Sequence[str],
    *,
    groups: NDArray[np.int64] | None = None,
    error: float = 0.1,
    tell: Tell | None = None,
) -> Learned:
    """Fit on rows that have something to read; choose the cost, calibrate, measure.

    `groups` (rows) tells which rows are one message: such are never on both
    sides of a split. `tell(done, of)` is called as fits are done.

    Raises:
        Refusal: fewer than two labels.
    """
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise Refusal("标签只有 {n} 种；至少要有两种才能训练。请检查标签列。", n=len(names))
    number = {name: k for k, name in enumerate(names)}
    y = np.array([number[name] for name in labels], np.int64)
    rarity = weigh_buckets(grams, len(names))
    problem = _problem(grams, rarity, y, len(names))
    fold = folds(y, np.arange(len(y)) if groups is None else groups)
    done = 0
    of = FOLDS * len(COSTS) + 1

    def one_more() -> None:
        nonlocal done
        done += 1
        if tell:
            tell(done, of)

    found = {cost: problem.held_out(fold, cost, one_more) for cost in COSTS}
    f1 = {
        cost: measures.macro_f1(y, scores.argmax(1), len(names)) for cost, scores in found.items()
    }
    cost = max(COSTS, key=lambda c: f1[c])
    scores = found[cost]
    temperature = best_temperature(scores, y)
    probability = measures.softmax(scores / np.float32(temperature))
    weights, bias = problem.fit(np.arange(len(y)), cost)
    one_more()
    return Learned(
        labels=names,
        kept=problem.kept,
        rarity=rarity[problem.kept],
        weights=np.ascontiguousarray(weights),
        bias=bias,
        cost=cost,
        temperature=temperature,
        levels=conformal.levels(probability, y, error),
        error=error,
        quality=measures.quality(probability, y, names),
    )


def folds(labels: NDArray[np.int64], groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a fold a row: rows of one group in one fold, labels spread evenly, the same each time."""
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    order = np.random.default_rng(SEED).permutation(len(first))
    order = order[np.argsort(labels[first][order], kind="stable")]
    fold = np.empty(len(first), np.int64)
    fold[order] = np.arange(len(first)) % FOLDS
    return fold[inverse]


def best_temperature(scores: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Return the temperature under which the held-out labels are most probable."""
    at = np.arange(len(truth))
    losses = [
        -np.log(measures.softmax(scores / np.float32(t))[at, truth] + 1e-9).mean()
        for t in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(losses))])
