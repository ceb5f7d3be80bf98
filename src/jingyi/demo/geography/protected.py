"""The protected places of the city: protected.toml, and each river."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jingyi.demo.chance import dice
from jingyi.demo.geography import shapes, zhiyang
from jingyi.demo.geography.shapes import Line, Point


@dataclass(frozen=True, slots=True)
class Protected:
    """A protected place: `outline` in metres, closed when it is an area."""

    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...]
    kind: str
    level: str
    outline: Line
    area: bool
    near: float
    keeper: str
    basis: str
    at: Point
    district: str  # "" when it crosses districts

    @property
    def geometry(self) -> dict[str, object]:
        """GeoJSON in WGS-84."""
        points = [shapes.degrees(point) for point in self.outline]
        if self.area:
            return {"type": "Polygon", "coordinates": [points]}
        return {"type": "LineString", "coordinates": points}


@cache
def protected() -> tuple[Protected, ...]:
    """Return every protected place of the city, rivers last."""
    book = tomllib.loads((Path(__file__).parent / "protected.toml").read_text("utf-8"))
    return (*map(_read, book["place"]), *_rivers(book["rivers"]))


def _read(given: Mapping) -> Protected:
    outline, at = _shape(given["code"], given["shape"])
    return Protected(
        code=given["code"],
        name=given["name"],
        name_en=given["name_en"],
        aliases=tuple(given["aliases"]),
        kind=given["kind"],
        level=given["level"],
        outline=outline,
        area=True,
        near=given["near"],
        keeper=given["keeper"],
        basis=given["basis"],
        at=at,
        district=_district(outline, at),
    )


def _shape(code: str, shape: Mapping) -> tuple[Line, Point]:
    land = zhiyang()
    if "along" in shape:
        line = (
            land.canal if shape["along"] == land.canal.name else land.river(shape["along"])
        ).line
        first, last = (round(shape[end] * (len(line) - 1)) for end in ("from", "to"))
        part = line[first : max(last, first + 2) + 1]
        return shapes.corridor(part, shape["metres"]), part[len(part) // 2]
    if "lake" in shape:
        lake = next(area for area in land.lakes if area.name == shape["lake"])
        return _wider(lake.rings[0], lake.seat, shape["metres"]), lake.seat
    at = tuple(map(float, shape["at"]))
    if "wall" in shape:
        half = shape["wall"]
        return [(at[0] + half * x, at[1] + half * y) for x, y in SQUARE], at
    return shapes.blob(at, shape["blob"], dice("protected", code), points=24), at


SQUARE = ((-1.05, -0.9), (-0.2, -0.97), (0.95, -0.88), (1.08, 0.1), (0.92, 0.94), (0, 1.04), (-0.96, 0.9), (-1.05, -0.9))  # fmt: skip


def _wider(ring: Sequence[Point], middle: Point, metres: float) -> Line:
    found = []
    for x, y in ring:
        far = ((x - middle[0]) ** 2 + (y - middle[1]) ** 2) ** 0.5
        share = (far + metres) / far
        found.append((middle[0] + (x - middle[0]) * share, middle[1] + (y - middle[1]) * share))
    return found


def _district(outline: Sequence[Point], at: Point) -> str:
    land = zhiyang()
    codes = {land.district_of(point).code for point in [*outline[::6], at]}
    return codes.pop() if len(codes) == 1 else ""


def _rivers(given: Mapping) -> Iterator[Protected]:
    for river in zhiyang().rivers:
        middle = river.line[len(river.line) // 2]
        yield Protected(
            code=given["codes"][river.name],
            name=river.name,
            name_en=river.name_en,
            aliases=tuple(given["aliases"].get(river.name, ())),
            kind="river",
            level=given["levels"][river.rank],
            outline=river.line,
            area=False,
            near=given["near"],
            keeper=given["keeper"],
            basis=given["basis"],
            at=middle,
            district=_district(river.line, middle),
        )
