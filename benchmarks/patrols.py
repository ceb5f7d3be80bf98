"""Patrols over half a year on seeded risk maps: ours beside round-robin, and the bound no patrol passes.

Harm begins at places by chance, more often at risky ones; the planner knows the risk only roughly.
A patrol of four hours goes out every third day; harm is found when its place is visited. Round-robin
visits all places in a fixed order, as many as the hours allow, and goes on there the next time. Told
are harms found, and the days from beginning to finding (harms never found count until the end).
The bound: every place visited on every patrol day, as if hours had no end.

    .venv/bin/python benchmarks/patrols.py [MAPS]
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import numpy as np  # noqa: E402 -- the path comes first

from jingyi.core.patrols import planner  # noqa: E402
from jingyi.core.patrols.planner import Site  # noqa: E402

MAPS = int(sys.argv[1]) if len(sys.argv) > 1 else 12
PLACES, DAYS, EVERY, HOURS = 60, 180, 3, 4.0
START = (117.0, 33.5)
Choose = Callable[[int, dict[str, int]], list[str]]


class Map:
    """Places, how often harm begins at each (a day), and what the office believes of it."""

    def __init__(self, seed: int) -> None:
        dice = np.random.default_rng(seed)
        self.spots = dice.normal(START, 0.12, (PLACES, 2))
        self.rate = dice.gamma(0.5, 0.02, PLACES)
        rough = self.rate * dice.lognormal(0, 0.6, PLACES)
        self.risk = np.clip(0.2 + 0.8 * rough / rough.max(), 0, 1)
        self.harms = [
            (int(day), n)
            for n in range(PLACES)
            for day in np.flatnonzero(dice.random(DAYS) < self.rate[n])
        ]

    def site(self, n: int, days: int | None) -> Site:
        return Site(str(n), *self.spots[n], float(self.risk[n]), days)


def walked(city: Map, choose: Choose) -> tuple[int, float]:
    """Return harms found, and the mean days from beginning to finding, over the half year."""
    last: dict[str, int] = {}
    found: dict[tuple[int, int], int] = {}
    for day in range(0, DAYS, EVERY):
        for name in choose(day, last):
            last[name] = day
            for harm in city.harms:
                if harm[1] == int(name) and harm[0] <= day:
                    found.setdefault(harm, day)
    waits = [found.get(harm, DAYS) - harm[0] for harm in city.harms]
    return len(found), float(np.mean(waits))


def planned(city: Map) -> Choose:
    def choose(day: int, last: dict[str, int]) -> list[str]:
        sites = [
            city.site(n, day - last[str(n)] if str(n) in last else None) for n in range(PLACES)
        ]
        return [leg.site.id for leg in planner.propose(sites, START, HOURS).legs]

    return choose


def round_robin(city: Map) -> Choose:
    turn = np.arctan2(city.spots[:, 1] - START[1], city.spots[:, 0] - START[0])
    order, at = [int(n) for n in np.argsort(turn)], [0]

    def choose(_day: int, _last: dict[str, int]) -> list[str]:
        clock, here, seen = 0.0, START, []
        for k in range(PLACES):
            n = order[(at[0] + k) % PLACES]
            spot = tuple(city.spots[n])
            there = planner.minutes(here, spot, planner.practice())
            back = planner.minutes(spot, START, planner.practice())
            if clock + there + 20 + back > HOURS * 60:
                break
            clock, here = clock + there + 20, spot
            seen.append(str(n))
        at[0] = (at[0] + max(len(seen), 1)) % PLACES
        return seen

    return choose


def main() -> None:
    """Print harms found and days waited, by way of planning."""
    rows = {"round-robin": [], "ours": [], "bound": []}
    spent = 0.0
    for seed in range(MAPS):
        city = Map(4000 + seed)
        rows["round-robin"].append((*walked(city, round_robin(city)), len(city.harms)))
        began = perf_counter()
        rows["ours"].append((*walked(city, planned(city)), len(city.harms)))
        spent += perf_counter() - began
        rows["bound"].append(
            (*walked(city, lambda _d, _l: [str(n) for n in range(PLACES)]), len(city.harms))
        )
    print(f"{MAPS} maps, {PLACES} places, {DAYS // EVERY} patrols of {HOURS:.0f} h each")
    for name, told in rows.items():
        share = sum(r[0] for r in told) / sum(r[2] for r in told)
        print(
            f"  {name:12} found {share:.1%} of harms, after {np.mean([r[1] for r in told]):.1f} days"
        )
    print(f"  a proposal takes {spent / MAPS / (DAYS // EVERY) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
