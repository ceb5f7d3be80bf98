"""A place's history from every room in order of time, and what came back; to each what they may see."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from jingyi.web.cases.models import Event
from jingyi.web.desk.history import queries
from jingyi.web.evidence.models import Blob, Derivative
from jingyi.web.intake.models import Attachment
from jingyi.web.intake.queries.reports import reports_for
from jingyi.web.leads.models import Finding
from jingyi.web.patrols import actions as patrols
from jingyi.web.patrols.models import Visit
from tests import factories
from tests.web.cases import course
from tests.web.lab import bench
from tests.web.places.conftest import a_place
from tests.web.places.test_register import zone_of

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def wall(city):
    place = a_place("wall", city.office, name="古城墙", keeper=city.water)
    zone_of(place)
    return place


def told(place, day, **values):
    at = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=SHANGHAI)
    one = course.incident(place.office, first_at=at, last_at=at, lon=122.91, lat=33.61, **values)
    one.protected.add(place)
    return one


@pytest.fixture
def ended(wall, chief, alice):
    """A case about the wall, filed in 2024 and ended on 10 March 2025."""
    first = told(wall, "2024-06-01", title="墙根堆垃圾")
    case = course.case(wall.office, chief, alice, incident=first, decided_on="2024-07-01")
    Event.objects.create(
        case=case, kind="case.terminated", on="2025-03-10", place=9, by=chief, at=course.noon("2025-03-10")
    )  # fmt: skip
    return case


def test_everything_stands_in_order_of_time(client, alice, wall, ended):
    second = factories.person("second", role="assistant", office=wall.office)
    point = bench.point(bench.request(ended, alice), alice)
    samples = bench.samples(point, alice, second)
    told(wall, "2025-09-06", title="墙根又堆垃圾")
    client.force_login(alice)
    page = client.get(reverse("desk:history", args=["wall"]))
    entries = page.context["entries"]
    assert [one.at for one in entries] == sorted((one.at for one in entries), reverse=True)
    assert {one.kind for one in entries} == {"lead", "case", "sample", "zone"}
    for words in ("墙根又堆垃圾", samples[0].number, "保护范围生效", "180"):
        assert words in page.text
    (after,) = page.context["after"]
    assert after.days == 180


def test_a_place_says_where_its_history_is_and_htmx_gets_the_part(client, alice, wall):
    client.force_login(alice)
    url = reverse("desk:history", args=["wall"])
    assert f'hx-get="{url}"' in client.get(wall.get_absolute_url()).text
    part = client.get(url, headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert "<html" in client.get(url).text


def test_what_came_back_by_place_and_by_who_answers(client, alice, city, wall, ended):
    tower = a_place("tower", city.office, name="钟楼", keeper=city.water)
    told(tower, "2023-05-05")
    told(wall, "2025-03-15")
    told(wall, "2025-09-06", domain="heritage")
    client.force_login(alice)
    page = client.get(reverse("desk:recurrence"))
    (row,) = page.context["rows"]  # one year at the tower, and no case: nothing came back
    assert (row.memory.ended, row.memory.came, row.memory.soonest) == (1, 1, 5)
    assert "2024: 1 · 2025: 2" in page.text
    page = client.get(reverse("desk:recurrence"), {"by": "keeper"})
    (row,) = page.context["rows"]
    assert (row.thing, row.places) == (city.water, 2)
    assert row.memory.years[0] == (2023, 1)


def test_pictures_of_reports_are_small_copies_for_those_who_may_read_them(
    client, chief, alice, wall
):
    one = told(wall, "2025-09-06")
    report = factories.report(wall.office, at=one.first_at)
    Finding.objects.create(
        report=report, incident=one, group="g", lead=0.9, is_lead=True, rank=0.5, trace=b""
    )
    blobs = [
        Blob.objects.create(sha256=c * 64, size=1, media_type="image/jpeg", sealed_at=one.first_at)
        for c in "ab"
    ]
    Derivative.objects.create(parent=blobs[0], kind="thumb", blob=blobs[1])
    photo = Attachment.objects.create(report=report, blob=blobs[0], name="a.jpg")
    url = reverse("intake:attachment", args=[report.ref, photo.pk, "thumb"])
    reader = factories.person("reader", role="case-manager", office=wall.office)
    blind = factories.person("blind", role="technician", office=wall.office)
    for person in (chief, alice, reader, blind):
        client.force_login(person)
        page = client.get(reverse("desk:history", args=["wall"]))
        assert (url in page.text) == reports_for(person).filter(pk=report.pk).exists()
    assert reports_for(reader).exists() or reports_for(chief).exists()


@pytest.mark.usefixtures("ended")
def test_each_sees_what_they_may(client, charlie, city):
    client.force_login(charlie)
    assert client.get(reverse("desk:history", args=["wall"])).status_code == 404
    assert client.get(reverse("desk:recurrence")).context["rows"] == []
    west = factories.person(
        "west", role="prosecutor", office=city.west
    )  # the city's wall is theirs
    client.force_login(west)
    page = client.get(reverse("desk:history", args=["wall"]))
    assert {one.kind for one in page.context["entries"]} == {"zone"}
    assert page.context["after"] == ()
    client.logout()
    assert client.get(reverse("desk:history", args=["wall"])).status_code in {302, 404}


@pytest.mark.parametrize("by", ["place", "keeper"])
@pytest.mark.usefixtures("ended")
def test_one_place_and_three_ask_as_often(client, alice, city, by, django_assert_max_num_queries):
    client.force_login(alice)
    client.get(reverse("desk:recurrence"))
    for n in range(2):
        place = a_place(f"p{n}", city.office, keeper=city.water)
        for day in ("2024-02-02", "2025-02-02"):
            told(place, day)
    assert len(getattr(queries, f"by_{by}")(alice, datetime(2026, 1, 1, tzinfo=SHANGHAI).date())) in {1, 3}  # fmt: skip
    with django_assert_max_num_queries(24):
        client.get(reverse("desk:recurrence"), {"by": by})
    with django_assert_max_num_queries(30):
        client.get(reverse("desk:history", args=["p0"]))


def test_what_a_patrol_found_there_stands_in_it(client, alice, wall):
    walker = factories.person("walker", role="volunteer", office=wall.office)
    at = course.noon("2026-08-03")
    stop = {"place": wall, "name": wall.name, "lon": wall.lon, "lat": wall.lat}
    plan = patrols.plan(
        office=wall.office, name="周巡", on=at.date(), person=walker, hours=2, stops=[stop], by=alice, at=at,
    )  # fmt: skip
    Visit.objects.create(
        plan=plan, stop=plan.stops.get(), key="k", finding="problem", note="砖缝渗水", taken_at=at,
        skew_s=0, received_at=at, by=walker,
    )  # fmt: skip
    client.force_login(alice)
    page = client.get(reverse("desk:history", args=["wall"]))
    assert "巡查：有问题" in page.text
    assert "砖缝渗水" in page.text
