"""Only what the key's holder signed, within its minutes, is heard, and once: whatever else is sent."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from jingyi.core.refusal import Refusal
from jingyi.web.lab.stations import actions, feed
from jingyi.web.lab.stations.models import Nonce
from tests.factories import AT

pytestmark = pytest.mark.django_db
NONCES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=64)
ANY = st.text(st.characters(min_codepoint=0, max_codepoint=255), max_size=80)
LOOSE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip


@pytest.fixture
def key(city, analyst):
    station = actions.set_up(
        office=city.office, code="S1", name="三号桥", standard="gb3838-2002", level=2, minutes=240,
        conditions={"body": "river"}, by=analyst, at=AT,
    )  # fmt: skip
    return actions.give_key(station=station, by=analyst, at=AT)


def signed(key, body, nonce, at=AT):
    time = f"{at.timestamp():.3f}"
    return {
        "Jingyi-Key": key[0].name, "Jingyi-Time": time, "Jingyi-Nonce": nonce,
        "Jingyi-Signature": feed.signature(key[1], time, nonce, body),
    }  # fmt: skip


@LOOSE
@given(body=st.binary(max_size=200), nonce=NONCES, off=st.integers(-300, 300))
def test_what_the_holder_signed_is_heard_once(key, body, nonce, off):
    Nonce.objects.all().delete()
    headers = signed(key, body, nonce, AT + timedelta(seconds=off))
    assert feed.sender(headers, body, at=AT) == key[0].station
    with pytest.raises(Refusal, match="已经收到过"):
        feed.sender(headers, body, at=AT + timedelta(seconds=max(off, 0)))


@LOOSE
@given(name=st.sampled_from(sorted(feed.HEADERS.values())), value=ANY)
def test_a_header_that_was_changed_is_not_heard(key, name, value):
    Nonce.objects.all().delete()
    body, headers = b'{"readings": []}', signed(key, b'{"readings": []}', "a-nonce-1")
    assume(headers[name].lower() != value.lower())
    with pytest.raises(Refusal):
        feed.sender({**headers, name: value}, body, at=AT)
    assert not Nonce.objects.exists(), "a forger uses up nobody's nonce"


@LOOSE
@given(body=st.binary(max_size=60), other=st.binary(max_size=60))
def test_another_body_is_not_heard(key, body, other):
    Nonce.objects.all().delete()
    assume(body != other)
    with pytest.raises(feed.Unknown):
        feed.sender(signed(key, body, "a-nonce-1"), other, at=AT)


@LOOSE
@given(parts=st.lists(NONCES, min_size=2, max_size=2, unique=True), cut=st.integers(0, 20))
def test_what_is_between_the_parts_cannot_be_moved(key, parts, cut):
    """Time, nonce and body are told apart: shifting text from one to the next breaks the signature."""
    Nonce.objects.all().delete()
    nonce, body = parts[0], parts[1].encode()
    headers = signed(key, body, nonce)
    moved = {**headers, "Jingyi-Nonce": nonce + body[:cut].decode()}
    assume(cut and moved["Jingyi-Nonce"] != nonce)
    with pytest.raises(Refusal):
        feed.sender(moved, body[cut:], at=AT)


@pytest.mark.parametrize("minutes", [6, 60, 60 * 24 * 365])
def test_a_message_kept_and_sent_later_is_not_heard(key, minutes):
    """Nonces are forgotten only after their time would be refused anyway."""
    body = b"{}"
    headers = signed(key, body, "a-nonce-1")
    feed.sender(headers, body, at=AT)
    later = AT + timedelta(minutes=minutes)
    feed.forget(later)
    with pytest.raises(Refusal):
        feed.sender(headers, body, at=later)


def test_a_new_key_works_beside_the_old_until_that_is_revoked(key, analyst):
    new = actions.give_key(station=key[0].station, by=analyst, at=AT)
    for n, one in enumerate((key, new)):
        feed.sender(signed(one, b"{}", f"nonce-{n:04d}"), b"{}", at=AT)
    actions.revoke(key=key[0], by=analyst, at=AT)
    with pytest.raises(feed.Unknown):
        feed.sender(signed(key, b"{}", "nonce-0009"), b"{}", at=AT)
    feed.sender(signed(new, b"{}", "nonce-0010"), b"{}", at=AT)


def test_the_secret_is_nowhere_in_the_database(key):
    made, secret = key
    made.refresh_from_db()
    assert secret.encode() not in bytes(made.sealed)
    assert secret not in made.name
