"""rulebook/typical.toml: what makes a case typical, the weights, the sections of a draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jingyi.core import rulebook
from jingyi.core.law import STATUSES, titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence

CRITERIA = ("novelty", "procedure", "effect", "law")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of CRITERIA; its weight in per cent of the whole."""

    id: str
    title: Sentence
    weight: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a complete procedure has: any of `events`, on one of `tracks`."""

    id: str
    title: Sentence
    tracks: frozenset[str]
    events: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that speaks for effect or for a legal point; points out of a hundred.

    Any of `events` on file shows it; without them it is found elsewhere in the file.
    """

    id: str
    title: Sentence
    points: int
    events: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a draft, and from how many letters on it says enough."""

    id: str
    title: Sentence
    least: int


@dataclass(frozen=True, slots=True)
class Book:
    """The file whole, every table by id in the order shown.

    `alike`: per cent of likeness from which a text is no news. `rare`: an article cited in at most
    so many per cent of the closed cases is rare.
    """

    criteria: Mapping[str, Criterion]
    steps: Mapping[str, Step]
    effects: Mapping[str, Sign]
    points: Mapping[str, Sign]
    sections: Mapping[str, Section]
    alike: int
    rare: int
    reading: str


@cache
def book() -> Book:
    """Return what typical cases are looked for by."""
    return read_typical(rulebook.table("typical.toml"))


def read_typical(top: Table) -> Book:
    """Read rulebook/typical.toml."""
    top.one_of("status", STATUSES)
    top.day("confirmed_on")
    limits = top.table("thresholds")
    made = Book(
        {one.id: one for one in map(_criterion, top.tables("criterion", least=4))},
        {one.id: one for one in map(_step, top.tables("step", least=1))},
        {one.id: one for one in map(_sign, top.tables("effect", least=1))},
        {one.id: one for one in map(_sign, top.tables("point", least=1))},
        {one.id: one for one in map(_section, top.tables("section", least=1))},
        limits.number("alike_percent"),
        limits.number("rare_percent"),
        top.text("reading"),
    )
    limits.done()
    top.done()
    if tuple(made.criteria) != CRITERIA or sum(c.weight for c in made.criteria.values()) != 100:
        raise top.wrong("criterion", f"must be {', '.join(CRITERIA)} with weights that make 100")
    return made


def _title(item: Table) -> Sentence:
    return titled(item.text("title"), item.text("title_en"))


def _criterion(item: Table) -> Criterion:
    made = Criterion(item.text("id"), _title(item), item.number("weight"))
    item.done()
    return made


def _step(item: Table) -> Step:
    made = Step(
        item.text("id"), _title(item), frozenset(item.texts("tracks")), frozenset(item.texts("events"))
    )  # fmt: skip
    item.done()
    return made


def _sign(item: Table) -> Sign:
    made = Sign(
        item.text("id"), _title(item), item.number("points"), frozenset(item.texts("events", ()))
    )
    item.done()
    return made


def _section(item: Table) -> Section:
    made = Section(item.text("id"), _title(item), item.number("least"))
    item.done()
    return made
