"""The matrix as pictures: SVG made on the server, colours from classes, every full cell a link."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jingyi.core import brands as core
from jingyi.web.brands.models import Brand
from jingyi.web.ui.templatetags.ui import said, title_of

LEFT, WIDE, HIGH, TOP = 230, 100, 40, 54  # pixels of the view box
FULL = 3  # brands in a cell from which on it is darkest
TITLE = 16  # letters of a heading's line; a Chinese one counts two
OFFICE = 40  # letters of an office's name, which is smaller


def focuses(brands: Sequence[Brand], faults: Mapping[int, Sequence[Any]]) -> SafeString:
    """Draw departments × focuses: a cell's tone and number tell how many brands attend to it."""
    heads = [(name, said(title)) for name, title in core.book().focuses.items()]
    found: dict[int, list[Brand]] = {}
    for brand in sorted(brands, key=lambda one: (one.office.path, one.department_id)):
        found.setdefault(brand.department_id, []).append(brand)
    rows = []
    for own in found.values():
        office, department = own[0].office, own[0].department
        names = (title_of(department, "name"), title_of(office, "name"))
        label = " · ".join(names)
        cells = []
        for name, head in heads:
            here = [one for one in own if name in one.focuses]
            stale = any(fault.kind == "upkeep" for one in here for fault in faults[one.pk])
            told = ngettext("{n} 个品牌", "{n} 个品牌", len(here)).format(n=len(here))
            url = f"{reverse('brands:list')}?department={department.pk}&focus={name}"
            tone = f"tone-{min(len(here), FULL)}" + (" stale" if stale else "")
            cells.append((tone, str(len(here) or ""), f"{label} · {head}：{told}", url if here else ""))  # fmt: skip
        rows.append((names, "", cells))
    return _grid([head for _name, head in heads], rows, _("部门与五个着力点：格子越深，品牌越多"))


def stages(brands: Sequence[Brand], faults: Mapping[int, Sequence[Any]]) -> SafeString:
    """Draw brands × stages: the stage a brand is in is filled; “!” where it has a fault."""
    book = core.book()
    rows = []
    for brand in brands:
        kinds = faults.get(brand.pk, [])
        cells = []
        for stage in book.stages.values():
            here = stage.id == brand.stage
            label = f"{brand.name} · {said(stage.title)}"
            mark = ("● !" if kinds else "●") if here else ""
            tone = ("tone-2" + (" stale" if kinds else "")) if here else "tone-0"
            cells.append((tone, mark, label, brand.get_absolute_url() if here else ""))
        rows.append(((brand.name, ""), brand.get_absolute_url(), cells))
    return _grid([said(one.title) for one in book.stages.values()], rows, _("品牌与阶段：圆点是品牌现在的阶段，感叹号是有通病"))  # fmt: skip


def _grid(
    heads: Sequence[str], rows: Sequence[tuple[tuple[str, str], str, Any]], told: str
) -> SafeString:
    width, height = LEFT + WIDE * len(heads), TOP + HIGH * len(rows)
    parts = []
    for i, head in enumerate(heads):
        lines = _lines(head)
        for n, line in enumerate(lines):
            parts.append(_text(LEFT + WIDE * i + WIDE / 2, TOP - 10 - 15 * (len(lines) - 1 - n), line, "middle"))  # fmt: skip
    for j, ((first, second), url, cells) in enumerate(rows):
        y = TOP + HIGH * j
        name = format_html(
            '<g><title>{}</title>{}<text class="office" x="0" y="{}">{}</text></g>',
            f"{first} {second}".strip(),
            _text(0, y + (18 if second else 25), _cut(first, 2 * TITLE), "start"),
            y + 33,
            _cut(second, OFFICE),
        )
        parts.append(format_html('<a href="{}">{}</a>', url, name) if url else name)
        for i, (tone, mark, title, link) in enumerate(cells):
            x = LEFT + WIDE * i
            cell = format_html(
                '<g class="cell {}"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="4"/>{}</g>',
                tone, title, x + 2, y + 2, WIDE - 4, HIGH - 4, _text(x + WIDE / 2, y + 25, mark, "middle"),
            )  # fmt: skip
            parts.append(format_html('<a href="{}">{}</a>', link, cell) if link else cell)
    return format_html(
        '<svg class="brand-matrix" viewBox="0 0 {} {}" width="{}" height="{}" role="group" aria-label="{}">{}</svg>',
        width, height, width, height, told, format_html_join("", "{}", ((part,) for part in parts)),
    )  # fmt: skip


def _text(x: float, y: float, words: str, anchor: str) -> SafeString:
    return format_html('<text x="{}" y="{}" text-anchor="{}">{}</text>', x, y, anchor, words)


def _size(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _lines(text: str) -> list[str]:
    """Break a heading between words, so that it fits above its column."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}".strip()
        if lines[-1] and _size(joined) > TITLE - 2:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


def _cut(text: str, room: int) -> str:
    """Cut a row's name to the room beside the grid; the whole stands in its title."""
    if _size(text) <= room:
        return text
    kept = ""
    for letter in text:
        if _size(kept + letter) > room - 1:
            break
        kept += letter
    return f"{kept}…"
