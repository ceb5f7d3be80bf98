"""A document as DOCX: the courtesy copy that a person can go on writing in.

It names the fonts of GB/T 9704-2012 (仿宋_GB2312, 方正小标宋简体 …): on an office's own machines they
are there; elsewhere the word processor takes what it has. The PDF is the one that is kept.
"""

import io
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Line
from docx.text.run import Run

from jingyi.core.documents.model import Document
from jingyi.engines.typesetting.pieces import pieces_of

LINE = 28.95  # points; 22 of them fill 225 mm
INDENT = 32  # two characters
FANGSONG, HEI, SONG = "仿宋_GB2312", "黑体", "宋体"
TITLE = "方正小标宋简体"
RIGHT, CENTRE = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file inside, so that the same document is the same bytes

# style → font, points, alignment, first-line indent, right indent in points, empty lines before, after
LOOKS: Mapping[str, tuple[str, float, Any, float, float, int, int]] = {
    "office": (TITLE, 22, CENTRE, 0, 0, 0, 0),
    "title": (TITLE, 22, CENTRE, 0, 0, 0, 1),
    "number": (FANGSONG, 16, RIGHT, 0, 0, 0, 1),
    "to": (FANGSONG, 16, None, 0, 0, 0, 0),
    "heading": (HEI, 16, None, INDENT, 0, 0, 0),
    "body": (FANGSONG, 16, None, INDENT, 0, 0, 0),
    "attachment": (FANGSONG, 16, None, INDENT, 0, 1, 0),
    "signature": (FANGSONG, 16, RIGHT, 0, 64, 2, 0),
    "date": (FANGSONG, 16, RIGHT, 0, 64, 0, 0),
    "copies": (FANGSONG, 14, None, 0, 0, 1, 0),
}


def to_docx(document: Document, *, number: str = "", mark: str = "") -> bytes:
    """Return `document` as DOCX; the same document is the same bytes. `mark` heads every page."""
    paper = docx.Document()
    _describe(paper, document)
    _page(paper)
    if mark:
        for head in (paper.sections[0].header, paper.sections[0].even_page_header):
            _in(head.paragraphs[0].add_run(mark), SONG, 10)
    for piece in pieces_of(document, number):
        if piece["style"] == "rows":
            _table(paper, piece["rows"])
        else:
            _paragraph(paper, piece)
    out = io.BytesIO()
    paper.save(out)
    return _settled(out.getvalue())


def _describe(paper: Paper, document: Document) -> None:
    told = paper.core_properties
    told.title, told.author, told.language = document.title, document.author, "zh-CN"
    told.comments = ""
    told.created = told.modified = datetime.combine(document.on, time(), UTC).replace(tzinfo=None)


def _page(paper: Paper) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(35 - 7 - 5)  # its line is 5 mm high and stands 7 mm below
    # lines only: with characters too, some word processors spread the text
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 -- python-docx has no name for the grid
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001 -- as above
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(LINE * 20)))
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = FANGSONG, Pt(16)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FANGSONG)
    paper.settings.odd_and_even_pages_header_footer = True
    _number_of(section.footer.paragraphs[0], right=True)
    _number_of(section.even_page_footer.paragraphs[0], right=False)


def _number_of(line: Line, *, right: bool) -> None:
    """Write “— 1 —” with the page's own number: right on odd pages, left on even ones."""
    line.alignment = RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    space = line.paragraph_format
    space.right_indent, space.left_indent = (Pt(14), None) if right else (None, Pt(14))
    _in(line.add_run("— "), SONG, 14)
    field = _in(line.add_run(), SONG, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        mark.text = text or None
        field._r.append(mark)  # noqa: SLF001 -- python-docx has no name for fields
    _in(line.add_run(" —"), SONG, 14)


def _in(run: Run, font: str, size: float) -> Run:
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001 -- python-docx names no East Asian font
    return run


def _paragraph(paper: Paper, piece: dict[str, Any]) -> None:
    style, text = piece["style"], "".join(one["text"] for one in piece["pieces"])
    font, size, align, first, right, before, after = LOOKS[style]
    for _ in range(before if piece["first"] else 0):
        _spaced(paper.add_paragraph(), LINE)
    line = _spaced(paper.add_paragraph(), max(LINE, size * 1.3))
    line.alignment = align
    line.paragraph_format.first_line_indent = Pt(first)
    line.paragraph_format.right_indent = Pt(right)
    line.paragraph_format.keep_with_next = style in {"heading", "signature"}
    _in(line.add_run(text), font, size)
    for _ in range(after):
        _spaced(paper.add_paragraph(), LINE)


def _spaced(line: Line, height: float) -> Line:
    space = line.paragraph_format
    space.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    space.line_spacing, space.space_before, space.space_after = Pt(height), Pt(0), Pt(0)
    space.widow_control = False
    return line


def _table(paper: Paper, rows: list[list[dict[str, str]]]) -> None:
    table = paper.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for row in rows:
        cells = table.add_row().cells
        for cell, width, text in zip(
            cells, (46.8, 109.2), (row[0]["text"], "".join(p["text"] for p in row[1:])), strict=True
        ):
            cell.width = Mm(width)
            _in(_spaced(cell.paragraphs[0], LINE).add_run(text), FANGSONG, 16)
        cells[0].paragraphs[0].alignment = CENTRE


def _settled(made: bytes) -> bytes:
    """Return the archive with the time of day taken out of every entry."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(made)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            info = ZipInfo(entry.filename, EPOCH)
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, old.read(entry))
    return out.getvalue()
