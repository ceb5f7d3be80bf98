"""A map layer as it arrives: read, checked feature by feature, and made small."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from shapely import is_valid_reason, make_valid
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from jingyi.core.refusal import Refusal

MOST_BYTES = 8 * 2**20
MOST_FEATURES = 20_000
TYPES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
WORDS = ("name", "name_en", "code", "kind", "region")
NUMBERS = ("rank", "radius_m")
DIGITS = 6  # a tenth of a metre


def read_layer(raw: bytes) -> dict[str, Any]:
    """Return a FeatureCollection in WGS-84 with only the properties that the map uses.

    Raises:
        Refusal: it is no such file, or one of its features cannot be drawn; says which and why.
    """
    if len(raw) > MOST_BYTES:
        raise Refusal(
            "文件有 {size} MB，超过 {most} MB。请先简化图形，或者分成几个图层。",
            size=round(len(raw) / 2**20, 1),
            most=MOST_BYTES // 2**20,
        )
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Refusal(
            "这不是 GeoJSON 文件：内容不是 UTF-8 编码的 JSON。请从地图软件另存为 GeoJSON。"
        ) from None
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise Refusal("文件须是一个 GeoJSON FeatureCollection（要素集合）。请检查导出选项。")
    features = data.get("features")
    if not isinstance(features, list) or not features:
        raise Refusal("文件里没有要素，没有可画的内容。")
    if len(features) > MOST_FEATURES:
        raise Refusal(
            "文件有 {n} 个要素，超过 {most} 个。请分成几个图层。",
            n=len(features),
            most=MOST_FEATURES,
        )
    _refuse_other_systems(data)
    return {"type": "FeatureCollection", "features": list(_features(features))}


def _refuse_other_systems(data: Mapping[str, Any]) -> None:
    """Refuse a file that says its coordinates are not longitude and latitude in WGS-84."""
    crs = data.get("crs")
    name = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    if name and not any(known in name for known in ("CRS84", "4326", "4490")):
        raise Refusal(
            "坐标系是 {name}，须为 WGS-84（或 CGCS2000）经纬度。请转换后再上传。", name=name[:60]
        )


def _features(features: list[Any]) -> Iterator[dict[str, Any]]:
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
            raise Refusal("第 {number} 个要素没有图形。", number=number)
        drawn = _drawn(feature["geometry"], number)
        given = feature.get("properties") or {}
        told = {key: str(given[key])[:80] for key in WORDS if given.get(key)}
        told |= {key: given[key] for key in NUMBERS if isinstance(given.get(key), (int, float))}
        yield {"type": "Feature", "properties": told, "geometry": _small(mapping(drawn))}


def _drawn(geometry: Mapping[str, Any], number: int) -> BaseGeometry:
    if geometry.get("type") not in TYPES:
        raise Refusal(
            "第 {number} 个要素的图形类型是 {kind}，只能是点、线、面。",
            number=number,
            kind=str(geometry.get("type"))[:40],
        )
    try:
        drawn = shape(geometry)
    except (ShapelyError, TypeError, ValueError, IndexError, KeyError, AttributeError):
        raise Refusal("第 {number} 个要素的坐标不完整，无法画出。", number=number) from None
    if drawn.is_empty:
        raise Refusal("第 {number} 个要素是空的。", number=number)
    west, south, east, north = drawn.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refusal(
            "第 {number} 个要素的坐标 {x}，{y} 不是经纬度。请转换为 WGS-84 经纬度后再上传。",
            number=number,
            x=round(west, 1),
            y=round(south, 1),
        )
    if drawn.is_valid:
        return drawn
    mended = make_valid(drawn)
    if mended.geom_type not in TYPES:  # mending left a mixture: the outline contradicts itself
        raise Refusal(
            "第 {number} 个要素的图形有错：{why}。请在地图软件里修复后再上传。",
            number=number,
            why=is_valid_reason(drawn),
        )
    return mended


def _small(geometry: Any) -> Any:
    """Return the geometry with coordinates cut to a tenth of a metre, heights dropped."""
    if isinstance(geometry, dict):
        return {"type": geometry["type"], "coordinates": _small(geometry["coordinates"])}
    if isinstance(geometry[0], (int, float)):
        return [round(value, DIGITS) for value in geometry[:2]]
    return [_small(part) for part in geometry]
