"""GeoPackage (OGC 12-128r19): a SQLite file with well-known binary shapes.

A database that others send can hold views, triggers and generated columns that compute anything.
It is read as it stands, under an authorizer that lets nothing but plain reads of plain tables pass.
"""

import sqlite3
import struct
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from jingyi.core.places.frames import DEGREES, Frame, by_epsg, by_wkt
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines.places.base import GEOMETRIES, MOST_ROWS, Feature, Group, Row, plain

MOST_STEPS = 400  # of a hundred thousand instructions each
_SPACE = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}  # bytes of the envelope, by its code
_SCHEMA = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
  description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL,
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
"""
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)


def read(path: Path) -> Iterator[Row]:
    """Yield the rows of every feature table, numbered through."""
    found = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    try:
        _guard(found)
        yield from _rows(found)
    except sqlite3.Error:
        raise Refusal(
            "GeoPackage 已损坏，或者里面有不允许的内容（视图、函数）。请重新导出。"
        ) from None
    finally:
        found.close()


def write(groups: Sequence[Group]) -> bytes:
    """Return a GeoPackage with one table for each group, in WGS-84."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.gpkg"
        made = sqlite3.connect(path)
        made.execute("PRAGMA application_id = 1196444487")
        made.execute("PRAGMA user_version = 10300")
        made.executescript(_SCHEMA)
        made.executemany(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
            [
                ("WGS 84", 4326, "EPSG", 4326, _WGS84),
                ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
                ("Undefined geographic", 0, "NONE", 0, "undefined"),
            ],
        )
        for group in groups:
            _table(made, group)
        made.commit()
        made.close()
        return path.read_bytes()


def _guard(found: sqlite3.Connection) -> None:
    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}
    found.execute("PRAGMA trusted_schema = OFF")
    found.execute("PRAGMA cell_size_check = ON")
    found.set_authorizer(
        lambda act, *_: sqlite3.SQLITE_OK if act in allowed else sqlite3.SQLITE_DENY
    )
    steps = iter(range(MOST_STEPS))
    found.set_progress_handler(lambda: next(steps, None) is None, 100_000)


def _rows(found: sqlite3.Connection) -> Iterator[Row]:
    plain_tables = {
        name
        for name, sql in found.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if sql and not str(sql).upper().lstrip().startswith("CREATE VIRTUAL")
    }
    listed = found.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns")
    number = 0
    for table, column, srs in listed.fetchmany(50):
        columns = found.execute(f'PRAGMA table_xinfo("{_quoted(table)}")').fetchall()
        if table not in plain_tables or any(one[6] for one in columns):  # generated columns compute
            raise sqlite3.DatabaseError
        frame = _frame(found, srs)
        rows = found.execute(f'SELECT * FROM "{_quoted(table)}" LIMIT {MOST_ROWS + 1}')  # noqa: S608
        names = [one[0] for one in rows.description]
        if column not in names:
            raise sqlite3.DatabaseError
        for row in rows:
            number += 1
            geometry, fault = _shape(row[names.index(column)])
            told = plain((n, v) for n, v in zip(names, row, strict=True) if n != column)
            told.pop("fid", None)
            yield Row(number, geometry, told, frame, fault)


def _frame(found: sqlite3.Connection, srs: Any) -> Frame:
    if srs in {0, -1, None}:
        return DEGREES
    told = found.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys"
        " WHERE srs_id = ?",
        (srs,),
    ).fetchone()
    if not told:
        return by_epsg(int(srs))
    try:
        return by_epsg(int(told[1])) if str(told[0]).upper() == "EPSG" else by_wkt(str(told[2]))
    except Refusal:
        return by_wkt(str(told[2]))


def _shape(blob: Any) -> tuple[dict[str, Any] | None, Sentence | None]:
    if blob is None:
        return None, None
    try:
        drawn = (
            shapely.from_wkb(blob[8 + _SPACE[blob[3] >> 1 & 7] :]) if blob[:2] == b"GP" else None
        )
        if drawn is None or drawn.is_empty:
            return None, None
        if drawn.geom_type not in GEOMETRIES:
            return None, say("图形类型 {kind} 不能登记，只能是点、线、面。", kind=drawn.geom_type)
        return _lists(mapping(drawn)), None
    except (ShapelyError, ValueError, KeyError, IndexError, TypeError):
        return None, say("图形的二进制内容读不出来")


def _lists(given: Any) -> Any:
    if isinstance(given, dict):
        return {"type": given["type"], "coordinates": _lists(given["coordinates"])}
    return [_lists(one) for one in given] if isinstance(given, (list, tuple)) else given


def _table(made: sqlite3.Connection, group: Group) -> None:
    name = _quoted(group.name)
    columns = ", ".join(f'"{_quoted(one)}" TEXT' for one in group.columns)
    made.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY, geom GEOMETRY, {columns})')
    gaps = ", ".join("?" * (len(group.columns) + 1))
    listed = ", ".join(["geom", *(f'"{_quoted(one)}"' for one in group.columns)])
    made.executemany(
        f'INSERT INTO "{name}" ({listed}) VALUES ({gaps})',  # noqa: S608 -- our own names
        [[_blob(one), *(one.told.get(c) for c in group.columns)] for one in group.features],
    )
    drawn = [shape(one.geometry).bounds for one in group.features]
    box = [f(b[i] for b in drawn) for i, f in enumerate((min, min, max, max))] if drawn else [None] * 4  # fmt: skip
    made.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', '1970-01-01T00:00:00.000Z', ?, ?, ?, ?, 4326)",
        [group.name, group.name, *box],
    )
    made.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', 4326, 0, 0)", [group.name]
    )


def _blob(one: Feature) -> bytes:
    drawn = shape(one.geometry)
    head = struct.pack("<2sBBi4d", b"GP", 0, 0b0000_0011, 4326, *_envelope(drawn))
    found: bytes = head + shapely.to_wkb(drawn, byte_order=1)
    return found


def _envelope(drawn: Any) -> tuple[float, float, float, float]:
    west, south, east, north = drawn.bounds
    return west, east, south, north


def _quoted(name: str) -> str:
    return str(name).replace('"', '""')
