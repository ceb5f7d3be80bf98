"""What the pages of stations show, and what a message says."""

import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from jingyi.core.lab import book, ruling
from jingyi.core.refusal import Refusal
from jingyi.web.lab.limits import library
from jingyi.web.lab.stations import charts
from jingyi.web.lab.stations.actions import Sent
from jingyi.web.lab.stations.models import Reading, Station
from jingyi.web.ui.templatetags.ui import said


@dataclass(frozen=True, slots=True)
class Shown:
    """A series: its plot, its limit in words, its newest readings, and how many are missing."""

    plot: str
    limit: str
    rows: list[Reading]
    n: int
    over: int
    unsure: int


def parsed(body: bytes, *, most: int) -> list[Sent]:
    """Return the readings of a message.

    Raises:
        Refusal: it is no message of ours, or too long.
    """
    try:
        rows = json.loads(body)["readings"]
        sent = [
            Sent(str(row["item"]), datetime.fromisoformat(row["at"]), str(row["value"]), str(row.get("unit", "")))
            for row in rows
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal(
            "消息要写成 JSON：readings 下每个读数有 item、at（带时区）、value，可有 unit。"
        ) from None
    if len(sent) > most:
        raise Refusal("一次最多 {most} 个读数，请分批发送。", most=most)
    if any(one.at.tzinfo is None for one in sent):
        raise Refusal("时间要写明时区，例如 2026-08-03T12:00:00+08:00。")
    return sent


def series(station: Station, item: str, readings: list[Reading]) -> Shown:
    """Return a series as its page shows it."""
    limits, words = None, "—"
    of, table = book.names().items[item], library.stored([station.standard])[station.standard]
    if readings:
        unit = book.names().unit(of, readings[-1].unit)
        try:
            bound = ruling.bound_of(
                table, of, unit, table.settled(station.conditions), station.level
            )
            limits, words = bound.interval, bound.shown
        except Refusal as refusal:
            words = said(refusal.sentence)
    title = _("%(name)s %(item)s 的读数，缺数处断开") % {
        "name": station.name,
        "item": said(of.title),
    }
    over = sum(one.over is True for one in readings)
    unsure = sum(one.number is None or bool(one.mark) for one in readings)
    plot = charts.series(readings, limits, station.minutes, title)
    return Shown(plot, words, readings[-100:][::-1], len(readings), over, unsure)


def silent(station: Any, now: datetime) -> bool:
    """Tell whether a station has not been heard of for three readings."""
    return station.heard_at is None or now - station.heard_at > timedelta(
        minutes=3 * station.minutes
    )


def as_xlsx(readings: list[Reading]) -> bytes:
    """Return readings as a workbook; no cell is a formula."""
    out = io.BytesIO()
    book_ = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book_.add_worksheet()
    sheet.write_row(0, 0, [_("时间"), _("检测项目"), _("检测结果"), _("单位"), _("超过限值")])
    for n, one in enumerate(readings, 1):
        over = "" if one.over is None else _("是") if one.over else _("否")
        at = f"{timezone.localtime(one.at):%Y-%m-%d %H:%M:%S}"
        title = said(book.names().items[one.item].title)
        sheet.write_row(n, 0, [at, title])
        sheet.write(n, 2, one.number if one.number is not None and not one.mark else one.text)
        sheet.write_row(n, 3, [one.unit, over])
    book_.close()
    return out.getvalue()
