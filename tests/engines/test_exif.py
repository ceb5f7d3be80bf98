"""What a photograph says of when and where it was taken."""

import io
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jingyi.engines.exif import Taken, taken


def picture(when="2026:04:02 10:20:30", gps=None, kind="JPEG"):
    """A small photograph with a time and a place in its EXIF."""
    exif = Image.Exif()
    if when:
        exif.get_ifd(0x8769)[0x9003] = when
    if gps:
        exif.get_ifd(0x8825).update(gps)
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, kind, exif=exif)
    return out.getvalue()


HERE = {1: "N", 2: (33.0, 39.0, 15.552), 3: "E", 4: (117.0, 1.0, 24.42)}


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_time_and_place_are_read(kind):
    found = taken(picture(gps=HERE, kind=kind))

    assert found.at == datetime(2026, 4, 2, 10, 20, 30)  # noqa: DTZ001 -- the camera knows no zone
    assert (found.lon, found.lat) == pytest.approx((117.02345, 33.65432))


def test_south_and_west_are_negative():
    found = taken(picture(gps=HERE | {1: "S", 3: "W"}))

    assert (found.lon, found.lat) == pytest.approx((-117.02345, -33.65432))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no picture at all", id="text"),
        pytest.param(picture(when=""), id="no metadata"),
        pytest.param(picture(when="0000:00:00 00:00:00"), id="a clock never set"),
        pytest.param(picture(when="yesterday"), id="no time"),
        pytest.param(
            picture(when="", gps={1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}),
            id="null island",
        ),
        pytest.param(
            picture(when="", gps={1: "N", 2: (133.0, 0.0, 0.0), 3: "E", 4: (7.0, 0.0, 0.0)}),
            id="no latitude",
        ),
    ],
)
def test_what_says_nothing_yields_nothing(data):
    assert taken(data) == Taken()


@given(st.data())
def test_broken_pictures_are_never_a_failure(draw):
    data = bytearray(picture(gps=HERE))
    for _ in range(draw.draw(st.integers(1, 20))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))

    assert isinstance(taken(bytes(data[: draw.draw(st.integers(1, len(data)))])), Taken)
