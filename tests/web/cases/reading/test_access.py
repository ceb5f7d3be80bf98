"""Who may open which page of the reading room: the insider, the stranger, nobody."""

import pytest
from django.urls import reverse

from jingyi.core.reading.page import Box
from jingyi.web.cases.reading.actions import dates, notes
from jingyi.web.cases.reading.urls import urlpatterns
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses(case, alice, file, page):
    """Every address of the room: name → (method, address)."""
    when = course.noon("2026-11-21")
    note = notes.write_note(
        case=case, file=file, page=1, box=Box(0, 0, 1, 1), quote="", text="看", by=alice, at=when
    )
    dated = dates.decide(
        case=case, file=file, page=page, start=page.dates[0][1], confirmed=True, says="采样",
        by=alice, at=when,
    )  # fmt: skip
    ref, key = case.ref, file.key
    args = {
        "describe": [ref, key], "original": [ref, key], "transcript": [ref, key], "page": [ref, key, 1],
        "image": [ref, key, 1], "thumb": [ref, key, 1], "write_note": [ref, key, 1],
        "change_note": [ref, note.pk], "take_back": [ref, note.pk], "note_fact": [ref, note.pk],
        "undo": [ref, dated.pk], "taken": [ref, "csv"], "chronology_taken": [ref, "docx"],
    }  # fmt: skip
    posts = {"have_read", "move", "write_note", "decide", "sealed"}
    return {
        one.name: (
            "post" if one.name in posts else "get",
            reverse(f"reading:{one.name}", args=args.get(one.name, [ref])),
        )
        for one in urlpatterns
    }


@pytest.mark.parametrize("who", ["bob", "charlie", "admin"])
def test_a_stranger_finds_nothing(client, addresses, who, request, city):
    if who == "admin":
        stranger = factories.person("admin", role="administrator", office=city.office)
    else:
        stranger = request.getfixturevalue(who)
    client.force_login(stranger)

    for name, (method, address) in addresses.items():
        assert getattr(client, method)(address).status_code == 404, name


def test_nobody_is_asked_to_sign_in(client, addresses):
    for name, (method, address) in addresses.items():
        assert getattr(client, method)(address).status_code == 302, name


def test_the_handler_opens_every_page(as_alice, addresses):
    for name, (method, address) in addresses.items():
        if method == "get":
            response = as_alice.get(address)
            assert response.status_code in {200, 302}, name


def test_a_file_of_another_case_is_not_found_under_this_one(as_alice, city, chief, alice, file):
    other = course.case(city.office, chief, alice, organ=city.water)

    assert as_alice.get(reverse("reading:page", args=[other.ref, file.key, 1])).status_code == 404
    assert as_alice.get(reverse("reading:image", args=[other.ref, file.key, 1])).status_code == 404


def test_an_original_is_only_ever_an_attachment_and_an_image_is_our_own(as_alice, addresses):
    original = as_alice.get(addresses["original"][1])
    image = as_alice.get(addresses["image"][1])

    assert original["Content-Disposition"].startswith("attachment")
    assert original["Content-Type"] == "application/octet-stream"
    assert (image["Content-Type"], image["X-Content-Type-Options"]) == ("image/webp", "nosniff")
