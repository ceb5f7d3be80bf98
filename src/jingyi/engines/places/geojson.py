"""GeoJSON (RFC 7946), and the older `crs` member, which Chinese software still writes."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from jingyi.core.places.frames import DEGREES, Frame, by_name
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.engines.places.base import Group, Row, plain


def read(raw: bytes) -> Iterator[Row]:
    """Yield the features of a FeatureCollection, of one Feature, or of a bare geometry."""
    try:
        top = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Refusal("这不是完整的 GeoJSON：内容不是 UTF-8 编码的 JSON。请重新导出。") from None
    if not isinstance(top, dict):
        raise Refusal("这不是 GeoJSON：最外层须是一个对象。请重新导出。")
    if top.get("type") == "FeatureCollection" and isinstance(top.get("features"), list):
        features = top["features"]
    elif top.get("type") == "Feature":
        features = [top]
    else:
        raise Refusal("文件里没有 GeoJSON 要素（FeatureCollection）。请检查导出选项。")
    frame = _frame(top.get("crs"))
    for number, feature in enumerate(features, 1):
        yield _row(number, feature, frame)


def write(groups: Sequence[Group]) -> bytes:
    """Return one FeatureCollection of every group, in WGS-84 unless a record says otherwise."""
    features = [
        {"type": "Feature", "properties": one.told, "geometry": one.geometry}
        for group in groups
        for one in group.features
    ]
    top = {"type": "FeatureCollection", "features": features}
    return json.dumps(top, ensure_ascii=False, separators=(",", ":")).encode()


def _frame(crs: Any) -> Frame:
    if not isinstance(crs, dict):
        return DEGREES
    inner = crs.get("properties")
    return by_name(str(inner.get("name", "") if isinstance(inner, dict) else crs))


def _row(number: int, feature: Any, frame: Frame) -> Row:
    if not isinstance(feature, dict):
        return Row(number, None, {}, frame, say("这一条不是 GeoJSON 要素"))
    geometry = feature.get("geometry")
    told = feature.get("properties")
    told = plain(told.items()) if isinstance(told, dict) else {}
    if feature.get("id") is not None:
        told = plain([("id", feature["id"])]) | told
    return Row(number, geometry if isinstance(geometry, dict) else None, told, frame)
