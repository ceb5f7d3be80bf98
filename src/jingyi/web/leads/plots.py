"""Pictures of the desk as SVG made on the server; every number drawn also stands beside it in words.

Sizes are in pixels of a fixed view box; colours come from classes (static/leads/leads.css).
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDE = 120.0
AXIS = 300.0


def track(points: float, most: float, top: float) -> SafeString:
    """Return a bar of `points` on a track of `most`; `top` is the longest track of the plot."""
    scale = WIDE / (top or 1)
    return format_html(
        '<svg class="share" viewBox="0 0 120 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="share-most" y="1" width="{}" height="8" rx="2"/>'
        '<rect class="share-has" y="1" width="{}" height="8" rx="2"/></svg>',
        _px(most * scale),
        _px(points * scale),
    )


def diverging(part: float, top: float) -> SafeString:
    """Return a bar to the right of the middle where it speaks for, to the left where against."""
    half = WIDE / 2
    length = half * min(abs(part) / (top or 1), 1)
    return format_html(
        '<svg class="part" viewBox="0 0 120 12" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="{}" x="{}" y="2" width="{}" height="8" rx="1"/>'
        '<path class="axis" d="M60 0V12"/></svg>',
        "part-for" if part >= 0 else "part-against",
        _px(half if part >= 0 else half - length),
        _px(length),
    )


def interval(low: float, estimate: float, high: float, said: str) -> SafeString:
    """Return an interval with its estimate on an axis from 0; `said` is read aloud."""
    end = _round_up(high)
    scale = AXIS / end

    def x(value: float) -> str:
        return _px(10 + value * scale)

    ticks = format_html_join(
        "",
        '<path class="axis" d="M{0} 26V30"/><text x="{0}" y="42">{1}</text>',
        ((x(value), f"{value:g}") for value in (0, end / 2, end)),
    )
    return format_html(
        '<svg class="interval" viewBox="0 0 320 46" role="img" aria-label="{}">'
        '<path class="axis" d="M10 26H310"/>{}'
        '<rect class="interval-range" x="{}" y="8" width="{}" height="12" rx="2"/>'
        '<path class="interval-point" d="M{} 4V24"/></svg>',
        said,
        ticks,
        x(low),
        _px(max((high - low) * scale, 2)),
        x(estimate),
    )


def mark(low: float, estimate: float, high: float, size: float) -> SafeString:
    """Return an interval within 0 … `size`, small enough to stand in a line of text."""
    scale = 96 / (size or 1)
    return format_html(
        '<svg class="interval-mark" viewBox="0 0 96 10" width="96" height="10" aria-hidden="true">'
        '<path class="axis" d="M0 5H96"/><rect class="interval-range" x="{}" y="1" width="{}" height="8" rx="2"/>'
        '<path class="interval-point" d="M{} 0V10"/></svg>',
        _px(low * scale),
        _px(max((high - low) * scale, 2)),
        _px(estimate * scale),
    )


def _round_up(value: float) -> float:
    """Return 10, 20, 50, 100, 200 … whichever is first above."""
    step = 10
    while True:
        for factor in (1, 2, 5):
            if step * factor >= value:
                return step * factor
        step *= 10


def _px(value: float) -> str:
    return f"{value:.1f}"
