"""Leads and cases for programs: one's own, paged by key, none that is sealed, nothing of a reporter."""

import pytest

from jingyi.web.cases.sealing import actions as sealing
from tests import factories
from tests.web.api.conftest import key
from tests.web.cases import course


@pytest.fixture
def cases(city, chief, alice):
    return [course.case(city.office, chief, alice, organ=city.water) for _ in range(3)]


def test_cases_are_paged_and_told_with_steps_and_clocks(client, alice, cases):
    head = key(alice, "cases.read")
    url, seen = "/api/v1/cases?limit=2", []
    while url:
        page = client.get(url, headers=head).json()
        seen += [one["ref"] for one in page["items"]]
        url = page["next"]
    assert seen == [one.ref for one in reversed(cases)]
    one = client.get(f"/api/v1/cases/{cases[0].ref}", headers=head).json()
    assert one["track"] == cases[0].track
    assert isinstance(one["events"], list)
    assert isinstance(one["clocks"], list)
    assert client.get("/api/v1/cases?x=1", headers=head).status_code == 400
    assert client.get("/api/v1/cases?after=x", headers=head).status_code == 400


def test_a_sealed_case_is_not_there_even_for_its_group(client, chief, cases):
    head = key(chief, "cases.read")
    sealing.seal_case(
        case=cases[0], reason="涉未成年人", members=[], by=chief, at=course.noon("2026-11-20")
    )
    listed = client.get("/api/v1/cases", headers=head).json()["items"]
    assert cases[0].ref not in {one["ref"] for one in listed}
    assert client.get(f"/api/v1/cases/{cases[0].ref}", headers=head).status_code == 404


def test_leads_say_nothing_of_reports_and_strangers_see_none(client, city, alice):
    made = course.incident(city.office, title="桥下排污")
    head = key(alice, "leads.read")
    page = client.get("/api/v1/leads", headers=head).json()
    assert [one["ref"] for one in page["items"]] == [made.ref]
    one = client.get(f"/api/v1/leads/{made.ref}", headers=head).json()
    assert {"text", "reporter", "identity", "reports_of"}.isdisjoint(one)
    away = key(
        factories.person("away", role="prosecutor", office=city.elsewhere),
        "leads.read",
        "cases.read",
    )
    assert client.get("/api/v1/leads", headers=away).json()["items"] == []
    assert client.get(f"/api/v1/leads/{made.ref}", headers=away).status_code == 404
    assert client.get("/api/v1/cases", headers=head).status_code == 403
