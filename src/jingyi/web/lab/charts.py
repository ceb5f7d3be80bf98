"""The laboratory's plots as SVG made on the server; the same numbers stand in a table beside each.

Sizes are in pixels of a fixed view box; colours come from classes (static/lab/lab.css). A value that
was only bounded (< 0.025) is drawn open, at its bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jingyi.core.lab.westgard import Judged, Point
from jingyi.web.lab.models import Material

STEP, LEFT, TOP, HIGH, FOOT = 26, 52, 14, 150, 40


def levey_jennings(
    material: Material, points: Sequence[Point], judged: Sequence[Judged]
) -> SafeString:
    """Return the control chart of a material: its values in standard deviations, run by run."""
    bad = {point.ref for run in judged for rule in run.broken for point in rule.points}
    width = LEFT + STEP * (len(points) + 1)

    def y(z: float) -> float:
        return round(TOP + HIGH * (4 - max(-4.0, min(4.0, z))) / 8, 1)

    lines = format_html_join(
        "",
        '<path class="lj-{}" d="M{} {}H{}"/><text class="scale" x="{}" y="{}">{}</text>',
        (
            (abs(z), LEFT, y(z), width, LEFT - 6, y(z) + 4, _level(material, z))
            for z in range(-3, 4)
        ),
    )
    xs = [LEFT + STEP * (n + 1) for n in range(len(points))]
    path = " ".join(f"{x} {y(point.z)}" for x, point in zip(xs, points, strict=True))
    marks = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="4"><title>{} {}</title></circle>',
        (
            ("bad" if point.ref in bad else "good", x, y(point.z), point.run, f"z = {point.z:+.2f}")
            for x, point in zip(xs, points, strict=True)
        ),
    )
    return format_html(
        '<svg class="lab-plot" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' aria-label="{}">{}<polyline points="{}"/>{}</svg>',
        width, TOP + HIGH + 12, width, TOP + HIGH + 12,
        _("%(name)s 的质控图：%(n)s 个值，%(bad)s 个破坏规则") % {"name": material.name, "n": len(points), "bad": len(bad)},
        lines, path, marks,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A result against its limit, both in one unit. `open`: only a bound is known."""

    label: str
    value: float
    text: str
    tone: str
    open: bool = False


def against(bars: Sequence[Bar], low: float | None, high: float | None, said: str) -> SafeString:
    """Return results as bars with their limits as lines across."""
    top = max([bar.value for bar in bars] + [one for one in (low, high) if one is not None]) * 1.15
    width = LEFT + 70 * len(bars) + 10

    def y(value: float) -> float:
        return round(TOP + HIGH * (1 - value / (top or 1)), 1)

    drawn = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="34" height="{}" rx="2"/>'
        '<text x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text>',
        (
            (
                f"{bar.tone or 'plain'}{' open' if bar.open else ''}", LEFT + 70 * n + 18,
                y(bar.value), round(TOP + HIGH - y(bar.value), 1), LEFT + 70 * n + 35,
                y(bar.value) - 4, bar.text, LEFT + 70 * n + 35, TOP + HIGH + 16, bar.label,
            )
            for n, bar in enumerate(bars)
        ),
    )  # fmt: skip
    lines = format_html_join(
        "",
        '<path class="limit" d="M{} {}H{}"/><text class="scale limit-words" x="{}" y="{}">{}</text>',
        (
            (LEFT, y(one), width, LEFT - 6, y(one) + 4, f"{one:g}")
            for one in (low, high) if one is not None
        ),
    )  # fmt: skip
    return format_html(
        '<svg class="lab-plot" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' aria-label="{}"><path class="axis" d="M{} {}H{}"/>{}{}</svg>',
        width, TOP + HIGH + FOOT, width, TOP + HIGH + FOOT, said, LEFT, TOP + HIGH, width, drawn,
        lines,
    )  # fmt: skip


def _level(material: Material, z: int) -> str:
    words = "x̄" if z == 0 else f"{z:+d}s"
    return f"{words} {material.certified + z * (material.sd or 0):.4g}"
