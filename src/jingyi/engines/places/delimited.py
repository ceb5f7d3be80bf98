"""Tables: CSV, XLSX, Parquet. The shape is WKT or GeoJSON in one column, or longitude and latitude."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines.places.base import GEOMETRIES, MOST_ROWS, Group, Row, plain

csv.field_size_limit(16 * 2**20)
SHAPES = ("wkt", "geometry", "geom", "the_geom", "几何", "图形", "geojson")
LONS = ("lon", "lng", "longitude", "经度", "x")
LATS = ("lat", "latitude", "纬度", "y")


def read(path: Path) -> Iterator[Row]:
    """Yield the rows; a row without a shape has none, and what cannot be read says so."""
    from jingyi.engines import tables  # noqa: PLC0415 -- half a second that other files need not wait

    sheet = tables.open_table(path)
    if sheet.table.num_rows > MOST_ROWS:
        raise Refusal("文件超过 {most} 条记录。请分成几个文件。", most=MOST_ROWS)
    low = {name.strip().lower(): name for name in reversed(sheet.names)}
    drawn = next((low[one] for one in SHAPES if one in low), None)
    lon = next((low[one] for one in LONS if one in low), None)
    lat = next((low[one] for one in LATS if one in low), None)
    if drawn is None and (lon is None or lat is None):
        raise Refusal("表里没有坐标：需要“经度”“纬度”两列，或者一列 WKT。现有的列：{names}。", names="、".join(sheet.names)[:300])  # fmt: skip
    for number, told in zip(sheet.rows.to_pylist(), sheet.table.to_pylist(), strict=True):
        geometry: dict[str, Any] | None
        fault: Sentence | None
        if drawn and (told[drawn] or "").strip():
            geometry, fault = _drawn(told[drawn].strip())
        else:
            geometry, fault = _spot(told.get(lon or ""), told.get(lat or ""))
        used = {drawn} if drawn and geometry else {lon, lat}
        yield Row(number, geometry, plain((name, bare(value or "")) for name, value in told.items() if name not in used), fault=fault)  # fmt: skip
    for one in sheet.rejected:
        yield Row(one.row, None, {}, fault=one.reason)


def write(groups: Sequence[Group]) -> bytes:
    """Return one table in UTF-8 with a byte order mark, so that spreadsheets read Chinese."""
    columns = list(dict.fromkeys(name for group in groups for name in group.columns))
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([*columns, "wkt"])
    for group in groups:
        for one in group.features:
            told = [_harmless(one.told.get(name, "")) for name in columns]
            table.writerow([*told, shapely.to_wkt(shape(one.geometry), rounding_precision=-1)])
    return ("﻿" + out.getvalue()).encode()


def _harmless(value: str) -> str:
    """Return a value that a spreadsheet takes for text, never for a formula."""
    return f"'{value}" if re.match(r"'*[=+\-@\t\r]", value) else value


def bare(value: str) -> str:
    """Return what `_harmless` was given."""
    return value[1:] if re.match(r"''*[=+\-@\t\r]", value) else value


def _drawn(text: str) -> tuple[dict[str, Any] | None, Sentence | None]:
    try:
        if text.startswith("{"):
            given = json.loads(text)
            return (given, None) if isinstance(given, dict) else (None, None)
        made = shapely.from_wkt(re.sub(r"^SRID=\d+;", "", text))
    except (ShapelyError, ValueError, RecursionError):
        return None, say("WKT 读不出来：{words}", words=text[:40])
    if made is None or made.is_empty or made.geom_type not in GEOMETRIES:
        return None, say("图形是空的，没有坐标。")
    found = mapping(made)
    return {"type": found["type"], "coordinates": found["coordinates"]}, None


def _spot(lon: Any, lat: Any) -> tuple[dict[str, Any] | None, Sentence | None]:
    if not (lon or "").strip() and not (lat or "").strip():
        return None, None
    try:
        return {"type": "Point", "coordinates": [float(lon), float(lat)]}, None
    except (TypeError, ValueError):
        return None, say("经度“{lon}”、纬度“{lat}”不是数字", lon=str(lon)[:30], lat=str(lat)[:30])
