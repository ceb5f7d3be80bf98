"""Files that want to harm: each is refused with a sentence, none takes the process along."""

import io
import json
import sqlite3
import struct
import zipfile

import pytest

from jingyi.core.places import records
from jingyi.core.refusal import Refusal
from jingyi.engines.places import archive, base, child, dbf, files, geojson, shapefile
from jingyi.engines.places.base import Feature, Group

POINT = {"type": "Point", "coordinates": [117.0, 31.0]}
BOMB = """<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&b;</name></Placemark></kml>"""
LEAK = """<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&a;</name></Placemark></kml>"""


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def zipped(**parts):
    return archive.packed({name.replace("_", "."): raw for name, raw in parts.items()})


def ours(form):
    told = {"record": "place", "code": "bell", "name": "钟楼"}
    return files.write(form, [Group("places", ("record", "code", "name"), (Feature(POINT, told),))])


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "是空的"),
        (b"{" * 200_000, "不是完整的 GeoJSON"),
        (b'{"type": "Topology"}', "没有 GeoJSON 要素"),
        (BOMB.encode(), "DOCTYPE"),
        (LEAK.encode(), "DOCTYPE"),
        (BOMB.encode("utf-16"), "表"),  # not even text
        (b"<html><body/></html>", "不是 KML"),
        (b"<kml", "XML 读到中途出错"),
        (b"SQLite format 3\0" + b"\xff" * 5_000, "GeoPackage 已损坏"),
        (b"PK\x03\x04nothing", "压缩包已损坏"),
        (zipped(a_shp=b"x" * 200), "不是 Shapefile"),
        (zipped(a_shp=struct.pack(">i96x2i", 9994, 1, 2**30) + b"\0" * 8), "读到中途断了"),
        ("名称,地址\r\n钟楼,东街\r\n".encode(), "没有坐标"),
    ],
)
def test_a_file_that_is_none_is_refused(raw, why, tmp_path):
    path = tmp_path / "来件"
    path.write_bytes(raw)
    with pytest.raises(Refusal, match=why):
        list(child.rows(path))


def test_a_zip_bomb_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a.shp", bytes(base.MOST_UNPACKED + 1))
    with pytest.raises(Refusal, match="解压后有"):
        archive.names(out.getvalue())
    lied = out.getvalue().replace(
        struct.pack("<I", base.MOST_UNPACKED + 1), struct.pack("<I", 1_000)
    )
    assert archive.names(lied) == ["a.shp"]
    with pytest.raises(Refusal, match=r"读不出来|过大"):
        archive.part(lied, "a.shp")


def test_too_many_records_and_too_many_points_are_refused(monkeypatch):
    monkeypatch.setattr(base, "MOST_ROWS", 2)
    monkeypatch.setattr(base, "MOST_POINTS", 4)
    rows = [base.Row(n, POINT) for n in range(3)]
    with pytest.raises(Refusal, match="2 条记录"):
        list(base.bounded(rows))
    line = base.Row(1, {"type": "LineString", "coordinates": [[0, 0]] * 5})
    with pytest.raises(Refusal, match="4 个点"):
        list(base.bounded([line]))


def test_a_file_that_is_too_large_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    with pytest.raises(Refusal, match="超过"):
        files.read(b"x" * 11, "来件")


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW places AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x AS geom FROM n",
        "CREATE TABLE places (fid INTEGER, geom AS (zeroblob(100000000)))",
        "CREATE VIRTUAL TABLE places USING fts5(geom)",
    ],
)
def test_a_database_that_computes_is_refused(schema, tmp_path):
    path = tmp_path / "hostile.gpkg"
    path.write_bytes(ours("gpkg"))
    with sqlite3.connect(path) as made:
        made.execute("DROP TABLE places")
        made.execute(schema)
        if "TABLE places (fid" in schema:
            made.execute("INSERT INTO places (fid) VALUES (1)")
    made.close()
    with pytest.raises(Refusal, match="不允许的内容"):
        list(child.rows(path))


def test_a_record_that_lies_about_its_points_is_one_bad_row():
    body = struct.pack("<i32x2i", 5, 1, 2**30)
    record = struct.pack(">2i", 1, len(body) // 2) + body
    raw = struct.pack(">i96x", 9994) + record
    (row,) = shapefile.read(archive.packed({"a.shp": raw}))
    assert "没有图形" in str(row.fault)


def test_a_table_that_lies_about_its_rows_is_refused():
    with pytest.raises(Refusal, match="属性表"):
        list(dbf.read(struct.pack("<4xIHH20x", 2**31, 33, 0) + b"\r"))


def test_the_child_says_what_it_refuses_and_that_there_is_nothing():
    with pytest.raises(Refusal, match="DOCTYPE"):
        files.read(LEAK.encode(), "来件.kml")
    with pytest.raises(Refusal, match="没有一条记录"):
        files.read(collection(), "来件.geojson")


def test_a_child_that_needs_too_much_memory_is_ended(monkeypatch):
    monkeypatch.setattr(files, "MEMORY", 400 * 2**20)
    with pytest.raises(Refusal, match="内存或者时间用尽"):
        files.read(b'{"a": [' + b"[]," * 8_000_000 + b"[]]}", "来件.geojson")


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point"},
        {"type": "Point", "coordinates": ["x", 1]},
        {"type": "Polygon", "coordinates": [[[0, 0], [0, float("nan")]]]},
        {"type": "Polygon", "coordinates": 5},
        {"type": "MultiLineString", "coordinates": [[]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Point", "coordinates": {"a": 1}},
    ],
)
def test_a_shape_that_is_none_is_one_refused_record_beside_a_good_one(geometry):
    bad = {"type": "Feature", "properties": {"name": "坏"}, "geometry": geometry}
    good = {"type": "Feature", "properties": {"name": "好"}, "geometry": POINT}
    first, second = (
        records.read(row.number, row.told, row.geometry, row.frame, fault=row.fault)
        for row in geojson.read(collection(bad, good))
    )
    assert first.fault is not None
    assert first.geometry is None
    assert second.geometry == POINT


def test_old_secret_systems_are_named():
    prj = b'PROJCS["Xian_1980_3_Degree_GK_Zone_39",GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980"]]]'
    raw = archive.packed({"a.shp": b"", "a.prj": prj})
    with pytest.raises(Refusal, match="西安 1980"):
        list(shapefile.read(raw))
