"""The geofence against shapely on every pair, and its metres against the ellipsoid's geodesics."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from jingyi.core.places import geofence
from jingyi.core.refusal import Refusal

few = st.integers(0, 8)
corner = st.tuples(few, few)


@st.composite
def zones(draw):
    """Areas with and without holes, lines and points on a coarse grid: corners meet often."""
    kind = draw(st.sampled_from(["area", "hull", "holed", "line", "point", "several"]))
    west, south = draw(corner)
    wide, tall = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    box = shapely.box(west, south, west + wide, south + tall)
    if kind == "hull":
        shape = shapely.MultiPoint(draw(st.lists(corner, min_size=3, max_size=7))).convex_hull
        assume(not shape.is_empty)
        return shape
    if kind == "holed":
        shape = shapely.difference(box, shapely.box(west + 0.5, south + 0.5, west + 1, south + 1))
    elif kind == "line":
        shape = shapely.LineString(draw(st.lists(corner, min_size=2, max_size=5, unique=True)))
    elif kind == "point":
        shape = shapely.MultiPoint(draw(st.lists(corner, min_size=1, max_size=3)))
    elif kind == "several":
        shape = shapely.union(box, shapely.box(west + 9, south, west + 10, south + 2))
    else:
        ring = draw(st.lists(corner, min_size=3, max_size=8, unique=True))
        shape = shapely.make_valid(shapely.Polygon(ring))
    return shape


def placed(shape):
    """Scale the grid to steps of about a hundred metres, off the round degrees."""
    return shapely.transform(shape, lambda xy: 116.7 + xy * 0.001 - [0, 83])


spots = st.lists(st.tuples(st.integers(-2, 40), st.integers(-2, 40)), min_size=1, max_size=20)


@settings(deadline=None, max_examples=150)
@given(st.lists(zones(), min_size=1, max_size=6), spots)
def test_the_same_pairs_as_shapely_inside_and_on_the_line(shapes, at):
    shapes = [placed(shape) for shape in shapes]
    where = shapely.transform(
        shapely.points(np.array(at, float) / 4), lambda xy: 116.7 + xy * 0.001 - [0, 83]
    )
    hits = geofence.lay(shapes).find(shapely.get_x(where), shapely.get_y(where), workers=2)
    expected = {
        (p, z) for p in range(len(where)) for z in range(len(shapes))
        if shapely.intersects(shapes[z], where[p])
    }  # fmt: skip
    assert set(zip(hits.point.tolist(), hits.zone.tolist(), strict=True)) == expected
    assert len(hits.point) == len(expected)
    assert not hits.metres.any()
    for point, zone, edge in zip(hits.point, hits.zone, hits.edge, strict=True):
        inner = shapely.contains_properly(shapes[zone], where[point])
        areal = shapely.get_dimensions(shapes[zone]) == 2
        assert edge == (not areal or not inner)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(zones(), min_size=1, max_size=4),
    spots,
    st.sampled_from([50.0, 200.0, 1500.0]),
    st.sampled_from([0.0, 40.0, -70.0, 85.0]),
)
def test_the_metres_are_those_of_the_ellipsoid(shapes, at, within, lat):
    def moved(xy):
        return np.array([116.7, lat]) + xy * 0.001

    shapes = [shapely.transform(shape, moved) for shape in shapes]
    where = shapely.transform(shapely.points(np.array(at, float) / 3), moved)
    lon, lat_ = shapely.get_x(where), shapely.get_y(where)
    hits = geofence.lay(shapes, within).find(lon, lat_)
    found = {
        (p, z): m
        for p, z, m in zip(
            hits.point.tolist(), hits.zone.tolist(), hits.metres.tolist(), strict=True
        )
    }
    for p in range(len(where)):
        for z, shape in enumerate(shapes):
            true = geodesic(shape, where[p])
            if (p, z) in found:
                assert found[p, z] == pytest.approx(true, abs=0.02, rel=1e-5)
            else:
                assert true > within - 0.02
    assert np.all(np.diff(hits.point) >= 0)
    same = np.diff(hits.point) == 0
    assert np.all(np.diff(hits.metres)[same] >= 0)


def geodesic(shape, point):
    """Return metres to the nearest spot, in the plane that keeps distances from the point."""
    if shapely.intersects(shape, point):
        return 0.0
    here = f"+proj=aeqd +lat_0={point.y!r} +lon_0={point.x!r} +ellps=WGS84"
    plane = Transformer.from_crs("OGC:CRS84", here, always_xy=True)
    fine = shapely.segmentize(shape, 0.0001)  # edges are straight in degrees, not in that plane
    flat = shapely.transform(fine, lambda xy: np.column_stack(plane.transform(*xy.T)))
    return shapely.distance(flat, shapely.Point(0, 0))


def test_exactly_so_many_metres_is_within():
    zone = shapely.Point(117.0, 33.0)
    fence = geofence.lay([zone], 1000.0)
    metres = float(fence.find(np.array([117.005]), np.array([33.0])).metres[0])
    again = geofence.lay([zone], metres).find(np.array([117.005]), np.array([33.0]))
    assert again.metres.tolist() == [metres]
    less = geofence.lay([zone], np.nextafter(metres, 0)).find(np.array([117.005]), np.array([33.0]))
    assert not len(less.point)


def test_a_long_river_is_measured_where_the_point_is():
    steps = np.linspace(0, 40, 50_001)
    river = shapely.LineString(np.c_[105 + steps / 4, 30 + np.sin(steps) / 5]).buffer(0.002)
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(105, 115, 4000), rng.uniform(29.7, 30.3, 4000)
    hits = geofence.lay([river], 300).find(lon, lat)
    inside = set(np.flatnonzero(shapely.contains_xy(river, lon, lat)).tolist())
    assert set(hits.point[hits.metres == 0].tolist()) == inside
    assert len(inside) > 20


def test_nowhere_and_nothing():
    box = shapely.box(117, 33, 118, 34)
    lon, lat = np.array([np.nan, 117.5, 500.0]), np.array([33.5, np.nan, 33.5])
    assert not len(geofence.lay([box], 100).find(lon, lat).point)
    assert not len(geofence.lay([box]).find(np.empty(0), np.empty(0)).point)
    assert not len(geofence.lay([]).find(lon, lat).point)
    assert not len(geofence.lay([shapely.Polygon()], 5).find(lon, lat).point)


@pytest.mark.parametrize("within", [-1.0, float("nan"), 1e9])
def test_a_distance_that_cannot_be_measured_is_refused(within):
    with pytest.raises(Refusal, match="距离"):
        geofence.lay([shapely.Point(117, 33)], within)


def test_a_comb_of_long_teeth_stays_small():
    xs = np.arange(4000) / 4000
    comb = shapely.LineString(np.c_[117 + xs, 33 + np.arange(4000) % 2])
    fence = geofence.lay([comb])
    assert len(fence.laid.ax) <= 16 * 4000
