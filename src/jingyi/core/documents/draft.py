"""A file's facts and a template into a document: every sentence from a fact, every gap a refusal."""

import re
from collections.abc import Iterator
from datetime import date

from jingyi.core.documents.model import (
    FRAME,
    PROOF,
    SCREENING,
    Citation,
    Document,
    Exhibit,
    Fact,
    File,
    Paragraph,
    Statement,
)
from jingyi.core.documents.template import GAP, Element, Line, Template
from jingyi.core.law import Source
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say


class NotDrafted(Refusal):
    """The document cannot be made from the file as it stands; `reasons` are all that is missing."""

    def __init__(self, title: Sentence, reasons: tuple[Sentence, ...]) -> None:
        super().__init__("“{title}”现在不能生成：{why}。", title=title, why=joined(reasons))
        self.reasons = reasons


def joined(reasons: tuple[Sentence, ...]) -> Sentence:
    """Return reasons as one sentence."""
    said = reasons[0]
    for reason in reasons[1:]:
        said = Sentence("{first}；{then}", {"first": said, "then": reason})
    return said


def missing(template: Template, file: File, *, on: date) -> tuple[Sentence, ...]:
    """Return everything that keeps the document from being made of `file` on the day `on`."""
    found: list[Sentence] = []
    if file.track not in template.tracks:
        return (say("这种文书不用于本案的诉讼类型"),)
    if not file.events & set(template.after):
        found.append(say("案卷里还没有作出它的前提步骤"))
    for element in template.elements:
        if element.required and not any(_stands(line, file) for line in element.lines):
            found.append(_lacks(element))
        for line in element.lines:
            found += _missing_of(element, line, file, on)
    return tuple({str(reason): reason for reason in found}.values())


def draft(template: Template, file: File, *, on: date, author: str) -> Document:
    """Return the document of `template` made from `file`.

    Args:
        on: the day it is made as of; procedural articles must be in force on it.
        author: the office in whose name it is made.

    Raises:
        NotDrafted: with every reason at once: what is missing, unproved, repealed or no proof.
    """
    if reasons := missing(template, file, on=on):
        raise NotDrafted(template.title, reasons)
    paragraphs = tuple(p for element in template.elements for p in _set(element, file))
    used = {key for p in paragraphs for s in p.statements for key in s.exhibits}
    return Document(
        kind=template.id,
        title=template.printed,
        author=author,
        on=on,
        paragraphs=paragraphs,
        exhibits={key: one for key, one in file.exhibits.items() if key in used},
    )


def _missing_of(element: Element, line: Line, file: File, on: date) -> Iterator[Sentence]:
    if line.unless and file.of(line.unless):
        return
    lacking = [name for name in line.facts if not file.of(name)]
    if lacking:
        if not line.optional:
            yield _lacks(element)
        return
    for source in (element.source, *line.cites):
        yield from out_of_force(source, on)
    for facts in _rounds(line, file):
        yield from _undated(element, line, facts)
        for fact in facts:
            for source in fact.articles:
                yield from out_of_force(source, fact.on or on, told=fact)
        yield from _unproved(element, line, facts, file)


def _stands(line: Line, file: File) -> bool:
    """Tell whether the file has what the line says."""
    gone = bool(line.unless and file.of(line.unless))
    return not gone and all(file.of(name) for name in line.facts)


def _lacks(element: Element) -> Sentence:
    return say("缺少“{element}”（{source}）", element=element.title, source=str(element.source))


def _undated(element: Element, line: Line, facts: tuple[Fact, ...]) -> Iterator[Sentence]:
    dated = {name for name, on in GAP.findall(line.text) if on}
    for fact in facts:
        if fact.name in dated and not fact.on:
            yield say("“{element}”没有日期", element=element.title)


