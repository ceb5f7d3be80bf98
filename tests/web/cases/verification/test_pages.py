"""The pages of verification: their forms, what a stranger finds, how much they read."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import jingyi.web.cases.urls  # noqa: F401 -- registers the file numbers of addresses
from jingyi.web.cases.verification.models import Proof
from jingyi.web.cases.verification.urls import urlpatterns
from tests.web.cases import course
from tests.web.intake.reporting import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


@pytest.fixture
def in_november(time_machine):
    time_machine.move_to(course.noon("2026-11-20"), tick=False)


def address(name, case, *more):
    return reverse(f"verification:{name}", args=[case.ref, case.suggestions.get().pk, *more])


def replied(client, case, **values):
    shown = photo()
    given = {
        "on": "2026-09-25", "said_1": "done", "text_1": "已封堵。", "said_2": "not",
        "text_2": "正在调查。", "caption_1": "封堵后", **values,
    }  # fmt: skip
    file = SimpleUploadedFile("after.jpg", shown.read(), "image/jpeg")
    return client.post(address("reply", case), given | {"after_1": file})


def found(client, case, alice, chief, **values):
    given = {
        "on": "2026-10-09", "methods": ["visit", "sample"], "place": "排口",
        "first": alice.username, "second": chief.username, "version": case.version,
        "kind_1": "fixed", "reason_1": "已封堵", "kind_2": "partly", "reason_2": "罚款未缴",
        "amount_2": "3.5", "unit_2": "万元", **values,
    }  # fmt: skip
    return client.post(address("verify", case), given)


def test_a_reply_and_a_round_through_their_forms(as_alice, served_case, alice, chief):
    assert as_alice.get(address("reply", served_case)).status_code == 200
    assert replied(as_alice, served_case, text_2="").status_code == 422
    assert replied(as_alice, served_case).status_code == 303
    served_case.refresh_from_db()
    assert found(as_alice, served_case, alice, chief, second=alice.username).status_code == 422
    assert found(as_alice, served_case, alice, chief).status_code == 303

    page = as_alice.get(address("duties", served_case)).text
    assert "实测 3.5 万元" in page
    assert "?copy=thumb" in page
    assert "罚款未缴" in as_alice.get(address("print", served_case)).text
    assert "部分整改" in as_alice.get(reverse("verification:panel", args=[served_case.ref])).text


def test_an_exhibit_is_shown_small_and_given_whole(as_alice, served_case):
    replied(as_alice, served_case)
    proof = Proof.objects.get()
    where = reverse("verification:proof", args=[served_case.ref, proof.pk])

    small, whole = as_alice.get(f"{where}?copy=thumb"), as_alice.get(where)

    assert small["Content-Type"] == "image/jpeg"
    assert "attachment" in whole["Content-Disposition"]
    assert b"MarkerPhone" in b"".join(whole.streaming_content)
    assert b"MarkerPhone" not in b"".join(small.streaming_content)
    assert as_alice.get(f"{where}?copy=redacted").status_code == 404


def test_the_steps_lead_to_where_duties_are_verified(as_alice, served_case):
    step = reverse("cases:step", args=[served_case.ref, "verification.pass"])
    response = as_alice.get(step)
    assert response.status_code == 303
    assert response.url == address("verify", served_case)


def closed(case, alice, chief):
    course.verified(case, alice, chief, "2026-10-09")
    course.step(case, "case.terminated", "2026-10-12", chief, facts={"ground": "ground.rectified"})
    return case.lookbacks.first()


def test_a_visit_is_entered_on_its_page(as_alice, served_case, alice, chief):
    visit = closed(served_case, alice, chief)
    page = reverse("verification:visit", args=[visit.pk])
    given = {"on": "2026-11-19", "outcome": "relapsed", "found": "又在排放"}

    assert as_alice.get(page).status_code == 200
    assert as_alice.post(page, given | {"outcome": "", "version": 0}).status_code == 422
    version = served_case.version
    response = as_alice.post(page, given | {"version": version, "photos": photo()})
    assert response.status_code == 303
    assert "问题反弹" in as_alice.get(page).text
    assert "又在排放" in as_alice.get(page).text


@pytest.fixture
def pages(served_case, alice, chief, city):
    course.verified(served_case, alice, chief, "2026-10-09", ("fixed", "已封堵"), ("not", "未处罚"))
    course.verified(served_case, alice, chief, "2026-10-10")
    course.step(
        served_case, "case.terminated", "2026-10-12", chief, facts={"ground": "ground.rectified"}
    )
    one = [served_case.ref, served_case.suggestions.get().pk]
    incident = course.incident(city.office)
    args = {
        "panel": one[:1], "duties": one, "print": one, "reply": one, "verify": one, "settle": one,
        "visit": [served_case.lookbacks.first().pk], "near_incident": [incident.ref],
        "proof": [served_case.ref, 1], "compare": one[:1], "compared": [served_case.ref, 1, "laid"],
    }  # fmt: skip
    return {name: reverse(f"verification:{name}", args=given) for name, given in args.items()}


def test_every_address_is_tested_here(pages):
    assert {pattern.name for pattern in urlpatterns} == {*pages, "visits"}


def test_a_stranger_finds_nothing(client, pages, stranger):
    client.force_login(stranger)
    for name, where in pages.items():
        assert client.get(where).status_code == 404, name
        assert client.post(where).status_code in {404, 405}, name


def test_nobody_is_asked_to_sign_in(client, pages):
    for name, where in {**pages, "visits": reverse("verification:visits")}.items():
        assert client.get(where).status_code == 302, name


def test_the_list_of_visits_shows_a_stranger_nothing(client, pages, charlie):
    client.force_login(charlie)
    assert "督促整治" not in client.get(reverse("verification:visits")).text


@pytest.mark.parametrize("rounds", [1, 3])
def test_a_page_of_many_rounds_reads_no_more(  # noqa: PLR0917 -- fixtures
    as_alice, served_case, alice, chief, rounds, django_assert_max_num_queries
):
    replied(as_alice, served_case)
    for n in range(rounds):
        course.verified(
            served_case, alice, chief, f"2026-10-0{n + 1}", ("not", "未封堵"), ("not", "未处罚")
        )
    with django_assert_max_num_queries(30):
        as_alice.get(address("duties", served_case))


@pytest.mark.parametrize("cases", [1, 3])
def test_a_list_of_many_visits_reads_no_more(  # noqa: PLR0917 -- fixtures
    as_alice, city, alice, chief, cases, django_assert_max_num_queries
):
    for _ in range(cases):
        case = course.case(city.office, chief, alice, organ=city.water)
        course.served(case, chief)
        closed(case, alice, chief)
    with django_assert_max_num_queries(20):
        page = as_alice.get(reverse("verification:visits")).text
    assert page.count("承办 Alice") == 2 * cases
