"""What the land of the city is made of, in metres, and the invented names."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from math import hypot
from pathlib import Path
from random import Random

from jingyi.demo.geography import shapes
from jingyi.demo.geography.shapes import Line, Point

CORE = (1_500, 4_000)  # the city's middle
OLD_CITY = (400, 3_000)


@dataclass(frozen=True, slots=True)
class Area:
    """A named outline: a district, a town, a lake, a built-up patch."""

    name: str
    rings: tuple[Line, ...]
    code: str = ""
    name_en: str = ""
    seat: Point = (0, 0)
    within: str = ""  # a town's district code


@dataclass(frozen=True, slots=True)
class Way:
    """A named line: a river, the canal, a road. `rank` 1 is the largest."""

    name: str
    line: Line
    rank: int
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A named point people mention: a village, an estate, a market, a school, a bridge."""

    name: str
    kind: str
    at: Point
    town: str
    district: str
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class Land:
    districts: list[Area]
    towns: list[Area]
    lakes: list[Area]
    built: list[Area]
    rivers: list[Way]
    canal: Way
    roads: list[Way]
    spots: list[Spot] = field(default_factory=list)

    def district_of(self, at: Point) -> Area:
        """Return the district the point is in; the nearest by its seat when in none."""
        for area in self.districts:
            if shapes.inside(at, area.rings[0]):
                return area
        return _nearest(self.districts, at)

    def town_of(self, at: Point) -> Area:
        for area in self.towns:
            if shapes.inside(at, area.rings[0]):
                return area
        return _nearest(self.towns, at)

    def river(self, name: str) -> Way:
        return next(way for way in self.rivers if way.name == name)


def _nearest(areas: Iterable[Area], at: Point) -> Area:
    return min(areas, key=lambda area: hypot(area.seat[0] - at[0], area.seat[1] - at[1]))


@cache
def names() -> dict[str, object]:
    """Return the invented names (names.toml)."""
    return tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))


def words(kind: str) -> list[str]:
    """Return the names of streets, works or lakes."""
    return names()["names"][kind].split()


def pairs(kind: str, dice: Random) -> list[str]:
    """Return every name that can be made for a kind of spot, shuffled."""
    parts = names()["names"][kind]
    ends = parts.get("ends", "").split() or [""]
    made = [
        first + last + dice.choice(ends)
        for first in parts["first"].split()
        for last in parts["last"].split()
    ]
    dice.shuffle(made)
    return made
