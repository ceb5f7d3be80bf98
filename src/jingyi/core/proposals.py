"""The course of a deputy's or member's proposal, and which side may read which field when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import RulebookError, Table
from jingyi.core.words import Sentence

SIDES = frozenset({"office", "committee", "proposer"})
FIRST = "received"


@dataclass(frozen=True, slots=True)
class Step:
    """A step one side may take; `to` is "" where the state stays."""

    id: str
    side: str
    at: tuple[str, ...]
    to: str
    words: bool
    title: Sentence


@dataclass(frozen=True, slots=True)
class State:
    """A state of an item; `decided`: fields kept until the decision are open from here on."""

    id: str
    decided: bool
    title: Sentence


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason to offer suggestions as material, and how many it takes."""

    id: str
    least: int
    title: Sentence


@dataclass(frozen=True, slots=True)
class Course:
    """rulebook/proposals.toml."""

    steps: Mapping[str, Step]
    states: Mapping[str, State]
    fields: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    columns: Mapping[str, tuple[str, ...]]
    grounds: Mapping[str, Ground]
    copy_days: int
    copied: tuple[str, ...]  # the steps of a case whose papers are copied
    offer: float
    material_years: int
    source: Source
    status: str

    def open_to(self, side: str, state: str) -> list[Step]:
        """Return the steps that a side may take now."""
        return [step for step in self.steps.values() if step.side == side and state in step.at]

    def stand(self, taken: Iterable[str]) -> str:
        """Return the state after steps taken in order.

        Raises:
            Refusal: one of them was not open when it was taken.
        """
        state = FIRST
        for name in taken:
            step = self.steps[name]
            if state not in step.at:
                raise Refusal(
                    "“{step}”现在不能办理：这一件{state}。",
                    step=step.title,
                    state=self.states[state].title,
                )
            state = step.to or state
        return state

    def may_read(self, field: str, side: str, state: str, *, public: bool = False) -> bool:
        """Tell whether a side may read a field of an item in that state."""
        if field == "text" and public:
            return True
        before, after = self.fields[field]
        return side in (after if self.states[state].decided else before)


def read_course(top: Table, instruments: dict[str, Instrument]) -> Course:
    """Read rulebook/proposals.toml; every step leads from and to states that are there."""
    states = {one.id: one for one in (_state(item) for item in top.tables("state", least=1))}
    steps = {one.id: one for one in (_step(item) for item in top.tables("step", least=1))}
    for step in steps.values():
        if not {*step.at, step.to or FIRST} <= states.keys():
            raise RulebookError(
                f"proposals.toml: the step {step.id} names a state that is not there"
            )
    columns, material = top.table("columns"), top.table("material")
    grounds = {}
    for item in top.tables("ground", least=1):
        title = titled(item.text("title"), item.text("title_en"))
        made = Ground(item.text("id"), item.number("least"), title)
        grounds[made.id] = made
        item.done()
    course = Course(
        steps, states, dict(_field(item) for item in top.tables("field", least=1)),
        {name: columns.texts(name) for name in columns.data}, grounds,
        top.number("copy_days"), top.texts("copied"), float(top.data["offer"]), material.number("years"),
        read_source(top.table("source"), instruments), top.one_of("status", STATUSES),
    )  # fmt: skip
    top.text("reading")
    top.day("confirmed_on")
    return course


def _step(item: Table) -> Step:
    made = Step(
        item.text("id"), item.one_of("side", SIDES), item.texts("from"), item.text("to", ""),
        item.yes("words", False), titled(item.text("title"), item.text("title_en")),
    )  # fmt: skip
    item.done()
    return made


def _state(item: Table) -> State:
    made = State(
        item.text("id"),
        item.yes("decided", False),
        titled(item.text("title"), item.text("title_en")),
    )
    item.done()
    return made


def _field(item: Table) -> tuple[str, tuple[frozenset[str], frozenset[str]]]:
    before, after = frozenset(item.texts("before")), frozenset(item.texts("after"))
    if not before | after <= SIDES:
        raise item.wrong("before", "names a side that is not there")
    found = (item.text("id"), (before, after))
    item.done()
    return found
