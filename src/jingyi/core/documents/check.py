"""What keeps a document from being signed, and what a person may do to its sentences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from jingyi.core.documents.draft import joined, no_proof, out_of_force, shortened
from jingyi.core.documents.model import (
    PROOF,
    RECORD,
    SCREENING,
    Citation,
    Document,
    Exhibit,
    Fact,
    Statement,
)
from jingyi.core.documents.template import FactKind, Template
from jingyi.core.law import Instrument, Source
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say


class NotSound(Refusal):
    """A sentence of the document does not carry its own weight."""


def edited(document: Document, texts: Mapping[str, str]) -> Document:
    """Return the document with other words at the places of `texts`; those lose their mark.

    Raises:
        NotSound: a sentence would be left empty, or nothing is changed.
    """
    found = document
    for place, statement in document.statements():
        text = " ".join(texts.get(place, statement.text).split())
        if not text:
            raise NotSound(
                "“{was}”改成了空句。要删去一句，请改事实后重新生成。", was=shortened(statement.text)
            )
        if text != statement.text:
            found = found.with_statement(place, statement.edited(text))
    if found == document:
        raise NotSound("没有改动，不另存版本。")
    return found


def cite_again(
    document: Document,
    place: str,
    *,
    exhibits: tuple[Exhibit, ...],
    articles: tuple[Source, ...],
    on: date | None = None,
) -> Document:
    """Return the document with the mark of the sentence at `place` given again.

    Args:
        exhibits: what the sentence rests on now.
        articles: what it cites, the article that requires the element among them or not.
        on: the day of the fact told, where there is one.

    Raises:
        NotSound: with all that is wrong with the citation.
    """
    statement = dict(document.statements())[place]
    new = replace(
        statement,
        exhibits=tuple(one.key for one in exhibits),
        articles=tuple(dict.fromkeys(Citation.of(source) for source in articles)),
        on=on,
        cited=True,
    )
    instruments = {source.instrument.id: source.instrument for source in articles}
    named = {**document.exhibits, **{one.key: one for one in exhibits}}
    if reasons := faults_of(new, named, instruments, document.on):
        raise NotSound("引注不成立：{why}。", why=joined(reasons))
    kept = document.with_statement(place, new)
    used = {key for _, one in kept.statements() for key in one.exhibits}
    return replace(kept, exhibits={key: one for key, one in named.items() if key in used})


def faults(
    document: Document, template: Template, instruments: Mapping[str, Instrument], *, on: date
) -> tuple[Sentence, ...]:
    """Return every reason why the document cannot be signed on the day `on`."""
    found: list[Sentence] = []
    bare = document.uncited()
    if bare:
        statements = dict(document.statements())
        found.append(
            say(
                "{n} 句改动后还没有重新引注，第一句是“{first}”",
                n=len(bare),
                first=shortened(statements[bare[0]].text),
            )
        )
    found += [
        reason
        for _, statement in document.statements()
        if statement.cited
        for reason in faults_of(statement, document.exhibits, instruments, on)
    ]
    present = {statement.element for _, statement in document.statements()}
    for element in template.elements:
        if element.required and element.id not in present:
            found.append(
                say(
                    "缺少“{element}”（{source}）", element=element.title, source=str(element.source)
                )
            )
    return tuple({str(reason): reason for reason in found}.values())


def faults_of(
    statement: Statement,
    exhibits: Mapping[str, Exhibit],
    instruments: Mapping[str, Instrument],
    on: date,
) -> tuple[Sentence, ...]:
    """Return why a sentence's citation does not hold: no article, out of force, no exhibit, no proof."""
    found: list[Sentence] = []
    if not statement.articles:
        found.append(say("“{text}”没有引用条文", text=shortened(statement.text)))
    for citation in statement.articles:
        source = citation.source(instruments)
        # an article is right for the day the document is made, or for the day of the fact it tells
        late = list(out_of_force(source, on))
        if late and not (statement.on and source.instrument.in_force(statement.on)):
            found += late
    kinds = [exhibits[key].kind for key in statement.exhibits]
    found += [
        no_proof(exhibits[key]) for key in statement.exhibits if exhibits[key].kind == SCREENING
    ]
    if statement.proved and PROOF not in kinds and (not kinds or RECORD in kinds):
        found.append(say("“{text}”没有附证据", text=shortened(statement.text)))
    return tuple(found)


def faults_of_fact(
    text: str,
    exhibits: Sequence[Exhibit],
    articles: Sequence[Source],
    on: date | None,
    kind: FactKind,
) -> Iterator[Sentence]:
    """Yield why a fact cannot be entered: no proof, no article, one not in force on its day."""
    for one in exhibits:
        if one.kind == SCREENING:
            yield no_proof(one)
    if kind.proof and not any(one.kind == PROOF for one in exhibits):
        yield say("“{element}”要有证据（{source}）", element=kind.title, source=str(kind.source))
    if kind.law and not articles:
        yield say(
            "“{element}”要写明法律条文（{source}）", element=kind.title, source=str(kind.source)
        )
    if articles and not on:
        yield say("引用条文的事实要写明日期，才知道当时施行的是哪部法律")
    for source in articles:
        if on:
            yield from out_of_force(source, on, told=Fact(kind.id, text, on))
