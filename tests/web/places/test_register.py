"""The register: places entered, changed, retired and taken back; zones by their days."""

import json
from datetime import date

import pytest

from jingyi.web.ledger.queries import history_of
from jingyi.web.places.models import Place, Zone
from tests import factories
from tests.web.places.conftest import SQUARE, a_place

pytestmark = pytest.mark.django_db
AREA = {"type": "Polygon", "coordinates": [SQUARE]}


@pytest.fixture
def keeper(client, admin):
    client.force_login(admin)
    return client


def told(city, **values):
    return {
        "office": city.office.code, "code": "bell", "name": "钟楼", "kind": "relic",
        "region": city.office.region.code, "radius_m": 50, "datum": "wgs84",
        "geometry": json.dumps(AREA), **values,
    }  # fmt: skip


def zone_of(place, **values):
    day = values.pop("valid_from", date(2020, 1, 1))
    return Zone.objects.create(
        place=place, kind="heritage-core", geometry=AREA, valid_from=day, basis="公告", **values
    )


def test_a_place_is_entered_with_its_shape_mended_and_a_ledger_entry(keeper, city):
    bow = {"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [2, 1], [1, 2]]]}
    response = keeper.post("/map/new/", told(city, geometry=json.dumps(bow)))
    assert response.status_code == 303
    place = Place.objects.get(code="bell")
    assert place.geometry["type"] == "MultiPolygon"
    assert len(place.origin["repairs"]) == 2
    assert [one.kind for one in history_of(f"place:{place.pk}")] == ["place.entered"]


def test_what_was_mended_of_a_zone_is_shown_in_either_language(keeper, river):
    ring = {"type": "Polygon", "coordinates": [SQUARE[:-1]]}
    form = {
        "kind": "river-management", "datum": "wgs84", "geometry": json.dumps(ring),
        "basis": "公告", "valid_from": "2020-03-01",
    }  # fmt: skip
    keeper.post("/map/zhi/zones/new/", form)
    assert "环没有闭合" in keeper.get("/map/zhi/").content.decode()
    keeper.cookies["django_language"] = "en"
    assert "A ring was not closed" in keeper.get("/map/zhi/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("code", "register", "已经使用"),
        ("geometry", "{", "不是 GeoJSON"),
        ("geometry", '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}', "围不成面"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(keeper, city, field, value, why):
    response = keeper.post("/map/new/", told(city, **{field: value}))
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Place.objects.exists()


def test_a_change_and_a_retirement_are_taken_back(keeper, city, river):
    form = told(city, name="新沚河", kind="river", geometry="")
    assert keeper.post("/map/zhi/change/", form).status_code == 303
    river.refresh_from_db()
    assert (river.name, river.geometry["type"]) == ("新沚河", "LineString")
    keeper.post("/map/zhi/undo/")
    river.refresh_from_db()
    assert river.name == "沚河"
    keeper.post("/map/zhi/retire/")
    assert "沚河" not in keeper.get("/map/register/").content.decode()
    assert "沚河" in keeper.get("/map/register/?retired=on").content.decode()
    keeper.post("/map/zhi/undo/")
    river.refresh_from_db()
    assert river.retired_on is None
    kinds = [one.kind for one in history_of(f"place:{river.pk}")]
    assert kinds == ["place.changed", "place.undone", "place.retired", "place.undone"]


def test_what_was_taken_back_is_not_taken_back_twice(keeper, city, river):
    keeper.post("/map/zhi/change/", told(city, name="新沚河", kind="river", geometry=""))
    keeper.post("/map/zhi/undo/")
    page = keeper.post("/map/zhi/undo/", follow=True).content.decode()
    assert "没有可以撤销的修改" in page


def test_a_zone_does_not_end_before_it_began(keeper, river):
    zone = zone_of(river)
    response = keeper.post(f"/map/zhi/zones/{zone.pk}/end/", {"day": "2019-12-31"})
    assert response.status_code == 422
    zone.refresh_from_db()
    assert zone.valid_to is None


def test_a_zone_binds_from_its_first_to_its_last_day(keeper, river):
    form = {
        "kind": "river-management", "datum": "cgcs2000", "geometry": json.dumps(AREA),
        "basis": "沚政公告〔2020〕1号", "valid_from": "2020-03-01",
    }  # fmt: skip
    assert keeper.post("/map/zhi/zones/new/", form).status_code == 303
    zone = river.zones.get()
    assert "沚政公告" in keeper.get("/map/zhi/").content.decode()
    assert keeper.post(f"/map/zhi/zones/{zone.pk}/end/", {"day": "2021-03-01"}).status_code == 303
    days = {"2020-02-29": 0, "2020-03-01": 1, "2021-03-01": 1, "2021-03-02": 0, "2026-13-40": 0}
    for day, n in days.items():
        assert len(keeper.get(f"/map/zones.json?on={day}").json()["features"]) == n, day


@pytest.mark.parametrize(
    "change", [{"valid_to": "2019-01-01"}, {"geometry": '{"type": "Point", "coordinates": [1, 1]}'}]
)
def test_a_zone_that_cannot_be_is_refused(keeper, river, change):
    form = {"kind": "river-management", "datum": "wgs84", "geometry": json.dumps(AREA),
            "basis": "公告", "valid_from": "2020-03-01"} | change  # fmt: skip
    assert keeper.post("/map/zhi/zones/new/", form).status_code == 422
    assert not Zone.objects.exists()


def test_the_list_is_searched_filtered_and_bounded(
    keeper, city, river, django_assert_max_num_queries
):
    for n in range(3):
        zone_of(a_place(f"p{n}", city.office, aliases=["老塔"]))
    with django_assert_max_num_queries(20):
        page = keeper.get("/map/register/?q=老塔").content.decode()
    assert page.count("p1遗址") == 1
    assert "沚河" not in page
    assert "p1遗址" not in keeper.get("/map/register/?kind=river").content.decode()


def test_a_stranger_reads_and_changes_nothing(client, city, memorial):
    zone = zone_of(memorial)
    bob = factories.person("bob", role="administrator", office=city.west)
    client.force_login(bob)
    assert client.get("/map/zones.json").json()["features"] == []
    assert "烈士陵园" not in client.get("/map/register/").content.decode()
    for route in ("change/", "retire/", "undo/", "zones/new/", f"zones/{zone.pk}/end/"):
        assert client.post(f"/map/martyrs/{route}").status_code == 404, route


def test_who_only_reads_may_not_change(client, city, river):
    client.force_login(factories.person("reader", role="prosecutor", office=city.office))
    assert "沚河" in client.get("/map/register/").content.decode()
    assert client.post("/map/zhi/retire/").status_code in {403, 404}
    river.refresh_from_db()
    assert river.retired_on is None


def test_who_may_not_read_leads_is_not_sent_for_them(keeper, client, city, river):
    assert "附近的线索" not in keeper.get("/map/zhi/").content.decode()
    client.force_login(factories.person("reader", role="prosecutor", office=city.office))
    assert "附近的线索" in client.get("/map/zhi/").content.decode()


def test_a_shape_in_a_shifted_datum_keeps_the_coordinates_it_came_with(keeper, city):
    given = {"type": "Point", "coordinates": [117.0, 31.0]}
    keeper.post("/map/new/", told(city, datum="bd09", geometry=json.dumps(given)))
    place = Place.objects.get(code="bell")
    assert place.origin["given"] == given
    assert place.geometry["coordinates"] != [117.0, 31.0]
