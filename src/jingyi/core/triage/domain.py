"""The statutory domain of a message, or none, or a question; and whether it is a lead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.model import LEAD, NONE, Model, softmax


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """`probability` is (rows × none and domains); `domain` is None for none and where it abstains.

    `sets` are the domains that cannot be ruled out at the chosen error.
    """

    classes: tuple[str, ...]
    probability: NDArray[np.float32]
    domain: list[str | None]
    sets: list[list[str]]
    abstains: NDArray[np.bool_]
    lead: NDArray[np.float32]
    is_lead: NDArray[np.bool_]


def judge(model: Model, domains: Sequence[str], scores: NDArray[np.float32]) -> Judgement:
    """Turn scores into calibrated probabilities, a domain or none, a conformal set, and a lead.

    It abstains where two statutory domains are left and the better is hardly
    better. A lead is judged with its domain: art. 28 of the case rules asks
    for harm to the public interest, a possible illegality, and a statutory
    domain, together.
    """
    classes = (NONE, *domains)
    columns = [model.classes.index(name) for name in classes]
    probability = softmax(scores[:, columns] / model.temperature)
    best = probability.argmax(1)
    order = np.argsort(-probability, axis=1)
    second = probability[np.arange(len(best)), order[:, 1]]
    top = probability[np.arange(len(best)), best]
    abstains = (best > 0) & (order[:, 1] > 0) & (top - second < model.margin)
    sets = [
        [
            classes[k]
            for n, k in enumerate(row)
            if k and (share[k] >= model.set_at or (doubt and n < 2))
        ]
        or ([classes[row[0]]] if row[0] else [])
        for row, share, doubt in zip(order, probability, abstains, strict=True)
    ]
    lead = sigmoid(scores[:, model.classes.index(LEAD)])
    return Judgement(
        classes=classes,
        probability=probability,
        domain=[
            None if k == 0 or doubt else classes[k] for k, doubt in zip(best, abstains, strict=True)
        ],
        sets=sets,
        abstains=abstains,
        lead=lead,
        is_lead=lead >= model.lead_at,
    )


def sigmoid(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), np.float32)
