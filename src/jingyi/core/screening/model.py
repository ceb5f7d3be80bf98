"""A supervision model as a value: its question, basis, data contract, parameters, SQL and examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlglot import exp

from jingyi.core.law import Source, titled
from jingyi.core.words import Sentence, say

Value = str | int | date | Decimal | None
Row = Mapping[str, Any]  # what is in one row of a table, by column

# How each kind of column is stored: the four types that every engine agrees on.
STORED = {
    "person-id": "text",
    "credit-code": "text",
    "code": "text",
    "text": "text",
    "date": "date",
    "month": "date",  # its first day
    "integer": "integer",
    "number": "number",  # four decimal places, exact
}
IDENTIFIERS = frozenset({"person-id", "credit-code", "code"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column that a source must have, and why it is asked for."""

    name: str
    title: Sentence
    kind: str
    why: Sentence
    headings: tuple[str, ...]  # what agencies call it
    may_be_missing: bool  # the column, not only the cell

    @property
    def stored(self) -> str:
        return STORED[self.kind]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One table of one organ. `key`: no two rows may be alike in these columns."""

    name: str
    title: Sentence
    holder: Sentence  # whose data it is
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(one for one in self.columns if one.name == name)


@dataclass(frozen=True, slots=True)
class LinkField:
    """Columns of the two tables that are compared: as person, organisation, date or text."""

    left: str
    right: str
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two sources without a common key. The query sees a table of this name with the pairs of rows
    (`left_row`, `right_row`), their match `weight` in bits and its `probability`.
    """

    name: str
    left: str
    right: str
    fields: tuple[LinkField, ...]

    @property
    def table(self) -> SourceTable:
        """What the query sees; nobody hands it over."""
        kinds = {
            "left_row": "integer",
            "right_row": "integer",
            "weight": "number",
            "probability": "number",
        }
        columns = tuple(
            Column(name, titled(name, name), kind, say(""), (), may_be_missing=False)
            for name, kind in kinds.items()
        )
        return SourceTable(self.name, titled(self.name, self.name), say(""), (), columns)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure that an office may set, within bounds."""

    id: str
    title: Sentence
    meaning: Sentence
    unit: Sentence
    kind: str  # date, integer, number or text
    default: Value
    low: Value
    high: Value


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the hits. `source` and `weight` are of kind `rows`: the rows cited.

    Without a `decisive` row there is no hit; without a `supporting` one it is another hit.
    """

    name: str
    title: Sentence
    kind: str
    source: str = ""
    weight: str = ""

    @property
    def stored(self) -> str:
        return "rows" if self.kind == "rows" else STORED[self.kind]


@dataclass(frozen=True, slots=True)
class Basis:
    """An article the model rests on, and how sure we are of it."""

    source: Source
    says: Sentence
    status: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class Example:
    """Tables in, hits out; runs as a test on every engine."""

    id: str
    title: Sentence
    parameters: Mapping[str, Value]
    tables: Mapping[str, tuple[Row, ...]]
    hits: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A checked model. `query` is in the permitted subset and reads nothing but `tables`."""

    id: str
    version: int
    title: Sentence
    question: Sentence
    domain: str
    basis: tuple[Basis, ...]
    sources: tuple[SourceTable, ...]
    parameters: tuple[Parameter, ...]
    outputs: tuple[Output, ...]
    key: tuple[str, ...]  # the outputs that tell one hit from another
    because: Sentence
    expected_errors: tuple[Sentence, ...]
    examples: tuple[Example, ...]
    text: str  # query.sql as written
    query: exp.Query
    digest: str  # SHA-256 over the files of the folder
    links: tuple[Link, ...] = ()

    @property
    def tables(self) -> tuple[SourceTable, ...]:
        """Return every table that the query may read: the sources, and those of the links."""
        return (*self.sources, *(one.table for one in self.links))

    def source(self, name: str) -> SourceTable:
        return next(one for one in self.sources if one.name == name)

    @property
    def cites(self) -> tuple[Output, ...]:
        return tuple(one for one in self.outputs if one.kind == "rows")

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the names of the CTEs, in order."""
        return tuple(one.alias for one in self.query.ctes)
