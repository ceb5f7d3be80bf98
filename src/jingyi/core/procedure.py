"""Which steps of a case are open now, and why the others are not.

A procedure is data (rulebook/states.toml and states/): states, and steps between them. A step is open when the
case is in a state it starts from, every need is met by a fact on file, and no fact bars it. Facts are
names: kinds of events that have happened, grounds that were found, and expiries that
`clocks.expiries` gives. An event may take facts back: of two verifications the later one stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jingyi.core.law import Source
from jingyi.core.refusal import Refusal
from jingyi.core.stages import Stage
from jingyi.core.words import Sentence, say

DECIDERS = {
    "handler": say("承办检察官"),
    "chief": say("检察长"),
    "superior": say("上一级人民检察院"),
    "organ": say("行政机关"),
    "court": say("人民法院"),
}
KINDS = frozenset({"open", "closed", "left"})  # left: handed to another office


class StepClosed(Refusal):
    """The step is not open now."""


@dataclass(frozen=True, slots=True)
class State:
    id: str
    title: Sentence
    kind: str


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must be on file, or must not: any of these facts."""

    any: tuple[str, ...]
    title: Sentence


@dataclass(frozen=True, slots=True)
class Ground:
    """A listed ground on which a case may be closed."""

    id: str
    title: Sentence
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One lawful step. `to` is empty where the state stays; `who` is the act a role must hold."""

    id: str
    title: Sentence
    starts_from: tuple[str, ...]
    to: str
    event: str
    who: str
    decides: str
    needs: tuple[Need, ...]
    bars: tuple[Need, ...]  # while any of these facts stands, the step is closed
    once: bool
    source: Source
    status: str

    @property
    def decider(self) -> Sentence:
        return DECIDERS[self.decides]


@dataclass(frozen=True, slots=True)
class Procedure:
    """One track whole: where a case begins, its states, steps and grounds of closing."""

    track: str
    title: Sentence
    first: str
    states: Mapping[str, State]
    steps: Mapping[str, Transition]
    grounds: Mapping[str, Ground]
    takes_back: Mapping[str, frozenset[str]]  # what an event makes undone
    stages: tuple[Stage, ...]  # the line on which a case is shown, in order

    def after(self, facts: Iterable[str], event: str) -> frozenset[str]:
        """Return the facts on file once `event` has happened."""
        return frozenset(facts) - self.takes_back.get(event, frozenset()) | {event}


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it stands now: open, or closed with every reason why.

    `near` tells whether the case is in a state the step starts from, so that only something on
    file is missing; the others come later, or are past. `missing` and `barred` are those reasons
    without the article, which is the step's own.
    """

    transition: Transition
    open: bool
    near: bool
    reasons: tuple[Sentence, ...]
    missing: tuple[Sentence, ...] = ()
    barred: tuple[Sentence, ...] = ()

    @property
    def says(self) -> Sentence:
        """Who decides an open step; why a closed one is closed."""
        if self.open:
            return say(
                "由{who}决定（{source}）",
                who=self.transition.decider,
                source=str(self.transition.source),
            )
        return self.reasons[0]


def next_steps(
    procedure: Procedure, state: str, facts: Iterable[str], event: str = ""
) -> tuple[Step, ...]:
    """Return every step of the procedure as it stands in `state`, in the rulebook's order.

    Args:
        procedure: from `rulebook.states`.
        state: a key of `procedure.states`.
        facts: what is on file.
        event: only the steps that this kind of event would be; every step, if empty.
    """
    on_file = frozenset(facts)
    asked = (step for step in procedure.steps.values() if event in {"", step.event})
    return tuple(_standing(procedure, step, state, on_file) for step in asked)


def _standing(procedure: Procedure, step: Transition, state: str, facts: frozenset[str]) -> Step:
    reasons = []
    near = state in step.starts_from
    source = str(step.source)
    if step.once and step.event in facts:
        reasons.append(say("已经办理（{source}）", source=source))
    elif not near:
        reasons.append(
            say(
                "须在“{wanted}”阶段，本案现为“{state}”（{source}）",
                wanted=_titles(procedure, step.starts_from),
                state=procedure.states[state].title,
                source=source,
            )
        )
    missing = tuple(need.title for need in step.needs if facts.isdisjoint(need.any))
    barred = tuple(bar.title for bar in step.bars if not facts.isdisjoint(bar.any))
    reasons += [say("尚缺：{need}（{source}）", need=need, source=source) for need in missing]
    reasons += [say("{bar}，不能办理（{source}）", bar=bar, source=source) for bar in barred]
    return Step(step, not reasons, near, tuple(reasons), missing, barred)


def _titles(procedure: Procedure, states: tuple[str, ...]) -> Sentence:
    """Return the titles of the states as one list."""
    found = procedure.states[states[0]].title
    for name in states[1:]:
        found = say("{first}、{then}", first=found, then=procedure.states[name].title)
    return found


def advance(procedure: Procedure, state: str, facts: Iterable[str], step_id: str) -> str:
    """Return the state after taking a step.

    Raises:
        StepClosed: it is not open; the sentence says why, with the article.
        KeyError: there is no such step (a programming error).
    """
    step = procedure.steps[step_id]
    found = _standing(procedure, step, state, frozenset(facts))
    if not found.open:
        raise StepClosed("现在不能“{step}”：{why}。", step=step.title, why=found.reasons[0])
    return step.to or state


def faults(procedure: Procedure) -> list[Sentence]:
    """Return what is wrong with the procedure as a whole; empty if nothing is.

    Every state can be reached, none is a dead end, and no case is closed without a verification
    or a listed ground.
    """
    reached = {procedure.first}
    while True:
        more = {
            step.to
            for step in procedure.steps.values()
            if step.to and reached & set(step.starts_from)
        }
        if more <= reached:
            break
        reached |= more
    found = [
        say("{track}：“{state}”无法到达", track=procedure.track, state=state.title)
        for state in procedure.states.values()
        if state.id not in reached
    ]
    ending = {name for name, state in procedure.states.items() if state.kind != "open"}
    while True:
        more = {
            name
            for step in procedure.steps.values()
            if step.to in ending
            for name in step.starts_from
        }
        if more <= ending:
            break
        ending |= more
    found += [
        say("{track}：“{state}”没有出路", track=procedure.track, state=state.title)
        for name, state in procedure.states.items()
        if name not in ending
    ]
    return found + [
        say(
            "{track}：“{step}”没有核实或者列明的事由就能结案",
            track=procedure.track,
            step=step.title,
        )
        for step in procedure.steps.values()
        if _closes(procedure, step) and not any(_proves(procedure, need) for need in step.needs)
    ]


def _closes(procedure: Procedure, step: Transition) -> bool:
    """Tell whether the step takes an open case to its close."""
    opened = any(procedure.states[name].kind == "open" for name in step.starts_from)
    return bool(step.to) and procedure.states[step.to].kind == "closed" and opened


def _proves(procedure: Procedure, need: Need) -> bool:
    return all(fact == "verification.passed" or fact in procedure.grounds for fact in need.any)
