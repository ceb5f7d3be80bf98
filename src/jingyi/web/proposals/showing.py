"""Lists and files of items: built from `queries.shown` alone, so that no field slips past it."""

import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from jingyi.web.proposals.queries import Shown
from jingyi.web.ui.templatetags.ui import said


def head() -> list[str]:
    """Return the headings of an exported list."""
    return [
        _("会议"), _("编号"), _("建议标题"), _("提出人"), _("承办单位"), _("交办日期"), _("答复期限"),
        _("状态"), _("评估意见"), _("进展"), _("评价"),
    ]  # fmt: skip


def row(one: Shown) -> list[str]:
    """Return one item as cells; a field kept back is an empty one."""
    item = one.item
    return [
        item.session.name, item.number, item.title, "、".join(p.name for p in one.proposers),
        item.organ_words, str(item.assigned_on or ""), str(one.due or ""), said(one.state),
        one.assessment or "", progress(one.progress), one.satisfaction or "",
    ]  # fmt: skip


def progress(word: str | None) -> str:
    """Return how far the matter is, in words."""
    words = {"lead": _("作为线索核查"), "case": _("已立案办理"), "closed": _("已办结")}
    return words.get(word or "", "")


def as_xlsx(rows: Iterable[Shown]) -> bytes:
    """Return a list as XLSX; no cell runs as a formula."""
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:  # fmt: skip
        sheet = book.add_worksheet()
        for n, cells in enumerate(_table(rows)):
            sheet.write_row(n, 0, cells)
    return stream.getvalue()


def _table(rows: Iterable[Shown]) -> Iterable[Sequence[str]]:
    yield head()
    for one in rows:
        yield row(one)
