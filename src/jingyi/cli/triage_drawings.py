"""Drawings of a triage report: SVG text, sized by its box, coloured by the page's own variables."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

HUES = (212, 12, 96, 268, 40, 340, 150, 190, 28, 300, 70, 235, 170, 0, 125)
WIDE, HIGH, EDGE = 720, 420, 36
DEGREE_KM = 111.32


def colour(slug: str | None, order: Sequence[str]) -> str:
    """Return the colour of a domain, the same in every drawing."""
    return f"hsl({HUES[order.index(slug) % len(HUES)]} 55% 48%)" if slug in order else "var(--soft)"


def bars(rows: Sequence[tuple[str, int, str]]) -> str:
    """Draw horizontal bars of (label HTML, count, colour) as a table a reader can also hear."""
    most = max((count for _, count, _ in rows), default=1) or 1
    return "<table class=bars>" + "".join(
        f"<tr><th scope=row>{label}<td class=n>{count:,}<td class=b>"
        f'<svg viewBox="0 0 100 10" preserveAspectRatio=none aria-hidden=true>'
        f'<rect width="{max(100 * count / most, 0.4):.2f}" height=10 rx=1 style="fill:{fill}"/></svg>'
        for label, count, fill in rows
    ) + "</table>"  # fmt: skip


def histogram(counts: Sequence[int], low: str, high: str) -> str:
    """Draw counts of equal steps, labelled at both ends; a square-root scale shows rare ones."""
    top = math.sqrt(max(*counts, 1))
    step = 320 / len(counts)
    boxes = "".join(
        f'<rect x="{i * step:.1f}" y="{100 - 96 * math.sqrt(n) / top:.1f}" width="{step - 2:.1f}" '
        f'height="{96 * math.sqrt(n) / top:.1f}"><title>{n:,}</title></rect>'
        for i, n in enumerate(map(int, counts))
    )
    return (
        f'<svg class=hist viewBox="0 0 320 120" role=img aria-label="{escape(low)}–{escape(high)}">'
        f"{boxes}<path d='M0 100.5H320'/><text x=0 y=116>{escape(low)}</text>"
        f"<text x=320 y=116 text-anchor=end>{escape(high)}</text></svg>"
    )


def dot_map(dots: Sequence[tuple[float, float, int, Any]], order: Sequence[str],
            titles: Mapping[str, str]) -> str:  # fmt: skip
    """Draw (lon, lat, reports, domain) with a graticule and a scale bar; the middle 98 % fill it."""
    west, east = _span([d[0] for d in dots])
    south, north = _span([d[1] for d in dots])
    flat = math.cos(math.radians((south + north) / 2))
    scale = min((WIDE - 2 * EDGE) / ((east - west) * flat), (HIGH - 2 * EDGE) / (north - south))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def at(lon: float, lat: float) -> tuple[float, float]:
        return WIDE / 2 + (lon - middle_x) * flat * scale, HIGH / 2 - (lat - middle_y) * scale

    shown = []
    for lon, lat, reports, slug in sorted(dots, key=lambda d: -d[2]):
        x, y = at(lon, lat)
        if 0 <= x <= WIDE and 0 <= y <= HIGH:
            radius = 2 + 1.6 * math.log2(reports)
            shown.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" style="fill:{colour(slug, order)}">'
                f"<title>{escape(titles.get(slug, ''))} {reports:,}</title></circle>"
            )
    lines = _graticule(middle_x, middle_y, flat, scale, at)
    return (
        f'<svg class=map viewBox="0 0 {WIDE} {HIGH}" role=img aria-label="{len(shown)}">{lines}'
        f"<g>{''.join(shown)}</g>{_ruler(scale)}</svg>"
    )


def _span(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 100], ordered[-1 - len(ordered) // 100]
    room = max((high - low) * 0.04, 0.01)
    return low - room, high + room


def _nice(most: float) -> float:
    power = 10.0 ** math.floor(math.log10(most))
    return max(m * power for m in (1, 2, 5) if m * power <= most)


def _graticule(x0: float, y0: float, flat: float, scale: float, at: Any) -> str:
    step = _nice(WIDE / (flat * scale) / 4)
    out = []
    half_x, half_y = WIDE / 2 / flat / scale, HIGH / 2 / scale
    digits = max(0, -math.floor(math.log10(step)))
    for k in range(math.ceil((x0 - half_x) / step), math.floor((x0 + half_x) / step) + 1):
        x, _ = at(k * step, y0)
        out.append(f'<path d="M{x:.1f} 0V{HIGH}"/><text x="{x + 3:.1f}" y=12>{k * step:.{digits}f}°E</text>')  # fmt: skip
    for k in range(math.ceil((y0 - half_y) / step), math.floor((y0 + half_y) / step) + 1):
        _, y = at(x0, k * step)
        out.append(f'<path d="M0 {y:.1f}H{WIDE}"/><text x=3 y="{y - 3:.1f}">{k * step:.{digits}f}°N</text>')  # fmt: skip
    return f"<g class=grid>{''.join(out)}</g>"


def _ruler(scale: float) -> str:
    kilometres = _nice(WIDE / 4 / scale * DEGREE_KM)
    long = kilometres / DEGREE_KM * scale
    x, y = WIDE - 16 - long, HIGH - 14
    label = f"{kilometres:g} km" if kilometres >= 1 else f"{kilometres * 1000:g} m"
    return (
        f'<g class=ruler><path d="M{x:.1f} {y - 5}v5h{long:.1f}v-5"/>'
        f'<text x="{x + long / 2:.1f}" y="{y - 8}" text-anchor=middle>{label}</text></g>'
    )
