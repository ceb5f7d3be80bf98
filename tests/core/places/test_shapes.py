"""Shapes of places: any datum in, WGS-84 out."""

import pytest

from jingyi.core.places.shapes import inside, read
from jingyi.core.refusal import Refusal


def test_wgs84_stays_as_given():
    assert read({"type": "Point", "coordinates": [120, 33, 5]}).geometry["coordinates"] == [120, 33]


def test_gcj02_is_moved_by_some_hundred_metres_and_said():
    found = read({"type": "Point", "coordinates": [120.0, 33.0]}, "gcj02")
    lon, lat = found.geometry["coordinates"]
    assert 0.001 < abs(lon - 120) + abs(lat - 33) < 0.02
    assert "GCJ-02" in str(found.repairs[-1])


def test_a_point_inside_is_inside():
    lon, lat = inside({"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]]]})
    assert 0 < lat < lon < 4


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [500, 3]},
        {"type": "Point", "coordinates": []},
        {"type": "LineString", "coordinates": [[0, "x"], [1, 1]]},
        {"type": "GeometryCollection", "geometries": []},
        None,
    ],
)
def test_what_cannot_be_drawn_is_refused(geometry):
    with pytest.raises(Refusal):
        read(geometry)
