"""The shape of a place, whatever datum it was given in: sound, and in WGS-84."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from jingyi.core import datum as datums
from jingyi.core.places.topology import Sound, sound
from jingyi.core.refusal import Refusal
from jingyi.core.words import say

AREAS = {"Polygon", "MultiPolygon"}
HAIR = 1e-9  # degrees
OTHERS = {"Point", "MultiPoint", "LineString", "MultiLineString"}


def read(geometry: Any, datum: str = "wgs84") -> Sound:
    """Return a GeoJSON geometry in WGS-84, an area mended as `topology` states.

    Args:
        geometry: a GeoJSON geometry in degrees.
        datum: what its coordinates are given in: a name that `datum.named` knows.

    Raises:
        Refusal: it cannot be drawn, has a fault that is not mended, or its datum is unknown.
    """
    given = datums.named(datum)
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind in AREAS:
        found = sound(geometry)
    elif kind in OTHERS:
        found = Sound(_plain(geometry), ())
    else:
        raise Refusal("图形类型 {kind} 不能登记，只能是点、线、面。", kind=str(kind)[:40])
    coordinates = found.geometry["coordinates"]
    points: list[list[float]] = []
    _gather(coordinates, points)
    at = np.array(points, np.float64).reshape(-1, 2)
    lon, lat = datums.to_wgs84(at[:, 0], at[:, 1], given)
    turned = np.column_stack([lon, lat])
    if np.array_equal(turned, at):
        return found
    said = say("坐标由 {datum} 换算为 WGS-84", datum=given)
    moved = _again(coordinates, iter(turned.tolist()))
    return Sound({"type": found.geometry["type"], "coordinates": moved}, (*found.repairs, said))


def inside(geometry: dict[str, Any]) -> tuple[float, float]:
    """Return a point in or on the geometry: longitude and latitude."""
    point = shape(geometry).representative_point()
    return point.x, point.y


def _plain(geometry: dict[str, Any]) -> dict[str, Any]:
    try:
        drawn = shape(geometry)
        west, south, east, north = drawn.bounds
    except (ShapelyError, TypeError, ValueError, IndexError, KeyError, AttributeError):
        raise Refusal("图形的坐标不完整，无法画出。") from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refusal("坐标 {lon}，{lat} 不是经纬度。", lon=west, lat=south)
    return {"type": geometry["type"], "coordinates": _flat(mapping(drawn)["coordinates"])}


def _flat(given: Any) -> Any:
    """Return coordinates as lists, heights dropped."""
    if isinstance(given[0], (int, float)):
        return [float(value) for value in given[:2]]
    return [_flat(one) for one in given]


def _gather(part: Any, points: list[list[float]]) -> None:
    if isinstance(part[0], (int, float)):
        points.append(part)
        return
    for one in part:
        _gather(one, points)


def _again(part: Any, turned: Iterator[list[float]]) -> Any:
    """Return the same nesting with other points."""
    if isinstance(part[0], (int, float)):
        return next(turned)
    return [_again(one, turned) for one in part]


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two geometries are one, wherever their rings begin and whichever way they run.

    Points may differ by a billionth of a degree, a tenth of a millimetre: a datum's way there and back.
    """
    if one["type"].removeprefix("Multi") != other["type"].removeprefix("Multi"):
        return False
    a, b = _several(one), _several(other)
    if a.equals_exact(b, HAIR, normalize=True):
        return True
    if "Polygon" not in one["type"]:
        return bool(a.hausdorff_distance(b) <= HAIR)
    if not (a.is_valid and b.is_valid):
        return False
    return bool(a.symmetric_difference(b).area <= HAIR * max(a.length, b.length))


def _several(geometry: dict[str, Any]) -> BaseGeometry:
    kind, given = geometry["type"], geometry["coordinates"]
    if not kind.startswith("Multi"):
        kind, given = f"Multi{kind}", [given]
    return shape({"type": kind, "coordinates": given})


def shifts(datum: str) -> bool:
    """Tell whether coordinates of that datum are moved on their way to WGS-84."""
    return datums.named(datum) in {"GCJ-02", "BD-09"}
