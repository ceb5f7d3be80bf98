"""The report of a request: what was asked, taken and found, with its charts; a page and a PDF of one source."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from jingyi.core.lab import book, deciding, ruling
from jingyi.core.lab.values import Value
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.engines.typesetting.fonts import faces
from jingyi.web.lab import charts, showing, verdicts
from jingyi.web.lab.models import Commission, Request, Result, Sample, Worksheet
from jingyi.web.ui.templatetags.ui import said

HERE = Path(__file__).parent / "typesetting"


@dataclass(frozen=True, slots=True)
class Part:
    """One item of the report: its limit, its results, the chart of them."""

    item: Sentence
    limit: str
    rows: list[dict[str, Any]]
    plot: str


@dataclass(frozen=True, slots=True)
class Report:
    """A request's report as it stands."""

    row: showing.Row
    samples: list[Sample]
    parts: list[Part]
    commissions: list[dict[str, Any]]


def report_of(request: Request) -> Report:
    """Return the report of a request, from verified worksheets and qualified bodies' reports only."""
    results = Result.objects.filter(
        sample__request=request, worksheet__state=Worksheet.State.VERIFIED
    ).exclude(sample__kind=Sample.Kind.BLANK)
    results = results.select_related("sample__point", "sample__request", "worksheet__method", "worksheet__analyst", "worksheet__verifier", "worksheet__device")  # fmt: skip
    by_item: dict[str, list[Result]] = {}
    for one in results.order_by("sample__number", "worksheet_id"):
        by_item.setdefault(one.worksheet.method.item, []).append(one)
    samples = request.samples.select_related("point", "first", "second").order_by("taken_at")
    sent = request.commissions.select_related("sample").order_by("pk")
    return Report(
        showing.row(request),
        list(samples),
        [_part(request, item, rows) for item, rows in by_item.items()],
        [{**showing.commission(one), "words": _confirmed(one)} for one in sent],
    )


def to_pdf(found: Report) -> bytes:
    """Return the report as PDF/A.

    Raises:
        NoChineseFont: no font here can print it.
    """
    known = faces()
    request = found.row.request
    data = {
        "title": _("快速检测报告"),
        "ref": request.ref,
        "printed": f"{timezone.localtime():%Y-%m-%d %H:%M}",
        "faces": {role: list(names) for role, names in known.families.items()},
        "facts": _facts(found),
        "samples": _table(found),
        "parts": [_set(part) for part in found.parts],
        "confirmed": [said(one["words"]) for one in found.commissions if one["words"]],
        "labels": {
            "samples": _("样品"), "confirmed": _("检验检测机构的报告"), "screening": _("快速检测的结果是初筛，不作为认定是否超标的证据。"),
        },
    }  # fmt: skip
    return typst.compile(
        HERE / "report.typ", root=HERE, font_paths=known.loaded, ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)}, format="pdf",
        pdf_standards="a-2b", timestamp=int(timezone.now().timestamp()),
    )  # fmt: skip


def _part(request: Request, item: str, results: list[Result]) -> Part:
    rows = [{**showing.result(one), "words": _worded(one)} for one in results]
    try:
        bound = verdicts.bound_for(request, item, results[0].worksheet.method.unit)
    except Refusal:
        return Part(book.names().items[item].title, "—", rows, "")
    bars = [bar for one in results if (bar := _bar(one))]
    title = _("%(item)s 的结果与限值") % {"item": said(book.names().items[item].title)}
    interval = bound.interval
    plot = charts.against(bars, interval.lower, interval.upper, title) if bars else ""
    return Part(book.names().items[item].title, bound.shown, rows, plot)


def _bar(one: Result) -> charts.Bar | None:
    found = ruling.read(one.text, sign_only=one.worksheet.method.sign_only)
    if not isinstance(found, Value):
        return None
    number = found.number if found.number is not None else one.worksheet.method.lod
    tone = showing.TONES.get(one.state, "")
    return charts.Bar(one.sample.number, float(number or 0), str(found), tone, bool(found.mark))


def _worded(one: Result) -> Sentence | None:
    """Return a verified result as a document states it."""
    line = next(
        (line for line in verdicts.judge(one.worksheet).lines if line.result.pk == one.pk), None
    )
    return line.words if line else None


def _confirmed(one: Commission) -> Sentence | None:
    verdict = verdicts.of_commission(one)
    if verdict is None:
        return None
    item = said(book.names().items[one.item].title)
    unit = one.value.rpartition(" ")[2]
    bound = verdicts.bound_for(one.request, one.item, unit)
    return deciding.worded(verdict, deciding.Shown(item, one.value or "—", bound.shown))


def _facts(found: Report) -> list[list[str]]:
    request = found.row.request
    about = f"{found.row.about.ref} {found.row.about.title}"
    return [
        [_("申请编号"), request.ref],
        [_("案件或者线索"), about],
        [_("目的"), request.get_purpose_display()],
        [_("要弄清什么"), request.question],
        [_("依据"), f"{found.row.standard.number} {said(found.row.standard.title)}，{said(found.row.level)}"],
        [_("申请人"), f"{request.by.name} {timezone.localdate(request.at)}"],
    ]  # fmt: skip


def _table(found: Report) -> list[list[str]]:
    head = [_("编号"), _("采样点"), _("种类"), _("采样时间"), _("采样人"), _("封签号")]
    rows = [
        [
            one.number, one.point.name, str(one.get_kind_display()),
            f"{timezone.localtime(one.taken_at):%Y-%m-%d %H:%M}",
            f"{one.first.name}、{one.second.name}", one.seal,
        ]
        for one in found.samples
    ]  # fmt: skip
    return [head, *rows]


def _set(part: Part) -> dict[str, Any]:
    head = [_("样品"), _("检测结果"), _("判定结论"), _("检测人"), _("复核")]
    rows = [
        [
            row["one"].sample.number, row["value"], said(row["mark"].title) if row["mark"] else "—",
            f"{row['one'].worksheet.analyst.name} {row['one'].worksheet.on}",
            row["one"].worksheet.verifier.name,
        ]
        for row in part.rows
    ]  # fmt: skip
    return {
        "item": said(part.item),
        "limit": _("限值 %(limit)s") % {"limit": part.limit},
        "rows": [head, *rows],
        "words": [said(row["words"]) for row in part.rows if row["words"]],
        "marks": [said(one) for row in part.rows for one in row["late"]],
        "plot": part.plot,
    }
