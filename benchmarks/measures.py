"""Every measure of 100,000 cases as of a day, and its trend over twelve quarters, on one core.

Ours: acts in the order of entry, by columns: what was on file that day, rows, figures, trend. Beside
it in the same run: a plain loop over the same acts, case by case, which knows how to fold a file and
to count one suggestion's reply; and the physical limit, the time to copy the same columns once.
"""

import sys
from collections import defaultdict
from datetime import date
from time import perf_counter

import numpy as np

from jingyi.core import clocks, rulebook
from jingyi.core.measures.figures import figure, quarters, trend
from jingyi.core.measures.files import Acts, CaseAct, Kept, on_file
from jingyi.core.measures.rows import Counted

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ON = date(2026, 11, 20)
CN = rulebook.rest_days()
SHARE = 50
COURSE = (
    ("case.filed", 0, 1.0), ("case.served", 4, 0.97), ("consultation.held", 6, 0.3),
    ("suggestion.decided", 20, 0.9), ("suggestion.served", 2, 1.0), ("suggestion.recorded", 3, 0.95),
    ("followup.done", 30, 0.6), ("suggestion.replied", 20, 0.9), ("verification.passed", 9, 0.9),
    ("case.terminated", 5, 0.9),
)  # fmt: skip


def made_up() -> list[CaseAct]:
    """Return the acts of administrative cases of three years; one step in twenty is corrected."""
    chance = np.random.default_rng(20261120)
    opened = chance.integers(0, 1050, CASES).tolist()
    acts: list[CaseAct] = []
    for n in range(CASES):
        day = ON.toordinal() - opened[n]
        draws = chance.random((len(COURSE), 3)).tolist()
        for place, ((kind, after, share), (happens, slack, wrong)) in enumerate(
            zip(COURSE, draws, strict=True), 1
        ):
            day += int(after * (0.5 + slack))
            if happens < share and day <= ON.toordinal():
                acts.append((n, place, kind, day, 0, "", "", day + int(slack * 4)))
                if wrong < 0.05:
                    acts.append((n, place, kind, day + 1, 0, "", "", day + 9))
    acts.sort(key=lambda act: act[-1])
    return acts


def ours(acts: Acts, kept: Kept) -> tuple[float, int]:
    """Return the seconds for every measure of cases as known on the day, and how many rows."""
    begun, rows = perf_counter(), 0
    counted = Counted(on_file(acts, kept, on=ON, known=ON), rules=rulebook.clocks(), calendar=CN)
    for measure in rulebook.measures().values():
        if measure.of_cases and not measure.missing:
            found = counted.rows(measure.rows, measure.rules)
            figure(measure, found)
            trend(measure, found, quarters(ON, 12))
            rows += len(found)
    return perf_counter() - begun, rows


def plain(acts: list[CaseAct]) -> float:
    """Return the seconds a loop takes for the reply rate alone, from every SHAREth case."""
    chosen = [act for act in acts if act[0] % SHARE == 0]
    begun = perf_counter()
    files: dict[int, dict[int, CaseAct]] = defaultdict(dict)
    for act in chosen:
        if act[-1] <= ON.toordinal():
            files[act[0]][act[1]] = act
    rule = [rulebook.clock("suggestion.reply")]
    met = n = 0
    for file in files.values():
        events = [
            clocks.Event(kind, date.fromordinal(on), {"track": "ordinary"})
            for _case, _place, kind, on, *_ in file.values()
        ]
        for one in clocks.clocks_of(
            events, rules=rule, procedure="administrative", calendar=CN, on=ON
        ):
            n += one.state in {"in-time", "late", "overdue"}
            met += one.state == "in-time"
    return (perf_counter() - begun) * SHARE


def main() -> None:
    rows = made_up()
    begun = perf_counter()
    acts = Acts.of(rows)
    columns = perf_counter() - begun
    kept = Kept(np.zeros(CASES, np.bool_), 0)
    seconds, counted = min(ours(acts, kept) for _ in range(3))
    begun = perf_counter()
    acts.cases.copy()
    copy = perf_counter() - begun
    say = sys.stdout.write
    say(f"measures: {CASES:,} cases, {len(rows):,} acts, as known on {ON}, one core\n")
    say(f"  ours, 9 measures, {counted:,} rows, 12 quarters   {seconds:7.2f} s\n")
    say(f"  ours, acts into columns (once)                 {columns:7.2f} s\n")
    say(f"  plain loop, reply rate alone (from 1 in {SHARE})     {plain(rows):7.2f} s\n")
    say(f"  limit: one copy of the columns                 {copy:7.3f} s\n")


if __name__ == "__main__":
    main()
