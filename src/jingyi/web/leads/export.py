"""The filtered list as a file. Every cell is text or a number: no text is run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from jingyi.core import rulebook
from jingyi.web.leads.models import Audit, Incident
from jingyi.web.leads.templatetags.leads import top_reason
from jingyi.web.ui.templatetags.ui import title_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def heads() -> list[str]:
    """Return the columns' headings in the reader's language."""
    return [
        _("编号"), _("标题"), _("领域"), _("排序分"), _("首要理由"), _("地点"), _("经度"), _("纬度"),
        _("反映件数"), _("反映人数"), _("首次反映"), _("最近反映"), _("状态"),
    ]  # fmt: skip


def rows(incidents: Iterable[Incident]) -> Iterator[list[object]]:
    """Yield one row an incident."""
    titles = {domain.slug: title_of(domain) for domain in rulebook.domains()}
    for one in incidents:
        yield [
            one.ref,
            one.title,
            titles.get(one.domain, ""),
            round(one.rank * 100),
            top_reason(one.reasons),
            one.place_words,
            one.lon,
            one.lat,
            one.reports,
            one.reporters,
            f"{one.first_at:%Y-%m-%d}",
            f"{one.last_at:%Y-%m-%d}",
            str(one.get_state_display()),
        ]


def as_csv(incidents: Iterable[Incident]) -> bytes:
    """Return CSV in UTF-8 with a mark, as spreadsheets expect; formulas are quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads())
    for row in rows(incidents):
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(incidents: Iterable[Incident]) -> bytes:
    """Return a workbook of one sheet."""
    return workbook(heads(), rows(incidents))


def audit_xlsx(audit: Audit) -> bytes:
    """Return one sample: what was drawn by which ticket, and what was said of it."""
    headings = [
        _("次序"), _("编号"), _("标题"), _("层"), _("线索分数"), _("判断"), _("判断人"), _("判断时间"),
    ]  # fmt: skip
    items = audit.items.select_related("incident", "decision__by").order_by("order")
    return workbook(
        headings,
        (
            [
                item.order + 1,
                item.incident.ref,
                item.incident.title,
                item.stratum + 1,
                round(item.score, 4),
                str(item.decision.get_kind_display()) if item.decision else "",
                item.decision.by.name if item.decision else "",
                f"{localtime(item.decision.at):%Y-%m-%d %H:%M}" if item.decision else "",
            ]
            for item in items
        ),
    )


def workbook(headings: list[str], found: Iterable[list[object]]) -> bytes:
    """Return a workbook of one sheet; no text is run as a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        for number, row in enumerate(found, 1):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
