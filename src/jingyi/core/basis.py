"""What a case rests on: the statutes in force on the days of its facts, and what took their place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jingyi.core.domains import Domain
from jingyi.core.law import (
    STATUSES,
    Instrument,
    Reading,
    Source,
    read_reading,
    read_source,
    titled,
)
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

ROLES = {
    "opens": say("立案依据"),
    "supervision": say("监督管理职责"),
    "liability": say("法律责任"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """The days of the fact: from `began` to `ended`, both included; None: it goes on."""

    began: date
    ended: date | None

    def __post_init__(self) -> None:
        if self.ended and self.ended < self.began:
            raise Refusal(
                "事实结束日 {ended} 早于开始日 {began}。请核对。",
                ended=self.ended,
                began=self.began,
            )

    def last(self, today: date) -> date:
        """Return the last day of the fact known so far."""
        return self.ended or max(today, self.began)


@dataclass(frozen=True, slots=True)
class Rule:
    """One article of a topic: whose duty it is, or what follows from the wrong."""

    role: str
    source: Source
    status: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject matter with its articles, old and new; of `domains`, or of any if empty."""

    id: str
    title: Sentence
    domains: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Statutes:
    """`rulebook/statutes.toml`: topics, and how a fact that outlasts a law is read."""

    change: Reading
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """An article that held on some day of the fact; `since` and `until` within those days."""

    source: Source
    role: Sentence
    status: str
    since: date
    until: date
    note: Sentence | None  # that it was repealed since


@dataclass(frozen=True, slots=True)
class Basis:
    """Articles by topic, in order, and what to keep in mind where the law changed meanwhile."""

    opens: tuple[Cited, ...]
    topics: tuple[tuple[Sentence, tuple[Cited, ...]], ...]
    changes: tuple[Sentence, ...]


def basis_of(  # noqa: PLR0917
    domain: Domain,
    procedure: str,
    statutes: Statutes,
    facts: Facts,
    instruments: Mapping[str, Instrument],
    today: date,
) -> Basis:
    """Return what a case of the domain may cite for a fact of these days.

    Args:
        instruments: every instrument by id, to name what replaced a repealed one.
        today: the day on which the question is asked; a fact that goes on lasts until then.
    """
    last = facts.last(today)
    opening = [
        (basis.source, "opens", domain.procedures[procedure], basis.since, basis.until)
        for basis in domain.bases
        if basis.procedure == procedure
    ]
    opens = _held(opening, facts.began, last, instruments, today)
    topics = []
    for topic in statutes.topics:
        if (
            topic.domains
            and domain.slug not in topic.domains
            and domain.part_of not in topic.domains
        ):
            continue
        rules = [
            (rule.source, rule.role, rule.status, rule.source.instrument.in_force_from, None)
            for rule in topic.rules
        ]
        if found := _held(rules, facts.began, last, instruments, today):
            topics.append((topic.title, found))
    every = [*opens, *(one for _, held in topics for one in held)]
    return Basis(opens, tuple(topics), tuple(_changes(every, facts.began, last, statutes.change)))


def _held(
    rules: Iterable[tuple[Source, str, str, date, date | None]],
    began: date,
    last: date,
    instruments: Mapping[str, Instrument],
    today: date,
) -> tuple[Cited, ...]:
    """Return those in force on some day from `began` to `last`, the older first."""
    found = []
    for source, role, status, since, until in rules:
        law = source.instrument
        low = max(since, law.in_force_from, began)
        high = min(until or last, law.in_force_to or last, last)
        if low <= high:
            note = _repealed(law, instruments, today)
            found.append(Cited(source, ROLES[role], status, low, high, note))
    order = list(ROLES.values())
    return tuple(sorted(found, key=lambda one: (one.since, order.index(one.role))))


def _repealed(
    law: Instrument, instruments: Mapping[str, Instrument], today: date
) -> Sentence | None:
    if law.in_force_to is None or today <= law.in_force_to:
        return None
    if law.replaced_by in instruments:
        new = instruments[law.replaced_by]
        return say(
            "自 {day} 起由《{new}》代替；此后的事实不能引用",
            day=new.in_force_from,
            new=new.short,
        )
    return say("{day} 之后不再有效；此后的事实不能引用", day=law.in_force_to)


def _changes(every: list[Cited], began: date, last: date, reading: Reading) -> Iterable[Sentence]:
    """Say once for each day on which laws changed while the fact went on."""
    days = sorted({one.since for one in every if began < one.since <= last})
    for day in days:
        old = dict.fromkeys(
            one.source.instrument.short
            for one in every
            if one.source.instrument.in_force_to
            and one.source.instrument.in_force_to < day
            and one.note
        )
        new = dict.fromkeys(one.source.instrument.short for one in every if one.since == day)
        if old:
            yield say(
                "事实跨越 {day}：此前适用{old}，此后适用{new}。读法：{reading}",
                day=day,
                old="".join(f"《{name}》" for name in old),
                new="".join(f"《{name}》" for name in new),
                reading=reading.sentence,
            )


def read_statutes(top: Table, instruments: dict[str, Instrument]) -> Statutes:
    """Read statutes.toml."""
    change = read_reading(top.table("change"))
    topics = tuple(_topic(item, instruments) for item in top.tables("topic", least=1))
    top.done()
    return Statutes(change, topics)


def _topic(table: Table, instruments: dict[str, Instrument]) -> Topic:
    topic = Topic(
        id=table.text("id"),
        title=titled(table.text("title"), table.text("title_en")),
        domains=table.texts("domains"),
        rules=tuple(_rule(item, instruments) for item in table.tables("rule", least=1)),
    )
    table.done()
    return topic


def _rule(table: Table, instruments: dict[str, Instrument]) -> Rule:
    rule = Rule(
        role=table.one_of("role", frozenset(ROLES) - {"opens"}),
        source=read_source(table.table("source"), instruments),
        status=table.one_of("status", STATUSES),
        confirmed_on=table.day("confirmed_on"),
    )
    table.done()
    return rule
