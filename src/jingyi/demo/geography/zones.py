"""The zones of law around the city's protected places: zones.toml, as outlines."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from shapely import make_valid, union_all
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from jingyi.core.places.topology import sound
from jingyi.demo.geography import shapes
from jingyi.demo.geography.protected import Protected, protected

FINE = 4.0  # metres by which an outline may be simpler than the buffer it comes from


@dataclass(frozen=True, slots=True)
class Drawn:
    """A zone around the place `code`: a GeoJSON area in WGS-84."""

    code: str
    kind: str
    geometry: Mapping[str, object]
    since: date
    until: date | None
    basis: str


@cache
def zones() -> tuple[Drawn, ...]:
    """Return every zone, place by place."""
    book = tomllib.loads((Path(__file__).parent / "zones.toml").read_text("utf-8"))
    return tuple(zone for place in protected() for zone in _around(place, book["zone"]))


def _around(place: Protected, rules: list[Mapping]) -> Iterator[Drawn]:
    before: dict[date, BaseGeometry] = {}
    outline = _outline(place)
    for rule in rules:
        if place.kind not in rule["kinds"]:
            continue
        whole = outline.buffer(rule["reach"])
        own = whole.difference(before.get(rule["from"], Polygon()))
        before[rule["from"]] = union_all([whole, before.get(rule["from"], Polygon())])
        simple = own.simplify(FINE)
        if simple.area > 100:
            geometry = sound(_degrees(simple)).geometry
            yield Drawn(
                place.code, rule["zone"], geometry, rule["from"], rule.get("until"), rule["basis"]
            )


def _outline(place: Protected) -> BaseGeometry:
    if not place.area:
        return LineString(place.outline)
    return union_all(make_valid(Polygon(place.outline), method="structure"))


def _degrees(area: BaseGeometry) -> dict[str, object]:
    parts = [one for one in getattr(area, "geoms", [area]) if one.area > 100]
    rings = [
        [
            [shapes.degrees(point) for point in ring.coords]
            for ring in (one.exterior, *one.interiors)
        ]
        for one in parts
    ]
    return {"type": "MultiPolygon", "coordinates": rings}
