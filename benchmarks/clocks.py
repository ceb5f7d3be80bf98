"""The clocks of 100,000 open cases counted anew, on one core.

Ours: every clock of every case, from stored events to last days, by columns. Beside it: our own
case-by-case way, which also makes each derivation; a plain loop with datetime over the same events,
which knows two rules and no pause; and the physical limit, the time to copy the same columns once.
"""

import sys
from datetime import date, timedelta
from time import perf_counter

import numpy as np

from jingyi.core import clocks, rulebook
from jingyi.core.clocks_columns import NAMES, Fleet, Histories

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ON = date(2026, 11, 20)
CN = rulebook.rest_days()
DAY = timedelta(days=1)
Row = tuple[int, date, str, str, date | None]


def made_up(cases: int) -> list[Row]:
    """Return the events of open administrative cases: one in five commissions an appraisal, one in
    six in review is extended, one in twelve is suspended; a fixed seed."""
    chance = np.random.default_rng(20261120)
    rows: list[Row] = []
    draws = chance.random((cases, 8))
    ages = chance.integers(1, 330, cases)
    for n in range(cases):
        urgent, replies, appraised, extended, suspended, served, recorded, late = draws[n]
        day = ON - timedelta(days=int(ages[n]))
        track = "urgent" if urgent < 0.1 else "ordinary"

        course = (
            ("case.filed", 0, True),
            ("case.served", 3, served < 0.95),
            ("appraisal.commissioned", 5, appraised < 0.2),
            ("appraisal.returned", 30, appraised < 0.2),
            ("suggestion.decided", 20, True),
            ("suggestion.served", 2, True),
            ("suggestion.recorded", 4, recorded < 0.9),
            ("suggestion.replied", 40 + int(late * 30), replies < 0.7),
            ("review.extended.chief", 35, extended < 1 / 6),
            ("review.suspended", 3, suspended < 1 / 12),
        )
        for kind, after, happens in course:
            if happens:
                day += timedelta(days=after)
                rows.append((n, day, kind, track if kind == "suggestion.served" else "", None))
    return rows


def ours(rows: list[Row], fleet: Fleet) -> tuple[float, float, int, int]:
    """Return (seconds to make columns, seconds to count, clocks, bytes read and written)."""
    begun = perf_counter()
    histories = Histories.from_rows(CASES, rows)
    ready = perf_counter()
    found = fleet.clocks(histories, ON)
    done = perf_counter()
    size = sum(getattr(found, name).nbytes for name in NAMES) + 5 * histories.case.nbytes
    return ready - begun, done - ready, len(found), size


def case_by_case(rows: list[Row], share: int) -> float:
    """Return the seconds the derivations of all cases would take, from every `share`th of them."""
    cases: dict[int, list[clocks.Event]] = {}
    for n, on, kind, track, until in rows:
        if n % share == 0:
            event = clocks.Event(kind, on, {"track": track, "until": until})
            cases.setdefault(n, []).append(event)
    begun = perf_counter()
    for events in cases.values():
        clocks.clocks_of(
            events, rules=rulebook.clocks(), procedure="administrative", calendar=CN, on=ON
        )
    return (perf_counter() - begun) * share


def plain_loop(rows: list[Row]) -> float:
    """Return the seconds of the usual loop: add two months or fifteen days, step off rest days."""
    rest = {
        CN.announced_from + n * DAY
        for n in range((CN.announced_through - CN.announced_from).days + 1)
    }
    rest = {day for day in rest if CN.is_rest(day)}
    begun = perf_counter()
    found = []
    for _, on, kind, track, _ in rows:
        if kind == "suggestion.served":
            last = on + 15 * DAY if track == "urgent" else clocks.add_months(on, 2)
        elif kind == "case.filed":
            last = on + 7 * DAY
        else:
            continue
        while last in rest:
            last += DAY
        found.append(last)
    return perf_counter() - begun


def copied(size: int) -> float:
    """Return the seconds to copy `size` bytes once."""
    block = np.ones(size // 8, np.int64)
    begun = perf_counter()
    block.copy()
    return perf_counter() - begun


def main() -> None:
    rows = made_up(CASES)
    begun = perf_counter()
    fleet = Fleet(rulebook.clocks(), "administrative", CN)
    print(f"rules prepared             {perf_counter() - begun:8.3f} s, once")
    columns, counted, number, size = ours(rows, fleet)
    total = columns + counted
    print(
        f"ours                       {total:8.3f} s   {CASES:,} cases, {len(rows):,} events, {number:,} clocks"
    )
    print(f"  events into columns      {columns:8.3f} s")
    print(f"  clocks counted           {counted:8.3f} s   {number / counted:,.0f} clocks a second")
    print(f"ours, each with derivation {case_by_case(rows, 50):8.3f} s   from every 50th case")
    print(f"plain loop, two rules only {plain_loop(rows):8.3f} s")
    print(f"limit: one copy of {size / 1e6:4.0f} MB {copied(size):8.3f} s")
    if total > 5:
        raise SystemExit("the clocks of 100,000 open cases must be counted within 5 s")


if __name__ == "__main__":
    main()
