"""The pages of limits and moves: who may open them, what they show, what a form does."""

from datetime import date

import pytest
from django.urls import reverse

from jingyi.web.cases.models import Clock
from jingyi.web.cases.rules.models import Move, OfficeLimit
from jingyi.web.cases.rules.urls import urlpatterns
from tests import factories
from tests.web.cases import course
from tests.web.cases.rules.test_actions import OWN, move_all, set_own

pytestmark = pytest.mark.django_db

TODAY = "2026-11-20"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(course.noon(TODAY), tick=False)


@pytest.fixture
def moved(city, chief, alice):
    course.case(city.office, chief, alice, decided_on="2026-11-12")
    set_own(city.office, chief)
    return move_all(city.office, chief)


@pytest.fixture
def pages(city, moved):
    """Every address about one office: (method, address)."""
    return {
        "limit": ("get", reverse("clock_rules:limit", args=[city.office.code, OWN])),
        "move": ("get", reverse("clock_rules:move", args=[moved.pk])),
        "undo": ("post", reverse("clock_rules:undo", args=[moved.pk])),
    }


OVERVIEWS = {"overview", "moving"}


def choice(city, version=TODAY):
    return {"office": city.office.code, "choice": f"{OWN}@{version}"}


def test_every_address_is_tested_here(pages):
    assert {pattern.name for pattern in urlpatterns} == {*pages, *OVERVIEWS}


@pytest.mark.parametrize("who", ["bob", "charlie", "east_chief"])
def test_a_stranger_finds_nothing(client, pages, who, request):
    client.force_login(request.getfixturevalue(who))

    for name, (method, address) in pages.items():
        assert getattr(client, method)(address).status_code == 404, name


def test_nobody_is_asked_to_sign_in(client, pages):
    addresses = [address for _, address in pages.values()]
    addresses += [reverse(f"clock_rules:{name}") for name in OVERVIEWS]

    for address in addresses:
        response = client.post(address) if "undo" in address else client.get(address)
        assert response.status_code == 302, address


def test_a_prosecutor_reads_but_does_not_decide(as_alice, pages):
    page = as_alice.get(reverse("clock_rules:overview"))

    assert page.status_code == 200
    assert "迁移正在计算的期限" not in page.text
    assert as_alice.get(pages["move"][1]).status_code == 200
    assert "撤回迁移" not in as_alice.get(pages["move"][1]).text
    for name in ("limit", "undo"):
        method, address = pages[name]
        assert getattr(as_alice, method)(address).status_code == 404
    assert as_alice.get(reverse("clock_rules:moving")).status_code == 404


def test_an_office_that_sees_no_other_lists_nothing_of_it(client, bob, moved):
    client.force_login(bob)
    page = client.get(reverse("clock_rules:overview"))

    assert "统一提醒" not in page.text
    assert moved.get_absolute_url() not in page.text


def test_the_chief_changes_a_limit(as_chief, city):
    address = reverse("clock_rules:limit", args=[city.office.code, OWN])
    given = {"track": "ordinary", "number": "45", "unit": "days", "since": TODAY, "reason": "试行"}

    assert as_chief.post(address, given).status_code == 303
    assert OfficeLimit.objects.get().number == 45
    assert "45 日" in as_chief.get(reverse("clock_rules:overview")).text


def test_a_day_that_is_past_comes_back_with_the_reason(as_chief, city):
    address = reverse("clock_rules:limit", args=[city.office.code, OWN])
    given = {
        "track": "ordinary",
        "number": "45",
        "unit": "days",
        "since": "2026-11-01",
        "reason": "x",
    }
    page = as_chief.post(address, given)

    assert page.status_code == 422
    assert "不经预览" in page.text


def test_a_limit_of_the_law_has_no_form(as_chief, city):
    address = reverse("clock_rules:limit", args=[city.office.code, "suggestion.reply"])
    assert as_chief.get(address).status_code == 404


def test_the_chief_previews_confirms_and_takes_back(as_chief, city, chief, alice):
    case = course.case(city.office, chief, alice, decided_on="2026-11-12")
    set_own(city.office, chief)
    address = reverse("clock_rules:moving")

    page = as_chief.get(address, choice(city))
    assert case.ref in page.text
    assert "不早于" in page.text
    assert 'datetime="2026-12-14"' in page.text
    assert not Move.objects.exists()

    seen = page.context["confirm"].initial["seen"]
    done = as_chief.post(address, choice(city) | {"reason": "统一", "seen": seen})
    assert done.status_code == 303
    assert Clock.objects.get(case=case, rule=OWN).due_on == date(2026, 12, 14)

    move = Move.objects.get()
    assert case.ref in as_chief.get(move.get_absolute_url()).text
    assert as_chief.post(reverse("clock_rules:undo", args=[move.pk])).status_code == 303
    assert Clock.objects.get(case=case, rule=OWN).due_on is None
    again = as_chief.post(reverse("clock_rules:undo", args=[move.pk]))
    assert (again.status_code, "已经撤回" in again.text) == (422, True)


def test_a_stale_preview_is_shown_anew(as_chief, city, chief, alice):
    course.case(city.office, chief, alice, decided_on="2026-11-12")
    set_own(city.office, chief)
    page = as_chief.post(
        reverse("clock_rules:moving"), choice(city) | {"reason": "统一", "seen": "old"}
    )

    assert page.status_code == 422
    assert "重新核对" in page.text
    assert not Move.objects.exists()
    seen = page.context["shown"].digest
    assert seen in page.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_preview_asks_the_database_as_often_for_three_cases_as_for_one(  # noqa: PLR0917 -- fixtures
    as_chief, city, chief, alice, number, django_assert_max_num_queries
):
    for _ in range(number):
        course.case(city.office, chief, alice, decided_on="2026-11-12")
    set_own(city.office, chief)

    with django_assert_max_num_queries(18):
        page = as_chief.get(reverse("clock_rules:moving"), choice(city))
    assert len(page.context["shown"].changes) == number


@pytest.mark.parametrize("number", [1, 3])
def test_the_overview_asks_as_often_for_three_moves_as_for_one(  # noqa: PLR0917 -- fixtures
    as_chief, city, chief, alice, number, django_assert_max_num_queries
):
    course.case(city.office, chief, alice, decided_on="2026-11-12")
    for n in range(number):
        since = f"2026-11-2{n}"
        set_own(city.office, chief, number=30 + n, since=since)
        move_all(city.office, chief, version=since)

    with django_assert_max_num_queries(20):
        page = as_chief.get(reverse("clock_rules:overview"))
    assert len(page.context["moves"]) == number


def test_someone_of_no_office_has_nothing_to_see(client, city):
    client.force_login(factories.person("organ", role="liaison", office=None, organ=city.water))
    assert client.get(reverse("clock_rules:overview")).status_code == 404
