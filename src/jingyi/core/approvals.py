"""Who may be asked to stand aside and who decides it; whose review a request needs. From data."""

from collections.abc import Mapping
from dataclasses import dataclass

from jingyi.core.law import Instrument, Source, read_source, titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

BODIES: Mapping[str, Sentence] = {"chief": say("检察长"), "committee": say("检察委员会")}


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what capacity somebody works on a case. `staff` are people of the office itself."""

    id: str
    title: Sentence
    body: str
    staff: bool

    @property
    def decider(self) -> Sentence:
        return BODIES[self.body]


@dataclass(frozen=True, slots=True)
class RecusalGround:
    id: str
    title: Sentence
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """rulebook/approvals.toml. `decides` are the deciders of steps that a request can go to."""

    head_reviews: bool
    decides: frozenset[str]
    source: Source
    capacities: Mapping[str, Capacity]
    grounds: Mapping[str, RecusalGround]


def read_approvals(file: Table, instruments: dict[str, Instrument]) -> Approvals:
    """Return the whole file; a slip is refused with its place."""
    chain = file.table("chain")
    capacities = [_capacity(item) for item in file.tables("capacity")]
    grounds = [_ground(item, instruments) for item in file.tables("ground")]
    found = Approvals(
        chain.yes("head_reviews"),
        frozenset(chain.texts("decides")),
        read_source(chain.table("source"), instruments),
        {item.id: item for item in capacities},
        {item.id: item for item in grounds},
    )
    chain.text("status")
    chain.day("confirmed_on")
    chain.done()
    file.done()
    return found


def _capacity(item: Table) -> Capacity:
    found = Capacity(
        item.text("id"),
        titled(item.text("title"), item.text("title_en")),
        item.text("body"),
        item.yes("staff"),
    )
    if found.body not in BODIES:
        raise item.wrong("body", f"{found.body!r} is not one of {', '.join(BODIES)}")
    item.done()
    return found


def _ground(item: Table, instruments: dict[str, Instrument]) -> RecusalGround:
    found = RecusalGround(
        item.text("id"),
        titled(item.text("title"), item.text("title_en")),
        read_source(item.table("source"), instruments),
        item.text("status"),
    )
    item.day("confirmed_on")
    item.done()
    return found
