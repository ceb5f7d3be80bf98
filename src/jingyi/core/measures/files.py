"""What was on file on a day: from acts in the order they were entered, column by column.

An act puts an event into a place of a case's file, or takes out what is there. A correction takes
over the place. So what was known by a day is, for each place, the last act entered by then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jingyi.core.clocks_columns import SHIFT, Histories

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

GONE = ""  # the kind of an act that takes an event out
PLACE = 1 << 20  # more places than a file has
DECIDED, SERVED = "suggestion.decided", "suggestion.served"
WORDS = ("", "ordinary", "urgent")
LEAD_KINDS = ("undone", "registered", "filed", "declined")
UNDONE, REGISTERED, FILED, DECLINED = range(4)

CaseAct = tuple[int, int, str, int, int, str, str, int]
LeadAct = tuple[int, int, int, int, int]
Letter = tuple[int, int, int]
Rating = tuple[int, int, int]
RATINGS = ("", "not", "mostly", "satisfied")


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts about cases and leads, in the order they were entered. Days are ordinals, 0 for none.

    `cases` rows: case, place, kind, on, until, track, mark, day entered; `kind` indexes `kinds`,
    `track` and `mark` index `words`. `leads` rows: lead, number of the decision, kind (LEAD_KINDS),
    case or -1, day entered; an undoing names the decision that it takes back. `letters` rows:
    report, day received, day first answered or 0; entered on those very days. `ratings` rows:
    proposal, day rated, index of RATINGS; those taken back are not among them.
    """

    cases: Ints
    leads: Ints
    letters: Ints
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    ratings: Ints

    @classmethod
    def of(
        cls,
        cases: Iterable[CaseAct],
        leads: Iterable[LeadAct] = (),
        letters: Iterable[Letter] = (),
        ratings: Iterable[Rating] = (),
    ) -> "Acts":
        """Return rows as columns. The track of a decided suggestion says whether it is urgent."""
        kinds = {GONE: 0}
        words = {word: n for n, word in enumerate(WORDS)}
        flat: list[int] = []
        for case, place, kind, on, until, track, mark, entered in cases:
            flat += (
                case,
                place,
                kinds.setdefault(kind, len(kinds)),
                on,
                until,
                words.setdefault(track, len(words)),
                words.setdefault(mark, len(words)),
                entered,
            )
        return cls(
            np.array(flat, np.int64).reshape(-1, 8),
            np.array([*leads], np.int64).reshape(-1, 5),
            np.array([*letters], np.int64).reshape(-1, 3),
            tuple(kinds),
            tuple(words),
            np.array([*ratings], np.int64).reshape(-1, 3),
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What belongs to the cases and leads that acts number: by number, the same on any day.

    `moved`: the versions of rules that a case's clocks were moved to.
    """

    civil: Flags
    leads: int
    moved: Mapping[int, Mapping[str, date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Files:
    """The files as they were on the day `on`: live events by case, day and place; live decisions.

    `marks` runs beside the events and indexes `words`; `decisions` are rows of `Acts.leads`, and
    `letters` of `Acts.letters`, `ratings` of `Acts.ratings`.
    """

    on: date
    kept: Kept
    events: Histories
    marks: Ints
    words: tuple[str, ...]
    decisions: Ints
    letters: Ints
    ratings: Ints

    def rows_of(self, *kinds: str) -> Ints:
        """Return the rows of events of `kinds`."""
        wanted = [n for n, kind in enumerate(self.events.kinds) if kind in kinds]
        return np.flatnonzero(np.isin(self.events.kind, wanted))

    def first(self, *kinds: str) -> Ints:
        """Return for each case the day of its first event of `kinds`, or 0."""
        rows = self.rows_of(*kinds)[::-1]  # the earliest is written last
        found = np.zeros(self.events.cases, np.int64)
        found[self.events.case[rows]] = self.events.on[rows]
        return found

    def last(self, *kinds: str) -> Ints:
        """Return for each case the row of its last event of `kinds`, or -1."""
        rows = self.rows_of(*kinds)
        found = np.full(self.events.cases, -1)
        found[self.events.case[rows]] = rows
        return found


def on_file(acts: Acts, kept: Kept, *, on: date, known: date | None = None) -> Files:
    """Return what was on file on the day `on`.

    Args:
        acts: every act, in order of entry.
        kept: the cases and leads that they number.
        on: events after that day are not looked at.
        known: acts entered after that day are not known yet; None knows them all.
    """
    events, marks = _events(acts, len(kept.civil), on, known)
    decisions = _decisions(acts.leads, on, known, events)
    letters = acts.letters[acts.letters[:, 1] <= on.toordinal()].copy()
    letters[letters[:, 2] > on.toordinal(), 2] = 0
    ratings = acts.ratings[acts.ratings[:, 1] <= on.toordinal()]
    return Files(on, kept, events, marks, acts.words, decisions, letters, ratings)


def _events(acts: Acts, cases: int, on: date, known: date | None) -> tuple[Histories, Ints]:
    table = acts.cases
    if known is not None:
        table = table[table[:, 7] <= known.toordinal()]
    # the last act in each place of each file
    key = table[:, 0] * PLACE + table[:, 1]
    order = np.argsort(key, kind="stable")
    ends = np.flatnonzero(np.diff(key[order], append=-1))
    table = table[order[ends]]
    table = table[(table[:, 2] != 0) & (table[:, 3] <= on.toordinal())]
    # by case and day; those of a day stay in the order of their places
    table = table[np.argsort(table[:, 0] << SHIFT | table[:, 3], kind="stable")]
    case, _place, kind, day, until, track, mark, _entered = (
        np.ascontiguousarray(column) for column in table.T
    )
    track = _served_as_decided(acts, case, kind, track)
    found = Histories(cases, case, day, kind, track, until, acts.kinds, acts.words)
    return found, mark


def _served_as_decided(acts: Acts, case: Ints, kind: Ints, track: Ints) -> Ints:
    """Give the service of a suggestion the track of the one decided last before it."""
    numbers = {name: n for n, name in enumerate(acts.kinds)}
    rows = np.arange(len(case))
    decided = kind == numbers.get(DECIDED, -1)
    before = np.maximum.accumulate(np.where(decided, rows, -1)) if len(rows) else rows
    urgent, ordinary = acts.words.index("urgent"), acts.words.index("ordinary")
    own = (before >= 0) & (case[before] == case) & (track[before] == urgent)
    said = np.where(own, urgent, ordinary)
    served = kind == numbers.get(SERVED, -1)
    # being urgent is no track of what the decision itself starts
    return np.where(served, said, np.where(decided, 0, track))


def _decisions(acts: Ints, on: date, known: date | None, events: Histories) -> Ints:
    """Return the decisions about leads in force, with the day each took effect as its last column.

    A filing takes effect on the day that the case's file says; any other on the day it was entered.
    """
    if known is not None:
        acts = acts[acts[:, 4] <= known.toordinal()]
    undone = acts[acts[:, 2] == UNDONE][:, 1]
    live = acts[(acts[:, 2] != UNDONE) & ~np.isin(acts[:, 1], undone)]
    day = live[:, 4].copy()
    filed = (live[:, 2] == FILED) & (live[:, 3] >= 0)
    day[filed] = _filed_on(events)[live[filed, 3]]
    live = np.column_stack([live[:, :4], day])
    found: Ints = live[(day > 0) & (day <= on.toordinal())]
    return found


def _filed_on(events: Histories) -> Ints:
    number = [n for n, kind in enumerate(events.kinds) if kind == "case.filed"]
    rows = np.flatnonzero(np.isin(events.kind, number))[::-1]
    found = np.zeros(events.cases, np.int64)
    found[events.case[rows]] = events.on[rows]
    return found
