"""Every kind of document: made of a full file, refused without any of its facts, printed in both ways."""

import io
from dataclasses import replace
from datetime import date

import docx
import pypdf
import pytest

from jingyi.core import rulebook
from jingyi.core.documents.check import faults
from jingyi.core.documents.draft import NotDrafted, draft, missing
from jingyi.core.documents.model import Exhibit, Fact, File
from jingyi.engines.typesetting.docx import to_docx
from jingyi.engines.typesetting.grid import pages_of
from jingyi.engines.typesetting.pdf import to_pdf
from tests.core.documents.papers import AUTHOR, CODE, EXHIBITS

ON = date(2026, 11, 20)
TEMPLATES = rulebook.documents()
# what documents draw from a file besides facts and events: see web/cases/documents/{facts,lead}.py
GIVEN = frozenset(
    ["office", "today", "title", "ref", "domain", "handler", "organ", "addressee", "defendant", "superior", "lead", "basis", "reply_period", "exhibit", "received", "reporter", "reported", "decline_reason"]
)  # fmt: skip
MOVES = tuple(f"_{kind.replace('-', '_')}" for kind in rulebook.moves()[0])
DETAILS = ("", "_told", "_number", "_court", "_office", "_medium", "_ground", *MOVES)


def named(template):
    return {name for e in template.elements for line in e.lines for name in (*line.facts, line.unless) if name}  # fmt: skip


def full(template):
    """A file with every fact that the template names, each proved and dated."""
    facts = tuple(
        Fact(name, f"【{name}】", date(2026, 9, 1), ("file:1",), (CODE,) if name == "basis" else ())
        for name in sorted(named(template))
    )
    return File(facts, EXHIBITS, frozenset(template.after), template.tracks[0])


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_draws_only_on_facts_that_a_file_can_have(name):
    events = {kind.replace(".", "_").replace("-", "_") for kind in rulebook.events()}
    known = GIVEN | set(rulebook.fact_kinds()) | {e + d for e in events for d in DETAILS}
    template = TEMPLATES[name]

    assert named(template) <= known
    assert set(template.after) <= set(rulebook.events())
    for fact in named(template) & set(rulebook.fact_kinds()):
        assert set(template.tracks) & set(rulebook.fact_kinds()[fact].tracks)


@pytest.mark.parametrize("name", TEMPLATES)
def test_of_a_full_file_it_is_made_whole_and_could_be_signed(name):
    template = TEMPLATES[name]

    document = draft(template, full(template), on=ON, author=AUTHOR)

    assert "{" not in "".join(p.text for p in document.paragraphs)
    assert all(s.articles for _, s in document.statements())
    assert faults(document, template, rulebook.instruments(), on=ON) == ()
    titles = {s.text for p in document.paragraphs if p.style == "title" for s in p.statements}
    assert titles == {template.printed}


@pytest.mark.parametrize("name", TEMPLATES)
def test_without_a_fact_that_it_needs_it_is_refused_with_the_article(name):
    template = TEMPLATES[name]
    file = full(template)
    needed = {
        fact: element
        for element in template.elements
        for line in element.lines
        if not line.optional and not line.unless
        for fact in line.facts
    }
    assert needed
    for fact, element in needed.items():
        without = replace(file, facts=tuple(f for f in file.facts if f.name != fact))
        with pytest.raises(NotDrafted, match=str(element.source)):
            draft(template, without, on=ON, author=AUTHOR)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_it_must_prove_is_refused_without_an_exhibit_or_on_a_screening_result(name):
    template = TEMPLATES[name]
    file = full(template)
    for element in template.elements:
        for line in element.lines:
            if line.proof:
                bare = replace(
                    file,
                    facts=tuple(replace(f, exhibits=()) if f.name in line.facts else f for f in file.facts),
                )  # fmt: skip
                assert any("没有附证据" in str(reason) for reason in missing(template, bare, on=ON))
    screened = replace(file, exhibits={"file:1": Exhibit("file:1", "模型结果", "screening")})
    if any(line.facts and element.style not in {"office", "signature", "date"} for element in template.elements for line in element.lines):  # fmt: skip
        assert any("只能作线索" in str(reason) for reason in missing(template, screened, on=ON))


def test_a_fact_of_what_happened_is_never_told_without_proof():
    """Harm, breach, act: wherever a document says them, it must name an exhibit."""
    for template in TEMPLATES.values():
        for element in template.elements:
            for line in element.lines:
                told = set(line.facts) & {name for name, kind in rulebook.fact_kinds().items() if kind.proof}  # fmt: skip
                assert not told or line.proof, (template.id, element.id)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_is_printed_as_pdf_and_docx_with_every_sentence(name):
    template = TEMPLATES[name]
    document = draft(template, full(template), on=ON, author=AUTHOR)

    printed = pypdf.PdfReader(io.BytesIO(to_pdf(document)))
    pages = ["".join(page.extract_text().split()) for page in printed.pages]
    text = "".join(page.removesuffix(f"—{n}—") for n, page in enumerate(pages, 1))
    paper = docx.Document(io.BytesIO(to_docx(document)))
    word = "".join(
        [line.text for line in paper.paragraphs]
        + [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    )
    for _, statement in document.statements():
        if statement.element != "number":
            assert "".join(statement.text.split()) in text, statement.text
            assert statement.text in word
    assert len(pages_of(document)) == len(printed.pages)


def test_a_complaint_says_that_there_was_no_reply_where_there_was_none():
    template = TEMPLATES["complaint-administrative"]
    file = full(template)
    silent = replace(file, facts=tuple(f for f in file.facts if f.name != "suggestion_replied"))

    def told(made):
        return "".join(p.text for p in draft(template, made, on=ON, author=AUTHOR).paragraphs)

    assert "被告没有回复" in told(silent)
    assert "被告没有回复" not in told(file)


def test_a_civil_suit_needs_a_notice_or_the_relatives_asked():
    template = TEMPLATES["complaint-civil"]
    before = {"notice_published", "notice_published_medium", "relatives_asked"}
    file = full(template)
    none = replace(file, facts=tuple(f for f in file.facts if f.name not in before))

    with pytest.raises(NotDrafted, match="缺少“诉前程序”（《办案规则》第九十六条）"):
        draft(template, none, on=ON, author=AUTHOR)
