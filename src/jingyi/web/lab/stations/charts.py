"""A series as SVG made on the server: its line breaks where readings are missing, the limit across."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jingyi.core.lab import stations
from jingyi.core.lab.uncertainty import Interval
from jingyi.web.lab.stations.models import Reading

WIDE, HIGH, LEFT, TOP, FOOT = 880, 200, 56, 14, 34
MOST_MARKS = 400  # points that are drawn singly; more are a line alone


def series(
    readings: Sequence[Reading], limits: Interval | None, minutes: int, said: str
) -> SafeString:
    """Return the plot of readings; nothing where none has a number."""
    shown = [one for one in readings if one.number is not None]
    if not shown:
        return SafeString("")
    ends = (
        [] if limits is None else [one for one in (limits.lower, limits.upper) if one is not None]
    )
    top = max([one.number or 0 for one in shown] + ends) * 1.1 or 1.0
    first, last = readings[0].at, readings[-1].at
    span = (last - first).total_seconds() or 1.0

    def x(at: datetime) -> float:
        return round(LEFT + (WIDE - LEFT - 10) * (at - first).total_seconds() / span, 1)

    def y(value: float) -> float:
        return round(TOP + HIGH * (1 - max(0.0, value) / top), 1)

    missing = stations.gaps([one.at for one in shown], timedelta(minutes=minutes))
    holes = format_html_join(
        "",
        '<rect class="gap" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        (
            (x(a), TOP, round(x(b) - x(a), 1), HIGH, _("缺数 %(a)s 至 %(b)s") % {"a": _short(a), "b": _short(b)})
            for a, b in missing
        ),
    )  # fmt: skip
    lines = format_html_join(
        "",
        '<path class="limit" d="M{} {}H{}"/><text class="scale limit-words" x="{}" y="{}">{}</text>',
        ((LEFT, y(one), WIDE - 10, LEFT - 6, y(one) + 4, f"{one:g}") for one in ends),
    )
    return format_html(
        '<svg class="lab-plot" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<path class="axis" d="M{} {}H{}"/>{}{}<path class="series" d="{}"/>{}{}</svg>',
        WIDE, TOP + HIGH + FOOT, WIDE, TOP + HIGH + FOOT, said, LEFT, TOP + HIGH, WIDE - 10, holes,
        lines, _path(shown, {a for a, _b in missing}, x, y), _marks(shown, x, y),
        _scale(first, last, top, x, y),
    )  # fmt: skip


def _path(shown: Sequence[Reading], before: set[datetime], x, y) -> str:
    """Return a line that is broken where readings are missing."""
    parts = [f"M{x(shown[0].at)} {y(shown[0].number or 0)}"]
    for one, two in pairwise(shown):
        letter = "M" if one.at in before else "L"
        parts.append(f"{letter}{x(two.at)} {y(two.number or 0)}")
    return " ".join(parts)


def _marks(shown: Sequence[Reading], x, y) -> SafeString:
    """Draw what is over the limit always, the rest while it can be told apart; bounds open."""
    few = len(shown) <= MOST_MARKS
    return format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{} {}</title></circle>',
        (
            (
                "bad" if one.over else "open" if one.mark else "good", x(one.at),
                y(one.number or 0), 3 if few else 2, _short(one.at), f"{one.text} {one.unit}",
            )
            for one in shown if few or one.over
        ),
    )  # fmt: skip


def _scale(first: datetime, last: datetime, top: float, x, y) -> SafeString:
    days = [first + (last - first) * n / 4 for n in range(5)]
    words = format_html_join(
        "",
        '<text x="{}" y="{}">{}</text>',
        ((min(max(x(one), LEFT + 30), WIDE - 40), TOP + HIGH + 18, _short(one)) for one in days),
    )
    levels = format_html_join(
        "",
        '<text class="scale" x="{}" y="{}">{}</text>',
        ((LEFT - 6, y(one) + 4, f"{one:.3g}") for one in (0, top / 1.1)),
    )
    return format_html("{}{}", words, levels)


def _short(at: datetime) -> str:
    return f"{timezone.localtime(at):%m-%d %H:%M}"
