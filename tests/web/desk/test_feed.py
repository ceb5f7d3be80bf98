"""One's clocks in one's own calendar."""

import re
from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from jingyi.web.desk import actions
from jingyi.web.desk.models import Feed
from jingyi.web.ledger.models import Entry
from tests.web.cases import course

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _autumn(time_machine):
    time_machine.move_to(course.noon("2026-09-02"), tick=False)


@pytest.fixture
def key(alice, served_case):
    return actions.make_feed(by=alice, at=course.noon("2026-09-02"))


def events(client, key):
    response = client.get(reverse("desk:feed", args=[key]))
    assert response["Content-Type"].startswith("text/calendar")
    return {
        re.sub(r"@.*", "", str(event["uid"])): event
        for event in Calendar.from_ical(response.content).walk("VEVENT")
    }


def test_a_clock_is_an_all_day_event_on_its_last_day(client, key, served_case):
    event = events(client, key)[f"{served_case.ref}.suggestion.reply.20260801"]

    assert event.decoded("dtstart") == date(2026, 10, 8)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert event.decoded("dtend") == date(2026, 10, 9)
    assert event["url"].endswith(served_case.get_absolute_url())
    assert "2026-10-01 为休假日（国庆节）" in event["description"]


def test_it_names_the_period_and_the_file_but_no_person_and_no_matter(client, key, served_case):
    text = client.get(reverse("desk:feed", args=[key])).content.decode()

    unfolded = text.replace("\r\n ", "")
    assert f"行政机关依法履职并书面回复检察建议的期限 · {served_case.ref}" in unfolded
    for secret in (served_case.title, "Alice", "沚阳市水务局"):
        assert secret not in unfolded


def test_the_same_clock_keeps_its_uid_and_counts_its_sequence_up(client, key, served_case, chief):
    uid = f"{served_case.ref}.suggestion.reply.20260801"
    before = events(client, key)[uid]["sequence"]

    course.step(served_case, "followup.done", "2026-08-20", chief, facts={"found": "仍在排放"})

    assert events(client, key)[uid]["sequence"] > before


def test_a_clock_that_stopped_is_gone(client, key, served_case, chief):
    course.step(served_case, "suggestion.replied", "2026-08-20", chief)

    assert not any("suggestion.reply" in uid for uid in events(client, key))


def test_only_a_hash_of_the_key_is_kept(key, alice):
    assert key not in str(list(Feed.objects.values()))
    assert Entry.objects.filter(kind="feed.made", subject="user:alice").exists()


def test_a_new_key_closes_the_old_address(client, key, alice):
    again = actions.make_feed(by=alice, at=course.noon("2026-09-02"))

    assert client.get(reverse("desk:feed", args=[key])).status_code == 404
    assert client.get(reverse("desk:feed", args=[again])).status_code == 200


def test_an_unknown_key_opens_nothing(client, key):
    assert client.get(reverse("desk:feed", args=["x" * 43])).status_code == 404


def test_the_feed_ends_with_the_account_and_empties_with_the_post(client, key, alice):
    alice.posts.update(until=date(2026, 9, 1))
    assert events(client, key) == {}

    alice.is_active = False
    alice.save()
    assert client.get(reverse("desk:feed", args=[key])).status_code == 404


def test_another_persons_clocks_are_not_in_it(client, key, bob):
    theirs = actions.make_feed(by=bob, at=course.noon("2026-09-02"))

    assert events(client, theirs) == {}


def test_the_address_is_shown_once(client, alice, served_case):
    client.force_login(alice)
    clocks = reverse("desk:clocks")

    assert client.post(reverse("desk:make_feed")).status_code == 303
    first, second = client.get(clocks).text, client.get(clocks).text

    address = re.search(r"http://testserver(/today/feed/[^<]+\.ics)", first)[1]
    assert client.get(address).status_code == 200
    assert address not in second
    assert client.post(reverse("desk:close_feed")).status_code == 303
    assert client.get(address).status_code == 404
