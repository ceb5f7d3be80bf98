"""The clocks of very many cases at once: the same dates as `clocks.clocks_of`, column by column.

Every rule is one plan: its versions and tracks are grouped, months and days are added to whole
columns of ordinals, and last days roll by looking them up in an array of next workdays. Only a
clock whose days are paused or extended is counted one by one. No derivation is made here; who wants
to see why asks `clocks_of` about the one case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jingyi.core.calendars import RestDays
from jingyi.core.clock_rules import Rule, RuleVersion, Track
from jingyi.core.clocks import STATES, Clock, Event, one_clock

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STATE_NAMES = tuple(STATES)
STATE = {name: number for number, name in enumerate(STATE_NAMES)}
YEAR_ZERO = date(1970, 1, 1).toordinal()  # day 0 of numpy's dates
SHIFT = 22  # bits that hold a day's ordinal; a case's number stands above them
DAYS = (1 << SHIFT) - 1


@dataclass(frozen=True, slots=True)
class Histories:
    """Events of many cases, one row an event, sorted by case and day; events of a day keep order.

    `case` counts from 0 to `cases` - 1; `on` and `until` are ordinals (0: none); `kind` and `track`
    index `kinds` and `tracks`, of which track 0 is the empty one.
    """

    cases: int
    case: Ints
    on: Ints
    kind: Ints
    track: Ints
    until: Ints
    kinds: tuple[str, ...]
    tracks: tuple[str, ...]

    @classmethod
    def of(cls, cases: Sequence[Iterable[Event]]) -> "Histories":
        """Return histories as columns; case number n is `cases[n]`."""
        return cls.from_rows(
            len(cases),
            (
                (n, e.on, e.kind, str(e.data.get("track", "")), e.data.get("until"))
                for n, events in enumerate(cases)
                for e in events
            ),
        )

    @classmethod
    def from_rows(
        cls, cases: int, rows: Iterable[tuple[int, date, str, str, date | str | None]]
    ) -> "Histories":
        """Return (case, day, kind, track, until) rows, in any order, as columns."""
        kinds: dict[str, int] = {}
        tracks = {"": 0}
        flat: list[int] = []
        for case, on, kind, track, until in rows:
            last = date.fromisoformat(until) if isinstance(until, str) and until else until
            flat += (
                case << SHIFT | on.toordinal(),
                kinds.setdefault(kind, len(kinds)),
                tracks.setdefault(track, len(tracks)),
                last.toordinal() if isinstance(last, date) else 0,
            )
        table = np.array(flat, np.int64).reshape(-1, 4)
        table = table[np.argsort(table[:, 0], kind="stable")]
        key = table[:, 0]
        return cls(
            cases,
            key >> SHIFT,
            key & DAYS,
            np.ascontiguousarray(table[:, 1]),
            np.ascontiguousarray(table[:, 2]),
            np.ascontiguousarray(table[:, 3]),
            tuple(kinds),
            tuple(tracks),
        )

    def through(self, on: date) -> "Histories":
        """Return the events that were known by the day `on`."""
        keep = self.on <= on.toordinal()
        columns = (self.case, self.on, self.kind, self.track, self.until)
        case, day, kind, track, until = (column[keep] for column in columns)
        return Histories(self.cases, case, day, kind, track, until, self.kinds, self.tracks)

    def events(self, first: int, last: int) -> list[Event]:
        """Return rows `first` up to `last` as events."""
        return [
            Event(
                self.kinds[self.kind[row]],
                date.fromordinal(int(self.on[row])),
                {
                    "track": self.tracks[self.track[row]],
                    "until": date.fromordinal(int(self.until[row])) if self.until[row] else None,
                },
            )
            for row in range(first, last)
        ]


@dataclass(frozen=True, slots=True)
class Columns:
    """Every started clock of every case, one row a clock; days are ordinals, 0 where there is none.

    `rule` indexes the rules given, `version` and `track` those of the rule (-1: not in force),
    `state` indexes STATE_NAMES.
    """

    case: Ints
    rule: Ints
    start: Ints
    version: Ints
    track: Ints
    ended: Ints
    raw: Ints
    due: Ints
    state: Ints

    def __len__(self) -> int:
        return len(self.case)


NAMES = ("case", "rule", "start", "version", "track", "ended", "raw", "due", "state")


class WorkingDays:
    """A calendar as arrays over its announced days."""

    def __init__(self, calendar: RestDays) -> None:
        self.calendar = calendar
        self.first = calendar.announced_from.toordinal()
        self.last = calendar.announced_through.toordinal()
        days = range(self.first, self.last + 1)
        self.rest = np.array([calendar.is_rest(date.fromordinal(day)) for day in days])
        work = np.where(self.rest, self.last + 1, np.arange(self.first, self.last + 1))
        following = np.minimum.accumulate(work[::-1])[::-1]
        self.following = np.where(following > self.last, 0, following)  # 0: past the calendar
        self.work = np.flatnonzero(~self.rest) + self.first

    def rolled(self, days: Ints) -> Ints:
        """Return each day or the first workday after it; 0 where that is not announced."""
        known = (days >= self.first) & (days <= self.last)
        place = np.clip(days - self.first, 0, self.last - self.first)
        return np.where(known, self.following[place], 0)

    def after(self, days: Ints, wanted: int) -> Ints:
        """Return the `wanted`th workday after each day; 0 where that is not announced."""
        place = np.searchsorted(self.work, days, "right") + wanted - 1
        known = (days >= self.first - 1) & (place < len(self.work))
        return np.where(known, self.work[np.clip(place, 0, len(self.work) - 1)], 0)


def plus_months(days: Ints, months: int) -> Ints:
    """Return the day of the same number `months` later, or the last day of a shorter month."""
    moment = (days - YEAR_ZERO).astype("datetime64[D]")
    month = moment.astype("datetime64[M]")
    offset = (moment - month.astype("datetime64[D]")).astype(np.int64)
    target = month + np.timedelta64(months, "M")
    first = target.astype("datetime64[D]").astype(np.int64)
    length = (target + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - first
    shifted: Ints = first + np.minimum(offset, length - 1) + YEAR_ZERO
    return shifted


class Fleet:
    """The rules of one procedure, prepared to count the clocks of any number of cases."""

    def __init__(self, rules: Iterable[Rule], procedure: str, calendar: RestDays) -> None:
        self.procedure = procedure
        self.calendar = calendar
        self.rules = tuple(rule for rule in rules if procedure in rule.procedures)
        self.days = WorkingDays(calendar)

    def clocks(self, histories: Histories, on: date) -> Columns:
        """Return every started clock as of the day `on`, ordered by rule, case and start."""
        count = _Count(self, histories.through(on), on)
        found = [count.columns(rule) for rule in self.rules]
        return Columns(*(np.concatenate([getattr(part, name) for part in found]) for name in NAMES))


class _Count:
    """One counting: what is known of the histories, and the rules already counted."""

    def __init__(self, fleet: Fleet, known: Histories, on: date) -> None:
        self.fleet = fleet
        self.known = known
        self.on = on
        self.today = on.toordinal()
        self.key = known.case << SHIFT | known.on
        self.numbers = {kind: n for n, kind in enumerate(known.kinds)}
        self.expiring = {rule.expires: rule for rule in fleet.rules if rule.expires}
        self.done: dict[str, Columns] = {}

    @cached_property
    def bounds(self) -> Ints:
        """The first row of each case, and the end of the last."""
        return np.searchsorted(self.known.case, np.arange(self.known.cases + 1))

    def of_kinds(self, kinds: Iterable[str]) -> Flags:
        """Return which rows are events of `kinds`."""
        wanted = np.zeros(max(len(self.known.kinds), 1), np.bool_)
        for kind in kinds:
            if kind in self.numbers:
                wanted[self.numbers[kind]] = True
        found: Flags = wanted[self.known.kind]
        return found

    def first_after(self, kinds: Iterable[str], case: Ints, day: Ints) -> Ints:
        """Return the day of the first event of `kinds` on or after `day` in each case, or 0."""
        keys = self.key[self.of_kinds(kinds)]
        if not len(keys):
            return np.zeros(len(case), np.int64)
        place = np.searchsorted(keys, case << SHIFT | day)
        found = keys[np.minimum(place, len(keys) - 1)]
        return np.where((place < len(keys)) & (found >> SHIFT == case), found & DAYS, 0)

    def columns(self, rule: Rule) -> Columns:
        if rule.id not in self.done:
            self.done[rule.id] = self.count(rule)
        return self.done[rule.id]

    def starts(self, rule: Rule) -> tuple[Ints, Ints, Ints, Flags]:
        """Return (case, day, row or -1, whether it is an expiry) of what starts the rule."""
        rows = np.flatnonzero(self.of_kinds(rule.starts))
        case, day, row = [self.known.case[rows]], [self.known.on[rows]], [rows]
        expiry = [np.zeros(len(rows), np.bool_)]
        for kind in rule.starts:
            if kind in self.expiring:
                over = self.columns(self.expiring[kind])
                take = (over.due > 0) & self.expired(over) & ~self.cut_off(rule, over)
                recorded = np.zeros(self.known.cases, np.bool_)
                recorded[self.known.case[self.of_kinds([kind])]] = True
                take &= ~recorded[over.case]
                case.append(over.case[take])
                day.append(over.due[take])
                row.append(np.full(take.sum(), -1))
                expiry.append(np.ones(take.sum(), np.bool_))
        joined = np.concatenate(case), np.concatenate(day), np.concatenate(row)
        order = np.argsort(joined[0] << SHIFT | joined[1], kind="stable")
        return (*(column[order] for column in joined), np.concatenate(expiry)[order])  # type: ignore[return-value]

    @staticmethod
    def expired(clocks: Columns) -> Flags:
        """A period runs out whether or not the act was done in time, unless it became void."""
        void = clocks.state == STATE["void"]
        found: Flags = ~void | (clocks.ended == 0) | (clocks.ended > clocks.due)
        return found

    def cut_off(self, rule: Rule, clocks: Columns) -> Flags:
        """Whether what ends `rule` came before the period was out."""
        ends = self.first_after({*rule.stops, *rule.voids}, clocks.case, clocks.start)
        found: Flags = (ends > 0) & (ends < clocks.due)
        return found

    def count(self, rule: Rule) -> Columns:
        case, start, row, expiry = self.starts(rule)
        size = len(case)
        stop = self.first_after(rule.stops, case, start)
        replaced = np.zeros(size, np.int64)
        replaced[:-1] = np.where(case[1:] == case[:-1], start[1:], 0)
        void = _earlier(self.first_after(rule.voids, case, start), replaced)
        ended = _earlier(stop, void)
        version = np.full(size, -1)
        track = np.full(size, -1)
        raw = np.zeros(size, np.int64)
        due = np.zeros(size, np.int64)
        named = np.where(row >= 0, self.known.track[row], 0) if size else row
        for number, item in enumerate(rule.versions):
            mine = np.flatnonzero(counted_by(rule, item, start))
            version[mine] = number
            track[mine] = self.tracks(item)[named[mine]]
            for place, one in enumerate(item.tracks.values()):
                rows = mine[track[mine] == place]
                raw[rows], due[rows] = self.ends(item, one, start[rows])
        rules = np.full(size, self.fleet.rules.index(rule))
        state = np.zeros(size, np.int64)
        found = Columns(case, rules, start, version, track, ended, raw, due, state)
        state[:] = self.states(rule, found, stop, void, expiry)
        self.one_by_one(rule, found, row, replaced)
        return found

    def tracks(self, version: RuleVersion) -> Ints:
        """Return the place of the track that each name of the histories chooses."""
        places = {name: place for place, name in enumerate(version.tracks)}
        own = places.get(self.fleet.procedure, 0)
        return np.array([places.get(name, own) for name in self.known.tracks])

    def ends(self, version: RuleVersion, track: Track, start: Ints) -> tuple[Ints, Ints]:
        """Return (raw, due) of undisturbed periods; 0 where a day cannot be said."""
        period = track.period
        if period.hours:  # a moment is needed, and events have days
            return np.zeros_like(start), np.zeros_like(start)
        if version.counts_back:
            return start - period.days, start - period.days
        raw = plus_months(start, period.months) if period.months else start + period.days
        if period.workdays:
            raw = self.fleet.days.after(start, period.workdays)
        return raw, self.fleet.days.rolled(raw) if version.roll_off_rest_days else raw

    def states(self, rule: Rule, found: Columns, stop: Ints, void: Ints, expiry: Flags) -> Ints:
        """Return where undisturbed clocks stand, as `clocks` says it of one."""
        start, ended, due = found.start, found.ended, found.due
        last = np.where(due > 0, due, found.raw)
        asked = np.where(ended > 0, ended, self.today)
        late = "overdue" if rule.nature == "duty" else "elapsed"
        unsaid = (last == 0) | ((due == 0) & (asked > last))
        choices = (
            ((void > 0) & ((stop == 0) | (void < stop)), STATE["void"]),
            (expiry & (self.today <= start), STATE["ahead"]),
            (unsaid, STATE["unknown"]),
            ((ended > 0) & (ended <= last), STATE["in-time"]),
            (ended > 0, STATE["late"]),
            (self.today <= last, STATE["running"]),
        )
        return np.select([c for c, _ in choices], [v for _, v in choices], STATE[late])

    def one_by_one(self, rule: Rule, found: Columns, row: Ints, replaced: Ints) -> None:
        """Count the clocks that pauses or extensions touch by the plain way, into `found`."""
        for n in np.flatnonzero(self.touched(rule, found)):
            case = found.case[n]
            history = self.known.events(self.bounds[case], self.bounds[case + 1])
            if row[n] >= 0:
                start = history[row[n] - self.bounds[case]]
            else:
                start = Event("", date.fromordinal(int(found.start[n])), {"expiry": True})
            clock = one_clock(
                history,
                rule,
                start,
                date.fromordinal(int(replaced[n])) if replaced[n] else None,
                procedure=self.fleet.procedure,
                calendar=self.fleet.calendar,
                on=self.on,
            )
            found.raw[n] = clock.raw.toordinal() if clock.raw else 0
            found.due[n] = clock.due.toordinal() if clock.due else 0
            found.state[n] = STATE[clock.state]

    def touched(self, rule: Rule, found: Columns) -> Flags:
        """Return which clocks a pause or an extension may reach: one after the start, or one open."""
        pauses = {(p.begins, p.ends) for v in rule.versions for p in v.pauses.values()}
        kinds = {kind for pair in pauses for kind in pair}
        for version in rule.versions:
            kinds |= {extension.event for extension in version.extensions.values()}
        reached = self.first_after(kinds, found.case, found.start) > 0
        for begin, end in pauses:
            begins = np.bincount(
                self.known.case[self.of_kinds([begin])], minlength=self.known.cases
            )
            rows = np.flatnonzero(self.of_kinds([begin, end]))
            ended = np.zeros(self.known.cases, np.bool_)
            ended[self.known.case[rows]] = self.of_kinds([end])[rows]  # the last one stays
            unclear = (begins > 0) & ~((begins == 1) & ended)
            reached |= unclear[found.case]
        return reached


def counted_by(rule: Rule, version: RuleVersion, start: Ints) -> Flags:
    """Return which starts `version` counts, as `Rule.applies` says of one."""
    if rule.moved_to:
        return np.full(len(start), version.in_force_from == rule.moved_to)
    last = version.in_force_to.toordinal() if version.in_force_to else DAYS
    within: Flags = (start >= version.in_force_from.toordinal()) & (start <= last)
    return within


def _earlier(one: Ints, other: Ints) -> Ints:
    """Return the earlier of two days; 0 is no day."""
    both = np.minimum(one, other)
    return np.where(both > 0, both, np.maximum(one, other))


def row_of(clock: Clock, case: int, rules: Sequence[Rule]) -> tuple[int, ...]:
    """Return a started clock as a row of `Columns`, to compare (version and track left out)."""

    def day(given: date | None) -> int:
        return given.toordinal() if given else 0

    return (
        case,
        rules.index(clock.rule),
        day(clock.started_on),
        day(clock.ended_on),
        day(clock.raw),
        day(clock.due),
        STATE[clock.state],
    )
