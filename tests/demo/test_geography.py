"""The demo city's land: the same each time, without gap or overlap, and nowhere real."""

from itertools import combinations
from pathlib import Path

import pytest
import stdnum.cn
from shapely.geometry import Polygon, shape
from shapely.ops import unary_union

from jingyi.demo.geography import shapes, zhiyang
from jingyi.demo.geography.land import names
from jingyi.demo.geography.protected import protected

LAND = zhiyang()


def outline(area):
    return unary_union([Polygon(ring) for ring in area.rings])


def test_two_drawings_are_the_same():
    assert zhiyang.__wrapped__() == zhiyang.__wrapped__()


def test_districts_cover_the_city_without_gap_or_overlap():
    parts = [outline(area) for area in LAND.districts]
    whole = unary_union(parts)

    assert all(part.is_valid for part in parts)
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=1e-9)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors


def test_towns_divide_their_districts():
    for area in LAND.districts:
        towns = [outline(town) for town in LAND.towns if town.within == area.code]
        assert unary_union(towns).symmetric_difference(outline(area)).area < 1
        assert all(a.intersection(b).area < 1 for a, b in combinations(towns, 2))


def test_every_named_spot_lies_in_its_town_and_has_its_name_alone():
    towns = {town.name: outline(town).buffer(1) for town in LAND.towns}

    assert len({spot.name for spot in LAND.spots}) == len(LAND.spots)
    for spot in LAND.spots:
        assert towns[spot.town].contains(shape({"type": "Point", "coordinates": spot.at})), spot


def test_protected_places_are_valid_shapes_of_the_city():
    city = unary_union([outline(area) for area in LAND.districts]).buffer(2_000)

    assert len({place.code for place in protected()}) == len(protected())
    for place in protected():
        drawn = shape(place.geometry)
        assert drawn.is_valid, place.code
        assert city.contains(shape({"type": "Point", "coordinates": place.at})), place.code


def test_no_district_bears_the_name_or_the_code_of_a_real_one():
    real = (Path(stdnum.cn.__file__).parent / "loc.dat").read_text("utf-8")

    assert "\n99" not in real
    for given in names()["district"]:
        assert given["name"] not in real


def test_the_city_lies_in_open_sea():
    for area in LAND.districts:
        for ring in area.rings:
            for lon, lat in map(shapes.degrees, ring):
                assert 122 < lon < 124
                assert 33 < lat < 34.5
