"""The statutory domain of a message, or none, or a question; and whether it is a lead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage import score_kernels as kernels
from jingyi.core.triage.model import LEAD, NONE, SURE, TITLE_SHARE, Model
from jingyi.core.triage.texts import Texts


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """One row a message; classes are numbered as in `classes`: none, then the domains.

    `probability` is (rows × classes), calibrated; `best` the likeliest class;
    `chosen` (rows × classes) the domains that cannot be ruled out at the
    chosen error, likeliest first, -1 behind the last. Where it `abstains`
    two domains are left and the better is hardly better.
    """

    classes: tuple[str, ...]
    probability: NDArray[np.float32]
    best: NDArray[np.int8]
    abstains: NDArray[np.bool_]
    chosen: NDArray[np.int8]
    lead: NDArray[np.float32]
    is_lead: NDArray[np.bool_]

    @property
    def domain(self) -> NDArray[np.int8]:
        """Return the class to act on: -1 where there is no domain, or where a person must choose."""
        return np.where((self.best == 0) | self.abstains, np.int8(-1), self.best)

    def set_of(self, row: int) -> list[str]:
        """Return the domains that cannot be ruled out for one row, likeliest first."""
        return [self.classes[k] for k in self.chosen[row] if k >= 0]


def score(model: Model, texts: Texts, seen: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (rows × classes) log-odds before calibration; the last column is the lead's."""
    out = np.empty((texts.count, len(model.classes)), np.float32)
    out[:] = model.bias
    kernels.score_cues(seen, TITLE_SHARE, model.opening, model.mix, model.cues, out)
    kernels.score_ngrams(texts.buf, texts.off, model.steps, model.step, out)
    kernels.chain(out, model.chain, SURE)
    return out


def judge(model: Model, domains: Sequence[str], scores: NDArray[np.float32]) -> Judgement:
    """Turn scores into calibrated probabilities, a domain or none, a conformal set, and a lead.

    A lead is judged with its domain: art. 28 of the case rules asks for harm
    to the public interest, a possible illegality, and a statutory domain,
    together.
    """
    classes = (NONE, *domains)
    if model.classes != (*classes, LEAD):
        raise ValueError(f"the model knows {model.classes}, the rulebook {classes}")
    shape = (len(scores), len(classes))
    probability, chosen = np.empty(shape, np.float32), np.empty(shape, np.int8)
    best, lead = np.empty(len(scores), np.int8), np.empty(len(scores), np.float32)
    abstains = np.empty(len(scores), np.uint8)
    kernels.judge(
        scores, model.temperature, model.set_at, model.margin,
        probability, best, abstains, chosen, lead,
    )  # fmt: skip
    return Judgement(
        classes, probability, best, abstains.astype(bool), chosen, lead, lead >= model.lead_at
    )
