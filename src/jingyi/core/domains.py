"""The statutory domains (办案领域): what opens each, for which procedure, from when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

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

PROCEDURES = {"administrative": say("行政公益诉讼"), "civil": say("民事公益诉讼")}
LEVELS = {"county": say("县级"), "city": say("设区的市级"), "province": say("省级")}  # low to high


class MayNotOpen(Refusal):
    """The law does not let this office open such a case in this domain."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The statute that opens a domain for a procedure, for facts from `since` through `until`."""

    procedure: str
    since: date
    until: date | None
    source: Source

    def holds(self, procedure: str, on: date) -> bool:
        in_time = self.since <= on and (self.until is None or on <= self.until)
        return self.procedure == procedure and in_time


@dataclass(frozen=True, slots=True)
class Limit:
    """The lowest level of procuratorate that may open a case of the domain."""

    level: str
    source: Source


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain. `glyph` and `hue` (0–11) mark it on chips and maps; `part_of` is its wider one.

    `procedures` maps what may be opened to how sure that is; a procedure that rests on practice
    rather than on the domain's own statute carries a `practice` reading.
    """

    slug: str
    title: Sentence
    glyph: str
    hue: int
    part_of: str
    classified: bool  # one of the domains that triage tells apart
    procedures: Mapping[str, str]
    organs: tuple[str, ...]
    bases: tuple[Basis, ...]
    limit: Limit | None
    practice: Reading | None
    confirmed_on: date

    def bases_on(self, procedure: str, fact_on: date) -> tuple[Basis, ...]:
        """Return the statutes that open the domain for facts of that day."""
        return tuple(basis for basis in self.bases if basis.holds(procedure, fact_on))


@dataclass(frozen=True, slots=True)
class Proposed:
    """A domain that is talked of, and why no case can be opened in it yet."""

    slug: str
    title: Sentence
    why: Sentence


@dataclass(frozen=True, slots=True)
class Opening:
    """A case may be opened: the statutes it rests on, and what to keep in mind."""

    bases: tuple[Basis, ...]
    cautions: tuple[Sentence, ...]


def may_open(domain: Domain, procedure: str, level: str, *, fact_on: date) -> Opening:
    """Return on what a case may be opened in `domain`.

    Args:
        procedure: administrative or civil.
        level: of the opening procuratorate: county, city or province.
        fact_on: the day of the fact; the last one, where it goes on.

    Raises:
        MayNotOpen: the domain has no such procedure, the office is too low, or no statute had
            opened the domain by then.
    """
    asked = PROCEDURES[procedure]
    if procedure not in domain.procedures:
        raise MayNotOpen(
            "“{domain}”领域没有{procedure}：{source}只规定了{other}。请改以{other}立案，或者移送。",
            domain=domain.title,
            procedure=asked,
            source="、".join(dict.fromkeys(str(basis.source) for basis in domain.bases)),
            other=PROCEDURES[next(iter(domain.procedures))],
        )
    ranks = list(LEVELS)
    if domain.limit and ranks.index(level) < ranks.index(domain.limit.level):
        raise MayNotOpen(
            "“{domain}”案件由{least}以上人民检察院办理（{source}），{level}人民检察院不能立案。"
            "请报请上一级人民检察院。",
            domain=domain.title,
            least=LEVELS[domain.limit.level],
            source=str(domain.limit.source),
            level=LEVELS[level],
        )
    bases = domain.bases_on(procedure, fact_on)
    if not bases:
        raise MayNotOpen(
            "事实发生在 {day}，当时还没有法律把“{domain}”列为{procedure}领域（自 {since} 起）。"
            "请核对事实日期，或者改按其他领域办理。",
            day=fact_on,
            domain=domain.title,
            procedure=asked,
            since=min(basis.since for basis in domain.bases if basis.procedure == procedure),
        )
    return Opening(bases, tuple(_cautions(domain, procedure, level)))


def _cautions(domain: Domain, procedure: str, level: str) -> list[Sentence]:
    found = []
    if domain.procedures[procedure] != "settled" and domain.practice:
        found.append(domain.practice.sentence)
    if procedure == "civil" and level == "county":
        found.append(say("第一审民事公益诉讼由市级人民检察院提起，立案调查后须移送起诉"))
    return found


def read_domain(table: Table, instruments: dict[str, Instrument]) -> Domain:
    """Read one domain; each procedure must have a statute to rest on."""
    procedures = table.table("procedures")
    limit = table.table_or_none("limit")
    practice = table.table_or_none("practice")
    domain = Domain(
        slug=table.text("slug"),
        title=titled(table.text("title"), table.text("title_en")),
        glyph=table.text("glyph"),
        hue=table.number("hue"),
        part_of=table.text("part_of", ""),
        classified=table.yes("classified", default=True),
        procedures={name: procedures.one_of(name, STATUSES) for name in procedures.data},
        organs=table.texts("organs"),
        bases=tuple(_basis(item, instruments) for item in table.tables("basis", least=1)),
        limit=_limit(limit, instruments) if limit else None,
        practice=read_reading(practice) if practice else None,
        confirmed_on=table.day("confirmed_on"),
    )
    table.done()
    if not set(domain.procedures) <= set(PROCEDURES):
        raise table.wrong("procedures", f"are of {', '.join(PROCEDURES)}")
    if {basis.procedure for basis in domain.bases} != set(domain.procedures):
        raise table.wrong("basis", "there must be one for each procedure, and for no other")
    if not domain.practice and set(domain.procedures.values()) != {"settled"}:
        raise table.wrong("practice", "is missing: an unsettled procedure says what it rests on")
    return domain


def _basis(table: Table, instruments: dict[str, Instrument]) -> Basis:
    basis = Basis(
        procedure=table.one_of("procedure", frozenset(PROCEDURES)),
        since=table.day("since"),
        until=table.day_or_none("until"),
        source=read_source(table.table("source"), instruments),
    )
    table.done()
    for day in filter(None, (basis.since, basis.until)):
        if not basis.source.instrument.in_force(day):
            raise table.wrong("since", f"{basis.source} is not in force on {day}")
    return basis


def _limit(table: Table, instruments: dict[str, Instrument]) -> Limit:
    level = table.one_of("level", frozenset(LEVELS))
    limit = Limit(level, read_source(table.table("source"), instruments))
    table.done()
    return limit


def read_proposed(table: Table) -> Proposed:
    """Read one domain that is not open yet."""
    found = Proposed(
        slug=table.text("slug"),
        title=titled(table.text("title"), table.text("title_en")),
        why=titled(table.text("why"), table.text("why_en")),
    )
    table.day("confirmed_on")
    table.done()
    return found
