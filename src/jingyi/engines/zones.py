"""Zones out of a GeoJSON file: each feature's id and its sound shape, what was mended, what refused."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from jingyi.core.places import shapes
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say

MOST_BYTES = 2**30
GEOMETRIES = frozenset(
    ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
)  # fmt: skip
DEGREES = ("CRS84", "4326", "4490")  # what an old `crs` member may name


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """`shapes[i]` is the zone `ids[i]`; mended and refused ones by id, with the reason."""

    ids: tuple[str, ...]
    shapes: NDArray[np.object_]
    mended: tuple[tuple[str, Sentence], ...] = ()
    refused: tuple[tuple[str, Sentence], ...] = ()


def read(path: str | Path, named: str | None = None) -> Zones:
    """Return the zones of a GeoJSON file in WGS-84 (or CGCS2000) degrees.

    Args:
        path: a FeatureCollection, a Feature or a geometry.
        named: the property that is the id; else the feature's `id`, its property `id`,
            or its number from 1.

    Raises:
        Refusal: no such file, too large, no GeoJSON, or in another coordinate system.
    """
    path = Path(path)
    if not path.is_file():
        raise Refusal("找不到文件 {name}。请检查路径。", name=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise Refusal("文件 {name} 超过 1 GB。请拆成几个文件。", name=path.name)
    try:
        top = json.loads(path.read_bytes())
        features = list(_features(top))
    except (ValueError, RecursionError, AttributeError, TypeError):
        raise Refusal(
            "{name} 不是完整的 GeoJSON。请从地图软件重新导出为 GeoJSON（WGS-84）。", name=path.name
        ) from None
    _check_crs(top, path.name)
    ids, found = [], []
    mended: list[tuple[str, Sentence]] = []
    refused: list[tuple[str, Sentence]] = []
    for number, feature in enumerate(features, 1):
        name = _name(feature, named, number)
        try:
            shape, repairs = _sound(feature.get("geometry"))
        except Refusal as refusal:
            refused.append((name, refusal.sentence))
            continue
        ids.append(name)
        found.append(shape)
        mended += [(name, repair) for repair in repairs]
    if not found:
        raise Refusal("{name} 里没有可用的图形。", name=path.name)
    array = np.empty(len(found), object)
    array[:] = found
    return Zones(tuple(ids), array, tuple(mended), tuple(refused))


def _features(top: Any) -> Iterator[dict[str, Any]]:
    kind = top["type"]
    if kind == "FeatureCollection":
        for feature in top["features"]:
            if not isinstance(feature, dict):
                raise TypeError
            yield feature
    elif kind == "Feature":
        yield top
    elif kind in GEOMETRIES:
        yield {"geometry": top}
    else:
        raise ValueError(kind)


def _check_crs(top: Any, file: str) -> None:
    """Refuse the old `crs` member where it names anything but degrees."""
    said = top.get("crs")
    if said and not any(name in json.dumps(said) for name in DEGREES):
        raise Refusal(
            "{name} 不是经纬度坐标（{crs}）。请在地图软件中转为 WGS-84（EPSG:4326）后再试。",
            name=file,
            crs=json.dumps(said)[:80],
        )


def _name(feature: dict[str, Any], named: str | None, number: int) -> str:
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    if named:
        if properties.get(named) is None:
            raise Refusal("第 {n} 个图形没有属性“{name}”。", n=number, name=named)
        return str(properties[named])
    for said in (feature.get("id"), properties.get("id")):
        if said is not None:
            return str(said)
    return str(number)


def _sound(geometry: Any) -> tuple[shapely.Geometry, tuple[Sentence, ...]]:
    """Return a valid shape: as it stands where it is one, else mended by the stated rule.

    Raises:
        Refusal: there is none, or it has a fault that is not mended.
    """
    if not isinstance(geometry, dict):
        raise Refusal("没有图形。")
    if geometry.get("type") == "GeometryCollection":
        parts = [_sound(one) for one in geometry.get("geometries") or ()]
        if not parts:
            raise Refusal("图形是空的，没有坐标。")
        united = shapely.union_all([shape for shape, _ in parts])
        return united, tuple(repair for _, repairs in parts for repair in repairs)
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.ShapelyError, ValueError):
        shape = None
    if shape is not None and shapely.is_valid(shape) and not shape.is_empty and _in_degrees(shape):
        return shape, ()
    found = shapes.read(geometry)
    if found.repairs:
        return shapely.from_geojson(json.dumps(found.geometry)), found.repairs
    mended = shapely.make_valid(shapely.from_geojson(json.dumps(found.geometry)))
    return mended, (say("图形按规则修复"),)


def _in_degrees(shape: shapely.Geometry) -> bool:
    west, south, east, north = shape.bounds
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)
