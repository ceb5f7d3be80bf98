"""The next patrol: which places in which order, within the hours at hand.

What a visit is worth is the place's risk times how much of its claim has come back since the last
visit, 1 − exp(−days / fading): a place just seen is worth little, one never seen its whole risk.
The most worth within the time is the orienteering problem. Few places are tried whole, set by set
(Held and Karp 1962). Many are solved by inserting the place that adds most worth a minute, then by
exchanging, giving one up for others and turning until nothing gains (Golden, Levy and Vohra 1987;
Vansteenwegen et al. 2011). The same input gives the same patrol.

Limitations: straight lines times a detour, one speed; no opening hours, no traffic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import asin, cos, exp, inf, radians, sin, sqrt

from jingyi.core import rulebook
from jingyi.core.law import STATUSES
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

EARTH_KM = 6_371.008_8
ROUNDS = 60
FEW = 8  # places that are tried whole
LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Practice:
    """rulebook/patrols.toml: km/h, percent, minutes, days, percent, percent."""

    speed_kmh: int
    detour_percent: int
    on_site: int
    fading_days: int
    base_risk_percent: int
    lead_percent: int


@cache
def practice() -> Practice:
    """Return what the planner goes by."""
    return read_practice(rulebook.table("patrols.toml"))


def read_practice(top: Table) -> Practice:
    """Read rulebook/patrols.toml."""
    made = Practice(**{name: top.number(name) for name in Practice.__slots__})
    top.one_of("status", STATUSES)
    top.text("reading")
    top.day("confirmed_on")
    return made


@dataclass(frozen=True, slots=True)
class Site:
    """A place: degrees in WGS-84, risk 0–1, days since it was last seen (None: never), minutes there."""

    id: str
    lon: float
    lat: float
    risk: float
    days: float | None = None
    minutes: float = 20.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A visit: minutes after the start at which one arrives, and what it is worth."""

    site: Site
    arrives: float
    worth: float


@dataclass(frozen=True, slots=True)
class Left:
    """A site that is left out, and why."""

    site: Site
    worth: float
    why: Sentence


@dataclass(frozen=True, slots=True)
class Proposal:
    """Visits in order, what is left uncovered (the most worth first), and minutes back at the start."""

    legs: tuple[Leg, ...]
    left: tuple[Left, ...]
    minutes: float
    worth: float


def risk_of(leads: int, level_share: float, by: Practice) -> float:
    """Return a place's risk, 0–1: its base, its leads of a year, and its protection grade (0–1)."""
    percent = by.base_risk_percent + by.lead_percent * leads + by.base_risk_percent * level_share
    return min(percent, 100) / 100


def worth(site: Site, by: Practice) -> float:
    """Return what seeing a site now is worth, 0–1."""
    back = 1.0 if site.days is None else 1 - exp(-max(site.days, 0) / by.fading_days)
    return min(max(site.risk, 0.0), 1.0) * back


def minutes(one: tuple[float, float], other: tuple[float, float], by: Practice) -> float:
    """Return the minutes between two spots (longitude, latitude)."""
    (x1, y1), (x2, y2) = one, other
    a = sin(radians(y2 - y1) / 2) ** 2
    a += cos(radians(y1)) * cos(radians(y2)) * sin(radians(x2 - x1) / 2) ** 2
    kilometres = 2 * EARTH_KM * asin(min(sqrt(a), 1.0)) * (1 + by.detour_percent / 100)
    return kilometres / by.speed_kmh * 60


def propose(
    sites: Sequence[Site], start: tuple[float, float], hours: float, by: Practice | None = None
) -> Proposal:
    """Return the patrol of most worth that leaves from and comes back to `start` within `hours`.

    Args:
        sites: what could be seen, each id once.
        start: longitude and latitude where the patrol begins and ends.
        hours: that one has.
        by: the practice; the rulebook's where none is given.
    """
    by = by or practice()
    tour = _Tour(list(sites), start, hours * 60, by)
    tour.fill()
    legs, clock, here = [], 0.0, start
    for n in tour.order:
        site = sites[n]
        clock += minutes(here, (site.lon, site.lat), by)
        legs.append(Leg(site, clock, tour.worth[n]))
        clock += site.minutes
        here = (site.lon, site.lat)
    left = [
        Left(sites[n], tour.worth[n], tour.why(n)) for n in range(len(sites)) if n not in tour.order
    ]
    left.sort(key=lambda one: (-one.worth, one.site.id))
    total = sum(leg.worth for leg in legs)
    return Proposal(tuple(legs), tuple(left), tour.length(tour.order), total)


