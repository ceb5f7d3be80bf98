"""The rank of a lead: a sum of shares, each with its weight, never lowered by more evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float32]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Harm:
    """Words of one gravity."""

    id: str
    share: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """How far an area that reports little is lifted."""

    power: float
    smooth: float
    most: float


@dataclass(frozen=True, slots=True)
class RankRules:
    """`rulebook/triage/rank.toml`."""

    floor: float
    reach_full: float
    likes_full: float
    fresh_days: float
    again_days: float
    weights: Mapping[str, float]
    exhibits: Mapping[str, float]
    area: Area
    harms: tuple[Harm, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "RankRules":
        """Take the rules out of the rulebook's own words."""
        return cls(
            floor=data["floor"],
            reach_full=data["reach_full"],
            likes_full=data["likes_full"],
            fresh_days=data["fresh_days"],
            again_days=data["again_days"],
            weights=data["weights"],
            exhibits=data["exhibits"],
            area=Area(**data["area"]),
            harms=tuple(Harm(h["id"], h["share"], tuple(h["words"])) for h in data["harm"]),
        )


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


def reach(rules: RankRules, reporters: Column, likes: Column, lift: Column | float = 1) -> Column:
    """Return the share for reach: the logarithm of distinct reporters and of likes, the larger.

    Args:
        reporters: distinct people of the incident; the first counts for nothing.
        likes: who else agreed, over the incident.
        lift: what `lifted` says of the incident's area; multiplies both.
    """
    people = np.log1p(np.maximum(reporters - 1, 0) * lift) / np.log1p(rules.reach_full - 1)
    liked = np.log1p(np.maximum(likes, 0) * lift) / np.log1p(rules.likes_full)
    return np.asarray(np.clip(np.maximum(people, liked), 0, 1), np.float32)


def lifted(rules: RankRules, area: Codes) -> Column:
    """Return how much more each reporter of an incident counts, for areas that report little.

    An area's usual volume is how many incidents it has: not how many reports,
    so that another report about an incident changes no area's volume, and more
    evidence never lowers a lead. An area below the median of all is lifted by
    (median / volume) to the rulebook's power, bounded; no area is pressed down.

    Args:
        area: the area's number for each incident (not report); below 0 where unknown.
    """
    lift = np.ones(len(area), np.float32)
    known = area >= 0
    if not known.any():
        return lift
    _, where, volume = np.unique(area[known], return_inverse=True, return_counts=True)
    lift[known] = lift_of(rules, volume)[where]
    return lift


def lift_of(rules: RankRules, volume: Codes) -> NDArray[np.float64]:
    """Return the lift of every area, from the incidents that each of them has."""
    one = rules.area
    gap = (np.median(volume) + one.smooth) / (volume + one.smooth)
    return np.clip(gap**one.power, 1, one.most)


def first_known(incident: Codes, area: Codes) -> Codes:
    """Return each incident's area: that of its first report that has one, -1 where none has.

    Later reports never change it. Args: the incident's number (0 …) and the
    area's number (below 0 where unknown) of each report, the earliest first.
    """
    out = np.full(int(incident.max(initial=-1)) + 1, -1, np.int64)
    rows = np.flatnonzero(area >= 0)[::-1]
    out[incident[rows]] = area[rows]
    return out


def best(incident: Codes, share: Column) -> Column:
    """Return, for each report, the largest share among the reports of its incident.

    So the rank is the incident's, and a report that joins can only raise it.
    """
    top = np.full(int(incident.max(initial=-1)) + 1, -np.inf, np.float32)
    np.maximum.at(top, incident, share)
    return np.asarray(top[incident], np.float32)


def evidence(rules: RankRules, *, pinned: Column, named: Column, dated: Column, photos: Column, party: Column) -> Column:  # fmt: skip
    """Return the share for evidence: coordinates, a named place, a time, photographs, a named party."""
    worth = rules.exhibits
    total = (
        worth["pinned"] * pinned
        + worth["named"] * named
        + worth["dated"] * dated
        + worth["photo"] * np.minimum(photos, 1)
        + worth["party"] * party
    )
    return np.asarray(total / sum(worth.values()), np.float32)


def freshness(rules: RankRules, days: Column) -> Column:
    """Return the share for freshness: 1 today, one half at `fresh_days`, 0 where no time is known."""
    with np.errstate(invalid="ignore"):
        share = rules.fresh_days / (rules.fresh_days + np.maximum(days, 0))
    return np.asarray(np.where(np.isnan(days), 0, share), np.float32)
