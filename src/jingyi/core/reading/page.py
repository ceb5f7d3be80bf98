"""A page as lines of text with their boxes, and where words stand in it.

Boxes are fractions of the page's width and height, so they hold at any zoom.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page: left, top, width, height, each 0–1."""

    x: float
    y: float
    w: float
    h: float

    def __post_init__(self) -> None:
        inside = 0 <= self.x <= 1 and 0 <= self.y <= 1 and self.w > 0 and self.h > 0
        if not inside or self.x + self.w > 1.0001 or self.y + self.h > 1.0001:
            msg = f"a box lies inside its page, not at {self}"
            raise ValueError(msg)

    @classmethod
    def within(cls, left: float, top: float, right: float, bottom: float) -> "Box":
        """Return the box between two corners, cut at the page's edges and never empty."""
        left, top = min(max(left, 0.0), 0.999), min(max(top, 0.0), 0.999)
        right, bottom = min(max(right, left + 0.001), 1.0), min(max(bottom, top + 0.001), 1.0)
        return cls(round(left, 5), round(top, 5), round(right - left, 5), round(bottom - top, 5))

    @classmethod
    def around(cls, boxes: Sequence["Box"]) -> "Box":
        """Return the smallest box that holds them all."""
        return cls.within(
            min(box.x for box in boxes),
            min(box.y for box in boxes),
            max(box.x + box.w for box in boxes),
            max(box.y + box.h for box in boxes),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its box. `score` is the reader's confidence, 1 for a text layer."""

    text: str
    box: Box
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Hit:
    """Words on a page: where they begin and end in its letters, and a box for each line."""

    start: int
    end: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Page:
    """The lines of a page, in reading order."""

    lines: tuple[Line, ...]

    @cached_property
    def _letters(self) -> list[tuple[str, int, int]]:
        """Every letter that is no space, folded, with its line and its place there."""
        return [
            (folded(letter), number, place)
            for number, line in enumerate(self.lines)
            for place, letter in enumerate(line.text)
            if not letter.isspace()
        ]

    @cached_property
    def flat(self) -> str:
        """The page's letters without spaces and line ends: what search and dates look at."""
        return "".join(letter for letter, _, _ in self._letters)

    def find(self, words: str) -> Iterator[Hit]:
        """Yield where `words` stand, across line ends too; nothing for an empty search."""
        wanted = "".join(folded(letter) for letter in words if not letter.isspace())
        at = self.flat.find(wanted) if wanted else -1
        while at >= 0:
            yield self.hit(at, at + len(wanted))
            at = self.flat.find(wanted, at + len(wanted))

    def hit(self, start: int, end: int) -> Hit:
        """Return the boxes of the letters from `start` to before `end`, one a line.

        A letter's place in its line is taken to be its share of the line's length, a Latin
        letter being half as wide as a Chinese one.
        """
        spans: dict[int, list[int]] = {}
        for _, number, place in self._letters[start:end]:
            spans.setdefault(number, []).append(place)
        boxes = tuple(self._part(number, min(at), max(at) + 1) for number, at in spans.items())
        return Hit(start, end, boxes)

    def around(self, hit: Hit, letters: int = 24) -> tuple[str, str, str]:
        """Return what stands before a hit, the hit, and what follows it."""
        before = self.flat[max(hit.start - letters, 0) : hit.start]
        return before, self.flat[hit.start : hit.end], self.flat[hit.end : hit.end + letters]

    def _part(self, number: int, first: int, last: int) -> Box:
        line = self.lines[number]
        widths = [1 if letter.isascii() else 2 for letter in line.text]
        whole = sum(widths)
        left = line.box.x + line.box.w * sum(widths[:first]) / whole
        right = line.box.x + line.box.w * sum(widths[:last]) / whole
        return Box.within(left, line.box.y, right, line.box.y + line.box.h)


def folded(letter: str) -> str:
    """Return a letter as search compares it: one width, lower case."""
    plain = unicodedata.normalize("NFKC", letter).lower()
    return plain if len(plain) == 1 else letter
