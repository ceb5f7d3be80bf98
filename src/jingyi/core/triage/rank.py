"""The rank of a lead: a sum of shares, each with its weight, never lowered by more evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Harm:
    """Words of one gravity."""

    id: str
    share: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankRules:
    """`rulebook/triage/rank.toml`."""

    floor: float
    reach_full: float
    likes_full: float
    fresh_days: float
    again_days: float
    weights: Mapping[str, float]
    harms: tuple[Harm, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """What counts towards a rank, each from 0 to 1, one value a report."""

    harm: Column
    reach: Column
    protected: Column
    duty: Column
    evidence: Column
    freshness: Column
    recurrence: Column


def rank(rules: RankRules, lead: Column, shares: Shares) -> Column:
    """Return the rank, 0 to 100: the weighted mean of the shares, scaled by how likely a lead it is."""
    total = sum(rules.weights.values())
    mean = sum(rules.weights[f.name] * getattr(shares, f.name) for f in fields(shares)) / total
    return np.asarray(100 * mean * (rules.floor + (1 - rules.floor) * lead), np.float32)


def reach(rules: RankRules, reporters: Column, likes: Column) -> Column:
    """Return the share for reach: the logarithm of distinct reporters and of likes, the larger."""
    people = np.log1p(np.maximum(reporters - 1, 0)) / np.log1p(rules.reach_full - 1)
    liked = np.log1p(np.maximum(likes, 0)) / np.log1p(rules.likes_full)
    return np.asarray(np.clip(np.maximum(people, liked), 0, 1), np.float32)


def evidence(
    *, pinned: Column, named: Column, dated: Column, photos: Column, party: Column
) -> Column:
    """Return the share for evidence: coordinates, a named place, a time, photographs, a named party."""
    return np.asarray(
        0.2 * pinned + 0.2 * named + 0.15 * dated + 0.25 * np.minimum(photos, 1) + 0.2 * party,
        np.float32,
    )


def freshness(rules: RankRules, days: Column) -> Column:
    """Return the share for freshness: 1 today, one half at `fresh_days`, 0 where no time is known."""
    with np.errstate(invalid="ignore"):
        share = rules.fresh_days / (rules.fresh_days + np.maximum(days, 0))
    return np.asarray(np.where(np.isnan(days), 0, share), np.float32)
