"""The stability certificate: would the chosen change without one judge, one criterion or the public?

Every removal is computed anew in full, none is approximated. A certificate does not say that the
chosen are the best: it says how much hangs on whom.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from jingyi.core.judging import means, ranking
from jingyi.core.judging.scores import F64, I64, Scores
from jingyi.core.refusal import Refusal

JUDGE, CRITERION, PUBLIC, UNSURE = "judge", "criterion", "public", "unsure"


@dataclass(frozen=True, slots=True)
class Removal:
    """What would come in and go out of the chosen if `name` had not counted; empty: nothing."""

    kind: str
    name: str
    comes_in: tuple[str, ...]
    goes_out: tuple[str, ...]

    @property
    def changes(self) -> bool:
        return bool(self.comes_in or self.goes_out)


@dataclass(frozen=True, slots=True, eq=False)
class Public:
    """The public's value of each entry in the judges' points, and its share in the result, under 1."""

    value: F64
    share: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who is chosen, by how much, by which other ways of counting, and every removal.

    `margin` in points between the last chosen and the first not chosen, None where all are;
    `tied` are the entries that share the last place and were told apart by lot.
    """

    places: int
    chosen: tuple[str, ...]
    margin: float | None
    tied: tuple[str, ...]
    by_mean: tuple[str, ...]
    by_trimmed: tuple[str, ...]
    removals: tuple[Removal, ...]

    @property
    def stable(self) -> bool:
        """Tell whether no single removal changes the chosen."""
        return not any(one.changes for one in self.removals)


def pick(names: tuple[str, ...], value: F64, places: int, lot: str) -> I64:
    """Return the entries of the highest values, best first; ties by a lot anyone can draw again.

    The lot is SHA-256 of the seed and the entry's name: publish the seed's digest before the
    scores, the seed after them.
    """
    known = [n for n in range(len(names)) if not np.isnan(value[n])]
    step = np.round(value / ranking.SAME)

    def order(n: int) -> tuple[float, str]:
        return -step[n], sha256(f"{lot}\n{names[n]}".encode()).hexdigest()

    return np.array(sorted(known, key=order)[:places], np.int64)


def certify(
    scores: Scores,
    share: F64,
    places: int,
    lot: str = "",
    *,
    public: Public | None = None,
    unsure: NDArray[np.bool_] | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Certificate:
    """Choose by corrected values (and the public's, by its share), and try every removal.

    Args:
        scores, share: as in `ranking.rank`.
        places: how many are chosen.
        lot: the seed that tells ties apart.
        public: what the public said, where it counts.
        unsure: by score, whether its judge was not sure of it; counted once more without those,
            where every entry keeps a score on every criterion.
        told: is given how many removals are done, of how many.

    Raises:
        Refusal: fewer entries than places, or no place.
    """
    value = _result(scores, share, public)
    known = int((~np.isnan(value)).sum())
    if not 0 < places <= known:
        raise Refusal("名额 {places} 须在 1 与参评数 {known} 之间。", places=places, known=known)
    names = scores.entries
    chosen = pick(names, value, places, lot)
    rest = np.delete(value, chosen)
    last = float(value[chosen[-1]])
    margin = last - float(np.nanmax(rest)) if np.isfinite(rest).any() else None
    tied = margin is not None and margin <= ranking.SAME
    level = np.abs(value - last) <= ranking.SAME if tied else np.zeros(len(names), bool)
    cases = _cases(scores, share, public)
    if unsure is not None and unsure.any():
        sure = scores.kept(~unsure)
        if not np.isnan(means.mean(sure, share)).any():
            cases.append((UNSURE, "", (sure, share, public)))
    removals = []
    for done, (kind, name, again_by) in enumerate(cases, 1):
        again = pick(names, _result(*again_by), places, lot)
        removals.append(
            Removal(
                kind,
                name,
                tuple(names[n] for n in again if n not in chosen),
                tuple(names[n] for n in chosen if n not in again),
            )
        )
        if told:
            told(done, len(cases))
    return Certificate(
        places,
        tuple(names[n] for n in chosen),
        margin,
        tuple(names[n] for n in np.flatnonzero(level)),
        tuple(names[n] for n in pick(names, means.mean(scores, share), places, lot)),
        tuple(names[n] for n in pick(names, means.trimmed(scores, share)[0], places, lot)),
        tuple(removals),
    )


Case = tuple[str, str, tuple[Scores, F64, Public | None]]


def _cases(scores: Scores, share: F64, public: Public | None) -> list[Case]:
    """Return every removal: its kind, whom or what, and what is left to count by."""
    cases: list[Case] = []
    if len(scores.judges) > 1:
        for n, name in enumerate(scores.judges):
            cases.append((JUDGE, name, (scores.without_judge(n), share, public)))
    if len(scores.criteria) > 1:
        for n, name in enumerate(scores.criteria):
            left = share.copy()
            left[n] = 0.0
            cases.append((CRITERION, name, (scores, left / left.sum(), public)))
    if public is not None:
        cases.append((PUBLIC, "", (scores, share, None)))
    return cases


def _result(scores: Scores, share: F64, public: Public | None) -> F64:
    value, _ = ranking.corrected(scores, share)
    return value if public is None else (1 - public.share) * value + public.share * public.value
