"""Where a case stands: its state, the facts on file and its clocks, from its events alone.

The file of a case is a list of dated events. Reading it in order, each event must have been an open
step on its own day; so an event may be entered late, corrected or taken out, and the whole is
judged again as if it had been written so from the start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jingyi.core.calendars import RestDays
from jingyi.core.clock_rules import Rule
from jingyi.core.clocks import Clock, Event, clocks_of, expiries
from jingyi.core.procedure import Procedure, Step, StepClosed, Transition, next_steps
from jingyi.core.words import Sentence

FILED = "case.filed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as it stands on a day."""

    state: str
    facts: frozenset[str]
    clocks: tuple[Clock, ...]
    passed: tuple[tuple[str, date], ...] = ()  # every state it has been in, and since when


@dataclass(frozen=True, slots=True)
class Law:
    """What a case is read by: its procedure, the rules of its clocks, and the calendar."""

    procedure: Procedure
    rules: tuple[Rule, ...]
    calendar: RestDays

    def clocks(self, history: Sequence[Event], on: date) -> tuple[Clock, ...]:
        """Return every clock of the case as of the day `on`."""
        return clocks_of(
            history,
            rules=self.rules,
            procedure=self.procedure.track,
            calendar=self.calendar,
            on=on,
        )

    def grounds(self) -> frozenset[str]:
        """Return the grounds a closing step may be given."""
        return frozenset(self.procedure.grounds)


def stand(law: Law, history: Sequence[Event], *, on: date) -> Standing:
    """Return where a case stands on the day `on`.

    Args:
        law: what it is read by.
        history: in the order they happened; the first is the filing. `data["ground"]` of a closing
            event names its ground.
        on: events after that day are not looked at.

    Raises:
        StepClosed: an event was not an open step on its day, or lies before the filing; the
            sentence names it and says why.
    """
    past = [event for event in history if event.on <= on]
    _begins_with_filing(history)
    state, facts = law.procedure.first, frozenset({FILED})
    passed = [(state, event.on) for event in past[:1]]
    for place, event in enumerate(past[1:], 1):
        step = _taken(law, state, facts, past[:place], event)
        if step.to and step.to != state:
            state = step.to
            passed.append((state, event.on))
        facts = law.procedure.after(facts, event.kind)
    clocks = law.clocks(past, on)
    return Standing(state, facts | _ended(law, past, clocks), clocks, tuple(passed))


def _begins_with_filing(history: Sequence[Event]) -> None:
    """Refuse a file in which something lies before the filing."""
    if not history or history[0].kind == FILED:
        return
    filed = next((event.on for event in history if event.kind == FILED), None)
    if filed is None:
        msg = "a file has no filing"
        raise KeyError(msg)
    raise StepClosed(
        "{day} 早于立案之日 {filed}：立案以前没有别的步骤。请核对这一步和立案的日期。",
        day=history[0].on,
        filed=filed,
    )


def _ended(law: Law, past: Sequence[Event], clocks: Iterable[Clock]) -> frozenset[str]:
    """Return the periods that have run out and still count.

    One that began before an event took its end back is over and done with: after a suggestion was
    withdrawn, only the period of the next one can run out.
    """
    since: dict[str, date] = {}
    for event in past:
        since |= dict.fromkeys(law.procedure.takes_back.get(event.kind, ()), event.on)
    standing = (
        clock
        for clock in clocks
        if clock.started_on and clock.started_on >= since.get(clock.rule.expires, date.min)
    )
    return frozenset(expiry.kind for expiry in expiries(standing))


def steps_now(law: Law, standing: Standing) -> tuple[Step, ...]:
    """Return every step as it stands; a ground is chosen with the step, so none is missed yet."""
    return next_steps(law.procedure, standing.state, standing.facts | law.grounds())


def _taken(
    law: Law, state: str, facts: Iterable[str], before: Sequence[Event], event: Event
) -> Transition:
    """Return the step that `event` was, or refuse with the reason nearest to being met."""
    on_file = {*facts, *filter(None, [event.data.get("ground")])}
    found = _steps(law, state, on_file, event)
    if not any(step.open and not _barred_in_time(law, step) for step in found):
        # only the running out of a period can still make a difference, and it is dear to ask
        clocks = law.clocks(before, event.on)
        found = _steps(law, state, on_file | _ended(law, before, clocks), event)
    for step in found:
        if step.open:
            return step.transition
    nearest = min(found, key=lambda step: (not step.near, len(step.reasons)))
    raise StepClosed(
        "{day} 不能“{step}”：{why}。",
        day=event.on,
        step=nearest.transition.title,
        why=_all(nearest.reasons),
    )


def _barred_in_time(law: Law, step: Step) -> bool:
    """Tell whether the running out of a period would close the step."""
    ends = {rule.expires for rule in law.rules}
    return any(ends & set(bar.any) for bar in step.transition.bars)


def _steps(law: Law, state: str, facts: Iterable[str], event: Event) -> list[Step]:
    found = list(next_steps(law.procedure, state, facts, event.kind))
    if not found:
        msg = f"{law.procedure.track} has no step with the event {event.kind!r}"
        raise KeyError(msg)
    return found


def _all(reasons: Sequence[Sentence]) -> Sentence:
    """Return reasons as one sentence."""
    said = reasons[0]
    for reason in reasons[1:]:
        said = Sentence("{first}；{then}", {"first": said, "then": reason})
    return said
