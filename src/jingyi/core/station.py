"""What a workstation goes by: how long a link opens, what a reply is checked for."""

from dataclasses import dataclass

from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist; `must`: a reply cannot be handed in without it."""

    id: str
    title: Sentence
    must: bool


@dataclass(frozen=True, slots=True)
class Station:
    """rulebook/station.toml."""

    link_days: int
    link_hours: int
    nearest: int
    at_least: float
    suffixes: tuple[str, ...]
    checks: tuple[Check, ...]
    source: Source
    status: str


def read_station(top: Table, instruments: dict[str, Instrument]) -> Station:
    """Read rulebook/station.toml."""
    link, near = top.table("link"), top.table("help")
    checks = []
    for item in top.tables("check", least=1):
        title = titled(item.text("title"), item.text("title_en"))
        checks.append(Check(item.text("id"), title, item.yes("must")))
        item.done()
    made = Station(
        link.number("days"),
        link.number("hours"),
        near.number("nearest"),
        float(near.data["at_least"]),
        near.texts("suffixes"),
        tuple(checks),
        read_source(top.table("source"), instruments),
        top.one_of("status", STATUSES),
    )
    top.text("reading")
    top.day("confirmed_on")
    for table in (link, top):
        table.done()
    return made
