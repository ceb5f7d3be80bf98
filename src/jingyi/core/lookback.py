"""When a closed case is visited again, and which closed cases a new matter may be a relapse of.

The months and distances are data (rulebook/lookback.toml): our own limits, no text of law.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jingyi.core.arithmetic import add_months
from jingyi.core.contradictions import Point, metres
from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.tables import RulebookError, Table
from jingyi.core.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Rule:
    """How long after the closing the cases of some domains are visited; no domains: the others."""

    domains: tuple[str, ...]
    months: tuple[int, ...]
    title: Sentence
    reading: str
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Book:
    """rulebook/lookback.toml."""

    rules: tuple[Rule, ...]
    grounds: frozenset[str]
    events: frozenset[str]
    metres: int
    years: int
    reading: str

    def rule(self, domain: str) -> Rule:
        """Return the rule of a domain; the last one is for those not named."""
        named = (rule for rule in self.rules if domain in rule.domains)
        return next(named, self.rules[-1])

    def follows(self, event: str, ground: str) -> bool:
        """Tell whether there is something to look at again after a closing."""
        return event in self.events or ground in self.grounds


@dataclass(frozen=True, slots=True)
class Matter:
    """A case or a lead where it is; `organ` and `where` may be unknown."""

    ref: str
    domain: str
    on: date
    organ: str = ""
    where: Point | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A closed case near a new matter, and why it is offered."""

    closed: Matter
    metres: int
    because: Sentence


def read_book(top: Table, instruments: dict[str, Instrument]) -> Book:
    """Read rulebook/lookback.toml; the last rule names no domain, the others do, none twice."""
    rules = tuple(_read_rule(item, instruments) for item in top.tables("rule", least=1))
    named = [domain for rule in rules for domain in rule.domains]
    if len(named) != len(set(named)) or [bool(r.domains) for r in rules].index(False) + 1 != len(
        rules
    ):
        raise RulebookError(
            "lookback.toml: a domain is named twice, or the rule of the others is not last"
        )
    after, near = top.table("after"), top.table("near")
    book = Book(
        rules,
        frozenset(after.texts("grounds")),
        frozenset(after.texts("events")),
        near.number("metres"),
        near.number("years"),
        near.text("reading"),
    )
    near.one_of("status", STATUSES)
    near.day("confirmed_on")
    for table in (after, near, top):
        table.done()
    return book


def _read_rule(item: Table, instruments: dict[str, Instrument]) -> Rule:
    rule = Rule(
        domains=item.texts("domains"),
        months=tuple(item.data["months"]) if item.has("months") else (),
        title=titled(item.text("title"), item.text("title_en")),
        reading=item.text("reading"),
        source=read_source(item.table("source"), instruments),
        status=item.one_of("status", STATUSES),
    )
    if not rule.months or not all(type(n) is int and n > 0 for n in rule.months):
        raise item.wrong("months", "is not a list of months")
    item.day("confirmed_on")
    item.done()
    return rule


def visits(rule: Rule, closed_on: date) -> tuple[date, ...]:
    """Return the days by which a case closed on that day is to be visited, in order."""
    return tuple(add_months(closed_on, months) for months in sorted(rule.months))


def near(new: Matter, closed: Iterable[Matter], book: Book) -> list[Near]:
    """Return the closed cases that `new` may be a relapse of, the nearest first.

    Args:
        closed: `on` is the day each was closed.
    """
    found = []
    for old in closed:
        if old.ref == new.ref or old.domain != new.domain or not old.where or not new.where:
            continue
        if old.organ and new.organ and old.organ != new.organ:
            continue
        if not old.on <= new.on <= add_months(old.on, 12 * book.years):
            continue
        away = round(metres(old.where, new.where))
        if away <= book.metres:
            because = say("相距 {away} 米，同一领域，{day} 办结", away=away, day=old.on)
            found.append(Near(old, away, because))
    return sorted(found, key=lambda one: (one.metres, one.closed.ref))
