"""Drawn juries: entries of known worth, judges of known severity, each entry seen by some."""

import numpy as np

from jingyi.core.judging.scores import Scores


def drawn(  # noqa: PLR0917 -- the sizes of one draw
    dice: np.random.Generator, entries: int, judges: int, each: int, lean: float, noise: float = 2.0
) -> tuple[Scores, np.ndarray, np.ndarray]:
    """Return scores, the entries' true worth and the judges' true severity, by place in the names."""
    worth, severity = dice.normal(80, 4, entries), dice.normal(0, lean, judges)
    rows = [
        (f"e{e}", f"j{j}", "c", worth[e] + severity[j] + dice.normal(0, noise))
        for e in range(entries)
        for j in dice.choice(judges, each, replace=False)
    ]
    scores = Scores.of(rows)
    return (
        scores,
        np.array([worth[int(name[1:])] for name in scores.entries]),
        np.array([severity[int(name[1:])] for name in scores.judges]),
    )
