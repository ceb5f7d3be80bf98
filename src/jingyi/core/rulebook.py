"""The rulebook: TOML files turned into frozen values. The only module that opens files.

Everything is read once and kept. A file that is wrong raises `RulebookError`, which names the
file, the key and the problem: that is a defect of the package, not a `Refusal`.
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from jingyi.core.approvals import Approvals, read_approvals
from jingyi.core.basis import Statutes, read_statutes
from jingyi.core.calendars import Notice, RestDays, merge, read_notice
from jingyi.core.clock_rules import Counting, Rule, RuleReader, read_counting
from jingyi.core.documents import template as papers
from jingyi.core.domains import Domain, Proposed, read_domain, read_proposed
from jingyi.core.law import STATUSES, Instrument, Source, read_instrument, read_source, titled
from jingyi.core.ledgers import Kind as LedgerKind
from jingyi.core.ledgers import read_kind as read_ledger
from jingyi.core.measures.definitions import Measure, read_measure
from jingyi.core.moves import Kind, MergeRule, read_kind, read_merge
from jingyi.core.procedure import Procedure
from jingyi.core.procedure_reader import ProcedureReader
from jingyi.core.profiles import Profile, read_profile
from jingyi.core.proposals import Course, read_course
from jingyi.core.refusal import Refusal
from jingyi.core.station import Station, read_station
from jingyi.core.tables import RulebookError, Table
from jingyi.core.words import Sentence

__all__ = ["RulebookError", "UnknownRule"]

ROOT = Path(__file__).resolve().parents[1] / "rulebook"
Item = TypeVar("Item")


class UnknownRule(Refusal):
    """A name that the rulebook does not have."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role a person can hold, and the acts (room.verb) it may do."""

    id: str
    title: Sentence
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class DeclineReason:
    """A listed reason for declining a lead. `then`: tell (the reporter), transfer or refer."""

    id: str
    title: Sentence
    then: str
    source: Source
    status: str


def raw(name: str) -> dict[str, Any]:
    """Return the TOML file `name`, a path below the rulebook, as it stands."""
    try:
        return tomllib.loads((ROOT / name).read_text("utf-8"))
    except FileNotFoundError:
        raise RulebookError(f"{name}: there is no such file") from None
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"{name}: {error}") from None