class _Tour:
    """An order of sites within a budget of minutes, made better step by step."""

    def __init__(
        self, sites: list[Site], start: tuple[float, float], budget: float, by: Practice
    ) -> None:
        self.sites, self.budget = sites, budget
        self.worth = [worth(site, by) for site in sites]
        spots = [(site.lon, site.lat) for site in sites]
        self.home = [minutes(start, spot, by) for spot in spots]
        self.between = [[minutes(one, two, by) for two in spots] for one in spots]
        self.order: list[int] = []

    def length(self, order: list[int]) -> float:
        """Return the minutes of an order, home and on site included."""
        if not order:
            return 0.0
        ways = sum(self.between[a][b] for a, b in pairwise(order))
        stays = sum(self.sites[n].minutes for n in order)
        return self.home[order[0]] + ways + self.home[order[-1]] + stays

    def fill(self) -> None:
        """Find the order of most worth: the best there is of few sites, a good one of many."""
        worthy = [n for n, worth in enumerate(self.worth) if worth > LEAST]
        if len(worthy) <= FEW:
            self.order = self._best(worthy)
            return
        self.insert()
        for _ in range(ROUNDS):
            if not (self.turn() | self.exchange() | self.give_up() | self.insert()):
                break

    def _best(self, worthy: list[int]) -> list[int]:
        """Return the order of most worth that fits, the shorter where two are worth the same."""
        ends = {(frozenset((n,)), n): (self.home[n] + self.sites[n].minutes, [n]) for n in worthy}
        found = (0.0, 0.0, list[int]())
        while ends:
            for (seen, n), (clock, order) in ends.items():
                back = clock + self.home[n]
                if back <= self.budget + LEAST:
                    found = min(found, (-sum(self.worth[k] for k in sorted(seen)), back, order))
            longer: dict[tuple[frozenset[int], int], tuple[float, list[int]]] = {}
            for (seen, n), (clock, order) in ends.items():
                for then in worthy:
                    if then not in seen and clock < self.budget:
                        key = (seen | {then}, then)
                        way = clock + self.between[n][then] + self.sites[then].minutes
                        longer[key] = min(longer.get(key, (inf, [])), (way, [*order, then]))
            ends = longer
        return found[2]

    def _more(self, n: int, at: int) -> float:
        """Return the minutes that site n adds between places at − 1 and at."""
        before = self.between[self.order[at - 1]][n] if at else self.home[n]
        after = self.between[n][self.order[at]] if at < len(self.order) else self.home[n]
        if not self.order:
            return 2 * self.home[n] + self.sites[n].minutes
        now = (
            self.home[self.order[0]] if at == 0
            else self.home[self.order[-1]] if at == len(self.order)
            else self.between[self.order[at - 1]][self.order[at]]
        )  # fmt: skip
        return before + after - now + self.sites[n].minutes

    def insert(self, without: int = -1) -> bool:
        """Put in what adds most worth a minute, as long as something fits; never site `without`."""
        changed = False
        while True:
            spare = self.budget - self.length(self.order)
            best: tuple[float, int, int] | None = None
            for n in range(len(self.sites)):
                if n in self.order or n == without or self.worth[n] <= LEAST:
                    continue
                more, at = min((self._more(n, at), at) for at in range(len(self.order) + 1))
                if more <= spare + LEAST:
                    rate = self.worth[n] / max(more, LEAST)
                    if best is None or rate > best[0]:
                        best = (rate, n, at)
            if best is None:
                return changed
            self.order.insert(best[2], best[1])
            changed = True

    def turn(self) -> bool:
        """Turn a stretch round where that shortens the way (2-opt)."""
        changed = False
        for i in range(len(self.order) - 1):
            for j in range(i + 2, len(self.order) + 1):
                other = self.order[:i] + self.order[i:j][::-1] + self.order[j:]
                if self.length(other) < self.length(self.order) - LEAST:
                    self.order, changed = other, True
        return changed

    def exchange(self) -> bool:
        """Put a site of more worth in the place of one of less, where it fits."""
        changed = False
        for at in range(len(self.order)):
            rest = self.order[:at] + self.order[at + 1 :]
            for n in range(len(self.sites)):
                if n in self.order or self.worth[n] <= self.worth[self.order[at]] + LEAST:
                    continue
                other = [*rest[:at], n, *rest[at:]]
                if self.length(other) <= self.budget + LEAST:
                    self.order, changed = other, True
                    break
        return changed

    def give_up(self) -> bool:
        """Give one site up where what then fits is worth more than all that was there."""
        kept, before = self.order, self._sum(self.order)
        for at in range(len(kept)):
            self.order = kept[:at] + kept[at + 1 :]
            self.insert(without=kept[at])
            if self._sum(self.order) > before + LEAST:
                return True
        self.order = kept
        return False

    def _sum(self, order: list[int]) -> float:
        return sum(self.worth[n] for n in order)

    def why(self, n: int) -> Sentence:
        """Say why a site is not in the order."""
        alone = 2 * self.home[n] + self.sites[n].minutes
        if self.worth[n] <= LEAST:
            return say("刚刚看过，现在去没有意义")
        if alone > self.budget:
            return say("太远：单独去一次就要 {n} 分钟", n=round(alone))
        return say("时间不够：其他点位每分钟更值得去")
