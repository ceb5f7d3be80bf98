"""`jingyi geofence`, on tables and outlines as people export them."""

import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from jingyi.cli import main

COUNTIES = Path(__file__).parents[3] / "shared/data/places/counties_anhui_geojson/淮北市"


def square(name, west, south, size=0.01, **more):
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size]]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "id": name, "properties": more, "geometry": shape}


def fence(folder, features, rows, *more):
    zones = folder / "zones.geojson"
    zones.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    points = folder / "points.csv"
    points.write_text("\n".join(["id,lon,lat", *rows]), encoding="utf-8")
    out = folder / "out.parquet"
    return main(["geofence", str(points), str(zones), "-o", str(out), "--json", *more]), out


def test_inside_on_the_line_and_near(tmp_path, capsys):
    rows = ["a,117.005,33.005", "b,117.01,33.005", "c,117.012,33.005", "d,118,34", "e,,"]
    code, out = fence(tmp_path, [square("渡口", 117.0, 33.0)], rows, "--within", "200")
    said = capsys.readouterr()
    assert code == 0, said.err
    found = pq.read_table(out).to_pylist()
    assert [(one["point"], one["zone"], one["edge"]) for one in found] == [
        ("a", "渡口", False),
        ("b", "渡口", True),
        ("c", "渡口", False),
    ]
    assert [one["metres"] for one in found] == pytest.approx([0, 0, 186.8], abs=0.5)
    summary = json.loads(said.out)
    assert (summary["pairs"], summary["inside"], summary["unplaced"]) == (3, 2, 1)
    assert "第 6 行：没有坐标" in said.err


def test_a_zone_is_named_by_a_property_and_a_broken_one_is_said(tmp_path, capsys):
    crossed = square("x", 117.0, 33.0, 编号="Z2")
    ring = crossed["geometry"]["coordinates"][0]
    ring[1], ring[2] = ring[2], ring[1]
    flat = square("y", 117.1, 33.1, 编号="Z3")
    flat["geometry"]["coordinates"] = [[[117, 33], [117, 33], [117, 33]]]
    features = [square("w", 117.2, 33.0, 编号="Z1"), crossed, flat]
    code, out = fence(tmp_path, features, ["1,117.205,33.005"], "--zone", "编号")
    said = capsys.readouterr()
    assert code == 0, said.err
    assert pq.read_table(out)["zone"].to_pylist() == ["Z1"]
    summary = json.loads(said.out)
    assert list(summary["mended"]) == ["Z2"]
    assert list(summary["refused"]) == ["Z3"]


def test_swapped_coordinates_are_listed(tmp_path, capsys):
    code, _ = fence(tmp_path, [square("w", 117.0, 33.0)], ["1,33.005,117.005"])
    said = capsys.readouterr()
    assert code == 0
    assert "写反" in said.err
    assert json.loads(said.out)["unplaced"] == 1


def test_parquet_keeps_its_numbers_and_csv_its_marks(tmp_path, capsys):
    points = tmp_path / "p.parquet"
    pq.write_table(
        pa.table({"编号": ["=1", "2"], "经度": [117.0, 117.5], "纬度": [33.0, 33.5]}), points
    )
    zones = tmp_path / "z.geojson"
    zones.write_text(json.dumps(square("w", 117.0, 33.0)), "utf-8")
    out = tmp_path / "o.csv"
    assert main(["geofence", str(points), str(zones), "-o", str(out)]) == 0
    assert out.read_text("utf-8-sig").splitlines() == ["point,zone,metres,edge", "'=1,w,0.000,true"]
    assert "2 个点" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "没有可用的图形"),
        ('{"type": "FeatureCollection", "features": [3]}', "GeoJSON"),
        ('{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:3857"}}, "features": []}',
         "经纬度"),
        ("[" * 100_000, "GeoJSON"),
    ],
)  # fmt: skip
def test_what_is_no_zones_is_refused(tmp_path, capsys, content, word):
    zones, points = tmp_path / "z.geojson", tmp_path / "p.csv"
    zones.write_text(content, "utf-8")
    points.write_text("id,lon,lat\n1,117,33\n", "utf-8")
    assert main(["geofence", str(points), str(zones), "-o", str(tmp_path / "o.parquet")]) == 2
    assert word in capsys.readouterr().err


def test_a_table_without_coordinates_is_refused(tmp_path, capsys):
    zones, points = tmp_path / "z.geojson", tmp_path / "p.csv"
    zones.write_text(json.dumps(square("w", 117.0, 33.0)), "utf-8")
    points.write_text("id,说明\n1,河边\n", "utf-8")
    assert main(["geofence", str(points), str(zones), "-o", str(tmp_path / "o.parquet")]) == 2
    assert "--lon" in capsys.readouterr().err


@pytest.mark.shared_data
@pytest.mark.skipif(not COUNTIES.exists(), reason="needs ../shared/data, which is not there")
def test_real_counties_hold_the_same_points_as_shapely(tmp_path, capsys):
    features = [
        feature | {"id": path.stem}
        for path in sorted(COUNTIES.glob("*.geojson"))
        for feature in json.loads(path.read_text("utf-8"))["features"]
    ]
    rng = random.Random(5)
    at = [(rng.uniform(116.3, 117.2), rng.uniform(33.2, 34.3)) for _ in range(2000)]
    code, out = fence(tmp_path, features, [f"{k},{x!r},{y!r}" for k, (x, y) in enumerate(at)])
    assert code == 0, capsys.readouterr().err
    shapes = {  # the rings touch themselves: shapely's own mending is the second opinion
        one["id"]: shapely.make_valid(shapely.from_geojson(json.dumps(one["geometry"])))
        for one in features
    }
    expected = {
        (str(k), name) for k, spot in enumerate(at) for name, shape in shapes.items()
        if shape.covers(shapely.Point(spot))
    }  # fmt: skip
    found = pq.read_table(out).to_pylist()
    assert {(one["point"], one["zone"]) for one in found} == expected
    assert len(found) > 500
