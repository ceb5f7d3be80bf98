"""Grids back to degrees, against PROJ where it is there, and the names of coordinate systems."""

import numpy as np
import pytest

from jingyi.core.places.frames import by_epsg, by_name, by_wkt, to_degrees
from jingyi.core.places.records import fielded, read
from jingyi.core.refusal import Refusal


@pytest.mark.parametrize(
    "epsg", [4491, 4499, 4502, 4509, 4513, 4527, 4533, 4534, 4547, 32650, 32750]
)
def test_a_grid_is_turned_as_proj_turns_it(epsg):
    pyproj = pytest.importorskip("pyproj")
    grid = by_epsg(epsg).grid
    offsets = np.array([-2.9, -1.4, -0.3, 0.0, 0.7, 1.5, 3.0])
    lat = np.array([3.0, 18.0, 31.8, 33.3, 40.0, 48.0, 53.5]) * (-1 if epsg == 32750 else 1)
    there = pyproj.Transformer.from_crs(pyproj.CRS(epsg).geodetic_crs, epsg, always_xy=True)
    x, y = there.transform(grid.middle + offsets, lat)
    lon, back = grid.degrees(np.array(x), np.array(y))
    assert np.abs(lon - grid.middle - offsets).max() < 1e-10  # ten micrometres
    assert np.abs(back - lat).max() < 1e-10


@pytest.mark.parametrize("epsg", [4326, 4490, 4527, 4547, 32650])
def test_what_esri_writes_of_a_system_is_read(epsg):
    pyproj = pytest.importorskip("pyproj")
    for version in ("WKT1_ESRI", "WKT1_GDAL"):
        found = by_wkt(pyproj.CRS(epsg).to_wkt(version))
        assert found.datum == by_epsg(epsg).datum
        if found.grid:
            wanted = by_epsg(epsg).grid
            assert (found.grid.middle, found.grid.easting) == (wanted.middle, wanted.easting)


def test_names_of_degrees():
    assert by_name("urn:ogc:def:crs:OGC:1.3:CRS84").datum == "wgs84"
    assert by_name("urn:ogc:def:crs:EPSG::4490").datum == "cgcs2000"


@pytest.mark.parametrize("words", ["EPSG:3857", "EPSG:2380", "something"])
def test_what_cannot_be_turned_is_refused(words):
    with pytest.raises(Refusal, match="不能换算"):
        by_name(words)


@pytest.mark.parametrize("text", ["", "PROJCS[", 'PROJCS["x",GEOGCS["WGS 84"]]', 'GEOGCS["NAD27"]'])
def test_a_description_that_says_too_little_is_refused(text):
    with pytest.raises(Refusal):
        by_wkt(text)


def test_a_record_keeps_how_it_was_given():
    shifted = read(
        1, {"坐标系": "高德"}, {"type": "Point", "coordinates": [117.0, 31.0]}, by_epsg(4326)
    )
    assert shifted.origin["given"]["coordinates"] == [117.0, 31.0]
    assert shifted.geometry["coordinates"] != [117.0, 31.0]
    grid = by_epsg(4527)
    point = {"type": "Point", "coordinates": [39_500_000.0, 3_500_000.0]}
    found = read(1, {}, point, grid, datum="gcj02")  # a grid is on its own datum
    assert found.origin["datum"] == "cgcs2000"
    assert found.origin["given"] == point
    assert found.geometry == to_degrees(point, grid)


def test_an_unknown_datum_is_one_refused_record():
    found = read(1, {"datum": "火星"}, {"type": "Point", "coordinates": [1, 1]}, by_epsg(4326))
    assert "不认识坐标系" in str(found.fault)


def test_headings_mean_fields_and_a_fields_own_name_goes_first():
    told = {"编号": "9", "Code": "bell", "单位名称": "钟楼", "别的": "x"}
    assert fielded(told) == {"code": "bell", "name": "钟楼"}
