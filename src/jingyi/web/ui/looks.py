"""How a statutory domain looks: a glyph and one of twelve hues of equal lightness.

Both are the rulebook's (`rulebook/domains.toml`). The glyph tells domains apart without colour;
two domains may share a hue, not a glyph.
"""

from functools import cache

from jingyi.core import rulebook

UNKNOWN = ("·", 0)


@cache
def marks() -> dict[str, tuple[str, int]]:
    """Return {slug: (glyph, hue 1–12)} of every domain; the style sheets name the hues from 1."""
    return {one.slug: (one.glyph, one.hue + 1) for one in rulebook.every_domain()}


def look(slug: str) -> tuple[str, int]:
    """Return (glyph, hue) of a domain; a dot and hue 0 (grey) where there is none."""
    return marks().get(slug, UNKNOWN)
