"""The clocks of the files of one day, rule by rule, in both procedures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from jingyi.core.calendars import RestDays
from jingyi.core.clock_rules import Rule
from jingyi.core.clocks_columns import DAYS, NAMES, SHIFT, Columns, Fleet, Histories
from jingyi.core.measures.files import Files, Flags, Ints


def joined(parts: Sequence[Columns]) -> Columns:
    """Return clocks one after the other."""
    none = np.zeros(0, np.int64)
    return Columns(*(np.concatenate([none, *(getattr(p, name) for p in parts)]) for name in NAMES))


class Clocks:
    """Counts the clocks of a rule when they are asked for, and keeps them."""

    def __init__(self, files: Files, *, rules: Iterable[Rule], calendar: RestDays) -> None:
        self.files = files
        self.rules = {rule.id: rule for rule in rules}
        self.calendar = calendar
        self.counted: dict[str, Columns] = {}

    def of(self, name: str) -> Columns:
        """Return every clock of a rule, by case and start."""
        if name not in self.counted:
            self._count(name)
        return self.counted[name]

    def first_after(self, clocks: Columns, *kinds: str) -> Ints:
        """Return the day of the first event of `kinds` on or after each clock's start, or 0."""
        rows = self.files.rows_of(*kinds)
        keys = self.files.events.case[rows] << SHIFT | self.files.events.on[rows]
        if not len(keys):
            return np.zeros(len(clocks), np.int64)
        place = np.searchsorted(keys, clocks.case << SHIFT | clocks.start)
        found = keys[np.minimum(place, len(keys) - 1)]
        return np.where((place < len(keys)) & (found >> SHIFT == clocks.case), found & DAYS, 0)

    def withdrawn(self, clocks: Columns) -> Flags:
        """Whether a suggestion was withdrawn, or another was served in its place."""
        replaced = np.zeros(len(clocks), np.bool_)
        replaced[:-1] = clocks.case[1:] == clocks.case[:-1]
        found: Flags = replaced | (self.first_after(clocks, "suggestion.withdrawn") > 0)
        return found

    def of_letters(self, name: str, letters: Ints) -> Columns:
        """Return the clock of each of the public's letters (rows: any, received, answered or 0)."""
        count = len(letters)
        case = np.repeat(np.arange(count), 2)
        on = letters[:, 1:].reshape(-1)
        kind = np.tile([0, 1], count)
        keep = on > 0
        none = np.zeros(keep.sum(), np.int64)
        kinds = ("letter.received", "letter.answered")
        events = Histories(count, case[keep], on[keep], kind[keep], none, none, kinds, ("",))
        fleet = Fleet([self.rules[name]], "letter", self.calendar)
        return fleet.clocks(events, self.files.on)

    def _count(self, name: str) -> None:
        """Count a rule's clocks, and with them those whose running out starts it."""
        rule = self.rules[name]
        starters = [one for one in self.rules.values() if one.expires in rule.starts]
        found: dict[str, list[Columns]] = defaultdict(list)
        for versions, procedure, events in self._alike():
            rules = [
                one.moved(versions[one.id]) if one.id in versions else one
                for one in [*starters, rule]
            ]
            fleet = Fleet(rules, procedure, self.calendar)
            if rule.id in {one.id for one in fleet.rules}:
                columns = fleet.clocks(events, self.files.on)
                for number, one in enumerate(fleet.rules):
                    found[one.id].append(_take(columns, columns.rule == number))
        for rule_id in {name, *found}:
            columns = joined(found[rule_id])
            self.counted[rule_id] = _take(columns, np.lexsort((columns.start, columns.case)))

    def _alike(self) -> Iterable[tuple[Mapping[str, date], str, Histories]]:
        """Yield the events of cases read by the same rules: versions moved to, and procedure."""
        groups: dict[tuple[tuple[str, date], ...], list[int]] = defaultdict(list)
        for case, versions in self.files.kept.moved.items():
            groups[tuple(sorted(versions.items()))].append(case)
        civil = self.files.kept.civil
        plain = np.ones(len(civil), np.bool_)
        for key, cases in groups.items():
            plain[cases] = False
            chosen = np.zeros(len(civil), np.bool_)
            chosen[cases] = True
            for procedure, mine in (("administrative", ~civil), ("civil", civil)):
                yield dict(key), procedure, _of_cases(self.files.events, chosen & mine)
        for procedure, mine in (("administrative", ~civil), ("civil", civil)):
            yield {}, procedure, _of_cases(self.files.events, plain & mine)


def _of_cases(events: Histories, chosen: Flags) -> Histories:
    keep = chosen[events.case]
    columns = (events.case, events.on, events.kind, events.track, events.until)
    case, on, kind, track, until = (column[keep] for column in columns)
    return Histories(events.cases, case, on, kind, track, until, events.kinds, events.tracks)


def _take(columns: Columns, which: Flags | Ints) -> Columns:
    return Columns(*(getattr(columns, name)[which] for name in NAMES))
