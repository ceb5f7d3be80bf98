"""ESRI Shapefiles in a zip (ESRI white paper of July 1998): points, lines and areas."""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from shapely.geometry import LinearRing, Polygon

from jingyi.core.places.frames import DEGREES, Frame, by_wkt
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.engines.places import archive, dbf
from jingyi.engines.places.base import MOST_POINTS, MOST_ROWS, Feature, Group, Row

PRJ = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
POINT, LINE, AREA, POINTS = 1, 3, 5, 8
KINDS = {"Point": POINT, "MultiPoint": POINTS, "LineString": LINE, "MultiLineString": LINE,
         "Polygon": AREA, "MultiPolygon": AREA}  # fmt: skip
_SUFFIX = {POINT: "point", POINTS: "points", LINE: "line", AREA: "area"}
Points = list[list[float]]


def read(raw: bytes) -> Iterator[Row]:
    """Yield the records of every Shapefile in the archive, numbered through."""
    files = {name.lower(): name for name in archive.names(raw)}
    stems = [name[:-4] for name in files if name.endswith(".shp")]
    if not stems:
        raise Refusal("压缩包里没有 .shp 文件。请把 .shp、.dbf、.prj 一起打包。")
    number = 0
    for stem in stems:
        parts = {end: archive.part(raw, files[f"{stem}.{end}"]) for end in ("shp", "dbf", "prj", "cpg") if f"{stem}.{end}" in files}  # fmt: skip
        frame = by_wkt(parts["prj"].decode("utf-8", "replace")) if "prj" in parts else DEGREES
        told = (
            list(dbf.read(parts["dbf"], _coding(parts.get("cpg", b"")))) if "dbf" in parts else []
        )
        for n, shape in enumerate(_shapes(parts["shp"])):
            number += 1
            values = told[n] if n < len(told) else {}
            yield _row(number, shape, values, frame)


def write(groups: Sequence[Group]) -> bytes:
    """Return an archive with a Shapefile for each group and kind of shape, in WGS-84."""
    files: dict[str, bytes] = {}
    for group in groups:
        for kind, suffix in _SUFFIX.items():
            own = [one for one in group.features if KINDS[one.geometry["type"]] == kind]
            if own:
                files |= _written(f"{group.name}_{suffix}", kind, group.columns, own)
    return archive.packed(files)


def _row(number: int, shape: dict[str, Any] | None, told: dict[str, str], frame: Frame) -> Row:
    fault = None if shape else say("这一条没有图形，或者图形类型不支持")
    return Row(number, shape, told, frame, fault)


def _coding(cpg: bytes) -> str:
    name = cpg.decode("ascii", "replace").strip().upper()
    if name in {"UTF-8", "UTF8", "65001"}:
        return "utf-8"
    return "gb18030" if name in {"GBK", "GB2312", "GB18030", "936", "CP936"} else ""


def _shapes(raw: bytes) -> Iterator[dict[str, Any] | None]:
    if len(raw) < 100 or struct.unpack_from(">i", raw)[0] != 9994:
        raise Refusal(".shp 文件已损坏，或者不是 Shapefile。请重新导出。")
    at, count = 100, 0
    while at + 12 <= len(raw) and count <= MOST_ROWS:
        size = struct.unpack_from(">i", raw, at + 4)[0] * 2
        body = raw[at + 8 : at + 8 + size]
        if size < 4 or len(body) < size:
            raise Refusal(".shp 文件第 {n} 条读到中途断了。请重新导出。", n=count + 1)
        yield _shape(body)
        at, count = at + 8 + size, count + 1


def _shape(body: bytes) -> dict[str, Any] | None:
    """Return one record as GeoJSON; Z and M are dropped, and what is no shape is None."""
    kind = struct.unpack_from("<i", body)[0] % 10
    try:
        if kind == POINT:
            return {"type": "Point", "coordinates": list(struct.unpack_from("<2d", body, 4))}
        if kind == POINTS:
            count = struct.unpack_from("<i", body, 36)[0]
            return {"type": "MultiPoint", "coordinates": _points(body, 40, count)}
        if kind not in {LINE, AREA}:
            return None
        parts = _parts(body)
    except struct.error:
        return None
    if kind == AREA:
        return _area(parts) if parts else None
    return {"type": "MultiLineString", "coordinates": parts} if len(parts) != 1 else {
        "type": "LineString", "coordinates": parts[0]}  # fmt: skip


