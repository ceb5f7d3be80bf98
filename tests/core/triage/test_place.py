"""A spot where one is known, the middle of the division where not, and how wide that is."""

import numpy as np
import pyarrow as pa
import pytest

from jingyi.core.triage import book, incidents, pipeline, place
from jingyi.core.triage.divisions import centre

TEXTS = [
    "安徽省淮北市濉溪县有企业夜间偷排污水。",
    "安徽省有企业夜间偷排污水。",
    "夜间偷排污水，臭味很大。",
    "淮北市濉溪县有人倾倒垃圾。",
]


@pytest.fixture(scope="module")
def verdicts():
    given = {"lon": [None, None, None, 116.8], "lat": [None, None, None, 33.9]}
    table = pa.table({"id": list("abcd"), "text": TEXTS} | given)
    return pipeline.triage(table, book.load()).to_pylist()


def test_a_county_named_is_a_middle_with_its_radius(verdicts):
    county = verdicts[0]

    assert county["region"] == "340621"
    assert (county["lon"], county["lat"], county["radius_m"]) == centre("340621")
    assert county["radius_m"] > place.WIDE


def test_a_province_or_nothing_is_nowhere(verdicts):
    assert [row["region"] for row in verdicts[1:3]] == ["340000", None]
    assert [row["lon"] for row in verdicts[1:3]] == [None, None]


def test_a_spot_given_stays(verdicts):
    assert (verdicts[3]["lon"], verdicts[3]["lat"]) == (116.8, 33.9)
    assert verdicts[3]["radius_m"] == place.GIVEN_RADIUS


def test_the_middle_of_a_county_is_no_spot_to_compare_reports_by():
    found = pipeline.triage(pa.table({"id": list("abcd"), "text": TEXTS}), book.load())

    assert np.isnan(incidents.unpack(found["trace"])["lon"]).all()


def test_no_rows_have_no_places():
    empty = pa.array([], pa.float64())

    assert [
        len(one) for one in place.at_centres(empty, empty, empty, pa.array([], pa.string()))
    ] == [
        0,
        0,
        0,
    ]
