"""Votes that come as no public's do: too many in one hour, too many from one place.

An entry's hours are held against its own other hours: the median hour and its spread, never below
that of a Poisson count. A place is a network prefix's digest, never an address. What is found is
a reason to look, told with its figures; nothing is struck off by it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from jingyi.core.words import Sentence, say

DEVIATIONS = 8.0  # beyond which an hour is a burst: ours, assumed
LEAST = 20  # votes in an hour under which nothing is said
FROM_ONE = 0.2  # share of an entry's votes from one place that is said


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote for one entry: the hour counted from the start, and the digest of where it came from."""

    entry: str
    hour: int
    source: str


@dataclass(frozen=True, slots=True)
class Burst:
    """What struck, for which entry, and why; `votes` are the places of the votes concerned."""

    entry: str
    why: Sentence
    votes: tuple[int, ...]


def found(votes: Sequence[Vote], hours: int) -> list[Burst]:
    """Return what strikes, entry by entry, the earliest first.

    Args:
        votes: those cast so far.
        hours: how many hours the vote has been open.
    """
    by_entry: dict[str, list[int]] = {}
    for place, vote in enumerate(votes):
        by_entry.setdefault(vote.entry, []).append(place)
    out: list[Burst] = []
    for entry, places in by_entry.items():
        out += _hours(entry, places, votes, hours)
        out += _sources(entry, places, votes)
    return out


def _hours(entry: str, places: list[int], votes: Sequence[Vote], hours: int) -> list[Burst]:
    counts = np.bincount([votes[p].hour for p in places], minlength=max(hours, 1))
    usual = float(np.median(counts))
    spread = max(1.4826 * float(np.median(np.abs(counts - usual))), sqrt(max(usual, 1.0)))
    struck = np.flatnonzero((counts >= LEAST) & (counts > usual + DEVIATIONS * spread))
    return [
        Burst(
            entry,
            say("第 {hour} 小时有 {n} 票，平常每小时 {usual} 票",
                hour=int(hour) + 1, n=int(counts[hour]), usual=round(usual, 1)),
            tuple(p for p in places if votes[p].hour == hour),
        )
        for hour in struck
    ]  # fmt: skip


def _sources(entry: str, places: list[int], votes: Sequence[Vote]) -> list[Burst]:
    if len(places) < LEAST:
        return []
    source, n = Counter(votes[p].source for p in places).most_common(1)[0]
    if n < LEAST or n < FROM_ONE * len(places):
        return []
    why = say("{all} 票中有 {n} 票来自同一个网络", all=len(places), n=n)
    return [Burst(entry, why, tuple(p for p in places if votes[p].source == source))]
