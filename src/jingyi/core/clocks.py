"""The clocks of a case, worked out from its dated events; nothing about them is stored as a state.

`deadline` counts one period; `clocks_of` finds every clock a case has; `ribbon` lays one out day
by day. Whether a clock is overdue is a question about a day, so it is asked with that day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jingyi.core.arithmetic import NotCountable, Span, add_months, count
from jingyi.core.calendars import DAY, CalendarGap, RestDays
from jingyi.core.clock_rules import Period, Rule, RuleNotInForce
from jingyi.core.counting import Deadline, Extension, deadline
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say

__all__ = [
    "CalendarGap",
    "Clock",
    "Deadline",
    "Event",
    "Extension",
    "NotCountable",
    "Period",
    "RibbonDay",
    "Rule",
    "RuleNotInForce",
    "Span",
    "add_months",
    "clocks_of",
    "count",
    "deadline",
    "expiries",
    "one_clock",
    "ribbon",
]

STATES = {
    "not-started": say("未开始"),
    "ahead": say("即将开始"),
    "running": say("计时中"),
    "paused": say("暂停中"),
    "overdue": say("已逾期"),
    "in-time": say("按期完成"),
    "late": say("逾期完成"),
    "elapsed": say("已届满"),
    "void": say("不再适用"),
    "unknown": say("无法计算"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a case's file: a kind of states.toml, its day, and what more is known of it.

    `data` may hold `track` (of the clock it starts) and `until` (a superior's extension).
    """

    kind: str
    on: date
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of a case as it stands `as_of` a day.

    `state` is a key of STATES. `deadline` is None where the clock has not started or cannot be
    counted; then `refused` says why, and `raw` is the unrolled last day if that much is known.
    """

    rule: Rule
    state: str
    as_of: date
    started_on: date | None = None
    ended_on: date | None = None
    deadline: Deadline | None = None
    raw: date | None = None
    refused: Refusal | None = None

    @property
    def title(self) -> Sentence:
        return self.rule.title

    @property
    def due(self) -> date | None:
        """The last day in time; None where it cannot be said (see `raw` and `refused`)."""
        return self.deadline.due if self.deadline else None

    @property
    def open(self) -> bool:
        """Whether the clock still asks something of somebody."""
        return self.state in {"running", "paused", "overdue"}

    @property
    def days_left(self) -> int | None:
        """Days from `as_of` to the last day: 0 on that day, negative after it."""
        last = self.due or self.raw
        return (last - self.as_of).days if last and self.open else None

    @property
    def says(self) -> Sentence:
        """The state in a few words, with the number of days where that matters."""
        left = self.days_left
        if self.state == "overdue" and left is not None:
            return say("已逾期 {n} 天", n=-left)
        if self.state == "running" and left is not None:
            return say("还有 {n} 天", n=left) if left else say("今天到期")
        if self.state in {"in-time", "late"}:
            return say("{state}（{day}）", state=STATES[self.state], day=self.ended_on)
        if self.state == "ahead":
            return say("自 {day} 期满起开始", day=self.started_on)
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class RibbonDay:
    """One day of a deadline's ribbon; `mark` is one of start, counted, rest, paused, rolled, due."""

    day: date
    mark: str
    why: Sentence | None = None


def ribbon(found: Deadline, calendar: RestDays) -> tuple[RibbonDay, ...]:
    """Return each day from the start to the last day, and what became of it.

    Rest days inside the period count: `rest` is counted too. A last day that rolled is `rolled`.
    """
    days = [RibbonDay(found.started_on, "start")]
    day = found.started_on
    while day < found.due:
        day += DAY
        why = calendar.why(day)
        if day == found.due:
            days.append(RibbonDay(day, "due", why))
        elif day >= found.due_raw:
            days.append(RibbonDay(day, "rolled", why))
        elif any(span.first <= day <= span.last for span in found.spans):
            days.append(RibbonDay(day, "paused", why))
        else:
            resting = calendar.knows(day) and calendar.is_rest(day)
            days.append(RibbonDay(day, "rest" if resting else "counted", why))
    return tuple(days)


def clocks_of(
    events: Iterable[Event],
    *,
    rules: Iterable[Rule],
    procedure: str,
    calendar: RestDays,
    on: date,
) -> tuple[Clock, ...]:
    """Return every clock of a case as of the day `on`; events after that day are not looked at.

    Args:
        events: in any order.
        rules: from `rulebook.clocks()`.
        procedure: administrative or civil; only rules of that procedure are considered.
        calendar: from `rulebook.rest_days`.
    """
    history = sorted((event for event in events if event.on <= on), key=lambda event: event.on)
    case = _Case(history, rules, procedure, calendar, on)
    return tuple(clock for rule in case.rules for clock in case.clocks(rule))


def one_clock(
    history: Sequence[Event],
    rule: Rule,
    start: Event,
    replaced_on: date | None,
    *,
    procedure: str,
    calendar: RestDays,
    on: date,
) -> Clock:
    """Return the clock of `rule` that `start` began in a case; `history` is sorted, through `on`."""
    return _Case(history, [rule], procedure, calendar, on).clock(rule, start, replaced_on)


def expiries(clocks: Iterable[Clock]) -> tuple[Event, ...]:
    """Return the events that the passing of last days amounts to, such as a notice's expiry.

    What they make possible is asked of `procedure.next_steps`, where they count as on file.
    """
    return tuple(
        Event(clock.rule.expires, clock.due)
        for clock in clocks
        if clock.rule.expires and clock.due and clock.due < clock.as_of and _expired(clock)
    )


