"""Outlines as they arrive: each fault named, and mended only by the rule stated for it.

Mended: an unclosed ring (closed with its first point), points that repeat (the repeat is dropped),
a ring that crosses or touches itself (split there; every part is kept, and what it goes round no
time at all is a hole), parts that overlap (merged: what any of them covers). Refused: what a ring
goes round twice, fewer than three different points, no area, a hole outside its outline, holes that
cross each other or the outline, and coordinates that are not degrees: mending these would decide
what the law protects.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

from shapely import make_valid, union_all
from shapely.geometry import MultiPolygon, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say

LEAST = 4  # a triangle, closed
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound Polygon or MultiPolygon as GeoJSON, and what was mended, in order."""

    geometry: dict[str, Any]
    repairs: tuple[Sentence, ...]


def sound(geometry: Any) -> Sound:
    """Return the area of a GeoJSON Polygon or MultiPolygon, mended by the rules above.

    Raises:
        Refusal: it is no area, or it has a fault that is not mended; says which, and where.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise Refusal("法定区域须是面（Polygon），这里是 {kind}。", kind=str(kind)[:40])
    parts = geometry.get("coordinates")
    parts = [parts] if kind == "Polygon" else parts
    if not isinstance(parts, (list, tuple)) or not parts:
        raise Refusal("图形是空的，没有坐标。")
    repairs: list[Sentence] = []
    polygons: list[Polygon] = []
    for part in parts:
        polygons += _polygons(part, repairs)
    area: BaseGeometry = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    if not area.is_valid:
        united = union_all(polygons)
        if united.geom_type not in {"Polygon", "MultiPolygon"} or not united.area:
            raise Refusal("图形的几个部分互相矛盾，无法确定范围。请在地图软件里修复。")
        repairs.append(say("几个部分互相重叠：合并为一个范围"))
        area = united
    drawn = mapping(area)
    return Sound(
        {"type": drawn["type"], "coordinates": _lists(drawn["coordinates"])}, tuple(repairs)
    )


def _polygons(part: Any, repairs: list[Sentence]) -> Iterator[Polygon]:
    if not isinstance(part, (list, tuple)) or not part:
        raise Refusal("图形的一个部分没有外环。")
    outer, *holes = [_ring(ring, repairs) for ring in part]
    shells = _split(outer, repairs)
    inner = [hole for ring in holes for hole in _split(ring, repairs)]
    for number, hole in enumerate(inner, 1):
        if not any(shell.covers(hole) for shell in shells):
            raise Refusal("第 {n} 个洞在外环之外或者越过外环：无法判断保护的是哪里。", n=number)
        if any(hole.overlaps(other) or hole.equals(other) for other in inner[: number - 1]):
            raise Refusal("第 {n} 个洞与另一个洞重叠：请先修复图形。", n=number)
    for shell in shells:
        own = [hole.exterior.coords for hole in inner if shell.covers(hole)]
        own += [hole.coords for hole in shell.interiors]
        yield Polygon(shell.exterior.coords, own)


def _ring(ring: Any, repairs: list[Sentence]) -> Ring:
    """Return the ring closed, without repeated points; heights are dropped."""
    points = [_point(point) for point in ring] if isinstance(ring, Sequence) else []
    kept = [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]
    if len(kept) < len(points):
        repairs.append(say("去掉了 {n} 个重复的点", n=len(points) - len(kept)))
    if kept and kept[0] != kept[-1]:
        repairs.append(say("环没有闭合：用第一个点闭合"))
        kept.append(kept[0])
    if len(kept) < LEAST:
        raise Refusal("一个环只有 {n} 个不同的点，围不成面。", n=len(set(kept)))
    return kept


def _point(point: Any) -> tuple[float, float]:
    try:
        lon, lat = float(point[0]), float(point[1])
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise Refusal("有一个点的坐标不是数字。") from None
    if not (isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Refusal("坐标 {lon}，{lat} 不是经纬度。", lon=lon, lat=lat)
    return lon, lat


def _split(ring: Ring, repairs: list[Sentence]) -> list[Polygon]:
    """Return the areas a ring encloses: one, or several where it crosses itself."""
    whole = Polygon(ring)
    if whole.is_valid and whole.area:
        return [whole]
    mended = make_valid(whole)
    found = [one for one in getattr(mended, "geoms", [mended]) if one.geom_type != "LineString"]
    areas = [
        area
        for one in found
        for area in getattr(one, "geoms", [one])
        if isinstance(area, Polygon) and area.area
    ]
    holes = (hole.coords for area in areas for hole in area.interiors)
    if not areas or any(_turns(ring, Polygon(hole).representative_point()) for hole in holes):
        raise Refusal("一个环没有面积，或者自己缠绕得无法分清内外。请在地图软件里修复。")
    repairs.append(say("环与自身相交：在交点处分开，{n} 个部分都保留", n=len(areas)))
    return areas


def _turns(ring: Ring, at: Point) -> int:
    """Return how often a closed ring goes round a point: 0 where the point is outside by any rule."""
    turns = 0
    for (ax, ay), (bx, by) in pairwise(ring):
        left = (bx - ax) * (at.y - ay) - (at.x - ax) * (by - ay)
        if ay <= at.y < by and left > 0:
            turns += 1
        elif by <= at.y < ay and left < 0:
            turns -= 1
    return turns


def _lists(given: Any) -> Any:
    return [_lists(one) for one in given] if isinstance(given, (tuple, list)) else given
