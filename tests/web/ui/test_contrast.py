"""Colours can be told apart: WCAG 2.2 AA for every pair of tokens a page uses, by day and at night."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = Path(__file__).parents[3] / "src/jingyi/web/ui/static/ui/css"
HUES = [f"hue-{n}" for n in range(13)]
PAPERS = ["paper-0", "paper-1", "paper-2", "wash"]
SIGNALS = ["blue", "red", "amber", "green", "violet"]

READ = [
    *product(["ink-1", "ink-2", "ink-3", "blue", "blue-deep", "red"], PAPERS),
    *product(["amber", "green", "violet"], ["paper-0", "paper-1", "paper-2"]),
    *((name, f"{name}-soft") for name in SIGNALS),
    *product(["ink-1", "ink-2"], [f"{name}-soft" for name in SIGNALS]),
    ("ink-3", "blue-soft"),  # a hint in the chosen row
    ("green", "blue-soft"),  # who is here, in the chosen row
    *product(["on-blue"], ["blue", "blue-deep"]),
    *product(["on-red"], ["red", "red-deep"]),
    ("red-deep", "paper-2"),
    ("paper-0", "ink-1"),  # a toast
    ("paper-0", "ink-2"),
    ("paper-2", "green"),  # a step that is done
    *(("on-hue", hue) for hue in HUES),
]
SEEN = [*product(["edge", "blue", "red", *HUES], ["paper-0", "paper-1", "paper-2"])]


def tokens(sheet):
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (CSS / sheet).read_text("utf-8"))
    assert len(found) == len(dict(found)), "a token is set twice"
    return dict(found)


DAY, NIGHT = tokens("tokens.css"), tokens("dark.css")


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def in_rules():
    """Every (colour, background) that one rule of a sheet sets together."""
    for sheet in CSS.glob("*.css"):
        for rule in re.findall(r"\{([^{}]*)\}", sheet.read_text("utf-8")):
            ink = re.search(r"(?<![\w-])color: var\(--([\w-]+)", rule)
            paper = re.search(r"background(?:-color)?: var\(--([\w-]+)", rule)
            if ink and paper and ink[1] in DAY and paper[1] in DAY:
                yield (ink[1], paper[1])


@pytest.mark.parametrize("theme", [DAY, NIGHT], ids=["day", "night"])
def test_words_can_be_read(theme):
    faint = {
        f"{ink} on {paper}": round(contrast(theme[ink], theme[paper]), 2)
        for ink, paper in {*READ, *in_rules()}
        if contrast(theme[ink], theme[paper]) < 4.5
    }

    assert faint == {}


@pytest.mark.parametrize("theme", [DAY, NIGHT], ids=["day", "night"])
def test_edges_and_marks_can_be_seen(theme):
    faint = {
        f"{mark} on {paper}": round(contrast(theme[mark], theme[paper]), 2)
        for mark, paper in SEEN
        if contrast(theme[mark], theme[paper]) < 3
    }

    assert faint == {}


def test_rules_are_really_looked_at():
    assert ("on-blue", "blue") in set(in_rules())


def test_the_night_knows_every_colour_of_the_day():
    assert DAY.keys() == NIGHT.keys()


@pytest.mark.parametrize("theme", [DAY, NIGHT], ids=["day", "night"])
def test_domain_hues_are_of_equal_weight(theme):
    weights = [luminance(theme[hue]) for hue in HUES[1:]]

    assert max(weights) / min(weights) < 1.25


def test_black_on_white_is_twenty_one():
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
