"""The learned part of triage: weights as arrays, with a card; no text, no pickle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jingyi.core.triage.name_kernels import pair_bucket
from jingyi.core.triage.score_kernels import in_steps

NONE = "none"
LEAD = "lead"
TITLE_SHARE = 0.5  # a cue in the title counts this much more
CHAIN_SHARE = 2.0  # scale of the domains' probabilities when a lead is judged
SURE = 3.0  # log-odds beyond which a domain is as certain as it gets


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Linear scores for `classes`: none, each domain, lead.

    score = root of the rulebook's sums × `mix` + cues × `cues` + n-grams × `grams` + `bias`;
    for a lead, `chain` × (whether there is a domain, and which) comes on top.

    The rulebook's sums (one a domain, one for and one against a lead) keep
    their say; the rest is what was learned beyond them. `rarity` (2^18) tells
    how telling a pair of characters is, for incidents. `temperature`
    calibrates the domains; a lead begins at `lead_at`; a domain is in the
    conformal set if its probability is at least `set_at`; two domains closer
    than `margin` are a question.
    """

    classes: tuple[str, ...]
    opening: NDArray[np.float32]  # cues × sums: the rulebook's own weights
    mix: NDArray[np.float32]  # sums × classes
    cues: NDArray[np.float32]  # cues × classes
    grams: NDArray[np.float32]  # buckets × classes
    bias: NDArray[np.float32]
    chain: NDArray[np.float32]
    rarity: NDArray[np.float32]
    temperature: float
    lead_at: float
    set_at: float
    margin: float
    steps: NDArray[np.int16] = field(init=False)  # `grams` as whole steps, as the kernel adds them
    step: NDArray[np.float32] = field(init=False)

    def __post_init__(self) -> None:
        steps, step = in_steps(self.grams)
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "step", step)


def without(model: Model, names: Iterable[str]) -> Model:
    """Return the model with these names made worth nothing in comparing incidents.

    A whole city's reports name its towns and its river: where the words were counted these were
    rare, here they tell nothing apart.
    """
    return replace(model, rarity=silenced(model.rarity, names))


def silenced(rarity: NDArray[np.float32], words: Iterable[str]) -> NDArray[np.float32]:
    """Return `rarity` with every pair of characters inside these words made worth nothing."""
    quiet = rarity.copy()
    for word in words:
        for first, second in pairwise(word):
            quiet[pair_bucket(ord(first), ord(second), len(quiet))] = 0
    return quiet


def any_domain(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log-odds that there is a domain at all, clipped: beyond `SURE` nothing is gained."""
    top = scores[:, 1:].max(1)
    together = top + np.log(np.exp(scores[:, 1:] - top[:, None]).sum(1))
    return np.asarray(np.clip(together - scores[:, 0], -SURE, SURE), scores.dtype)


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return probabilities row by row."""
    raised = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True), scores.dtype)


def strength(seen: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return how much each cue counts: 1 in the body, more in the title."""
    once = (seen > 0).astype(np.float32)
    return np.asarray(once + TITLE_SHARE * (seen == 2), np.float32)


def sums(
    about: Sequence[str], weights: Sequence[float], domains: Sequence[str]
) -> NDArray[np.float32]:
    """Return (cues × sums): each cue's weight in the column of its domain, or for or against a lead."""
    out = np.zeros((len(about), len(domains) + 2), np.float32)
    for index, (name, weight) in enumerate(zip(about, weights, strict=True)):
        column = domains.index(name) if name != LEAD else len(domains) + (weight < 0)
        out[index, column] = abs(weight)
    return out


def assemble(
    card: Mapping[str, Any],
    arrays: Mapping[str, NDArray[Any]],
    cue_ids: Sequence[str],
    opening: NDArray[np.float32],
) -> Model:
    """Read a stored model; a cue that it was not trained with counts through `opening` alone."""
    classes = tuple(card["classes"])
    cues = np.zeros((len(cue_ids), len(classes)), np.float32)
    learned = dict(zip(card["cue_ids"], arrays["cues"].astype(np.float32), strict=True))
    for index, name in enumerate(cue_ids):
        if name in learned:
            cues[index] = learned[name]
    return Model(
        classes=classes,
        opening=opening,
        mix=arrays["mix"].astype(np.float32),
        cues=cues,
        grams=np.ascontiguousarray(arrays["grams"], np.float32),
        bias=arrays["bias"].astype(np.float32),
        chain=arrays["chain"].astype(np.float32),
        rarity=arrays["rarity"].astype(np.float32),
        temperature=float(card["temperature"]),
        lead_at=float(card["lead_at"]),
        set_at=float(card["set_at"]),
        margin=float(card["margin"]),
    )
