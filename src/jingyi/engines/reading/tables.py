"""Lists that are taken out as files: DOCX for people, CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def to_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV (UTF-8 with its mark); a cell that would run as a formula stays text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(RUNS) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def to_docx(
    title: str,
    about: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
) -> bytes:
    """Return a titled table as DOCX, A4 across; `widths` in mm, together at most 257."""
    paper = docx.Document()
    page = paper.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(20)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "仿宋_GB2312", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title)
    run.bold, run.font.size = True, Pt(18)
    paper.add_paragraph(about)
    table = paper.add_table(rows=1, cols=len(head), style="Table Grid")
    table.autofit = False
    _fill(table.rows[0], head, bold=True)
    for row in rows:
        _fill(table.add_row(), row)
    for column, width in zip(table.columns, widths, strict=True):
        for cell in column.cells:
            cell.width = Mm(width)
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _fill(row: "docx.table._Row", texts: Sequence[str], *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].add_run(text).bold = bold
