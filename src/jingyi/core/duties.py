"""The duty calendar: which last days follow from one row of an organ's ledger, and why.

A row holds only days. Each clock of its kind begins on the day of one column, or where another
period of the same row ends; it is over when the column says so. Nothing here depends on today: what
is late is asked of a `Duty` with a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jingyi.core.calendars import CalendarGap, RestDays
from jingyi.core.clock_rules import Rule
from jingyi.core.clocks import Deadline, deadline
from jingyi.core.ledgers import Kind
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say

SOON = timedelta(days=30)
BOXES = ("overdue", "month", "later")


@dataclass(frozen=True, slots=True)
class Duty:
    """One last day of a row.

    `due` is the last day in time, provisional where the calendar of rest days does not reach that
    far; `met_on` the day it was done, `void_on` the day it no longer mattered. `party` is whose act
    it is: organ (the one that keeps the ledger), public, or other (another organ). A wait is a period to sit out; nobody is late in one.
    """

    rule: str
    title: Sentence
    party: str
    wait: bool
    started_on: date | None
    due: date
    provisional: bool
    met_on: date | None
    void_on: date | None
    steps: tuple[Sentence, ...]

    @property
    def open(self) -> bool:
        """Whether it still asks something of somebody."""
        return self.met_on is None and self.void_on is None

    def box(self, on: date) -> str:
        """Return where it stands on a day: overdue, month, later, or done."""
        if not self.open or (self.wait and self.due < on):
            return "done"
        if self.due < on:
            return "overdue"
        return "month" if self.due <= on + SOON else "later"


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A period of a row that cannot be counted, and why: it is shown, never left out in silence."""

    rule: str
    title: Sentence
    why: Sentence


def duties(
    kind: Kind, values: Mapping[str, str], *, calendar: RestDays
) -> tuple[tuple[Duty, ...], tuple[Uncounted, ...]]:
    """Return the last days that follow from a row, soonest first, and what could not be counted.

    Args:
        values: column → value; dates as YYYY-MM-DD.
        calendar: from `rulebook.rest_days`.
    """
    row = _Row(kind, values, calendar)
    found = [duty for rule in kind.clocks if (duty := row.duty(rule))]
    found += row.stated()
    if reminder := row.reminder(found):
        found.append(reminder)
    ordered = sorted(found, key=lambda duty: (duty.due, duty.rule))
    return tuple(ordered), tuple(row.uncounted)


class _Row:
    """The days of one row, and the periods counted so far."""

    def __init__(self, kind: Kind, values: Mapping[str, str], calendar: RestDays) -> None:
        self.kind = kind
        self.calendar = calendar
        self.dates = {
            one.id: date.fromisoformat(values[one.id])
            for one in kind.fields
            if one.type == "date" and values.get(one.id)
        }
        self.on: dict[str, date] = {}
        for one in kind.fields:
            if one.event and one.id in self.dates:
                self.on[one.event] = self.dates[one.id]
        for one in kind.fields:
            for event in one.implies if one.id in self.dates else ():
                self.on.setdefault(event, self.dates[one.id])
        self.found: dict[str, Duty | None] = {}
        self.uncounted: list[Uncounted] = []

    def duty(self, rule: Rule) -> Duty | None:
        if rule.id not in self.found:
            self.found[rule.id] = self._counted(rule)
        return self.found[rule.id]

    def _counted(self, rule: Rule) -> Duty | None:
        start, because = self._start(rule)
        if start is None:
            return None
        met, void = self._first(rule.stops), self._first(rule.voids)
        try:
            due, provisional, steps = self._last_day(rule, start)
        except Refusal as refusal:
            self.uncounted.append(Uncounted(rule.id, rule.title, refusal.sentence))
            return None
        party = "other" if rule.id in self.kind.others else rule.party
        return Duty(
            rule.id, rule.title, party, rule.nature != "duty", start, due, provisional,
            met, void if met is None else None, (*because, *steps),
        )  # fmt: skip

    def _start(self, rule: Rule) -> tuple[date | None, tuple[Sentence, ...]]:
        """Return the day a rule begins: a day of the row, or the end of a period that starts it."""
        stated = [self.on[event] for event in rule.starts if event in self.on]
        if stated:
            return min(stated), ()
        for before in self.kind.clocks:
            if before.expires in rule.starts and before.expires:
                ended = self.duty(before)
                if ended and ended.void_on is None:
                    why = say("“{title}”于 {day} 届满，自此起算", title=ended.title, day=ended.due)
                    return ended.due, (*ended.steps, why)
        return None, ()

    def _last_day(self, rule: Rule, start: date) -> tuple[date, bool, tuple[Sentence, ...]]:
        try:
            found: Deadline = deadline(rule, started_on=start, calendar=self.calendar)
        except CalendarGap as gap:
            if gap.raw is None:
                raise
            return gap.raw, True, (*_begun(rule, start, gap.raw), gap.sentence)
        return found.due, False, found.steps

    def _first(self, events: Iterable[str]) -> date | None:
        return min((self.on[event] for event in events if event in self.on), default=None)

    def stated(self) -> list[Duty]:
        """Return the last days that the ledger itself names."""
        made = []
        for one in self.kind.fields:
            if one.due is None or one.id not in self.dates:
                continue
            met = min((self.dates[name] for name in one.met_by if name in self.dates), default=None)
            due = self.dates[one.id]
            why = say("台账“{column}”一栏载明 {day}", column=one.title, day=due)
            made.append(
                Duty(
                    f"stated.{one.id}",
                    one.due,
                    one.due_party,
                    False,
                    None,
                    due,
                    False,
                    met,
                    None,
                    (why,),
                )
            )
        return made

    def reminder(self, found: Iterable[Duty]) -> Duty | None:
        """Return the last day for the reminder that has to come before asking the court."""
        rule = self.kind.reminder
        ahead = [duty for duty in found if duty.rule == "enforcement.apply"]
        if rule is None or not ahead or not ahead[0].open:
            return None
        days = rule.version_on(ahead[0].due).tracks["ordinary"].period.days
        last = ahead[0].due - timedelta(days=days)
        why = say(
            "申请强制执行前须先催告满 {days} 日（{source}），最迟应在 {day} 送达催告书",
            days=days, source=str(rule.versions[-1].source), day=last,
        )  # fmt: skip
        return Duty(
            "enforcement.remind", say("最迟送达催告书"), "organ", False, None, last,
            ahead[0].provisional, self.on.get("penalty.urged"), None, (*ahead[0].steps, why),
        )  # fmt: skip


def _begun(rule: Rule, start: date, raw: date) -> tuple[Sentence, ...]:
    """Say how a period was counted whose last day may still roll."""
    version = rule.version_on(start)
    track = next(iter(version.tracks.values()))
    return (
        say("自 {day} 起算，当日不计入（{source}）", day=start, source=str(version.counting.start_day)),
        say(
            "{source}：期限为 {period}，至 {end}；遇休假日是否顺延尚不知道，先按这一日提醒",
            source=str(version.cites(track)), period=track.period.sentence, end=raw,
        ),
    )  # fmt: skip
