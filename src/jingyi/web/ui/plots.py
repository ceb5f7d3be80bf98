"""Small plots as SVG made on the server: no script, a sentence for whoever cannot see them.

Sizes are in CSS pixels of a fixed view box; colours come from classes, never from attributes.
"""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def sparkline(values: Sequence[float], said: str) -> SafeString:
    """Return a line of 96 x 24 over `values`, its last point marked; `said` is read aloud."""
    if not values:
        return format_html('<span class="hint">{}</span>', said)
    high, low = max(*values, 0), min(*values, 0)
    scale = 20 / (high - low or 1)
    step = 88 / max(len(values) - 1, 1)
    points = [(4 + i * step, 22 - (value - low) * scale) for i, value in enumerate(values)]
    return format_html(
        '<svg class="spark" viewBox="0 0 96 24" width="96" height="24" role="img" aria-label="{}">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        said,
        format_html_join(" ", "{},{}", ((f"{x:.1f}", f"{y:.1f}") for x, y in points)),
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


def bar(share: float, said: str, kind: str = "") -> SafeString:
    """Return a bar of 96 x 8 filled to `share` (0–1)."""
    width = round(96 * min(max(share, 0.0), 1.0), 1)
    return format_html(
        '<svg class="bar {}" viewBox="0 0 96 8" width="96" height="8" preserveAspectRatio="none"'
        ' role="img" aria-label="{}"><rect class="bar-rest" width="96" height="8" rx="2"/>'
        '<rect class="bar-done" width="{}" height="8" rx="2"/></svg>',
        kind,
        said,
        width,
    )


def _width(label: str) -> int:
    """Return about how wide a label is at 12 px: a Chinese character is a square, a letter half of one."""
    return sum(12 if ord(letter) > 0x2E7F else 7 for letter in str(label))


def histogram(columns: Sequence[tuple[str, int]], said: str) -> SafeString:
    """Return zero-based columns with their number on top and their label below.

    Args:
        columns: (label, count) in the order to show; an optional third item is a link.
        said: one sentence that says what the picture shows.
    """
    widest = max((_width(label) for label, *_ in columns), default=0)
    step, floor, top = max(48, widest + 10), 72, 16
    high = max((count for _, count, *_ in columns), default=0) or 1
    parts = []
    for i, (label, count, *link) in enumerate(columns):
        height = round((floor - top) * count / high, 1)
        # the number is drawn, so that the height is never the only sign
        column = format_html(
            '<rect x="{}" y="{}" width="{}" height="{}" rx="1"/>'
            '<text class="n" x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text>',
            i * step + (step - 36) / 2, floor - height, 36, height,
            i * step + step / 2, floor - height - 4, count,
            i * step + step / 2, floor + 14, label,
        )  # fmt: skip
        parts.append(
            format_html('<a href="{}">{}</a>', link[0], column) if link and link[0] else column
        )
    width = max(len(columns), 1) * step
    return format_html(
        '<svg class="histogram" viewBox="0 0 {} 92" width="{}" height="92" role="{}"'
        ' aria-label="{}"><path class="axis" d="M0 {}H{}"/>{}</svg>',
        width,
        width,
        "group" if any(link for _, _, *link in columns) else "img",
        said,
        f"{floor}.5",
        width,
        format_html_join("", "{}", ((part,) for part in parts)),
    )