def _expired(clock: Clock) -> bool:
    """A rule's period runs out whether or not the act was done in time, unless it became void."""
    if clock.state != "void" or clock.ended_on is None or clock.due is None:
        return True
    return clock.ended_on > clock.due


class _Case:
    """One case's history, read for one day; clocks that start from others are worked out first."""

    def __init__(
        self,
        history: Sequence[Event],
        rules: Iterable[Rule],
        procedure: str,
        calendar: RestDays,
        on: date,
    ) -> None:
        self.history = history
        self.procedure = procedure
        self.rules = [rule for rule in rules if procedure in rule.procedures]
        self.calendar = calendar
        self.on = on
        self.expiring = {rule.expires: rule for rule in self.rules if rule.expires}
        self.found: dict[str, tuple[Clock, ...]] = {}

    def clocks(self, rule: Rule) -> tuple[Clock, ...]:
        if rule.id not in self.found:
            starts = self.starts(rule)
            replaced = [start.on for start in starts[1:]] + [None]
            self.found[rule.id] = tuple(
                self.clock(rule, start, until)
                for start, until in zip(starts, replaced, strict=False)
            ) or (Clock(rule, "not-started", self.on),)
        return self.found[rule.id]

    def starts(self, rule: Rule) -> list[Event]:
        """Return what starts the rule: events on file, and the ends of periods that start it."""
        found = [event for event in self.history if event.kind in rule.starts]
        recorded = {event.kind for event in found}
        for kind in rule.starts:
            if kind in self.expiring and kind not in recorded:
                found += [
                    Event(kind, clock.due, {"expiry": True})
                    for clock in self.clocks(self.expiring[kind])
                    if clock.due and _expired(clock) and not self.over(rule, clock)
                ]
        return sorted(found, key=lambda event: event.on)

    def over(self, rule: Rule, clock: Clock) -> bool:
        """Tell whether what ends `rule` came before the period was out: then it never begins."""
        ends = {*rule.stops, *rule.voids}
        first, last = clock.started_on, clock.due
        return any(e.kind in ends and first and last and first <= e.on < last for e in self.history)

    def clock(self, rule: Rule, start: Event, replaced_on: date | None) -> Clock:
        """Return the clock begun by `start`; a later start of the same rule replaces it."""
        stop = self.first_after(start.on, rule.stops)
        voided = (self.first_after(start.on, rule.voids), replaced_on)
        void = min((day for day in voided if day), default=None)
        ended = min((day for day in (stop, void) if day), default=None)
        spans: list[Span] = []
        try:
            spans = self.spans(rule, start.on)
            last = deadline(
                rule,
                started_on=start.on,
                calendar=self.calendar,
                track=self.track(rule, start),
                spans=spans,
                extensions=self.extensions(rule, start.on, ended or self.on),
            )
        except Refusal as refusal:
            raw = refusal.raw if isinstance(refusal, CalendarGap) else None
            state = self.state(start, stop, void) or self.standing(raw, ended, spans, known=False)
            return Clock(rule, state, self.on, start.on, ended, None, raw, refusal)
        state = self.state(start, stop, void) or self.standing(last.due, ended, last.spans)
        if state == "overdue" and rule.nature != "duty":
            state = "elapsed"
        return Clock(rule, state, self.on, start.on, ended, last, last.due_raw)

    def track(self, rule: Rule, start: Event) -> str:
        """Return the track an event names, or the one called like the case's own procedure.

        An event starts several clocks, so a track that this rule does not have says nothing here.
        """
        tracks = rule.version_on(start.on).tracks
        named = str(start.data.get("track", ""))
        return next((name for name in (named, self.procedure) if name in tracks), "")

    def state(self, start: Event, stop: date | None, void: date | None) -> str:
        """Return the state where it does not depend on the last day, else an empty text."""
        if void and (not stop or void < stop):
            return "void"
        return "ahead" if start.data.get("expiry") and self.on <= start.on else ""

    def standing(
        self, last: date | None, ended: date | None, spans: Sequence[Span], *, known: bool = True
    ) -> str:
        """Return where a clock stands against `last`; unless `known` that day may still roll."""
        if last is None or (not known and (ended or self.on) > last):
            return "unknown"
        if ended:
            return "in-time" if ended <= last else "late"
        if any(span.first <= self.on <= span.last for span in spans):
            return "paused"
        return "running" if self.on <= last else "overdue"

    def first_after(self, day: date, kinds: Sequence[str]) -> date | None:
        """Return the day of the first event of `kinds` on or after `day`."""
        return next((e.on for e in self.history if e.kind in kinds and e.on >= day), None)

    def spans(self, rule: Rule, started_on: date) -> list[Span]:
        """Return the days left out. One that has not ended yet is left out through today."""
        found = []
        for kind, pause in rule.version_on(started_on).pauses.items():
            running = 0  # several appraisals at once leave the days out only once
            began = self.on
            for event in self.history:
                if event.kind == pause.begins:
                    began = began if running else event.on
                    running += 1
                elif event.kind == pause.ends and running:
                    running -= 1
                    last = event.on if pause.through_end else event.on - DAY
                    if not running and last >= began:
                        found.append(Span(kind, began, last))
            if running:
                found.append(Span(kind, began, self.on))
        return found

    def extensions(self, rule: Rule, started_on: date, ended_on: date) -> list[Extension]:
        """Return what was granted while the clock ran; what came later was another clock's."""
        kinds = {item.event: kind for kind, item in rule.version_on(started_on).extensions.items()}
        return [
            Extension(kinds[event.kind], event.on, _day(event.data.get("until")))
            for event in self.history
            if event.kind in kinds and started_on <= event.on <= ended_on
        ]


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None
