"""A deadline as a picture: a ribbon of days, and the months of a wall calendar.

The ribbon is an SVG whose places are percentages, so that it is as wide as the page and its
words keep their size. Colours come from classes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jingyi.core.calendars import RestDays
from jingyi.core.clocks import Deadline, RibbonDay, ribbon
from jingyi.web.ui import dates

TOP, HEIGHT = 22, 22  # of the band, in pixels; the words stand above and below it
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a month; `mark` is empty for days outside the period."""

    day: date
    mark: str = ""
    why: object = None
    today: bool = False
    past: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday; None where a week belongs to another month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]

    @property
    def title(self) -> str:
        if dates.chinese():
            return f"{self.first.year} 年 {self.first.month} 月"
        return f"{dates.MONTHS[self.first.month - 1]} {self.first.year}"


def months(found: Deadline, calendar: RestDays, today: date) -> list[Month]:
    """Return the months a deadline passes through, each of its days marked."""
    marked = {item.day: item for item in ribbon(found, calendar)}
    days = _days(found.started_on.replace(day=1), _last_of_month(found.due))
    return [
        Month(first=date(*year_month, 1), weeks=_weeks(list(group), marked, today))
        for year_month, group in groupby(days, key=lambda day: (day.year, day.month))
    ]


def _weeks(
    days: list[date], marked: dict[date, RibbonDay], today: date
) -> tuple[tuple[Cell | None, ...], ...]:
    cells: list[Cell | None] = [None] * days[0].weekday()
    for day in days:
        item = marked.get(day)
        cells.append(
            Cell(day, item.mark, item.why, day == today, day < today)
            if item
            else Cell(day, today=day == today)
        )
    cells += [None] * (-len(cells) % 7)
    return tuple(tuple(cells[i : i + 7]) for i in range(0, len(cells), 7))


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def band(found: Deadline, calendar: RestDays, today: date) -> SafeString:
    """Return the ribbon: one stretch for each run of days of one kind, the roll as an arrow."""
    days = ribbon(found, calendar)
    unit = 100 / len(days)
    parts: list[SafeString] = []
    for (mark, past), stretch in _stretches(days, today):
        first, length = stretch
        parts.append(
            format_html(
                '<rect class="rb-{}{}" x="{}%" y="{}" width="{}%" height="{}"/>',
                mark,
                " rb-past" if past else "",
                f"{first * unit:.3f}",
                TOP,
                f"{length * unit:.3f}",
                HEIGHT,
            )
        )
    parts += _month_ticks(days, unit)
    parts += _arrow(found, days, unit)
    parts += _today(found, today, unit)
    return format_html(
        '<svg class="ribbon" width="100%" height="66" role="img" aria-label="{}">{}</svg>',
        _said(found, days),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _stretches(
    days: Iterable[RibbonDay], today: date
) -> Iterator[tuple[tuple[str, bool], tuple[int, int]]]:
    """Yield ((mark, whether it has passed), (index of the first day, number of days))."""
    at = 0
    for key, group in groupby(days, key=lambda item: (item.mark, item.day < today)):
        length = len(list(group))
        yield key, (at, length)
        at += length


def _month_ticks(days: tuple[RibbonDay, ...], unit: float) -> Iterator[SafeString]:
    for i, item in enumerate(days):
        # a word at the very edge would be cut off
        if item.day.day == 1 and 4 < i * unit < 94:
            x = f"{i * unit:.3f}"
            name = f"{item.day.month} 月" if dates.chinese() else dates.MONTHS[item.day.month - 1]
            yield format_html(
                '<line class="rb-tick" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>'
                '<text class="rb-month" x="{0}%" dx="4" y="{3}">{4}</text>',
                x, TOP, TOP + HEIGHT + 16, TOP + HEIGHT + 15, name,
            )  # fmt: skip


def _arrow(found: Deadline, days: tuple[RibbonDay, ...], unit: float) -> Iterator[SafeString]:
    """Draw the way from the day the period would have ended to the day it ends."""
    if found.due == found.due_raw:
        return
    middle = TOP + HEIGHT / 2
    start = (found.due_raw - days[0].day).days * unit
    end = (found.due - days[0].day).days * unit
    yield format_html(
        '<line class="rb-roll" x1="{0}%" x2="{1}%" y1="{2}" y2="{2}"/>'
        '<svg class="rb-head" x="{1}%" y="{3}" width="8" height="10" overflow="visible">'
        '<path d="M-7 0 L1 5 L-7 10 z"/></svg>',
        f"{start:.3f}",
        f"{end:.3f}",
        middle,
        middle - 5,
    )


def _today(found: Deadline, today: date, unit: float) -> Iterator[SafeString]:
    if not found.started_on <= today <= found.due:
        return
    x = ((today - found.started_on).days + 0.5) * unit
    anchor = "start" if x < 8 else "end" if x > 92 else "middle"
    yield format_html(
        '<line class="rb-today" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>'
        '<text class="rb-today-word" x="{0}%" y="13" text-anchor="{3}">{4}</text>',
        f"{x:.3f}", TOP - 5, TOP + HEIGHT + 5, anchor, _("今天"),
    )  # fmt: skip


def _said(found: Deadline, days: tuple[RibbonDay, ...]) -> str:
    """Return what the picture shows, for whoever cannot see it."""
    left_out = sum(item.mark == "paused" for item in days)
    rolled = (found.due - found.due_raw).days
    return _(
        "自 %(start)s 起，至 %(due)s 止；其中不计入 %(paused)s 天，末日顺延 %(rolled)s 天。"
    ) % {
        "start": dates.day(found.started_on),
        "due": dates.day(found.due),
        "paused": left_out,
        "rolled": rolled,
    }
