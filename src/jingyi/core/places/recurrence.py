"""What came back after a case had ended at a place, and after how long: a hint, never a finding.

A return is the first matter of the same domain told of the same place, so near the case's own spot
as the rulebook's `lookback.toml` says, after the day on which the case ended, and not a part of it;
what has no spot is not counted. Where none came, the time so far is told as such, so that
a place nobody reports from is not called cured. A relapse that a visit after closing found is said
apart: only a person finds one.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jingyi.core.contradictions import Point, metres


@dataclass(frozen=True, slots=True)
class Ended:
    """A case that ended at a place; `joined` are the matters that belong to it."""

    ref: str
    domain: str
    on: date
    joined: frozenset[str] = frozenset()
    found: date | None = None  # the day on which a visit found it relapsed
    where: Point | None = None  # longitude and latitude


@dataclass(frozen=True, slots=True)
class Told:
    """A matter told of a place, by the day on which it was first told."""

    ref: str
    domain: str
    on: date
    where: Point | None = None


@dataclass(frozen=True, slots=True)
class After:
    """What followed an ended case: the matter that came back, or nothing until `on`; and the days."""

    ended: Ended
    came: Told | None
    days: int


def followed(
    ended: Iterable[Ended], told: Iterable[Told], on: date, within: float
) -> tuple[After, ...]:
    """Return what followed each ended case, the latest end first.

    Args:
        on: the day as of which it is asked; what was told or ended later is not known.
        within: metres from the case's spot.
    """
    known = sorted((one for one in told if one.on <= on), key=lambda one: (one.on, one.ref))
    found = []
    for case in ended:
        if case.on > on:
            continue
        later = (
            one
            for one in known
            if one.on > case.on and one.ref not in case.joined and _alike(case, one, within)
        )
        came = next(later, None)
        found.append(After(case, came, ((came.on if came else on) - case.on).days))
    return tuple(sorted(found, key=lambda one: (one.ended.on, one.ended.ref), reverse=True))


def _alike(case: Ended, one: Told, within: float) -> bool:
    if case.domain != one.domain or case.where is None or one.where is None:
        return False
    return metres(case.where, one.where) <= within


@dataclass(frozen=True, slots=True)
class Memory:
    """The years of one place, or of one who answers for places."""

    years: tuple[
        tuple[int, int], ...
    ]  # year, matters first told in it; oldest first, none left out
    ended: int
    came: int  # of the ended, those after which something of the domain was told again
    found: int  # of the ended, those that a visit found relapsed
    soonest: int | None  # days
    last: date | None  # when something was last told


def remembered(after: Iterable[After], told: Iterable[Told], on: date) -> Memory:
    """Sum up what was told and what followed; a matter told at two of the places counts once."""
    after = tuple(after)
    days = {one.ref: one.on for one in told if one.on <= on}
    counted = Counter(day.year for day in days.values())
    first = min(counted, default=on.year)
    cases = {one.ended.ref: one for one in sorted(after, key=lambda one: -one.days)}
    returned = [one for one in cases.values() if one.came]
    return Memory(
        years=tuple((year, counted[year]) for year in range(first, on.year + 1)),
        ended=len(cases),
        came=len(returned),
        found=sum(one.ended.found is not None and one.ended.found <= on for one in cases.values()),
        soonest=min((one.days for one in returned), default=None),
        last=max(days.values(), default=None),
    )
