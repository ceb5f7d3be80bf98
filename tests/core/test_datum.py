"""Coordinates sold in China are shifted; the way back loses nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import datum

METRES_A_DEGREE = 111_320
MOST = 1e-6  # metres


def metres(one, other):
    return np.hypot(one[0] - other[0], one[1] - other[1]) * METRES_A_DEGREE


@given(
    lon=st.floats(73.5, 135, allow_nan=False),
    lat=st.floats(3.5, 53.5, allow_nan=False),
    system=st.sampled_from(datum.DATUMS),
)
def test_there_and_back_is_the_same_spot(lon, lat, system):
    spot = np.array([lon]), np.array([lat])

    assert metres(datum.to_wgs84(*datum.from_wgs84(*spot, system), system), spot)[0] < MOST
    assert metres(datum.from_wgs84(*datum.to_wgs84(*spot, system), system), spot)[0] < MOST


def test_the_published_values_of_a_spot_in_beijing():
    lon, lat = np.array([116.404]), np.array([39.915])

    assert np.allclose(datum.from_wgs84(lon, lat, "GCJ-02"), [[116.41024450], [39.91640428]])
    assert np.allclose(datum.from_wgs84(lon, lat, "BD-09"), [[116.41662724], [39.92269955]])


def test_cgcs2000_is_taken_as_it_stands():
    lon, lat = datum.to_wgs84(np.array([116.8]), np.array([33.97]), "CGCS2000")

    assert (lon[0], lat[0]) == (116.8, 33.97)


def test_abroad_and_the_unknown_are_left_alone():
    lon, lat = np.array([2.35, np.nan]), np.array([48.85, np.nan])
    back = datum.to_wgs84(lon, lat, "GCJ-02")

    assert (back[0][0], back[1][0]) == (2.35, 48.85)
    assert np.isnan(back).tolist() == [[False, True], [False, True]]


@pytest.mark.parametrize(
    ("words", "system"),
    [
        ("高德", "GCJ-02"),
        ("gcj02", "GCJ-02"),
        ("百度地图", "BD-09"),
        ("EPSG:4490", "CGCS2000"),
        ("WGS 84", "WGS-84"),
    ],
)
def test_a_system_is_known_by_the_names_people_use(words, system):
    assert datum.named(words) == system


def test_an_unknown_system_is_refused_by_name():
    with pytest.raises(datum.UnknownDatum, match="西安80"):
        datum.named("西安80")
