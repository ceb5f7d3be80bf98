"""What kinds of protected places there are, and which zones the law draws around each."""

from dataclasses import dataclass
from functools import cache

from jingyi.core import rulebook
from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.tables import RulebookError, Table
from jingyi.core.words import Sentence


@dataclass(frozen=True, slots=True)
class ZoneKind:
    """A kind of legal zone, and the statute by which such zones are drawn."""

    id: str
    title: Sentence
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class PlaceKind:
    """A kind of protected place; `levels` are its grades, `zones` the ids of its legal zones."""

    id: str
    title: Sentence
    levels: tuple[str, ...]
    zones: tuple[str, ...]
    source: Source
    status: str


@dataclass(frozen=True, slots=True)
class Book:
    """rulebook/places.toml, each by id."""

    kinds: dict[str, PlaceKind]
    zones: dict[str, ZoneKind]
    columns: dict[str, str]  # a heading in lower case → the field it means


@cache
def book() -> Book:
    """Return the kinds of places and zones of the rulebook."""
    return read_book(Table("places.toml", rulebook.raw("places.toml")), rulebook.instruments())


def read_book(top: Table, instruments: dict[str, Instrument]) -> Book:
    """Read the kinds; each id is there once, and a place names only zones that exist."""
    zones = [_read_zone(item, instruments) for item in top.tables("zone", least=1)]
    kinds = [_read_kind(item, instruments) for item in top.tables("kind", least=1)]
    columns = [(item.text("field"), item.texts("words")) for item in top.tables("column", least=1)]
    top.done()
    headings = {word: field for field, words in columns for word in (field, *words)}
    if len(headings) != sum(1 + len(words) for _, words in columns):
        raise RulebookError("places.toml: a heading means two fields")
    found = Book({one.id: one for one in kinds}, {one.id: one for one in zones}, headings)
    if len(found.kinds) != len(kinds) or len(found.zones) != len(zones):
        raise RulebookError("places.toml: an id is there twice")
    for kind in kinds:
        for zone in kind.zones:
            if zone not in found.zones:
                raise RulebookError(f"places.toml: {kind.id}: {zone!r} is no zone")
    return found


def _read_zone(item: Table, instruments: dict[str, Instrument]) -> ZoneKind:
    zone = ZoneKind(
        id=item.text("id"),
        title=titled(item.text("title"), item.text("title_en")),
        source=read_source(item.table("source"), instruments),
        status=item.one_of("status", STATUSES),
    )
    item.day("confirmed_on")
    item.done()
    return zone


def _read_kind(item: Table, instruments: dict[str, Instrument]) -> PlaceKind:
    kind = PlaceKind(
        id=item.text("id"),
        title=titled(item.text("title"), item.text("title_en")),
        levels=item.texts("levels"),
        zones=item.texts("zones"),
        source=read_source(item.table("source"), instruments),
        status=item.one_of("status", STATUSES),
    )
    item.day("confirmed_on")
    item.done()
    return kind
