"""The feed: who signs is heard once; nobody else is, and no message twice."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingyi.web.lab.stations import actions, feed
from jingyi.web.lab.stations.models import Exceedance, Reading
from jingyi.web.leads.actions.gather import gather
from jingyi.web.leads.models import Incident
from jingyi.web.ledger.models import Entry
from tests.factories import AT

pytestmark = pytest.mark.django_db
FEED = "/lab/stations/feed/"


@pytest.fixture(autouse=True)
def _at():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def station(city, analyst):
    return actions.set_up(
        office=city.office, code="S1", name="东津河三号桥站", standard="gb3838-2002",
        conditions={"body": "river"}, level=2, minutes=240, lon=117.1, lat=33.9,
        place_words="东津河三号桥", by=analyst, at=AT,
    )  # fmt: skip


@pytest.fixture
def key(station, analyst):
    return actions.give_key(station=station, by=analyst, at=AT)


def message(*values, start=AT - timedelta(days=3), item="氨氮"):
    rows = [
        {"item": item, "at": (start + n * timedelta(hours=4)).isoformat(), "value": value, "unit": "mg/L"}
        for n, value in enumerate(values)
    ]  # fmt: skip
    return json.dumps({"readings": rows}).encode()


def headers(key, body, *, nonce="nonce-0001", at=AT, secret=None):
    made, own = key
    time = f"{at.timestamp():.0f}"
    return {
        "HTTP_JINGYI_KEY": made.name, "HTTP_JINGYI_TIME": time, "HTTP_JINGYI_NONCE": nonce,
        "HTTP_JINGYI_SIGNATURE": feed.signature(secret or own, time, nonce, body),
    }  # fmt: skip


def post(client, key, body, **how):
    return client.post(FEED, body, content_type="application/json", **headers(key, body, **how))


def test_a_signed_message_is_taken_once(client, key, station):
    body = message("0.4", "--", "<0.025", "1.2")
    assert post(client, key, body).json() == {"new": 4, "known": 0, "refused": []}
    again = post(client, key, body)
    assert again.status_code == 400
    assert "重复" in again.json()["error"]
    assert post(client, key, body, nonce="nonce-0002").json()["known"] == 4
    told = list(Reading.objects.values_list("text", "over"))
    assert told == [("0.4", False), ("--", None), ("<0.025", False), ("1.2", True)]
    assert Entry.objects.filter(kind="station.readings").count() == 1


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        ({"secret": "another"}, 401, "签名不对"),
        ({"at": AT - timedelta(minutes=6)}, 400, "时钟"),
        ({"at": AT + timedelta(minutes=6)}, 400, "时钟"),
        ({"nonce": "short"}, 400, "Nonce"),
    ],
)
def test_what_is_not_heard(client, key, how, status, words):
    answer = post(client, key, message("0.4"), **how)
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert not Reading.objects.exists()


def test_a_revoked_key_is_not_heard(client, key, analyst):
    actions.revoke(key=key[0], by=analyst, at=AT)
    assert post(client, key, message("0.4")).status_code == 401


def test_a_body_that_was_changed_is_not_heard(client, key):
    body = message("0.4")
    signed = headers(key, body)
    changed = body.replace(b"0.4", b"0.1")
    assert client.post(FEED, changed, content_type="application/json", **signed).status_code == 401


def test_too_many_messages_wait(client, key):
    for n in range(feed.MOST_A_MINUTE):
        post(client, key, message("0.4"), nonce=f"nonce-{n:04d}")
    assert post(client, key, message("0.4"), nonce="one-more-nonce").status_code == 429


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["readings", "item", "at", "value"]), inner, max_size=4
            )
        ),
    )
)
def test_any_body_is_answered_with_a_sentence(client, key, body):
    data = json.dumps(body).encode()
    answer = post(client, key, data, nonce=f"n-{hash(data) & 0xFFFFFFFF:012d}")
    assert answer.status_code in {200, 400, 429}
    assert answer.json()


def test_each_reading_that_cannot_be_taken_is_named(client, key):
    rows = json.loads(message("0.4", "很多", "0.5"))
    rows["readings"][2]["item"] = "不知道"
    found = post(client, key, json.dumps(rows).encode()).json()
    assert found["new"] == 1
    assert [one["place"] for one in found["refused"]] == [1, 2]


def test_an_exceedance_opens_a_lead_and_the_next_one_strengthens_it(client, key, station, city):
    post(client, key, message("1.2", "1.4", "1.1"))
    gather(office=city.office, at=AT)
    opened = Incident.objects.get()
    post(client, key, message("2.4", start=AT - timedelta(days=1)), nonce="nonce-0002")
    gather(office=city.office, at=AT)
    assert Incident.objects.get() == opened, "no second lead"
    opened.refresh_from_db()
    assert opened.findings.count() == 2
    assert Exceedance.objects.count() == 2
    text = opened.findings.first().report.text
    assert "初筛" in text
    assert "已确认" not in text


def test_it_goes_on_without_another_report(client, key, station):
    post(client, key, message("1.2", "1.4", "1.1"))
    post(client, key, message("1.3", start=AT - timedelta(days=2, hours=12)), nonce="nonce-0002")
    assert Exceedance.objects.get().n == 4


PAGES = [
    "list",
    "new",
    "station",
    "export",
    "key",
    "revoke",
    "upload",
    "file",
    "columns",
    "of_lead",
]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_no_station(client, station, key, stranger, name):
    from jingyi.web.lab.stations.models import ResultFile

    client.force_login(stranger)
    given = {
        "station": [station.pk], "export": [station.pk], "key": [station.pk],
        "revoke": [station.pk, key[0].pk], "file": [1], "columns": ["0" * 64], "of_lead": ["zy-1"],
    }.get(name, [])  # fmt: skip
    path = reverse(f"stations:{name}", args=given)
    answers = {client.get(path).status_code, client.post(path).status_code}
    if name == "list" and stranger.username != "admin":
        assert "东津河三号桥站" not in client.get(path).content.decode()
    else:
        assert answers <= {404, 405}
    assert not ResultFile.objects.exists()


def test_the_pages_of_a_station(client, key, station, analyst):
    post(client, key, message("0.4", "1.2", "--", "<0.025", "1.4", "1.1", "1.2"))
    client.force_login(analyst)
    page = client.get(station.get_absolute_url()).content.decode()
    assert "1 mg/L" in page
    assert "lab-plot" in page
    assert client.get(reverse("stations:list")).status_code == 200
    assert client.get(reverse("stations:export", args=[station.pk])).content[:2] == b"PK"
    shown = client.post(reverse("stations:key", args=[station.pk])).content.decode()
    assert "只显示这一次" in shown
