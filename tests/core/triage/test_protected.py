"""A protected place is near where it is named, or nearer than its own radius."""

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely

from jingyi.core.triage import book
from jingyi.core.triage.pipeline import triage
from jingyi.core.triage.protected import ProtectedPlace, near

RELIC = ProtectedPlace("p1", "柳堰码头遗址", ("柳堰码头",), shapely.Point(117.0, 33.9), 300)
LAKE = ProtectedPlace("p2", "沚蘋湖水源地", (), shapely.box(117.1, 33.9, 117.2, 34.0), 1000)
BOOK = book.for_office(protected=[RELIC, LAKE])
METRES = 111_320.0


def verdict(text, lon=None, lat=None):
    table = pa.table(
        {
            "id": ["r"],
            "text": [text],
            "lon": pa.array([lon], pa.float64()),
            "lat": pa.array([lat], pa.float64()),
        }
    )
    return triage(table, BOOK).to_pylist()[0]


def test_a_place_is_found_by_name_or_alias_without_coordinates():
    told = verdict("柳堰码头旁边有人倒垃圾")

    assert told["protected"] == ["柳堰码头遗址"]
    assert any("提到受保护的柳堰码头遗址" in one for one in told["reasons"])


@pytest.mark.parametrize(("metres", "found"), [(0, True), (290, True), (310, False)])
def test_nearness_is_measured_in_metres_from_the_point(metres, found):
    east = metres / (METRES * math.cos(math.radians(33.9)))
    told = verdict("这里有人倒垃圾", 117.0 + east, 33.9)

    assert (told["protected"] == ["柳堰码头遗址"]) is found


@pytest.mark.parametrize(("lat", "found"), [(33.95, True), (34.0089, True), (34.0092, False)])
def test_nearness_is_measured_from_the_edge_of_an_area(lat, found):
    assert (verdict("有人偷排", 117.15, lat)["protected"] == ["沚蘋湖水源地"]) is found


def test_distance_replaces_mere_mention_and_names_come_first():
    at = np.array([117.15]), np.array([33.95])
    found = near([RELIC, LAKE], *at, np.array([0, 0]), np.array([0, 1]))

    assert found.off.tolist() == [0, 2]
    assert found.place.tolist() == [0, 1]
    assert np.isnan(found.metres).tolist() == [True, False]


def test_a_protected_place_raises_the_rank():
    far, close = (
        verdict("有人倒垃圾，臭气熏天", 118.5, 33.9),
        verdict("有人倒垃圾，臭气熏天", 117.0, 33.9),
    )

    assert close["rank"] > far["rank"]
