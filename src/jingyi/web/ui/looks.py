"""How a statutory domain looks: a glyph and one of twelve hues of equal lightness.

The glyph tells domains apart without colour; two domains may share a hue, not a glyph.
"""

LOOKS = {
    "eco-env": ("环", 5),
    "eco-damage-state": ("损", 6),
    "marine": ("海", 8),
    "mineral": ("矿", 3),
    "food-drug": ("食", 2),
    "agri-product": ("农", 4),
    "state-property": ("财", 9),
    "state-land": ("地", 10),
    "heroes": ("烈", 1),
    "minors": ("未", 11),
    "military": ("军", 7),
    "safety": ("安", 12),
    "personal-info": ("信", 10),
    "anti-monopoly": ("垄", 9),
    "anti-fraud": ("诈", 12),
    "women": ("妇", 11),
    "accessibility": ("碍", 7),
    "heritage": ("文", 3),
    "defence": ("防", 6),
    "public-health": ("卫", 8),
    "elders-disabled": ("老", 2),
    "labour": ("劳", 4),
    "ethnic-unity": ("民", 1),
}
UNKNOWN = ("·", 0)


def look(slug: str) -> tuple[str, int]:
    """Return (glyph, hue 1–12) of a domain; a dot and hue 0 (grey) where there is none."""
    return LOOKS.get(slug, UNKNOWN)
