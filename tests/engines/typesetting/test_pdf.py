"""The printed page, measured in the PDF itself: GB/T 9704-2012."""

import io
from datetime import date

import pypdf
import pytest

from jingyi.core import rulebook
from jingyi.core.documents.draft import draft
from jingyi.core.documents.model import Document, Paragraph, Statement
from jingyi.engines.typesetting.fonts import FACES, FOLDERS, NoChineseFont, faces
from jingyi.engines.typesetting.pdf import to_pdf
from tests.core.documents.papers import AUTHOR, FILE, ON

MM = 72 / 25.4


def said(style, text):
    return Paragraph(style, (Statement(text, "x"),))


def long_document():
    """Three pages of plain characters, so that every line is full."""
    return Document("x", "排版", AUTHOR, date(2026, 9, 1), (said("to", "检" * 28 * 22 * 3),))


def read(made):
    return pypdf.PdfReader(io.BytesIO(made))


def placed(page):
    """Return the runs of a page as `(x, y, text)`, points from the lower left, from the top down."""
    found = []

    def visit(text, cm, _tm, _font, _size):
        if text.strip():
            found.append((cm[4], cm[5], text.strip()))

    page.extract_text(visitor_text=visit)
    return found


def test_the_page_is_a4():
    box = read(to_pdf(long_document())).pages[0].mediabox

    assert float(box.width) == pytest.approx(210 * MM, abs=0.5)
    assert float(box.height) == pytest.approx(297 * MM, abs=0.5)


def test_a_full_page_holds_22_lines_of_28_characters():
    page = read(to_pdf(long_document())).pages[0]

    lines = page.extract_text().splitlines()
    assert lines[:-1] == ["检" * 28] * 22
    assert lines[-1].strip() == "— 1 —"


def test_the_type_area_is_156_by_225_millimetres():
    runs = placed(read(to_pdf(long_document())).pages[0])[:-1]

    assert [x for x, _, _ in runs] == [pytest.approx(28 * MM, abs=0.1)] * 22
    heights = [y for _, y, _ in runs]
    assert max(heights) - min(heights) == pytest.approx(21 * 28.98, abs=0.1)
    # the first baseline lies within the first of 22 slots, the last within the last
    top, bottom = (297 - 37) * MM, 35 * MM
    assert top - 28.98 < max(heights) < top
    assert bottom < min(heights) < bottom + 28.98


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_ones():
    reader = read(to_pdf(long_document()))
    assert len(reader.pages) == 3
    for n, page in enumerate(reader.pages, 1):
        left, height, text = placed(page)[-1]
        assert text == f"— {n} —"
        assert 35 * MM - height == pytest.approx(7 * MM + 10, abs=3)
        if n % 2:
            assert 150 * MM < left < (210 - 26) * MM
        else:
            assert left == pytest.approx(28 * MM + 16, abs=0.1)


def test_the_file_declares_itself_pdf_a():
    metadata = read(to_pdf(long_document())).xmp_metadata

    assert metadata is not None
    described = metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in described


def test_the_same_document_is_the_same_bytes():
    document = draft(rulebook.document("suggestion"), FILE, on=ON, author=AUTHOR)

    assert to_pdf(document) == to_pdf(Document.from_json(document.to_json()))


def test_a_suggestion_can_be_read_out_of_its_pdf_and_has_the_number_given():
    document = draft(rulebook.document("suggestion"), FILE, on=ON, author=AUTHOR)

    text = "".join(
        page.extract_text()
        for page in read(to_pdf(document, number="沚检行公建〔2026〕88号")).pages
    )
    bare = "".join(text.split())
    assert "沚阳市人民检察院检察建议书沚检行公建〔2026〕88号沚阳市水务局：" in bare
    assert "东津河下游三百米水体发黑。" in bare
    assert "2026年9月1日" in bare


def test_without_a_number_its_place_says_that_it_is_still_to_come():
    document = draft(rulebook.document("suggestion"), FILE, on=ON, author=AUTHOR)

    assert "（文号待填）" in read(to_pdf(document)).pages[0].extract_text()


def test_text_is_never_code():
    document = Document("x", "x", AUTHOR, ON, (said("body", '#panic("x") $x$ *y* \\ ] }'),))

    assert '#panic("x")' in read(to_pdf(document)).pages[0].extract_text()


def test_rare_characters_are_printed():
    document = Document("x", "x", AUTHOR, ON, (said("body", "沚鹮㙍𠮷"),))

    assert "沚鹮㙍𠮷" in read(to_pdf(document)).pages[0].extract_text()


def test_a_machine_without_a_chinese_font_says_what_to_install(tmp_path):
    with pytest.raises(NoChineseFont, match="apt install fonts-noto-cjk"):
        to_pdf(long_document(), with_faces=faces([str(tmp_path)]))


def test_the_offices_own_faces_are_asked_for_first_and_stand_ins_follow():
    assert FOLDERS[0] == "/etc/jingyi/fonts"
    for role, wanted in FACES.items():
        here = [name for name in wanted if name in faces().loaded.families()]
        assert list(faces().families[role][: len(here)]) == here  # in the order of preference
    assert FACES["fangsong"][0] == "FangSong_GB2312"


def test_a_watermark_crosses_every_page_and_moves_no_word():
    plain, marked = (
        read(to_pdf(long_document())),
        read(to_pdf(long_document(), mark="密封案件 · 李")),
    )

    assert len(marked.pages) == len(plain.pages)
    for before, after in zip(plain.pages, marked.pages, strict=True):
        assert "密封案件" in after.extract_text()
        assert "密封案件" not in before.extract_text()
    assert b"pdfaid:conformance>A" in marked.xmp_metadata.stream.get_data()
