"""Where a domain enters the conformal set, and how often sets then miss: measured by repeated split."""

from dataclasses import dataclass

import numpy as np
from triage_training import softmax

from jingyi.core.triage.learning.conformal import level

ERROR = 0.10  # share of messages with a domain whose true domain the set may miss
SPLITS = 200


@dataclass(frozen=True)
class Coverage:
    """Means over the splits: share of messages with a domain missed; `worst` is the 95th percentile.

    `size` is the mean number of domains in the set of such a message, `asks` the share of all
    messages with two or more; `by_domain` the share missed of each domain with enough messages.
    """

    missed: float
    worst: float
    size: float
    asks: float
    by_domain: dict[str, float]


def best_temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """Return the temperature under which the held-out messages are most probable."""
    tried = np.linspace(0.5, 2.5, 81)
    at = np.arange(len(truth))
    losses = [-np.log(softmax(logits / t)[at, truth] + 1e-9).mean() for t in tried]
    return float(tried[int(np.argmin(losses))])


def set_at(probability: np.ndarray, truth: np.ndarray, error: float = ERROR) -> float:
    """Return the probability from which a domain belongs to the set.

    Calibrated on messages that have a domain, so that the promise holds for
    these and is not bought with the many that plainly have none.
    """
    there = truth > 0
    missed = 1 - probability[there, truth[there]]
    return 1 - level(np.asarray(missed, np.float64), error)


def chosen(probability: np.ndarray, at: float) -> np.ndarray:
    """Return (rows × classes): in the set, as triage forms it. `none` (0) never is."""
    inside = probability >= at
    inside[:, 0] = False
    best = probability.argmax(1)
    rows = np.flatnonzero((best > 0) & ~inside.any(1))
    inside[rows, best[rows]] = True
    return inside


def coverage(
    logits: np.ndarray, truth: np.ndarray, classes: tuple[str, ...], enough: int = 20
) -> Coverage:
    """Calibrate on one half, measure on the other, many times over; `logits` are cross-validated."""
    luck = np.random.default_rng(0)
    missed, size, asks = [], [], []
    of: dict[str, list[float]] = {
        name: [] for k, name in enumerate(classes) if k and (truth == k).sum() >= enough
    }
    for _ in range(SPLITS):
        order = luck.permutation(len(truth))
        known, new = np.array_split(order, 2)
        t = best_temperature(logits[known], truth[known])
        probability = softmax(logits / t)
        inside = chosen(probability[new], set_at(probability[known], truth[known]))
        hit = inside[np.arange(len(new)), truth[new]]
        there = truth[new] > 0
        missed.append(1 - hit[there].mean())
        size.append(inside[there].sum(1).mean())
        asks.append((inside.sum(1) > 1).mean())
        for name, found in of.items():
            here = truth[new] == classes.index(name)
            if here.any():
                found.append(1 - hit[here].mean())
    return Coverage(
        float(np.mean(missed)),
        float(np.quantile(missed, 0.95)),
        float(np.mean(size)),
        float(np.mean(asks)),
        {name: float(np.mean(found)) for name, found in of.items()},
    )
