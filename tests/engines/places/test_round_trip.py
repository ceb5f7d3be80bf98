"""What is written in a format is read back as it was: values, shapes, in GDAL too."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

from jingyi.core.places import shapes
from jingyi.engines.places import child, files
from jingyi.engines.places.base import Feature, Group

COLUMNS = ("record", "code", "name", "basis")
degrees = st.floats(-179, 179, allow_nan=False), st.floats(-89, 89, allow_nan=False)
points = st.tuples(*degrees).map(list)
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="￾￿"),
    max_size=300,
).map(lambda text: re.sub(r"\s+", " ", text).strip())


@st.composite
def boxes(draw):
    x, y = draw(st.floats(-170, 170)), draw(st.floats(-80, 80))
    wide, high = draw(st.floats(0.001, 2)), draw(st.floats(0.001, 2))
    ring = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
    hole = [(x + wide * a, y + high * b) for a, b in ((0.3, 0.3), (0.6, 0.3), (0.6, 0.7))]
    return Polygon(ring, [hole] if draw(st.booleans()) else [])


def lists(given):
    return [lists(one) for one in given] if isinstance(given, (tuple, list)) else given


def geojson(drawn):
    made = mapping(drawn)
    return {"type": made["type"], "coordinates": lists(made["coordinates"])}


@st.composite
def geometries(draw):
    kind = draw(st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon"]))
    if kind == "Point":
        return {"type": kind, "coordinates": draw(points)}
    if kind == "LineString":
        line = draw(st.lists(points, min_size=2, max_size=6, unique_by=tuple))
        return {"type": kind, "coordinates": line}
    box = draw(boxes())
    if kind == "Polygon":
        return geojson(box)
    far = shape({"type": "Polygon", "coordinates": [[[175, 1], [176, 1], [176, 2], [175, 1]]]})
    return geojson(MultiPolygon([box, far]))


features = st.builds(
    Feature,
    geometries(),
    st.fixed_dictionaries(
        {
            "record": st.just("place"),
            "code": st.text(string.ascii_lowercase, min_size=1, max_size=8),
            "name": texts.filter(bool),
        },
        optional={"basis": texts},
    ),
)


def back(form, made, tmp_path):
    path = tmp_path / f"made.{files.FORMATS[form][0]}"
    path.write_bytes(files.write(form, made))
    return list(child.rows(path))


@pytest.mark.parametrize("form", files.FORMATS)
@given(made=st.lists(features, min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_what_is_written_is_read_back(form, made, tmp_path_factory):
    group = Group("places", COLUMNS, tuple(made))
    rows = back(form, [group], tmp_path_factory.mktemp("trip"))
    left = list(made)
    for row in rows:
        assert row.fault is None
        own = {name: row.told[name] for name in COLUMNS if row.told.get(name)}
        found = next(
            one
            for one in left
            if own == {name: value for name, value in one.told.items() if value}
            and shapes.same(row.geometry, one.geometry)
        )
        left.remove(found)
    assert left == []


@pytest.mark.parametrize(("form", "driver"), [("gpkg", "GPKG"), ("shp", "ESRI Shapefile")])
def test_gdal_reads_what_we_write(form, driver, tmp_path):
    pyogrio = pytest.importorskip("pyogrio")
    box = Polygon([(117, 31), (117.1, 31), (117.1, 31.1)], [[(117.05, 31.01), (117.06, 31.01), (117.06, 31.02)]])  # fmt: skip
    told = {"record": "place", "code": "bell", "name": "钟楼", "basis": "依据" * 120}
    path = tmp_path / f"made.{files.FORMATS[form][0]}"
    path.write_bytes(files.write(form, [Group("places", COLUMNS, (Feature(geojson(box), told),))]))
    info = pyogrio.read_info(path)
    assert (info["driver"], info["features"], info["crs"]) == (driver, 1, "EPSG:4326")
    frame = pyogrio.read_dataframe(path)
    assert frame.geometry[0].equals(box)
    assert frame["name"][0] == "钟楼"


@pytest.mark.parametrize(
    ("driver", "suffix"), [("GPKG", "gpkg"), ("ESRI Shapefile", "shp.zip"), ("GeoJSON", "geojson"), ("KML", "kml")]
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")
def test_we_read_what_gdal_writes_grids_too(driver, suffix, tmp_path):
    geopandas = pytest.importorskip("geopandas")
    box = Polygon([(117, 31), (117.1, 31), (117.1, 31.1), (117, 31.1)])
    frame = geopandas.GeoDataFrame({"name": ["钟楼"]}, geometry=[box], crs="EPSG:4490")
    if driver in {"GPKG", "ESRI Shapefile"}:
        frame = frame.to_crs("EPSG:4527")  # belt 39, 3 degrees wide
    if driver == "KML":
        frame = frame.to_crs("EPSG:4326")
    path = tmp_path / f"made.{suffix}"
    frame.to_file(path, driver=driver)
    (found,) = files.read(path.read_bytes(), path.name)
    assert found.told["name"] == "钟楼"
    assert shape(found.geometry).hausdorff_distance(box) < 1e-8
    assert found.origin["datum"] == ("wgs84" if driver == "KML" else "cgcs2000")


def test_the_same_records_make_the_same_file():
    told = {"record": "place", "code": "bell", "name": "钟楼"}
    group = Group("places", COLUMNS, (Feature({"type": "Point", "coordinates": [1, 2]}, told),))
    for form in files.FORMATS:
        assert files.write(form, [group]) == files.write(form, [group])
