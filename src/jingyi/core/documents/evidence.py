"""The kinds of evidence that exhibits are filed under, as data."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from jingyi.core import rulebook
from jingyi.core.law import STATUSES, Source, read_source, titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """One kind. Without `proof` it is a lead: no sentence of a document can rest on it."""

    id: str
    title: Sentence
    proof: bool
    source: Source
    status: str
    confirmed_on: date


@cache
def evidence_kinds() -> dict[str, EvidenceKind]:
    """Return the kinds of rulebook/evidence.toml by id, in its order."""
    top = rulebook.table("evidence.toml")
    found = {one.id: one for one in map(_kind, top.tables("kind", least=1))}
    top.done()
    return found


def _kind(table: Table) -> EvidenceKind:
    found = EvidenceKind(
        id=table.text("id"),
        title=titled(table.text("title"), table.text("title_en")),
        proof=table.yes("proof"),
        source=read_source(table.table("source"), rulebook.instruments()),
        status=table.one_of("status", STATUSES),
        confirmed_on=table.day("confirmed_on"),
    )
    table.done()
    return found
