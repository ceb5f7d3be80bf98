"""What photographs and films say of themselves, read from real bytes."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from jingyi.core import metadata
from jingyi.core.metadata.found import Found
from jingyi.core.metadata.source import MOST_BYTES, Source, of
from tests.core.bytes_of import (
    GPS_HERE,
    HERE,
    box,
    exif,
    film,
    heic,
    photo,
    quicktime,
    with_thumbnail,
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine

NOON = datetime(2026, 8, 3, 12, 0, 5)  # noqa: DTZ001 -- a camera's clock
UTC_NOON = datetime(2026, 8, 3, 4, 0, 5, tzinfo=UTC)
FIRST = {0x010F: "HUAWEI", 0x0110: "P60", 0x0131: "P60 4.0", 0x0132: "2026:08:03 12:30:00"}
INNER = {
    0x9003: "2026:08:03 12:00:05", 0x9011: "+08:00", 0x9010: "+08:00", 0x9209: 1, 0x9208: 1,
    0x829A: 0.01, 0x829D: 8.0, 0x8827: 100, 0xA002: 64, 0xA003: 48,
}  # fmt: skip
GPS = GPS_HERE | {0x1F: 4.5, 0x1D: "2026:08:03", 7: (4.0, 0.0, 5.0), 0x12: "WGS-84"}


def read(data):
    return metadata.read(of(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_all_of_a_photograph_is_read(kind):
    found = read(photo(kind, first=FIRST, inner=INNER, gps=GPS))

    assert found.kind == kind.lower()
    assert (found.taken, found.zone) == (NOON, 480)
    assert (found.modified, found.modified_zone) == (NOON.replace(minute=30, second=0), 480)
    assert (found.lon, found.lat) == pytest.approx(HERE)
    assert (found.accuracy_m, found.datum, found.gps_at) == (4.5, "WGS-84", UTC_NOON)
    assert (found.make, found.model, found.programs) == ("HUAWEI", "P60", ["P60 4.0"])
    assert (found.flash, found.daylight) == (True, True)
    assert found.light == pytest.approx(12.64, abs=0.01)  # f/8 at 1/100 s
    assert (found.said_width, found.said_height) == (64, 48)
    if kind != "WEBP":  # its plain form keeps the size in the picture's data
        assert (found.width, found.height) == (64, 48)
    assert not found.broken


def test_heic_is_read_without_decoding_it():
    found = read(heic(exif(FIRST, INNER, GPS)))

    assert (found.kind, found.taken, found.zone) == ("heic", NOON, 480)
    assert (found.lon, found.lat) == pytest.approx(HERE)
    assert (found.width, found.height) == (4032, 3024)


@pytest.mark.parametrize("wide", [False, True])
def test_a_film_is_read(wide):
    found = read(film(made=UTC_NOON, where="+33.65432+117.02345+031.000/", wide=wide))

    assert (found.kind, found.utc, found.seconds) == ("mp4", UTC_NOON, 12.5)
    assert (found.lon, found.lat) == pytest.approx(HERE)


def test_a_film_of_an_iphone_is_read():
    more = quicktime(
        location_ISO6709="-33.8568+151.2153+005.000/", creationdate="2026-08-03T12:00:05+0800",
        make="Apple", model="iPhone 15", software="19.1", location_accuracy_horizontal="7.25",
    )  # fmt: skip
    found = read(film(b"qt  ", made=UTC_NOON, more=more))

    assert (found.kind, found.taken, found.zone) == ("mov", NOON, 480)
    assert (found.lon, found.lat, found.accuracy_m) == (151.2153, -33.8568, 7.25)
    assert (found.make, found.model, found.programs) == ("Apple", "iPhone 15", ["19.1"])


def test_a_film_names_the_program_that_encoded_it():
    tool = box(b"\xa9too", box(b"data", bytes(8), b"Lavf61.7.100"))
    meta = box(b"meta", bytes(4), box(b"hdlr", bytes(8), b"mdir", bytes(13)), box(b"ilst", tool))

    assert read(film(made=UTC_NOON, more=box(b"udta", meta))).programs == ["Lavf61.7.100"]


def test_a_film_in_3gpp_names_its_place_in_fixed_point():
    loci = b"\0\0\0\0\x15\xc7spot\0\0" + b"".join(
        round(v * 65536).to_bytes(4, "big", signed=True) for v in (*HERE, 30)
    )
    found = read(film(made=UTC_NOON, more=box(b"udta", box(b"loci", loci))))

    assert (found.lon, found.lat) == pytest.approx(HERE, abs=1e-4)


def test_a_long_film_is_read_in_a_few_places():
    head, tail = film(made=UTC_NOON)[:20], film(made=UTC_NOON)[-116:]
    size = 30 << 30
    start = (
        head + (1).to_bytes(4, "big") + b"mdat" + (size - len(head) - len(tail)).to_bytes(8, "big")
    )
    asked = []

    def fetch(at, count):
        asked.append(count)
        whole = start if at < size - len(tail) else bytes(0)
        return start[at : at + count] if whole else tail[at - (size - len(tail)) :][:count]

    assert metadata.read(Source(size, fetch)).utc == UTC_NOON
    assert sum(asked) < 1000


@pytest.mark.parametrize(
    ("data", "programs"),
    [
        pytest.param(photo(first={0x0131: "Adobe Photoshop 25.0"}), ["Adobe Photoshop 25.0"], id="exif"),
        pytest.param(photo("PNG", software="GIMP 2.10"), ["GIMP 2.10"], id="png-text"),
        pytest.param(photo(xmp=b'<x xmp:CreatorTool="Meitu" stEvt:softwareAgent="Snapseed"/>'), ["Meitu", "Snapseed"], id="xmp"),
        pytest.param(photo("WEBP", xmp=b"<xmp:CreatorTool>Lightroom</xmp:CreatorTool>"), ["Lightroom"], id="xmp-element"),
    ],
)  # fmt: skip
def test_programs_are_named(data, programs):
    assert read(data).programs == programs


def test_xmp_says_when_it_was_changed():
    found = read(photo(xmp=b'<x xmp:ModifyDate="2026-08-04T09:10:11.25-05:30"/>'))

    assert (found.modified, found.modified_zone) == (datetime(2026, 8, 4, 9, 10, 11), -330)  # noqa: DTZ001


def test_the_thumbnail_lies_where_it_is_said_to():
    data = with_thumbnail(Image.new("RGB", (320, 240), "red"), Image.new("RGB", (32, 24), "blue"))
    at, length = read(data).thumbnail

    with Image.open(io.BytesIO(data[at : at + length])) as small:
        assert small.size == (32, 24)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"no picture at all", id="text"),
        pytest.param(photo(inner={0x9003: "0000:00:00 00:00:00"}), id="a-clock-never-set"),
        pytest.param(photo(inner={0x9003: "yesterday"}), id="no-time"),
        pytest.param(photo(gps={1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}), id="null-island"),
        pytest.param(photo(gps={1: "N", 2: (133.0, 0.0, 0.0), 3: "E", 4: (7.0, 0.0, 0.0)}), id="no-latitude"),
        pytest.param(film(where="+90.5+181.2/"), id="no-place"),
        pytest.param(film(), id="a-recorder-without-a-clock"),
    ],
)  # fmt: skip
def test_what_says_nothing_yields_nothing(data):
    found = read(data)

    assert (found.taken, found.utc, found.lon, found.lat) == (None, None, None, None)


EXAMPLES = [
    photo(first=FIRST, inner=INNER, gps=GPS),
    photo("PNG", first=FIRST, inner=INNER, gps=GPS, software="GIMP"),
    photo("WEBP", inner=INNER, gps=GPS),
    photo("TIFF", inner=INNER, gps=GPS),
    heic(exif(FIRST, INNER, GPS)),
    film(made=UTC_NOON, where="+33.65432+117.02345/", more=quicktime(make="Apple")),
]


@CALM
@given(st.data())
def test_broken_files_are_never_a_failure_and_never_read_much(draw):
    data = bytearray(draw.draw(st.sampled_from(EXAMPLES)))
    for _ in range(draw.draw(st.integers(0, 20))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    source = of(bytes(data[: draw.draw(st.integers(0, len(data)))]))
    found = metadata.read(source)

    assert Found.from_json(found.to_json()) == found
    assert source.left > MOST_BYTES // 2
    assert found.lon is None or (abs(found.lon) <= 180 and abs(found.lat) <= 90)


@pytest.mark.parametrize("data", EXAMPLES)
def test_what_is_kept_as_json_is_what_was_found(data):
    assert Found.from_json(read(data).to_json()) == read(data)
