"""How good a model is: counted on messages it was not fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class OfLabel:
    """One label: how many messages have it, and precision, recall and F1."""

    label: str
    messages: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Quality:
    """`macro_f1` is the plain mean over labels; `labels` in the model's order."""

    messages: int
    accuracy: float
    macro_f1: float
    labels: tuple[OfLabel, ...]


def quality(
    probability: NDArray[np.float32], truth: NDArray[np.int64], names: Sequence[str]
) -> Quality:
    """Measure the most probable label of each row against the true one."""
    guess = probability.argmax(1)
    rows = tuple(
        OfLabel(name, int((truth == k).sum()), *precision_recall_f1(truth == k, guess == k))
        for k, name in enumerate(names)
    )
    return Quality(
        messages=len(truth),
        accuracy=float((guess == truth).mean()) if len(truth) else 0.0,
        macro_f1=macro_f1(truth, guess, len(names)),
        labels=rows,
    )


def precision_recall_f1(
    truth: NDArray[np.bool_], found: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Return the three; a measure of nothing is 0."""
    both = float((truth & found).sum())
    precision = both / max(float(found.sum()), 1.0)
    recall = both / max(float(truth.sum()), 1.0)
    f1 = 2 * both / max(float(found.sum() + truth.sum()), 1.0)
    return precision, recall, f1


def macro_f1(truth: NDArray[np.int64], guess: NDArray[np.int64], labels: int) -> float:
    """Return the mean F1 of the labels that occur at all."""
    there = [k for k in range(labels) if (truth == k).any() or (guess == k).any()]
    each = [precision_recall_f1(truth == k, guess == k)[2] for k in there]
    return float(np.mean(each)) if each else 0.0


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities row by row."""
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True), np.float32)
