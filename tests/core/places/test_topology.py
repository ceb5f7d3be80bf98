"""Outlines: each fault is named; mended only where a rule says how."""

import pytest
from shapely.geometry import shape

from jingyi.core.places.book import book
from jingyi.core.places.topology import sound
from jingyi.core.refusal import Refusal

BOX = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_sound_outline_stays_as_it_is():
    found = sound(polygon(BOX, [[2, 2], [4, 2], [4, 4], [2, 4], [2, 2]]))
    assert not found.repairs
    assert shape(found.geometry).area == 96


def test_an_unclosed_ring_and_repeated_points_are_mended_and_said():
    found = sound(polygon([[0, 0], [10, 0], [10, 0], [10, 10], [0, 10]]))
    assert [str(one) for one in found.repairs] == [
        "去掉了 1 个重复的点",
        "环没有闭合：用第一个点闭合",
    ]
    assert shape(found.geometry).area == 100


def test_a_bow_tie_becomes_its_two_parts():
    found = sound(polygon([[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]]))
    assert found.geometry["type"] == "MultiPolygon"
    assert shape(found.geometry).area == 50
    assert "2 个部分都保留" in str(found.repairs[0])


@pytest.mark.parametrize(
    ("geometry", "why"),
    [
        (polygon(BOX, [[20, 20], [22, 20], [22, 22], [20, 20]]), "洞在外环之外"),
        (polygon(BOX, [[8, 8], [12, 8], [12, 9], [8, 8]]), "越过外环"),
        (polygon(BOX, [[1, 1], [5, 1], [5, 5], [1, 1]], [[2, 1], [6, 1], [6, 5], [2, 1]]), "重叠"),
        (polygon([[0, 0], [1, 1], [0, 0]]), "围不成面"),
        (polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), "没有面积"),
        (polygon([[0, 0], [500000, 1], [2, 2], [0, 0]]), "不是经纬度"),
        (polygon([[0, 0], ["x", 1], [2, 2], [0, 0]]), "不是数字"),
        ({"type": "Point", "coordinates": [0, 0]}, "须是面"),
        ({"type": "Polygon", "coordinates": []}, "没有外环"),
        (None, "须是面"),
    ],
)
def test_what_cannot_be_decided_is_refused_by_name(geometry, why):
    with pytest.raises(Refusal, match=why):
        sound(geometry)


def test_every_kind_names_its_statute_and_zones_that_exist():
    for kind in book().kinds.values():
        assert kind.source.instrument
        assert set(kind.zones) <= set(book().zones)


def test_a_ring_that_touches_itself_leaves_a_hole_where_it_goes_round_nothing():
    away = [[0, 0], [4, 0], [4, 4], [2, 4], [3, 2], [1, 2], [2, 4], [0, 4], [0, 0]]
    found = sound({"type": "Polygon", "coordinates": [away]})
    assert shape(found.geometry).area == 14


def test_what_a_ring_goes_round_twice_is_refused():
    along = [[0, 0], [4, 0], [4, 4], [2, 4], [1, 2], [3, 2], [2, 4], [0, 4], [0, 0]]
    with pytest.raises(Refusal, match="内外"):
        sound({"type": "Polygon", "coordinates": [along]})


def test_what_two_parts_both_cover_is_still_covered():
    one = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
    other = [[1, 0], [3, 0], [3, 2], [1, 2], [1, 0]]
    found = sound({"type": "MultiPolygon", "coordinates": [[one], [other]]})
    assert shape(found.geometry).area == 6
    assert "合并为一个范围" in str(found.repairs[-1])
