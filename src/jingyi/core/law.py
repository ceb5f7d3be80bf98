"""What a rule rests on: the instrument, the article, our reading of it, and when that was confirmed."""

from dataclasses import dataclass
from datetime import date

from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

STATUSES = frozenset({"settled", "assumed", "disputed"})


def titled(title: str, title_en: str) -> Sentence:
    """Return a title that reads in either language, though no catalogue holds it.

    A precision of 0 hides a gap; the translation of this one text hides the other gap instead.
    """
    return say("{en:.0}{zh}", zh=title, en=title_en)


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, interpretation or notice that is cited. `short` is how a citation names it."""

    id: str
    title: str
    title_en: str
    short: str
    issuer: str
    number: str
    in_force_from: date
    in_force_to: date | None  # the last day in force
    status: str
    confirmed_on: date
    replaced_by: str = ""  # the id of what took its place

    def in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


@dataclass(frozen=True, slots=True)
class Source:
    """A place in an instrument. `quote`, where given, is the law's own words."""

    instrument: Instrument
    article: str
    quote: str = ""

    def __str__(self) -> str:
        """Return the citation, always in the original."""
        return f"《{self.instrument.short}》{self.article}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the text leaves open and how we read it; `asked_of` is who can settle it."""

    counting: str
    counting_en: str
    status: str
    asked_of: str = ""

    @property
    def sentence(self) -> Sentence:
        return titled(self.counting, self.counting_en)

    @property
    def settled(self) -> bool:
        return self.status == "settled"


def read_instrument(table: Table) -> Instrument:
    title = table.text("title")
    found = Instrument(
        id=table.text("id"),
        title=title,
        title_en=table.text("title_en"),
        short=table.text("short", title.removeprefix("中华人民共和国")),
        issuer=table.text("issuer"),
        number=table.text("number", ""),
        in_force_from=table.day("in_force_from"),
        in_force_to=table.day_or_none("in_force_to"),
        status=table.one_of("status", STATUSES),
        confirmed_on=table.day("confirmed_on"),
        replaced_by=table.text("replaced_by", ""),
    )
    table.day_or_none("adopted")
    table.text("note", "")
    table.done()
    if found.in_force_to and found.in_force_to < found.in_force_from:
        raise table.wrong("in_force_to", "is before in_force_from")
    return found


def read_source(table: Table, instruments: dict[str, Instrument]) -> Source:
    """Read `{instrument, article, quote?}`; the instrument must be in instruments.toml."""
    name = table.text("instrument")
    if name not in instruments:
        raise table.wrong("instrument", f"{name!r} is not in instruments.toml")
    source = Source(instruments[name], table.text("article"), table.text("quote", ""))
    table.done()
    return source


def read_reading(table: Table) -> Reading:
    reading = Reading(
        counting=table.text("counting"),
        counting_en=table.text("counting_en"),
        status=table.one_of("status", STATUSES),
        asked_of=table.text("asked_of", ""),
    )
    table.done()
    if not reading.settled and not reading.asked_of:
        raise table.wrong("asked_of", "is missing: an unsettled reading names who can settle it")
    return reading