def _unproved(
    element: Element, line: Line, facts: tuple[Fact, ...], file: File
) -> Iterator[Sentence]:
    """Yield why these facts do not carry the sentence: no exhibit, or one that proves nothing."""
    for fact in facts:
        if any(key not in file.exhibits for key in fact.exhibits):
            yield say("“{fact}”所附的证据已经不在案卷里", fact=shortened(fact.text))
            return
    named = [file.exhibits[key] for fact in facts for key in fact.exhibits]
    for one in named:
        if one.kind == SCREENING:
            yield no_proof(one)
    if line.proof and not any(one.kind == PROOF for one in named):
        if all(one.kind == SCREENING for one in named) and named:
            return  # said above
        yield say(
            "“{element}”中“{fact}”没有附证据", element=element.title, fact=shortened(facts[0].text)
        )


def no_proof(one: Exhibit) -> Sentence:
    """Return why a screening result cannot be cited."""
    return say(
        "“{name}”是模型筛查结果，只能作线索，不能作证据；请另附查证所得的证据", name=one.name
    )


def out_of_force(source: Source, on: date, *, told: Fact | None = None) -> Iterator[Sentence]:
    """Yield why an article cannot be cited for the day `on`; nothing if it can."""
    instrument = source.instrument
    if instrument.in_force(on):
        return
    about = say("“{fact}”", fact=shortened(told.text)) if told else say("本文书")
    if on < instrument.in_force_from:
        yield say(
            "{about}引用的{source}自 {since} 起施行，{day} 尚未施行",
            about=about, source=str(source), since=instrument.in_force_from, day=on,
        )  # fmt: skip
    else:
        yield say(
            "{about}引用的{source}已失效（最后一日 {until}），{day} 不能引用",
            about=about, source=str(source), until=instrument.in_force_to, day=on,
        )  # fmt: skip


def shortened(text: str, most: int = 24) -> str:
    """Return the first words of `text`."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _rounds(line: Line, file: File) -> list[tuple[Fact, ...]]:
    """Return the facts of each repetition of the line: one, or one for each fact it is repeated for."""
    others = [file.of(name)[0] for name in line.facts if name != line.each]
    if line.each:
        return [(fact, *others) for fact in file.of(line.each)]
    return [tuple(others)]


def _set(element: Element, file: File) -> Iterator[Paragraph]:
    """Yield an element's paragraphs."""
    said = [
        statement
        for line in element.lines
        if _stands(line, file)
        for statement in _statements(element, line, file)
    ]
    if not said:
        return
    if element.heading:
        head = Statement(element.heading, element.id, articles=(Citation.of(element.source),))
        yield Paragraph("heading", (head,))
    if element.style == "rows":
        label = Statement(element.label, element.id, articles=(Citation.of(element.source),))
        yield Paragraph("rows", (label, *said))
    elif element.apart:
        for statement in said:
            yield Paragraph(element.style, (statement,))
    else:
        yield Paragraph(element.style, tuple(said))


def _statements(element: Element, line: Line, file: File) -> Iterator[Statement]:
    for n, facts in enumerate(_rounds(line, file), 1):
        yield Statement(
            text=_filled(line, facts, n),
            element=element.id,
            exhibits=() if element.style in FRAME else _keys(facts),
            articles=_articles(element, line, facts),
            on=next((fact.on for fact in facts if fact.articles), None),
            proved=line.proof,
        )


def _filled(line: Line, facts: tuple[Fact, ...], n: int) -> str:
    """Return the line's text with its gaps filled; `#` is the number of the repetition."""
    told = {fact.name: fact for fact in facts}

    def fill(gap: re.Match[str]) -> str:
        fact = told[gap[1]]
        return in_words(fact.on) if gap[2] and fact.on else fact.text

    return GAP.sub(fill, line.text.replace("#", str(n)))


def _keys(facts: tuple[Fact, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for fact in facts for key in fact.exhibits))


def _articles(element: Element, line: Line, facts: tuple[Fact, ...]) -> tuple[Citation, ...]:
    sources = [element.source, *line.cites, *(s for fact in facts for s in fact.articles)]
    return tuple(dict.fromkeys(Citation.of(source) for source in sources))


def in_words(day: date) -> str:
    """Return a day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