def _parts(body: bytes) -> list[Points]:
    count, total = struct.unpack_from("<2i", body, 36)
    if not 0 < count <= total <= MOST_POINTS:
        raise struct.error
    starts = [*struct.unpack_from(f"<{count}i", body, 44), total]
    every = _points(body, 44 + 4 * count, total)
    if any(b < a for a, b in pairwise(starts)) or starts[0] < 0:
        raise struct.error
    return [every[a:b] for a, b in pairwise(starts)]


def _points(body: bytes, at: int, count: int) -> Points:
    if not 0 < count <= MOST_POINTS:
        raise struct.error
    flat = struct.unpack_from(f"<{2 * count}d", body, at)
    return [list(pair) for pair in zip(flat[::2], flat[1::2], strict=True)]


def _area(rings: list[Points]) -> dict[str, Any] | None:
    """Group rings: clockwise ones are outlines, the others holes of the first outline around them."""
    rings = [ring for ring in rings if len(ring) >= 4]
    outer = [[ring] for ring in rings if not LinearRing(ring).is_ccw]
    if not outer:  # written the wrong way round: each ring is an outline
        outer = [[ring] for ring in rings]
    else:
        shells = [Polygon(one[0]) for one in outer]
        for ring in rings:
            if LinearRing(ring).is_ccw:
                inside = Polygon(ring).representative_point() if Polygon(ring).area else None
                own = (n for n, shell in enumerate(shells) if inside and shell.contains(inside))
                outer[next(own, 0)].append(ring)
    if not outer:
        return None
    if len(outer) == 1:
        return {"type": "Polygon", "coordinates": outer[0]}
    return {"type": "MultiPolygon", "coordinates": outer}


def _written(name: str, kind: int, columns: Sequence[str], own: Sequence[Feature]) -> dict[str, bytes]:  # fmt: skip
    bodies = [_body(kind, one.geometry) for one in own]
    at, index, records = 50, b"", b""
    pieces = []
    for number, body in enumerate(bodies, 1):
        index += struct.pack(">2i", at, len(body) // 2)
        pieces.append(struct.pack(">2i", number, len(body) // 2) + body)
        at += 4 + len(body) // 2
    records = b"".join(pieces)
    box = _box([point for one in own for point in _flat(one.geometry)])
    return {
        f"{name}.shp": _head(kind, 100 + len(records), box) + records,
        f"{name}.shx": _head(kind, 100 + len(index), box) + index,
        f"{name}.dbf": dbf.write(columns, [one.told for one in own]),
        f"{name}.prj": PRJ.encode(),
        f"{name}.cpg": b"UTF-8",
    }


def _head(kind: int, size: int, box: tuple[float, ...]) -> bytes:
    return struct.pack(">i20xi", 9994, size // 2) + struct.pack("<2i8d", 1000, kind, *box, 0, 0, 0, 0)  # fmt: skip


def _body(kind: int, geometry: dict[str, Any]) -> bytes:
    points = list(_flat(geometry))
    if kind == POINT:
        return struct.pack("<i2d", kind, *points[0][:2])
    flat = struct.pack(f"<{2 * len(points)}d", *(value for one in points for value in one[:2]))
    box = struct.pack("<4d", *_box(points))
    if kind == POINTS:
        return struct.pack("<i", kind) + box + struct.pack("<i", len(points)) + flat
    starts, at = [], 0
    for part in _rings(geometry):
        starts.append(at)
        at += len(part)
    told = struct.pack(f"<2i{len(starts)}i", len(starts), len(points), *starts)
    return struct.pack("<i", kind) + box + told + flat


def _rings(geometry: dict[str, Any]) -> Iterator[Points]:
    """Yield the parts in the order in which they are written: outlines clockwise, holes not."""
    given = geometry["coordinates"]
    match geometry["type"]:
        case "LineString":
            yield given
        case "MultiLineString":
            yield from given
        case "Polygon" | "MultiPolygon":
            for rings in [given] if geometry["type"] == "Polygon" else given:
                for number, ring in enumerate(rings):
                    turns = LinearRing(ring).is_ccw
                    yield ring[::-1] if turns == (number == 0) else ring
        case _:
            yield [given] if geometry["type"] == "Point" else given


def _flat(geometry: dict[str, Any]) -> Iterator[list[float]]:
    for part in _rings(geometry):
        yield from part


def _box(points: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    x, y = [point[0] for point in points], [point[1] for point in points]
    return min(x), min(y), max(x), max(y)
