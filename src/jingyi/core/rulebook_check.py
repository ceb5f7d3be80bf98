"""The rulebook's own test: what is wrong with it, and what is due for another look."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jingyi.core import rulebook
from jingyi.core.documents.evidence import evidence_kinds
from jingyi.core.lab import book as lab
from jingyi.core.law import STATUSES
from jingyi.core.procedure import faults
from jingyi.core.tables import RulebookError
from jingyi.core.words import Sentence, say

STALE = timedelta(days=365)  # an entry nobody has confirmed for so long is listed
TRACKS = ("administrative", "civil")


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found: `problems` must be mended; `reminders` are for whoever keeps the law."""

    problems: tuple[Sentence, ...]
    reminders: tuple[Sentence, ...]


def check(on: date) -> Report:
    """Check the whole rulebook as of the day `on`, whatever room reads the entries."""
    broken = list(_unreadable())
    problems = broken or [*_events_unknown(), *_acts_unknown(), *_unsound(), *_repealed(on)]
    entries = list(_entries())
    problems += _badly_cited(entries)
    stale = [
        say("{where}：上次确认是 {day}，已满一年，请再核对", where=where, day=entry["confirmed_on"])
        for where, entry in entries
        if entry.get("confirmed_on", on) + STALE < on
    ]
    return Report(tuple(problems), (*stale, *_calendar_ends(on)))


def _unreadable() -> Iterator[Sentence]:
    for load in (
        rulebook.instruments, rulebook.counting, rulebook.clocks, rulebook.profiles,
        rulebook.notices, rulebook.calendar, rulebook.roles, rulebook.every_domain,
        rulebook.events, rulebook.fact_kinds, rulebook.documents, rulebook.measures,
        rulebook.statutes, rulebook.ledgers, evidence_kinds, lab.names, lab.standards,
        lab.headings, lab.control, lab.keeping, lab.exceedances,
    ):  # fmt: skip
        try:
            load()
        except (RulebookError, ValueError) as error:
            yield say("{error}", error=str(error))
    try:
        rulebook.decline_reasons()
    except RulebookError as error:
        yield say("{error}", error=str(error))


def _events_unknown() -> Iterator[Sentence]:
    for rule in rulebook.clocks():
        for event in sorted(rule.events - rulebook.events().keys()):
            yield say("{rule}：事件 {event} 没有写进 states.toml", rule=rule.id, event=event)


def _repealed(on: date) -> Iterator[Sentence]:
    """Yield the clocks that still run by an instrument that is no longer in force."""
    for rule in rulebook.clocks():
        for version in rule.versions:
            cited = [version.source, *(one.source for one in version.pauses.values())]
            cited += [one.source for one in version.extensions.values()]
            for source in cited:
                ended = source.instrument.in_force_to
                if ended and ended < min(on, version.in_force_to or on):
                    yield say(
                        "{rule}：自 {day} 起的版本仍引用已于 {ended} 失效的{source}",
                        rule=rule.id,
                        day=version.in_force_from,
                        ended=ended,
                        source=str(source),
                    )


def _acts_unknown() -> Iterator[Sentence]:
    known = frozenset().union(*(role.may for role in rulebook.roles().values()))
    for procedure in map(rulebook.states, TRACKS):
        for step in procedure.steps.values():
            if step.who not in known:
                yield say("{step}：没有角色可以做 {act}", step=step.id, act=step.who)


def _unsound() -> Iterator[Sentence]:
    for procedure in map(rulebook.states, TRACKS):
        yield from faults(procedure)


def _entries() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every table of every file of the rulebook, with where it stands."""
    for path in sorted(rulebook.ROOT.rglob("*.toml")):
        name = path.relative_to(rulebook.ROOT).as_posix()
        yield from _tables(name, rulebook.raw(name))


def _tables(where: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield where, value
        for key, inner in value.items():
            yield from _tables(f"{where}: {key}", inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            name = inner.get("id") or inner.get("slug") if isinstance(inner, dict) else None
            yield from _tables(f"{where}[{name or number}]", inner)


def _badly_cited(entries: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[Sentence]:
    """Yield the citations of instruments that do not exist, and statuses that mean nothing."""
    for where, entry in entries:
        cited = entry.get("instrument")
        if isinstance(cited, str) and cited not in rulebook.instruments():
            yield say("{where}：引用的 {cited} 不在 instruments.toml", where=where, cited=cited)
        if isinstance(cited, str) and not entry.get("article"):
            yield say("{where}：引用没有写明条文", where=where)
        if entry.get("status", "settled") not in STATUSES:
            yield say("{where}：状态 {status} 没有定义", where=where, status=entry["status"])


def _calendar_ends(on: date) -> Iterator[Sentence]:
    """Remind of next year's calendar once periods that start now may end in it."""
    through = rulebook.calendar().announced_through
    if on + timedelta(days=92) > through:
        yield say(
            "休假日历只公布到 {through}：此后届满的期限都会拒绝计算。"
            "国务院办公厅公布后请补录 calendars/cn-{year}.toml",
            through=through,
            year=through.year + 1,
        )
