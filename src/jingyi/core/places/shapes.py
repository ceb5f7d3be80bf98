"""The shape of a place, whatever datum it was given in: sound, and in WGS-84."""

from typing import Any

import numpy as np
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from jingyi.core import datum as datums
from jingyi.core.places.topology import Sound, sound
from jingyi.core.refusal import Refusal
from jingyi.core.words import say

AREAS = {"Polygon", "MultiPolygon"}
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
    moved = _moved(found.geometry["coordinates"], given)
    if moved == found.geometry["coordinates"]:
        return found
    said = say("坐标由 {datum} 换算为 WGS-84", datum=datum.upper())
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


def _moved(given: Any, datum: datums.Datum) -> Any:
    if not isinstance(given[0], (int, float)):
        return [_moved(one, datum) for one in given]
    lon, lat = datums.to_wgs84(np.array([given[0]]), np.array([given[1]]), datum)
    return [float(lon[0]), float(lat[0])]
