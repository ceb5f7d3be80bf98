"""The pages: strangers find nothing, a walker sees own patrols, the phone is answered by key."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jingyi.web.patrols import actions
from jingyi.web.patrols.models import Plan, Visit
from jingyi.web.places.models import Zone
from tests import factories
from tests.factories import AT
from tests.web.patrols.conftest import KEY, jpeg, take, visit


@pytest.fixture
def recorded(plan, walker):
    return take(plan, walker, visit(stop=plan.stops.get(n=1).pk))


def send(client, *records, **more):
    body = {"sent_at": timezone.now().timestamp(), "records": records} | more
    return client.post("/patrols/app/sync/", json.dumps(body), content_type="application/json")


def test_strangers_find_nothing(client, city, plan, recorded):
    other = factories.person("other", role="chief", office=city.elsewhere)
    volunteer = factories.person("v2", role="volunteer", office=city.office)
    for who in (other, volunteer):
        client.force_login(who)
        assert plan.name not in client.get("/patrols/").text
        pages = (f"/patrols/{plan.pk}/", f"/patrols/photos/{recorded.pk}.jpg")
        assert [client.get(page).status_code for page in pages] == [404, 404]
        for what in ("cancel", "finish"):
            assert client.post(f"/patrols/{plan.pk}/{what}/", {"why": "x"}).status_code == 404
        assert (
            client.post(f"/patrols/visits/{recorded.pk}/lead/", {"domain": "eco-env"}).status_code
            == 404
        )
        assert client.get("/patrols/app/mine.json").json()["plans"] == []
        answer = send(client, visit(2, plan=plan.pk)).json()
        assert answer["kept"] == []
        assert answer["refused"][0]["key"] == KEY.format(2)
        photo = {"key": recorded.key, "photo": SimpleUploadedFile("a.jpg", jpeg().read())}
        assert client.post("/patrols/app/photo/", photo).status_code == 404
    client.force_login(factories.person("liaison", role="liaison", organ=city.water))
    for page in (
        "/patrols/",
        "/patrols/app/",
        "/patrols/app/mine.json",
        "/patrols/coverage/",
        "/patrols/new/",
    ):
        assert client.get(page).status_code == 404


def test_a_walker_reads_own_patrols_and_plans_none(client, plan, walker):
    client.force_login(walker)
    told = client.get("/patrols/app/mine.json").json()
    assert [stop["name"] for stop in told["plans"][0]["stops"]] == ["沚河一号桥", "老码头"]
    assert client.get(f"/patrols/{plan.pk}/").status_code == 200
    assert client.get("/patrols/new/").status_code == 404
    assert client.get("/patrols/coverage/").status_code == 404


def test_the_phone_is_answered_key_by_key(client, plan, walker):
    client.force_login(walker)
    records = (visit(1, plan=plan.pk), visit(2, plan=plan.pk, finding="?"), 7)
    for _ in range(2):
        answer = send(client, *records).json()
        assert answer["kept"] == [KEY.format(1)]
        assert [one["key"] for one in answer["refused"]] == [KEY.format(2), ""]
    photo = {"key": KEY.format(1), "photo": SimpleUploadedFile("a.jpg", jpeg().read())}
    assert client.post("/patrols/app/photo/", photo).json() == {"kept": KEY.format(1)}
    assert Visit.objects.get().photo
    bad = {"key": KEY.format(1), "photo": SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>")}
    assert client.post("/patrols/app/photo/", bad).status_code == 422
    assert client.post("/patrols/app/photo/", {"key": KEY.format(1)}).status_code == 422


@pytest.mark.parametrize("body", ["", "{", "[]", '{"records": 3, "sent_at": 1}', '{"records": [], "sent_at": "x"}',
                                  '{"records": [], "sent_at": 1e300}', "[" * 50_000])  # fmt: skip
def test_a_batch_that_cannot_be_read_is_refused_whole(client, walker, body):
    client.force_login(walker)
    answer = client.post("/patrols/app/sync/", body, content_type="application/json")
    assert answer.status_code == 422


def test_plan_cancel_and_lead_by_the_pages(client, alice, walker, place, recorded):
    plan = recorded.plan
    client.force_login(alice)
    sent = {
        "office": place.office_id, "name": "码头夜巡", "on": "2026-09-02", "person": walker.pk,
        "hours": 2, "places": [place.pk], "spots": "老码头，122.93，33.62，看石碑",
    }  # fmt: skip
    assert client.post("/patrols/new/", sent | {"spots": "老码头，x，33"}).status_code == 422
    assert client.post("/patrols/new/", sent | {"places": [], "spots": ""}).status_code == 422
    assert client.post("/patrols/new/", sent).status_code == 303
    made = Plan.objects.get(name="码头夜巡")
    assert list(made.stops.values_list("name", "look_at")) == [
        ("沚河一号桥", ""),
        ("老码头", "看石碑"),
    ]
    page = client.get(f"/patrols/{plan.pk}/").text
    assert "暗管" in page
    assert "<svg" in page
    assert client.post(f"/patrols/{made.pk}/cancel/", {"why": ""}).status_code == 422
    assert client.post(f"/patrols/{made.pk}/cancel/", {"why": "大雨"}).status_code == 303
    assert client.post(f"/patrols/{made.pk}/cancel/", {"why": "大雨"}).status_code == 422
    assert (
        client.post(f"/patrols/visits/{recorded.pk}/lead/", {"domain": "eco-env"}).status_code
        == 303
    )
    assert (
        client.post(f"/patrols/visits/{recorded.pk}/lead/", {"domain": "eco-env"}).status_code
        == 422
    )
    assert "沚河一号桥" in client.get("/patrols/coverage/").text
    client.force_login(walker)
    assert client.post(f"/patrols/{plan.pk}/finish/").status_code == 303


def test_the_worker_and_the_manifest_are_the_apps_own(client, walker):
    worker = client.get("/patrols/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "/patrols/app/" in worker.text
    manifest = json.loads(client.get("/patrols/app.webmanifest").content)
    assert manifest["scope"] == "/patrols/"
    assert AT.year == 2026


def test_the_next_patrol_is_proposed_and_planned_in_its_order(client, alice, walker, place, plan):
    client.force_login(alice)
    asked = "/patrols/propose/?lon=122.9&lat=33.6&hours={}"
    page = client.get(asked.format(3))
    assert "沚河一号桥" in page.text
    assert "按此安排" in page.text
    assert page.context["legs"][0][1] == place
    none = client.get("/patrols/propose/?lon=100&lat=30&hours=1").text
    assert "太远" in none
    assert client.get(asked.format("x")).status_code == 422
    assert client.get("/patrols/propose/").status_code == 200
    client.force_login(walker)
    assert client.get("/patrols/propose/").status_code == 404


def test_a_walker_sees_the_last_photo_of_a_place_and_no_other(client, city, place, recorded):
    alice, walker = recorded.plan.by, recorded.by
    photo = jpeg()
    actions.attach(visit=recorded, stream=photo, size=photo.getbuffer().nbytes, by=walker, at=AT)
    next_one = factories.person("v3", role="volunteer", office=city.office)
    client.force_login(next_one)
    address = f"/patrols/photos/{recorded.pk}.jpg"
    assert client.get(address).status_code == 404
    stops = [{"place": place, "name": place.name, "lon": place.lon, "lat": place.lat}]
    actions.plan(
        office=city.office, name="下周", on=AT.date(), person=next_one, hours=2, stops=stops,
        by=alice, at=AT,
    )  # fmt: skip
    told = client.get("/patrols/app/mine.json").json()["plans"][0]["stops"][0]
    assert told["last"] == address
    assert client.get(address).status_code == 200
    assert client.get(f"/patrols/{recorded.plan_id}/").status_code == 404


def test_a_record_says_which_legal_zones_it_was_made_in(client, plan, place, walker):
    square = [[122.90, 33.60], [122.92, 33.60], [122.92, 33.62], [122.90, 33.62], [122.90, 33.60]]
    before, since = date(2020, 1, 1), plan.on
    for kind, first, last in (
        ("heritage-core", before, None), ("river-management", before, since - timedelta(days=1)),
    ):  # fmt: skip
        Zone.objects.create(
            place=place, kind=kind, basis="划界公告", valid_from=first, valid_to=last,
            geometry={"type": "Polygon", "coordinates": [square]},
        )  # fmt: skip
    take(plan, walker, visit(1))
    take(plan, walker, visit(2, lon=122.99))
    client.force_login(plan.by)
    page = client.get(f"/patrols/{plan.pk}/").text
    assert page.count(f'href="{place.get_absolute_url()}#zone-') == 1, "one inside, one in force"
