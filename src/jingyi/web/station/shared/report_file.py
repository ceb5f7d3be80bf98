"""The monthly report as a file to go on writing in (DOCX), in the language of the page."""

import io
from collections.abc import Sequence
from datetime import date

import docx
from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from docx.shared import Pt

from jingyi.web.station.shared.report import Month, Part

SONG = "宋体"


def to_docx(parts: Sequence[Part], *, month: Month, whose: str, made: date) -> bytes:
    """Return the report as DOCX: a table of figures under each heading, empty ones said so."""
    paper = docx.Document()
    paper.core_properties.author = ""
    paper.core_properties.title = _("公益诉讼工作站月报 %(month)s") % {"month": month}
    _fonts(paper)
    paper.add_heading(_("公益诉讼工作站月报"), level=0)
    paper.add_paragraph(
        _("%(whose)s　%(month)s　数字由系统于 %(made)s 从台账和移送记录算出。")
        % {"whose": whose, "month": month, "made": made.isoformat()}
    )
    for part in parts:
        paper.add_heading(part.title.render(_), level=1)
        if part.empty:
            paper.add_paragraph(_("本月没有这方面的记录。"))
            continue
        table = paper.add_table(rows=1, cols=2, style="Table Grid")
        table.rows[0].cells[0].text, table.rows[0].cells[1].text = _("统计项目"), _("数目")
        for figure, count in part.figures:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = figure.title.render(_), str(count)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _fonts(paper) -> None:
    style = paper.styles["Normal"]
    style.font.name, style.font.size = SONG, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    for name in ("Title", "Heading 1"):
        paper.styles[name].element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