def arrays(name: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of the file `name` (.npz, no pickles), by name."""
    with np.load(ROOT / name, allow_pickle=False) as stored:
        return {key: stored[key] for key in stored.files}


def files(folder: str) -> list[str]:
    """Return the names of the TOML files in `folder`, sorted."""
    return sorted(f"{folder}/{path.name}" for path in (ROOT / folder).glob("*.toml"))


def folders(name: str) -> list[str]:
    """Return the names of the folders in the folder `name`, sorted."""
    return sorted(path.name for path in (ROOT / name).iterdir() if path.is_dir())


def folder(name: str) -> dict[str, str]:
    """Return the texts (.toml, .sql) in the folder `name` and below, by their path in it."""
    return {
        path.relative_to(ROOT / name).as_posix(): path.read_text("utf-8")
        for path in sorted((ROOT / name).rglob("*"))
        if path.suffix in {".toml", ".sql"}
    }


def table(name: str) -> Table:
    """Return the TOML file `name` to be read key by key, with errors that name it."""
    return Table(name, raw(name))


def _each(name: str, key: str, read: Callable[[Table], Item]) -> list[Item]:
    """Read every `[[key]]` of the file `name`."""
    top = table(name)
    found = [read(item) for item in top.tables(key, least=1)]
    top.done()
    return found


def _by(attribute: str, items: Iterable[Item], where: str) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in items:
        name = getattr(item, attribute)
        if name in found:
            raise RulebookError(f"{where}: {attribute}: {name!r} is there twice")
        found[name] = item
    return found


@cache
def instruments() -> dict[str, Instrument]:
    """Return every instrument cited, by id."""
    items = _each("instruments.toml", "instrument", read_instrument)
    return _by("id", items, "instruments.toml")


@cache
def counting() -> dict[str, Counting]:
    """Return the sets of counting articles, by id."""
    top = table("counting.toml")
    return {name: read_counting(name, top.table(name), instruments()) for name in top.data}


@cache
def _rules() -> dict[str, Rule]:
    reader = RuleReader(instruments(), counting())
    rules = [reader.rule(table(name)) for name in files("clocks")]
    return _by("id", sorted(rules, key=lambda rule: rule.numbers), "clocks")


def clocks() -> tuple[Rule, ...]:
    """Return every clock, in the order of their T-numbers."""
    return tuple(_rules().values())


def clock(name: str) -> Rule:
    """Return the one clock with this id or T-number.

    Raises:
        UnknownRule: there is none, or several share the number.
    """
    named = clocks_named(name)
    if len(named) > 1:
        raise ambiguous(name, named)
    return named[0]


def clocks_named(name: str) -> tuple[Rule, ...]:
    """Return the clock with this id, or every clock with this T-number.

    Raises:
        UnknownRule: there is none.
    """
    rules = _rules()
    if name in rules:
        return (rules[name],)
    named = tuple(rule for rule in rules.values() if name.upper() in rule.numbers)
    if not named:
        raise UnknownRule(
            "规则库里没有期限规则“{name}”。用 jingyi clock --list 查看全部规则。", name=name
        )
    return named


def ambiguous(name: str, named: tuple[Rule, ...]) -> UnknownRule:
    """Return the refusal of a number that several rules share."""
    return UnknownRule(
        "“{name}”有 {n} 条规则：{rules}。请写明规则名。",
        name=name,
        n=len(named),
        rules="、".join(rule.id for rule in named),
    )


@cache
def profiles() -> dict[str, Profile]:
    """Return the drafts that a running case can be held against, by id. None of them binds."""
    found = _by("id", [read_profile(table(name)) for name in files("profiles")], "profiles")
    for one in found.values():
        for rule in one.clocks:
            if rule not in _rules():
                raise RulebookError(f"profiles: {one.id}: {rule!r} is no clock")
    return found


@cache
def notices() -> tuple[Notice, ...]:
    """Return every announcement of rest days, oldest first."""
    found = [read_notice(table(name)) for name in files("calendars")]
    return tuple(sorted(found, key=lambda notice: notice.year))


@cache
def calendar(name: str = "cn") -> RestDays:
    """Return the merged calendar `name`; there is one, the State Council's."""
    if name != "cn":
        raise UnknownRule("规则库里没有日历“{name}”，可选：cn。", name=name)
    return merge(name, notices())


def rest_days(region_code: str = "") -> RestDays:
    """Return the calendar that holds in a region (GB/T 2260 code).

    The national one for all: the regional holidays of the autonomous regions are not recorded yet.
    """
    del region_code
    return calendar("cn")


@cache
def roles() -> dict[str, Role]:
    """Return the roles of rulebook/roles.toml, by id."""
    return _by("id", _each("roles.toml", "role", _role), "roles.toml")


def _role(item: Table) -> Role:
    role = Role(
        item.text("id"),
        titled(item.text("title"), item.text("title_en")),
        frozenset(item.texts("may")),
    )
    item.done()
    return role


@cache
def _domains() -> dict[str, Domain]:
    items = _each("domains.toml", "domain", lambda item: read_domain(item, instruments()))
    found = _by("slug", items, "domains.toml")
    for item in items:
        if item.part_of and item.part_of not in found:
            raise RulebookError(f"domains.toml: {item.slug}: part_of {item.part_of!r} is unknown")
    return found


def domains() -> tuple[Domain, ...]:
    """Return the domains that triage tells apart, in the rulebook's order."""
    return tuple(domain for domain in _domains().values() if domain.classified)


def every_domain() -> tuple[Domain, ...]:
    """Return every domain a case can be opened in, the narrower ones and the newest included."""
    return tuple(_domains().values())


def domain(slug: str) -> Domain:
    """Return the domain with this slug.

    Raises:
        UnknownRule: there is none.
    """
    if slug not in _domains():
        raise UnknownRule("规则库里没有办案领域“{slug}”。", slug=slug)
    return _domains()[slug]


@cache
def _procedures() -> tuple[dict[str, Procedure], dict[str, Sentence]]:
    top = table("states.toml")
    topics = [f"states/{name}.toml" for name in top.texts("topics")]
    if sorted(topics) != files("states"):
        raise top.wrong("topics", "does not name the files of states/")
    reader = ProcedureReader([*map(table, topics), top], instruments())
    others = {
        item.text("id"): titled(item.text("title"), item.text("title_en"))
        for item in table("events.toml").tables("event")
    }
    return {track: reader.procedure(track) for track in reader.tracks}, reader.events | others


def states(track: str) -> Procedure:
    """Return the procedure of a track: administrative or civil."""
    found = _procedures()[0]
    if track not in found:
        raise UnknownRule("规则库里没有“{track}”程序。", track=track)
    return found[track]


def events() -> dict[str, Sentence]:
    """Return every kind of event a case's file knows, with its title."""
    return _procedures()[1]


@cache
def decline_reasons() -> dict[str, DeclineReason]:
    """Return the listed reasons for declining a lead, by id."""
    return _by("id", _each("decline.toml", "reason", _reason), "decline.toml")


def _reason(item: Table) -> DeclineReason:
    reason = DeclineReason(
        id=item.text("id"),
        title=titled(item.text("title"), item.text("title_en")),
        then=item.one_of("then", frozenset({"tell", "transfer", "refer"})),
        source=read_source(item.table("source"), instruments()),
        status=item.one_of("status", STATUSES),
    )
    item.day("confirmed_on")
    item.done()
    return reason


@cache
def documents() -> dict[str, papers.Template]:
    """Return every kind of document, by id, in the order of the procedure."""
    file = "document_frames.toml"
    frames = _by("id", _each(file, "frame", papers.read_frame), file)
    read = (papers.read_template(table(name), instruments(), frames) for name in files("documents"))
    return _by("id", sorted(read, key=lambda one: (one.place, one.id)), "documents")


def document(name: str) -> papers.Template:
    """Return the template of a kind of document.

    Raises:
        UnknownRule: there is none.
    """
    if name not in documents():
        raise UnknownRule("规则库里没有文书“{name}”。", name=name)
    return documents()[name]


@cache
def fact_kinds() -> dict[str, papers.FactKind]:
    """Return what an investigation finds out, by id: the kinds of fact a person enters."""
    items = _each("facts.toml", "fact", lambda item: papers.read_fact_kind(item, instruments()))
    return _by("id", items, "facts.toml")


@cache
def approvals() -> Approvals:
    """Return whose review a request for approval needs, and who may be asked to stand aside."""
    return read_approvals(table("approvals.toml"), instruments())


@cache
def station() -> Station:
    """Return what a workstation goes by."""
    return read_station(table("station.toml"), instruments())


@cache
def ledgers() -> dict[str, LedgerKind]:
    """Return the kinds of ledger an organ keeps, by id, in the order they are shown."""
    read = [read_ledger(table(name), instruments(), _rules()) for name in files("ledgers")]
    return _by("id", sorted(read, key=lambda kind: kind.order), "ledgers")


@cache
def proposals() -> Course:
    """Return the course of deputies' and members' proposals, and who may read what of them."""
    return read_course(table("proposals.toml"), instruments())


@cache
def measures() -> dict[str, Measure]:
    """Return the neutral measures of the office's work, by id, in the order they are shown."""
    items = _each("measures.toml", "measure", lambda item: read_measure(item, instruments()))
    return _by("id", items, "measures.toml")


@cache
def moves() -> tuple[dict[str, Kind], MergeRule]:
    """Return the kinds of move between procuratorates, by id, and when two cases become one."""
    top = table("moves.toml")
    kinds = [read_kind(item, instruments()) for item in top.tables("kind", least=1)]
    merge = read_merge(top.table("merge"), instruments())
    top.done()
    return _by("id", kinds, "moves.toml"), merge


@cache
def statutes() -> Statutes:
    """Return what organs had to do and wrongdoers answer for, by topic and day of the fact."""
    return read_statutes(table("statutes.toml"), instruments())


@cache
def proposed_domains() -> tuple[Proposed, ...]:
    """Return the domains that are talked of but not open."""
    return tuple(_each("proposed_domains.toml", "proposed", read_proposed))
