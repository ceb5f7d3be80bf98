"""Where the sun stood, against published values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingyi.core.sun import apart, sun

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine

moments = st.datetimes(datetime(1970, 1, 1), datetime(2049, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- UTC is given beside it
lons, lats = st.floats(-180, 180), st.floats(-89.9, 89.9)


def test_the_worked_example_of_nrel():
    """TP-560-34302, table A5.1."""
    there = sun(datetime.fromisoformat("2003-10-17T12:30:30-07:00"), -105.1786, 39.742476)

    assert there.geometric == pytest.approx(39.872046, abs=0.002)
    assert there.elevation == pytest.approx(39.888378, abs=0.005)  # there with thinner air
    assert there.azimuth == pytest.approx(194.340241, abs=0.002)


@pytest.mark.parametrize(
    ("at", "lon", "lat", "zenith", "azimuth"),
    [
        ("2002-07-01T12:00Z", 10, 55, 32.59, 195.57),
        ("2004-09-01T14:00Z", 10, 55, 56.69, 229.67),
    ],
)
def test_noaas_calculator(at, lon, lat, zenith, azimuth):
    there = sun(datetime.fromisoformat(at), lon, lat)

    assert 90 - there.elevation == pytest.approx(zenith, abs=0.03)
    assert there.azimuth == pytest.approx(azimuth, abs=0.03)


@pytest.mark.parametrize("at", ["2003-10-17T06:12:43-07:00", "2003-10-16T17:20:19-07:00"])
def test_sunrise_and_sunset_of_nrel(at):
    """The sunset it prints is of the same day in UTC: the evening before."""
    there = sun(datetime.fromisoformat(at), -105.1786, 39.742476)

    assert there.geometric == pytest.approx(-0.833, abs=0.02)


@CALM
@given(moments, lons, lats)
def test_the_sun_is_in_the_sky_of_somewhere(at, lon, lat):
    there = sun(at, lon, lat)

    assert -90 <= there.geometric <= 90
    assert 0 <= there.azimuth < 360
    assert 0 <= there.elevation - there.geometric < 0.7


@CALM
@given(moments, lons, lats)
def test_on_the_other_side_of_the_earth_it_is_as_far_below(at, lon, lat):
    assert sun(at, lon, lat).geometric == pytest.approx(
        -sun(at, lon + 180, -lat).geometric, abs=1e-6
    )


@CALM
@given(moments, lons, lats, st.integers(1, 600))
def test_it_moves_a_quarter_of_a_degree_a_minute_at_most(at, lon, lat, seconds):
    one, other = sun(at, lon, lat), sun(at + timedelta(seconds=seconds), lon, lat)

    assert apart(one, other) <= seconds * 15.1 / 3600 + 1e-6
