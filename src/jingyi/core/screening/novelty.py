"""Is this model new? The same rule in other words has the same canonical form, or the same hits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from jingyi.core.screening.canonical import canonical
from jingyi.core.screening.model import Model

SAME = 0.95  # of two models' hits in common: one rule, for all that can be told
NEAR = 0.6
ORDER = ("same", "near", "new")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one model stands to another: `verdict` is same, near or new."""

    other: str
    same_form: bool
    overlap: float | None  # of all hits of either, those in common; None where not compared
    verdict: str


def fingerprint(model: Model) -> str:
    """Return the SHA-256 of a model's canonical form."""
    return sha256(canonical(model).encode()).hexdigest()


def overlap(ours: Iterable[Sequence[object]], theirs: Iterable[Sequence[object]]) -> float | None:
    """Return the share of hits in common (Jaccard), by their keys; None where neither has any."""
    left, right = {tuple(one) for one in ours}, {tuple(one) for one in theirs}
    return len(left & right) / len(left | right) if left | right else None


def compare(
    model: Model, others: Iterable[Model], shared: Mapping[str, float | None] | None = None
) -> tuple[Likeness, ...]:
    """Return how a model stands to each of the others, likest first; `shared`: overlap of hits by id.

    A model is not compared with itself.
    """
    form = fingerprint(model)
    found = []
    for other in others:
        if other.id == model.id:
            continue
        same, common = fingerprint(other) == form, (shared or {}).get(other.id)
        share = common or 0.0
        verdict = "same" if same or share >= SAME else "near" if share >= NEAR else "new"
        found.append(Likeness(other.id, same, common, verdict))
    return tuple(
        sorted(found, key=lambda one: (ORDER.index(one.verdict), -(one.overlap or 0), one.other))
    )
