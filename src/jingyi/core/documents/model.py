"""What a document is: paragraphs of sentences, each with what it rests on. Frozen, checked on birth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from jingyi.core.law import Instrument, Source

STYLES = frozenset(
    "office title number to heading body rows attachment signature date copies".split()  # noqa: SIM905 -- read as words
)
# Paragraphs that say who and where, not what is so: nothing in them needs proof.
FRAME = frozenset("office title number heading signature date".split())  # noqa: SIM905 -- as above
PROOF, RECORD, SCREENING = "proof", "record", "screening"
KINDS = frozenset({PROOF, RECORD, SCREENING})


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of the file that a sentence can rest on.

    `kind`: ``proof`` is a sealed file; ``record`` an entry in the case's own file, which shows that
    a step was taken and nothing more; ``screening`` a model's result, a lead and never proof.
    """

    key: str
    name: str
    kind: str
    sha256: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS or (self.kind == PROOF) != bool(self.sha256):
            msg = f"not an exhibit: {self.key} {self.kind}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the file says: its words, its day, the exhibits that prove it, the law it falls under."""

    name: str
    text: str
    on: date | None = None
    exhibits: tuple[str, ...] = ()
    articles: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """The facts of a case as they stand, in order, and the exhibits they name."""

    facts: tuple[Fact, ...]
    exhibits: Mapping[str, Exhibit]
    events: frozenset[str] = frozenset()  # kinds of event on file
    track: str = ""

    def of(self, name: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.name == name)


@dataclass(frozen=True, slots=True)
class Citation:
    """An article as a document cites it: the instrument's id, how it is named, the article."""

    instrument: str
    words: str
    article: str

    @classmethod
    def of(cls, source: Source) -> Self:
        return cls(source.instrument.id, str(source), source.article)

    def source(self, instruments: Mapping[str, Instrument]) -> Source:
        return Source(instruments[self.instrument], self.article)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a document. Without its mark (`cited`) it is a person's words, unproved.

    `on` is the day of the fact told, where it has one; `proved` tells whether it must have proof.
    """

    text: str
    element: str
    exhibits: tuple[str, ...] = ()
    articles: tuple[Citation, ...] = ()
    on: date | None = None
    proved: bool = False
    cited: bool = True

    def edited(self, text: str) -> "Statement":
        """Return it with other words: what it rested on is kept as an offer, the mark is gone."""
        return self if text == self.text else replace(self, text=text, cited=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences set together. A paragraph of `rows` is one row: its label, then what fills it."""

    style: str
    statements: tuple[Statement, ...]

    def __post_init__(self) -> None:
        if self.style not in STYLES:
            msg = f"no such style: {self.style}"
            raise ValueError(msg)

    @property
    def text(self) -> str:
        return "".join(statement.text for statement in self.statements)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document as of a day, with the exhibits that its sentences name."""

    kind: str
    title: str
    author: str
    on: date
    paragraphs: tuple[Paragraph, ...]
    exhibits: Mapping[str, Exhibit] = field(default_factory=dict)

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """Yield every sentence with its place, ``"3.0"``: paragraph and sentence from nought."""
        for n, paragraph in enumerate(self.paragraphs):
            for m, statement in enumerate(paragraph.statements):
                yield f"{n}.{m}", statement

    def style_of(self, place: str) -> str:
        """Return the style of the paragraph that the sentence at `place` stands in."""
        return self.paragraphs[int(place.partition(".")[0])].style

    def uncited(self) -> tuple[str, ...]:
        """Return the places of the sentences that have lost their mark."""
        return tuple(place for place, statement in self.statements() if not statement.cited)

    def with_statement(self, place: str, new: Statement) -> "Document":
        """Return the document with another sentence at `place`."""
        n, m = map(int, place.split("."))
        old = self.paragraphs[n]
        statements = (*old.statements[:m], new, *old.statements[m + 1 :])
        paragraph = replace(old, statements=statements)
        return replace(
            self, paragraphs=(*self.paragraphs[:n], paragraph, *self.paragraphs[n + 1 :])
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON that `from_json` turns back into an equal document."""
        return {
            "kind": self.kind,
            "title": self.title,
            "author": self.author,
            "on": self.on.isoformat(),
            "paragraphs": [
                {"style": p.style, "statements": [_statement_out(s) for s in p.statements]}
                for p in self.paragraphs
            ],
            "exhibits": {
                key: {"name": one.name, "kind": one.kind, "sha256": one.sha256}
                for key, one in self.exhibits.items()
            },
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(
            stored["kind"],
            stored["title"],
            stored["author"],
            date.fromisoformat(stored["on"]),
            tuple(
                Paragraph(p["style"], tuple(_statement_in(s) for s in p["statements"]))
                for p in stored["paragraphs"]
            ),
            {
                key: Exhibit(key, one["name"], one["kind"], one["sha256"])
                for key, one in stored["exhibits"].items()
            },
        )


def _statement_out(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "element": statement.element,
        "exhibits": list(statement.exhibits),
        "articles": [[c.instrument, c.words, c.article] for c in statement.articles],
        "on": statement.on.isoformat() if statement.on else None,
        "proved": statement.proved,
        "cited": statement.cited,
    }


def _statement_in(stored: Mapping[str, Any]) -> Statement:
    return Statement(
        stored["text"],
        stored["element"],
        tuple(stored["exhibits"]),
        tuple(Citation(*one) for one in stored["articles"]),
        date.fromisoformat(stored["on"]) if stored["on"] else None,
        proved=stored["proved"],
        cited=stored["cited"],
    )
