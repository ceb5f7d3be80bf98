"""A measure's own past as SVG made on the server: a point and its interval for each quarter.

Sizes are in pixels of a fixed view box; colours come from classes (static/cases/measures.css). A
quarter with too few rows is a gap, not a point. The same numbers stand in a table below.
"""

from collections.abc import Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jingyi.core.measures.definitions import Measure
from jingyi.core.measures.figures import Figure, Period
from jingyi.web.ui.templatetags.ui import said

STEP, LEFT, TOP, HIGH, FOOT = 62, 44, 12, 150, 44


def trend(measure: Measure, points: Sequence[tuple[Period, Figure]]) -> SafeString:
    """Return the plot; nothing where no quarter has enough rows."""
    shown = [figure for _, figure in points if figure.value is not None]
    if not shown:
        return SafeString("")
    top = 1.0 if measure.kind == "rate" else _round_up(max(one.high or 0 for one in shown))
    width = LEFT + STEP * len(points)

    def y(value: float) -> str:
        return f"{TOP + HIGH * (1 - value / top):.1f}"

    lines = format_html_join(
        "",
        '<path class="axis" d="M{} {}H{}"/><text class="trend-scale" x="{}" y="{}">{}</text>',
        (
            (LEFT, y(level), width, LEFT - 6, f"{float(y(level)) + 4:.1f}", _said(measure, level))
            for level in (0, top / 2, top)
        ),
    )
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" width="{}" role="img" aria-label="{}">{}{}</svg>',
        width,
        TOP + HIGH + FOOT,
        width,
        _("%(title)s，各季度；同样的数字在下面的表里") % {"title": said(measure.title)},
        lines,
        format_html_join("", "{}", ((mark,) for mark in _marks(points, y))),
    )


def _marks(points: Sequence[tuple[Period, Figure]], y) -> Iterator[SafeString]:
    """Yield the line between neighbours, and each quarter's interval, point and label."""
    before: tuple[float, str] | None = None
    for place, (period, figure) in enumerate(points):
        x = LEFT + STEP * (place + 0.5)
        if figure.value is None:
            before = None
        else:
            at = x, y(figure.value)
            if before:
                yield format_html('<path class="trend-line" d="M{} {}L{} {}"/>', *before, *at)
            yield format_html(
                '<path class="trend-range" d="M{} {}V{}"/><circle class="trend-point" cx="{}" cy="{}" r="4"/>',
                x, y(figure.low or 0), y(figure.high or 0), *at,
            )  # fmt: skip
            before = at
        yield format_html(
            '<text class="trend-label" x="{}" y="{}">{}</text><text class="trend-n" x="{}" y="{}">n={}</text>',
            x, TOP + HIGH + 18, quarter(period), x, TOP + HIGH + 36, figure.n,
        )  # fmt: skip


def quarter(period: Period) -> str:
    """Return a quarter's name: 2026 Q4."""
    return f"{period.first.year} Q{(period.first.month + 2) // 3}"


def _said(measure: Measure, value: float) -> str:
    return f"{value:.0%}" if measure.kind == "rate" else f"{value:g}"


def _round_up(value: float) -> float:
    """Return 10, 20, 50, 100, 200 … whichever is first not below."""
    step = 10
    while True:
        for factor in (1, 2, 5):
            if step * factor >= value:
                return step * factor
        step *= 10
