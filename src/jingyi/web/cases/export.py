"""Cases as a table file. A text that a spreadsheet would run as a formula is kept as text."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter import Workbook

from jingyi.core import rulebook
from jingyi.web.cases.models import Case
from jingyi.web.ui.templatetags.ui import said, title_of

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
RUNS = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 1000  # rows


def written(cases: QuerySet[Case], *, kind: str, mark: str = "") -> tuple[IO[bytes], int]:
    """Write `cases` (with what their rows show) and return (the file at its start, rows).

    Args:
        mark: a watermark for the heading's last cell, where a sealed case is among them.
    """
    head = [*_head(), mark] if mark else _head()
    return table(head, _rows(cases), kind=kind, sheet=_("案件"))


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, kind: str, sheet: str
) -> tuple[IO[bytes], int]:
    """Write rows of text below a heading and return (the file at its start, rows)."""
    stream = tempfile.SpooledTemporaryFile(max_size=8 * 2**20)  # noqa: SIM115 -- the response closes it
    count = _xlsx(stream, head, rows, sheet) if kind == "xlsx" else _csv(stream, head, rows)
    stream.seek(0)
    return stream, count


def _head() -> list[str]:
    return [
        _("案号"), _("案由"), _("类型"), _("领域"), _("阶段"), _("检察院"), pgettext("label", "行政机关"),
        _("违法行为人"), _("承办人"), _("立案日期"), _("最近的期限"), _("最后一日"),
    ]  # fmt: skip


def _rows(cases: QuerySet[Case]) -> Iterator[list[str]]:
    for case in cases.iterator(CHUNK):
        state = rulebook.states(case.track).states[case.state]
        duty = case.duties[0] if case.duties else None
        yield [
            case.ref,
            case.title,
            case.get_track_display(),
            said(rulebook.domain(case.domain).title),
            said(state.title),
            title_of(case.office, "name"),
            title_of(case.organ, "name") if case.organ else "",
            case.defendant,
            case.handler.name,
            case.opened_on.isoformat(),
            said(rulebook.clock(duty.rule).title) if duty else "",
            duty.due_on.isoformat() if duty else "",
        ]


def _csv(stream: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(head)
    count = 0
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(RUNS) else cell for cell in row])
        count += 1
    text.detach()
    return count


def _xlsx(stream: IO[bytes], head: Sequence[str], rows: Iterable[Sequence[str]], title: str) -> int:
    book = Workbook(stream, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(1, 1, 50)
    count = 0
    for column, cell in enumerate(head):
        sheet.write_string(0, column, cell, bold)
    for count, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            sheet.write_string(count, column, cell)
    book.close()
    return count
