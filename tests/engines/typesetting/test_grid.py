"""The page on the screen: the same grid, nothing lost between pages."""

import io

import pypdf
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.documents.model import Document, Paragraph, Statement
from jingyi.engines.typesetting.grid import lines_of, pages_of
from jingyi.engines.typesetting.pdf import to_pdf
from tests.core.documents.papers import AUTHOR, ON


def document(*paragraphs):
    return Document(
        "x", "x", AUTHOR, ON,
        tuple(Paragraph(style, tuple(Statement(t, "x") for t in texts)) for style, *texts in paragraphs),
    )  # fmt: skip


def told(pages):
    return "".join(p.text for page in pages for block in page.blocks for p in block.pieces)


def test_a_full_page_is_616_characters():
    pages = pages_of(document(("to", "检" * (28 * 22 + 1))))

    assert [len(told([page])) for page in pages] == [616, 1]
    assert [page.odd for page in pages] == [True, False]
    assert pages[1].blocks[0].continued
    assert not pages[1].blocks[0].pieces[0].begins


def test_a_heading_is_never_the_last_line_of_a_page():
    pages = pages_of(document(("to", "检" * 28 * 21), ("heading", "一、标题"), ("body", "正文。")))

    assert told([pages[1]]) == "一、标题正文。"


def test_a_closing_mark_never_begins_a_line():
    [page] = pages_of(document(("to", "检" * 28 + "。后")))

    assert lines_of(page.blocks[0].pieces) == [27, 3]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["body", "to", "heading", "rows", "signature"]),
            st.text("检察建议，。ab1", min_size=1, max_size=900),
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None)  # fmt: skip
def test_nothing_is_lost_or_doubled_between_pages(paragraphs):
    made = document(*((s, "栏", t) if s == "rows" else (s, t) for s, t in paragraphs))

    pages = pages_of(made)

    assert told(pages) == "".join(p.text for p in made.paragraphs)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))


def test_plain_text_breaks_on_the_same_page_as_on_paper():
    made = document(("to", "检" * 2000), ("body", "察" * 900))

    on_paper = pypdf.PdfReader(io.BytesIO(to_pdf(made))).pages
    on_screen = pages_of(made)

    assert len(on_paper) == len(on_screen)
    for sheet, page in zip(on_paper, on_screen, strict=True):
        assert sheet.extract_text().count("检") == told([page]).count("检")


def test_a_number_a_word_and_an_opening_mark_are_not_left_behind():
    for text, lines in (
        ("检" * 27 + "2026年", [27, 5]),
        ("检" * 27 + "《办案规则》", [27, 6]),
        ("检" * 26 + "GB 3838", [29, 4]),
    ):
        [page] = pages_of(document(("to", text)))
        assert lines_of(page.blocks[0].pieces) == lines
