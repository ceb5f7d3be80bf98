"""What a selection goes by: rulebook/selection.toml."""

from dataclasses import dataclass
from functools import cache

from jingyi.core import rulebook
from jingyi.core.law import STATUSES, titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a selection, and those that may follow."""

    id: str
    title: Sentence
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """What a nomination must hold: so many characters, or files."""

    id: str
    title: Sentence
    least: int


@dataclass(frozen=True, slots=True)
class Defaults:
    """The usual numbers: entries, entries, judges, percent, votes a ballot, days."""

    nominated: int
    chosen: int
    each: int
    public_percent: int
    votes: int
    publicity_days: int


@dataclass(frozen=True, slots=True)
class Book:
    """Stages and needs by id; criteria with their weights."""

    defaults: Defaults
    least_percent: int  # of the judges must vote in a secret ballot
    criteria: dict[str, int]
    stages: dict[str, Stage]
    needs: dict[str, Need]


@cache
def book() -> Book:
    """Return what selections go by."""
    return read_book(rulebook.table("selection.toml"))


def read_book(top: Table) -> Book:
    """Read rulebook/selection.toml."""
    numbers = top.table("defaults")
    stages = [Stage(t.text("id"), _title(t), t.texts("to")) for t in top.tables("stage", least=1)]
    needs = [Need(t.text("id"), _title(t), t.number("least")) for t in top.tables("need", least=1)]
    criteria = {t.text("title"): t.number("weight") for t in top.tables("criterion", least=1)}
    known = {stage.id for stage in stages}
    for stage in stages:
        if not known.issuperset(stage.to):
            raise top.wrong("stage", f"{stage.id} leads to an unknown stage")
    made = Book(
        Defaults(**{name: numbers.number(name) for name in Defaults.__slots__}),
        top.table("ballot").number("least_percent"),
        criteria,
        {stage.id: stage for stage in stages},
        {need.id: need for need in needs},
    )
    top.one_of("status", STATUSES)
    top.text("reading")
    top.day("confirmed_on")
    return made


def _title(item: Table) -> Sentence:
    return titled(item.text("title"), item.text("title_en"))


def move(stage: str, to: str) -> None:
    """Refuse a step that a selection does not know.

    Raises:
        Refusal: `to` does not follow on `stage`.
    """
    stages = book().stages
    if to not in stages[stage].to:
        raise Refusal(
            "评选处在“{stage}”阶段，不能转入“{to}”。",
            stage=stages[stage].title, to=stages[to].title,
        )  # fmt: skip


def lacks(has: dict[str, int]) -> list[Sentence]:
    """Return what a nomination still lacks, as sentences; `has` counts characters or files by need."""
    return [
        say("“{what}”还不够：现有 {n}，至少 {least}。", what=need.title, n=has.get(need.id, 0), least=need.least)
        for need in book().needs.values()
        if has.get(need.id, 0) < need.least
    ]  # fmt: skip
