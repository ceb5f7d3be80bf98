"""Who may open which page of the room: the insider, the office below, the stranger, nobody."""

import pytest
from django.urls import reverse

from jingyi.web.cases import actions
from jingyi.web.cases.urls import urlpatterns
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(city, chief, alice):
    """Every address of the room about one case or proposal: (method, address)."""
    case = course.case(city.office, chief, alice, organ=city.water)
    event = course.step(case, "case.served", "2026-07-03", alice)
    proposal = actions.propose(
        incidents=[course.incident(city.office)], track="administrative", domain="eco-env",
        organ=None, department=None, handler=alice, title="督促整治", grounds="暗管",
        by=alice, at=course.noon("2026-09-02"),
    )  # fmt: skip
    incident = course.incident(city.office)
    return {
        "case": ("get", reverse("cases:case", args=[case.ref])),
        "step": ("get", reverse("cases:step", args=[case.ref, "investigation.plan"])),
        "correct": ("get", reverse("cases:correct", args=[case.ref, event.pk])),
        "undo": ("get", reverse("cases:undo", args=[case.ref, event.pk])),
        "exhibit": ("get", reverse("cases:exhibit", args=[case.ref, event.pk])),
        "for_incident": ("get", reverse("cases:for_incident", args=[incident.ref])),
        "open": ("get", f"{reverse('cases:open')}?incident={incident.ref}"),
        "proposal": ("get", reverse("cases:proposal", args=[proposal.pk])),
        "file_proposal": ("post", reverse("cases:file_proposal", args=[proposal.pk])),
        "return_proposal": ("post", reverse("cases:return_proposal", args=[proposal.pk])),
        "dissent": ("post", reverse("cases:dissent", args=[proposal.pk])),
    }


OVERVIEWS = {"list": [], "figures": [], "geo": [], "suggestions": [], "proposals": [],
             "export": ["csv"]}  # fmt: skip


def test_every_address_of_the_room_is_tested_here(pages):
    assert {pattern.name for pattern in urlpatterns} == {*pages, *OVERVIEWS}


def test_a_stranger_finds_nothing(client, pages, stranger):
    client.force_login(stranger)

    for name, (method, address) in pages.items():
        assert getattr(client, method)(address).status_code == 404, name


def test_nobody_is_asked_to_sign_in(client, pages):
    for name, (method, address) in pages.items():
        response = getattr(client, method)(address)
        assert response.status_code == 302, name
        assert "/me/sign-in/" in response.url
    for name, args in OVERVIEWS.items():
        assert client.get(reverse(f"cases:{name}", args=args)).status_code == 302, name


@pytest.mark.parametrize("name", OVERVIEWS)
def test_overviews_show_a_stranger_nothing_of_ours(client, pages, charlie, name):
    client.force_login(charlie)

    response = client.get(reverse(f"cases:{name}", args=OVERVIEWS[name]))

    text = b"".join(response.streaming_content).decode() if response.streaming else response.text
    assert response.status_code == 200
    assert "督促整治" not in text


def test_who_may_read_but_not_act_is_not_offered_the_forms(client, pages, city):
    reader = factories.person("rita", role="case-manager", office=city.office)
    client.force_login(reader)

    assert client.get(pages["case"][1]).status_code == 200
    for name in ("step", "correct", "undo", "open", "file_proposal", "dissent"):
        method, address = pages[name]
        assert getattr(client, method)(address).status_code == 404, name
    assert "/steps/" not in client.get(pages["case"][1]).text


def test_an_exhibit_that_is_not_there_is_not_found(as_alice, pages):
    assert as_alice.get(pages["exhibit"][1]).status_code == 404
