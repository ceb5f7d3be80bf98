"""A photograph's own data beside what was said of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingyi.core import evidence_book, metadata
from jingyi.core.capture import WEIGHTS, Said, check
from jingyi.core.datum import from_wgs84
from jingyi.core.metadata import Found
from jingyi.core.metadata.source import of
from tests.core.bytes_of import GPS_HERE, HERE, film, photo

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine

RULES = evidence_book.capture()
NOON = datetime(2026, 8, 3, 4, 0, 5, tzinfo=UTC)  # 12:00:05 in China
NIGHT = datetime(2026, 8, 3, 16, 0, 5, tzinfo=UTC)
GOOD = Found(
    kind="jpeg", taken=NOON.replace(tzinfo=None) + timedelta(hours=8), zone=480, lon=HERE[0],
    lat=HERE[1], accuracy_m=5.0, make="HUAWEI", model="P60",
)  # fmt: skip
SAID = Said(
    at=NOON, lon=HERE[0], lat=HERE[1], accuracy_m=10, device="华为 P60", clock_offset_s=0, light="day",
    received_at=NOON + timedelta(days=2),
)  # fmt: skip


def kinds(found=GOOD, said=SAID, **more):
    return {one.kind: one.weight for one in check(found, said, RULES, **more)}


def at_night(found):
    return replace(found, taken=found.taken + timedelta(hours=12))


def moved(lon=0.0, lat=0.0):
    return replace(SAID, lon=HERE[0] + lon, lat=HERE[1] + lat)


def gcj(lon, lat):
    x, y = from_wgs84([lon], [lat], "GCJ-02")
    return float(x[0]), float(y[0])


def test_what_fits_says_nothing():
    assert kinds() == {}


SHIFTED = dict(zip(("lon", "lat"), gcj(*HERE), strict=True))


@pytest.mark.parametrize(
    ("found", "said", "kind", "weight"),
    [
        pytest.param(GOOD, moved(lat=0.01), "place", "contradiction", id="a-kilometre-off"),
        pytest.param(replace(GOOD, **SHIFTED), SAID, "place-datum", "notable", id="file-in-gcj02"),
        pytest.param(GOOD, replace(SAID, **SHIFTED), "place-datum", "notable", id="said-in-gcj02"),
        pytest.param(replace(GOOD, lon=-HERE[0]), replace(SAID, light=""), "place-mirrored", "contradiction", id="west-for-east"),
        pytest.param(GOOD, replace(SAID, at=NOON + timedelta(minutes=5)), "time", "contradiction", id="five-minutes"),
        pytest.param(GOOD, replace(SAID, clock_offset_s=600), "time", "contradiction", id="clock-said-fast"),
        pytest.param(replace(GOOD, zone=None), SAID, "time-zone", "unknown", id="no-zone"),
        pytest.param(replace(GOOD, zone=None), replace(SAID, at=NOON + timedelta(hours=3), light=""), "time-zone", "unknown", id="another-zone-would-fit"),
        pytest.param(GOOD, replace(SAID, at=NOON + timedelta(hours=3), light=""), "time", "contradiction", id="its-zone-is-named"),
        pytest.param(replace(GOOD, gps_at=NOON + timedelta(hours=5)), SAID, "time-gps", "contradiction", id="satellites-later"),
        pytest.param(replace(GOOD, gps_at=NOON - timedelta(days=1)), SAID, "time-gps", "contradiction", id="satellites-yesterday"),
        pytest.param(GOOD, replace(SAID, received_at=NOON - timedelta(days=1)), "future", "contradiction", id="taken-after-it-came"),
        pytest.param(at_night(GOOD), replace(SAID, at=NIGHT), "sun-daylight", "contradiction", id="said-day-at-midnight"),
        pytest.param(replace(at_night(GOOD), daylight=True), replace(SAID, at=NIGHT, light=""), "sun-daylight", "contradiction", id="camera-says-daylight-at-midnight"),
        pytest.param(replace(GOOD, taken=None, zone=None, utc=NIGHT, daylight=True), replace(SAID, at=None, light=""), "sun-daylight", "notable", id="by-a-clock-without-zone"),
        pytest.param(replace(at_night(GOOD), light=13.0), replace(SAID, at=NIGHT, light=""), "sun-bright", "notable", id="bright-at-midnight"),
        pytest.param(GOOD, replace(SAID, light="night"), "sun-night", "contradiction", id="said-night-at-noon"),
        pytest.param(GOOD, replace(SAID, shadow_to=90), "shadow", "contradiction", id="shadow-to-the-east-at-noon"),
        pytest.param(GOOD, replace(SAID, shadow_ratio=2.0), "shadow", "contradiction", id="long-shadow-at-noon"),
        pytest.param(at_night(GOOD), replace(SAID, at=NIGHT, light="", shadow_to=90), "shadow-night", "contradiction", id="shadow-at-midnight"),
        pytest.param(GOOD, replace(SAID, device="iPhone 15"), "device", "contradiction", id="another-maker"),
        pytest.param(replace(GOOD, programs=["Adobe Photoshop 25.0"]), SAID, "program", "notable", id="photoshop"),
        pytest.param(replace(GOOD, modified=GOOD.taken + timedelta(hours=1)), SAID, "changed", "notable", id="changed-later"),
        pytest.param(replace(GOOD, width=100, height=50, said_width=4000, said_height=3000), SAID, "shape", "notable", id="cropped"),
        pytest.param(replace(GOOD, taken=None, zone=None), SAID, "no-time", "unknown", id="no-time"),
        pytest.param(replace(GOOD, lon=None, lat=None), SAID, "no-place", "unknown", id="no-place"),
        pytest.param(Found(kind="jpeg"), SAID, "no-data", "unknown", id="stripped"),
        pytest.param(Found(), SAID, "no-data", "unknown", id="no-picture"),
        pytest.param(replace(GOOD, broken=True), SAID, "broken", "unknown", id="broken"),
    ],
)  # fmt: skip
def test_one_thing_that_does_not_fit(found, said, kind, weight):
    assert kinds(found, said) == {kind: weight}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(GOOD, moved(lat=0.0001), id="within-both-accuracies"),
        pytest.param(GOOD, replace(SAID, datum="GCJ-02", **SHIFTED), id="said-in-gcj02-and-so-named"),
        pytest.param(replace(GOOD, taken=GOOD.taken + timedelta(minutes=10)), replace(SAID, clock_offset_s=600), id="a-clock-known-to-be-fast"),
        pytest.param(replace(GOOD, taken=GOOD.taken - timedelta(hours=8), zone=0), SAID, id="the-same-moment-in-utc"),
        pytest.param(GOOD, replace(SAID, at=NOON + timedelta(hours=9), within_s=43_200), id="only-the-day-is-said"),
        pytest.param(replace(GOOD, gps_at=NOON - timedelta(minutes=20)), SAID, id="an-old-fix"),
        pytest.param(replace(at_night(GOOD), flash=True, light=13.0), replace(SAID, at=NIGHT, light=""), id="a-flash-at-night"),
        pytest.param(at_night(GOOD), replace(SAID, at=NIGHT, light="night"), id="night-at-night"),
        pytest.param(GOOD, replace(SAID, shadow_to=345, shadow_ratio=0.3), id="the-shadow-of-noon"),
        pytest.param(replace(GOOD, make="", model=""), replace(SAID, device="iPhone"), id="the-file-names-no-maker"),
        pytest.param(replace(GOOD, programs=["P60 4.0.0.123"]), SAID, id="firmware"),
        pytest.param(replace(GOOD, modified=GOOD.taken + timedelta(seconds=20)), SAID, id="written-a-little-later"),
        pytest.param(replace(GOOD, width=48, height=64, said_width=64, said_height=48), SAID, id="turned"),
        pytest.param(GOOD, Said(), id="nothing-was-said"),
    ],
)  # fmt: skip
def test_what_is_no_contradiction(found, said):
    assert kinds(found, said) == {}


def test_a_thumbnail_of_another_picture():
    assert kinds(small_apart=30) == {"thumbnail": "contradiction"}
    assert kinds(small_apart=6) == {}


def test_sentences_name_both_values():
    words = str(check(GOOD, moved(lat=0.01), RULES)[0].sentence)

    assert "33.65432" in words
    assert "33.66432" in words
    assert "1112 米" in words


def test_real_bytes_through_and_through():
    data = photo(
        inner={0x9003: "2026:08:03 12:00:05", 0x9011: "+08:00"},
        gps=GPS_HERE,
        first={0x010F: "HUAWEI"},
    )
    assert kinds(metadata.read(of(data))) == {}
    shot = film(made=NOON, where="+33.65432+117.02345/")
    assert kinds(metadata.read(of(shot))) == {}
    local = film(
        made=NOON + timedelta(hours=8), where="+33.65432+117.02345/"
    )  # a recorder that writes local time
    assert kinds(metadata.read(of(local)), replace(SAID, light="")) == {"time-zone": "unknown"}


degrees = {"lon": st.floats(-180, 180), "lat": st.floats(-89, 89)}
clock = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 -- a camera's clock
moment = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- UTC beside it
maybe = lambda one: st.none() | one  # noqa: E731 -- a word for the strategies below
founds = st.builds(
    Found, kind=st.sampled_from(["", "jpeg", "mp4"]), taken=maybe(clock), zone=maybe(st.integers(-840, 840)),
    modified=maybe(clock), utc=maybe(moment), modified_utc=maybe(moment), gps_at=maybe(moment), **degrees,
    accuracy_m=maybe(st.floats(0.1, 1e6)), daylight=maybe(st.booleans()), light=maybe(st.floats(-5, 20)),
)  # fmt: skip
saids = st.builds(
    Said, at=maybe(moment), within_s=st.floats(0, 86_400), clock_offset_s=maybe(st.floats(-1e6, 1e6)), **degrees,
    accuracy_m=maybe(st.floats(0, 1e5)), datum=st.sampled_from(["WGS-84", "GCJ-02", "BD-09"]),
    light=st.sampled_from(["", "day", "night"]), shadow_to=maybe(st.floats(0, 360)),
    shadow_ratio=maybe(st.floats(0.01, 100)), received_at=maybe(moment),
)  # fmt: skip


@CALM
@given(founds, saids)
def test_findings_can_always_be_told_the_weightiest_first(found, said):
    findings = check(found, said, RULES)

    assert all(str(one.sentence) for one in findings)
    assert findings == sorted(findings, key=lambda one: WEIGHTS.index(one.weight))


@CALM
@given(founds)
def test_a_file_contradicts_nothing_when_nothing_is_said(found):
    """Nothing but itself: its satellites' clock, and the sun of its own time and place."""
    against_itself = {"time-gps", "sun-daylight"}
    assert {
        one.kind for one in check(found, Said(), RULES) if one.weight == "contradiction"
    } <= against_itself


@CALM
@given(founds, saids)
def test_a_file_without_metadata_is_never_a_contradiction(found, said):
    bare = Found(kind=found.kind)
    about_what_was_said = {"sun-daylight", "sun-night", "shadow", "shadow-night"}
    assert {
        one.kind for one in check(bare, said, RULES) if one.weight == "contradiction"
    } <= about_what_was_said
