"""A document's template as data: its required elements, what each must rest on, its sentences."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jingyi.core.documents.model import FRAME, STYLES
from jingyi.core.law import STATUSES, Instrument, Source, read_source, titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence

GAP = re.compile(r"\{(\w+?)(?:_(on))?\}")
SIGNERS = frozenset({"document.sign", "document.approve"})


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with named gaps. `{harm}` is a fact's words, `{harm_on}` its day.

    `each` names the fact that the line is repeated for; `proof`, that a sealed exhibit must be
    named; `optional`, that it is left out where the file has no such fact; `unless`, that it stands
    only where the file lacks that fact; `cites`, the articles that the sentence itself applies.
    """

    text: str
    facts: tuple[str, ...]
    each: str
    proof: bool
    optional: bool
    unless: str
    cites: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One required element: the article that requires it, how it is set, its sentences.

    `apart` sets each sentence as a paragraph of its own. `required`: though each of its sentences
    may be left out, one must stand.
    """

    id: str
    title: Sentence
    style: str
    heading: str
    label: str
    apart: bool
    required: bool
    source: Source
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of document: when it may be made, who signs it, and its elements in order."""

    id: str
    title: Sentence
    place: int  # its place in the order of the procedure
    printed: str  # the title as it stands on the paper
    tracks: tuple[str, ...]
    after: tuple[str, ...]  # one of these events must be on file
    signs: str  # the act of rulebook/roles.toml that signs it
    number_like: str  # how such numbers look where they are given
    status: str
    source: Source
    confirmed_on: date
    elements: tuple[Element, ...]

    def element(self, name: str) -> Element:
        return next(element for element in self.elements if element.id == name)


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact that a person enters. `law`: an article must be named with it; `proof`: an
    exhibit must be.
    """

    id: str
    title: Sentence
    tracks: tuple[str, ...]
    law: bool
    proof: bool
    source: Source
    status: str


def read_fact_kind(table: Table, instruments: Mapping[str, Instrument]) -> FactKind:
    """Read one entry of rulebook/facts.toml."""
    found = FactKind(
        id=table.text("id"),
        title=titled(table.text("title"), table.text("title_en")),
        tracks=table.texts("tracks"),
        law=table.yes("law", default=False),
        proof=table.yes("proof", default=False),
        source=read_source(table.table("source"), dict(instruments)),
        status=table.one_of("status", STATUSES),
    )
    table.day("confirmed_on")
    table.done()
    return found


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands at the head and the foot of many documents: office, title, addressee, date.

    A template's own element of the same id takes the place of the frame's.
    """

    id: str
    head: tuple[Table, ...]
    tail: tuple[Table, ...]


def read_frame(table: Table) -> Frame:
    """Read one entry of rulebook/document_frames.toml; its elements are read with each template."""
    found = Frame(table.text("id"), tuple(table.tables("head")), tuple(table.tables("tail")))
    table.done()
    return found


def read_template(
    table: Table, instruments: Mapping[str, Instrument], frames: Mapping[str, Frame]
) -> Template:
    """Read one file of rulebook/documents/."""
    title = table.text("title")
    source = read_source(table.table("source"), dict(instruments))
    name = table.text("frame")
    if name not in frames:
        raise table.wrong("frame", f"{name!r} is not in document_frames.toml")
    printed = table.text("printed", title)

    def elements(tables: Sequence[Table]) -> tuple[Element, ...]:
        # a frame's table is read once for every template, so each reading gets a fresh one
        fresh = [Table(item.file, item.data, item.path) for item in tables]
        return tuple(_element(item, instruments, source, printed) for item in fresh)

    found = Template(
        id=table.text("id"),
        title=titled(title, table.text("title_en")),
        place=table.number("place"),
        printed=printed,
        tracks=table.texts("tracks"),
        after=table.texts("after"),
        signs=table.one_of("signs", SIGNERS),
        number_like=table.text("number_like", ""),
        status=table.one_of("status", STATUSES),
        source=source,
        confirmed_on=table.day("confirmed_on"),
        elements=_framed(
            elements(frames[name].head),
            elements(table.tables("element", least=1)),
            elements(frames[name].tail),
        ),
    )
    table.text("reading", "")
    table.done()
    names = [element.id for element in found.elements]
    if len(set(names)) < len(names):
        raise table.wrong("element", "has an id twice")
    return found


def _framed(
    head: Sequence[Element], body: Sequence[Element], tail: Sequence[Element]
) -> tuple[Element, ...]:
    """Return the elements in order; one of the template's own takes the place of the frame's."""
    own = {element.id: element for element in body}
    frame = {element.id for element in (*head, *tail)}
    return (
        *(own.get(element.id, element) for element in head),
        *(element for element in body if element.id not in frame),
        *(own.get(element.id, element) for element in tail),
    )


def _element(
    table: Table, instruments: Mapping[str, Instrument], source: Source, printed: str
) -> Element:
    """Read an element; without an article of its own it is required by the template's.

    `text` is a list of plain sentences; `each`, `proof`, `optional` and `unless` hold for them all.
    `[[element.line]]` is one sentence with its own.
    """
    title = table.text("title")
    article = table.text("article", "")
    own = table.table_or_none("source")
    if own:
        source = read_source(own, dict(instruments))
    elif article:
        source = Source(source.instrument, article)
    shared = {
        key: table.data[key] for key in ("each", "proof", "optional", "unless") if table.has(key)
    }
    texts = [
        Table(
            table.file, {"text": text.replace("{TITLE}", printed), **shared}, f"{table.path}.text"
        )
        for text in table.texts("text", ())
    ]
    said = tuple(_line(item, dict(instruments)) for item in [*texts, *table.tables("line")])
    found = Element(
        id=table.text("id"),
        title=titled(title, table.text("title_en")),
        style=table.one_of("style", STYLES, "body"),
        heading=table.text("heading", ""),
        label=table.text("label", title),
        apart=table.yes("apart", default=False),
        required=table.yes("required", default=False)
        or not all(line.optional or line.unless for line in said),
        source=source,
        lines=said,
    )
    table.done()
    if not said:
        raise table.wrong("text", "is missing: an element says something")
    if found.style in FRAME and any(line.proof for line in found.lines):
        raise table.wrong("text", "asks for proof in a paragraph that states nothing")
    return found


def _line(table: Table, instruments: dict[str, Instrument]) -> Line:
    text = table.text("text")
    each = table.text("each", "")
    names = tuple(dict.fromkeys(name for name, _ in GAP.findall(text)))
    if each and each not in names:
        raise table.wrong("each", f"{each!r} is not a gap of the text")
    found = Line(
        text=text,
        facts=names,
        each=each,
        proof=table.yes("proof", default=False),
        optional=table.yes("optional", default=False),
        unless=table.text("unless", ""),
        cites=tuple(read_source(item, instruments) for item in table.tables("cites")),
    )
    table.done()
    if found.proof and not names:
        raise table.wrong("proof", "is asked of a sentence without a fact")
    return found
