"""The editable copy, opened again: its page, its fonts, its numbers, its words."""

import io

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from jingyi.core import rulebook
from jingyi.core.documents.draft import draft
from jingyi.core.documents.model import Document, Paragraph, Statement
from jingyi.engines.typesetting.docx import to_docx
from tests.core.documents.papers import AUTHOR, FILE, ON


@pytest.fixture
def document():
    return draft(rulebook.document("suggestion"), FILE, on=ON, author=AUTHOR)


def opened(made):
    return docx.Document(io.BytesIO(made))


def test_the_page_is_that_of_the_standard(document):
    section = opened(to_docx(document)).sections[0]

    sides = section.left_margin + section.right_margin
    ends = section.top_margin + section.bottom_margin
    # twentieths of a point round each length
    assert (section.page_width, section.page_height) == pytest.approx((Mm(210), Mm(297)), abs=700)
    assert section.page_width - sides == pytest.approx(Mm(156), abs=1400)
    assert section.page_height - ends == pytest.approx(Mm(225), abs=1400)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_it_holds_every_sentence_in_order(document):
    paper = opened(to_docx(document, number="沚检行公建〔2026〕88号"))

    told = "".join(line.text for line in paper.paragraphs)
    place = 0
    for _, statement in document.statements():
        if statement.element != "number":
            place = told.index(statement.text, place)
    assert "沚检行公建〔2026〕88号" in told


def test_fonts_are_named_for_chinese_as_well_as_latin_text(document):
    looks = {
        line.text: (run.font.name, run._element.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt)
        for line in opened(to_docx(document)).paragraphs
        for run in line.runs[:1]
    }

    assert looks["检察建议书"] == ("方正小标宋简体", "方正小标宋简体", 22)
    assert looks["五、建议内容"] == ("黑体", "黑体", 16)
    assert looks["2.查处违法排污。"] == ("仿宋_GB2312", "仿宋_GB2312", 16)


def test_page_numbers_are_right_on_odd_pages_and_left_on_even_ones(document):
    paper = opened(to_docx(document))

    assert paper.settings.odd_and_even_pages_header_footer
    odd = paper.sections[0].footer.paragraphs[0]
    even = paper.sections[0].even_page_footer.paragraphs[0]
    assert odd.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.RIGHT
    assert even.alignment == docx.enum.text.WD_ALIGN_PARAGRAPH.LEFT
    for line in (odd, even):
        assert line.text == "—  —"
        assert [x.text for x in line._p.iter(qn("w:instrText"))] == ["PAGE"]


def test_the_same_document_is_the_same_bytes(document):
    assert to_docx(document) == to_docx(document)


def test_rows_become_a_table():
    rows = (Statement("受送达人", "x"), Statement("沚阳市水务局", "x"))
    paper = opened(to_docx(Document("x", "送达回证", AUTHOR, ON, (Paragraph("rows", rows),))))

    assert [cell.text for cell in paper.tables[0].rows[0].cells] == ["受送达人", "沚阳市水务局"]


def test_a_watermark_heads_odd_and_even_pages_and_nothing_else_has_one(document):
    marked = opened(to_docx(document, mark="密封案件 · 李")).sections[0]
    plain = opened(to_docx(document)).sections[0]

    for name in ("header", "even_page_header"):
        assert getattr(marked, name).paragraphs[0].text == "密封案件 · 李"
        assert not getattr(plain, name).paragraphs[0].text
