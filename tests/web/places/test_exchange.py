"""Files of the register: a preview that changes nothing, a confirmation, and nothing new twice."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jingyi.engines.places.files import FORMATS
from jingyi.web.ledger.queries import history_of
from jingyi.web.places.models import Place, Upload, Zone
from tests import factories
from tests.web.places.conftest import SQUARE, a_place
from tests.web.places.test_register import zone_of

pytestmark = pytest.mark.django_db
AREA = {"type": "Polygon", "coordinates": [SQUARE]}


@pytest.fixture
def keeper(client, admin):
    client.force_login(admin)
    return client


def feature(geometry=AREA, **told):
    return {"type": "Feature", "properties": told, "geometry": geometry}


def send(client, city, *features, raw=None, **values):
    top = {"type": "FeatureCollection", "features": list(features)}
    raw = json.dumps(top).encode() if raw is None else raw
    form = {"office": city.office.code, "file": SimpleUploadedFile("来件.geojson", raw), **values}
    return client.post(reverse("places:uploads"), form)


def outcomes(client, url):
    page = client.get(url)
    return {name: count for name, _, count in page.context["counts"]}


def test_a_file_changes_nothing_until_it_is_confirmed(keeper, city):
    bell = feature(code="bell", name="钟楼", kind="文物保护单位", region=city.office.region_id)
    zone = feature(record="zone", place="bell", kind="heritage-core", valid_from="2020-01-01", basis="公告")  # fmt: skip
    came = send(keeper, city, zone, bell)
    assert came.status_code == 303
    assert outcomes(keeper, came.url)["new"] == 2
    assert not Place.objects.exists()

    assert keeper.post(f"{came.url}confirm/").status_code == 303
    place = Place.objects.get()
    assert (place.name, place.kind, place.origin["row"]) == ("钟楼", "relic", 2)
    assert Zone.objects.get().valid_from == date(2020, 1, 1)
    kinds = [one.kind for one in history_of(f"place:{place.pk}")]
    assert kinds == ["place.entered", "zone.drawn"]
    upload = Upload.objects.get()
    (entry,) = history_of(f"places-upload:{upload.pk}")
    assert entry.body["facts"]["counts"]["new"] == 2
    assert "新登记" in keeper.get(came.url).text

    keeper.post(f"{came.url}confirm/")  # a second press
    assert (Place.objects.count(), Zone.objects.count()) == (1, 1)


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_exported_brings_nothing_new(keeper, city, form):
    line = {"type": "LineString", "coordinates": SQUARE[:3]}
    long = a_place(
        "wall", city.office, name="城墙", aliases=["老城墙", "=SUM(1)"], basis="依据" * 90
    )
    a_place("zhi", city.office, name="沚河", kind="river", geometry=line, keeper=city.water)
    spot = {"type": "Point", "coordinates": SQUARE[0]}
    a_place("gone", city.office, kind="monitor", geometry=spot, level="省控")
    zone_of(long, valid_to=date(2030, 1, 1), organ=city.water)
    raw = keeper.get(reverse("places:export"), {"format": form}).content
    came = send(keeper, city, raw=raw)
    assert came.status_code == 303
    counts = outcomes(keeper, came.url)
    assert counts == {"new": 0, "changed": 0, "ended": 0, "same": 4, "refused": 0}


@pytest.mark.parametrize("form", FORMATS)
def test_a_register_is_carried_to_an_empty_one(keeper, city, form):
    long = a_place(
        "wall", city.office, name="城墙", aliases=["老城墙"], basis="依据" * 90, batch="第一批"
    )
    zone_of(long, organ=city.water, contact="0555")
    before = Place.objects.values(
        "name", "kind", "aliases", "basis", "batch", "radius_m", "region"
    ).get()
    raw = keeper.get(reverse("places:export"), {"format": form}).content
    Zone.objects.all().delete()
    Place.objects.all().delete()
    came = send(keeper, city, raw=raw)
    keeper.post(f"{came.url}confirm/")
    assert Place.objects.values(*before).get() == before
    assert Zone.objects.get().organ == city.water


def test_shifted_coordinates_are_turned_and_kept_as_given(keeper, city):
    point = {"type": "Point", "coordinates": [117.0, 31.0]}
    one = feature(point, code="bell", name="钟楼", kind="relic", region=city.office.region_id)
    came = send(keeper, city, one, datum="gcj02")
    keeper.post(f"{came.url}confirm/")
    place = Place.objects.get()
    assert place.origin["given"] == point
    assert place.origin["datum"] == "gcj02"
    assert place.geometry["coordinates"] != [117.0, 31.0]
    again = send(keeper, city, one, datum="gcj02")
    assert outcomes(keeper, again.url)["same"] == 1


def test_refused_rows_say_why_and_do_not_stop_the_others(keeper, city):
    a_place("far", city.elsewhere)
    good = feature(code="bell", name="钟楼", kind="relic", region=city.office.region_id)
    bad = [
        feature(code="bell", name="重复"),
        feature(code="x", name="无种类"),
        feature(code="y", name="怪", kind="怪物"),
        feature(code="far", name="别家", kind="relic", region=city.office.region_id),
        feature(code="new", name="占用", kind="relic", region=city.office.region_id),
        feature(None, code="z", name="无图", kind="relic"),
        feature(record="zone", place="nobody", kind="heritage-core", valid_from="2020-01-01", basis="公告"),
    ]  # fmt: skip
    came = send(keeper, city, good, *bad)
    page = keeper.get(came.url)
    counts = {name: count for name, _, count in page.context["counts"]}
    assert (counts["new"], counts["refused"]) == (1, 7)
    for words in ("同一处", "名称和种类", "怪物", "已经使用", "没有图形", "nobody"):
        assert words in page.text
    keeper.post(f"{came.url}confirm/")
    assert Place.objects.filter(office=city.office).count() == 1


def test_mended_shapes_are_named_in_either_language(keeper, city):
    open_ring = {"type": "Polygon", "coordinates": [SQUARE[:-1]]}
    came = send(keeper, city, feature(open_ring, code="b", name="钟楼", kind="relic", region=city.office.region_id))  # fmt: skip
    assert "环没有闭合" in keeper.get(came.url).text
    keeper.cookies["django_language"] = "en"
    assert "A ring was not closed" in keeper.get(came.url).text


def test_a_change_is_shown_applied_and_can_be_taken_back(keeper, city):
    a_place("wall", city.office, name="城墙", basis="旧依据")
    came = send(keeper, city, feature(code="wall", name="古城墙"))
    assert outcomes(keeper, came.url)["changed"] == 1
    keeper.post(f"{came.url}confirm/")
    place = Place.objects.get()
    assert (place.name, place.basis) == ("古城墙", "旧依据")  # an empty cell leaves what stands
    keeper.post(reverse("places:undo", args=["wall"]))
    place.refresh_from_db()
    assert place.name == "城墙"


def test_a_zone_is_given_its_end_and_never_redrawn(keeper, city):
    wall = a_place("wall", city.office)
    zone = zone_of(wall)
    told = {"record": "zone", "place": "wall", "kind": "heritage-core", "valid_from": "2020-01-01", "basis": "公告"}  # fmt: skip
    bigger = {"type": "Polygon", "coordinates": [[[x + 0.001, y] for x, y in SQUARE]]}
    came = send(keeper, city, feature(valid_to="2026-01-01", **told), feature(bigger, **told))
    counts = outcomes(keeper, came.url)
    assert (counts["ended"], counts["refused"]) == (1, 1)
    assert "不改画" in keeper.get(came.url).text
    keeper.post(f"{came.url}confirm/")
    zone.refresh_from_db()
    assert zone.valid_to == date(2026, 1, 1)
    assert zone.geometry == AREA


def test_a_file_that_cannot_be_read_is_said_at_the_field(keeper, city):
    response = send(keeper, city, raw=b"<!DOCTYPE a [<!ENTITY b 'c'>]><kml>&b;</kml>")
    assert response.status_code == 422
    assert "DOCTYPE" in response.text
    assert not Upload.objects.exists()


def test_an_upload_is_thrown_away_only_before_it_is_confirmed(keeper, city):
    one = feature(code="bell", name="钟楼", kind="relic", region=city.office.region_id)
    came = send(keeper, city, one)
    assert keeper.post(f"{came.url}discard/").url == reverse("places:uploads")
    came = send(keeper, city, one)
    keeper.post(f"{came.url}confirm/")
    keeper.post(f"{came.url}discard/")
    assert Upload.objects.count() == 1


def test_strangers_find_nothing(client, alice, charlie, admin, city):
    upload = Upload.objects.create(
        office=city.office, name="a", sha256="0", records=[], by=admin, at="2026-01-01T00:00Z"
    )
    a_place("wall", city.office)
    elsewhere = factories.person("other", role="administrator", office=city.elsewhere)
    client.force_login(elsewhere)
    assert client.get(upload.get_absolute_url()).status_code == 404
    for name in ("confirm_upload", "discard_upload"):
        assert client.post(reverse(f"places:{name}", args=[upload.pk])).status_code == 404
    assert "来件" not in client.get(reverse("places:uploads")).text
    exported = client.get(reverse("places:export"), {"format": "geojson"}).json()
    assert exported["features"] == []
    client.force_login(alice)  # reads the register, changes nothing
    assert client.get(reverse("places:uploads")).status_code == 404
    assert client.get(reverse("places:export"), {"format": "exe"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_and_an_export_ask_as_often_for_one_as_for_three(
    keeper, city, count, django_assert_max_num_queries
):
    for n in range(count):
        zone_of(a_place(f"p{n}", city.office, keeper=city.water), organ=city.water)
    with django_assert_max_num_queries(9):
        keeper.get(reverse("places:export"), {"format": "csv"})
    told = [feature(code=f"n{n}", name=f"新{n}", kind="relic", region=city.office.region_id) for n in range(count)]  # fmt: skip
    came = send(keeper, city, *told)
    with django_assert_max_num_queries(16):
        keeper.get(came.url)
