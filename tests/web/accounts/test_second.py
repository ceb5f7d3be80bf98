"""The phone beside the password; sessions one sees and ends."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from jingyi.core import one_time
from jingyi.core.refusal import Refusal
from jingyi.web.accounts import second, sessions
from jingyi.web.accounts.models import Notice, RecoveryCode, SecondFactor, SignIn

pytestmark = pytest.mark.django_db
SIGN_IN = {"username": "alice", "password": "a long pass phrase"}
AT = datetime(2026, 9, 1, 2, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


def secret_of(address):
    told = parse_qs(urlsplit(address).query)["secret"][0]
    return base64.b32decode(told + "=" * (-len(told) % 8))


def shown_by(secret, at=AT):
    return one_time.code(secret, one_time.counter_at(at))


@pytest.fixture
def phone(alice):
    """A phone set up a while ago; its secret and the recovery codes."""
    secret = secret_of(second.begin(by=alice))
    earlier = AT - timedelta(hours=1)
    return secret, second.confirm(code=shown_by(secret, earlier), by=alice, at=earlier)


def test_setting_up_by_the_pages(client, alice):
    client.force_login(alice)
    assert client.post(reverse("accounts:begin_second")).status_code == 303
    page = client.get(reverse("accounts:me"))
    assert "<svg" in page.text
    wrong = client.post(reverse("accounts:confirm_second"), {"code": "000000"})
    assert wrong.status_code == 422
    assert not second.asked(alice)
    secret = secret_of(page.context["address"])
    done = client.post(reverse("accounts:confirm_second"), {"code": shown_by(secret)})
    codes = done.context["codes"]
    assert all(one in done.text for one in codes)
    assert second.asked(alice)
    assert codes[0] not in client.get(reverse("accounts:me")).text
    kept = SecondFactor.objects.get()
    assert secret not in bytes(kept.sealed)
    assert not RecoveryCode.objects.filter(digest__in=codes).exists()


def test_the_password_alone_opens_nothing(client, phone):
    half = client.post(reverse("accounts:sign_in"), SIGN_IN)
    assert half.url == reverse("accounts:code")
    assert client.get(reverse("desk:today")).status_code == 302
    assert client.get(reverse("accounts:code")).status_code == 200


def test_the_code_opens_and_is_taken_once(client, phone):
    secret, _ = phone
    client.post(reverse("accounts:sign_in"), {**SIGN_IN, "next": "/me/"})
    assert client.post(reverse("accounts:code"), {"code": shown_by(secret)}).url == "/me/"
    assert client.get(reverse("accounts:me")).status_code == 200
    other = Client()
    other.post(reverse("accounts:sign_in"), SIGN_IN)
    assert other.post(reverse("accounts:code"), {"code": shown_by(secret)}).status_code == 422


def test_a_recovery_code_opens_once(phone):
    for status in (303, 422):
        client = Client()
        client.post(reverse("accounts:sign_in"), SIGN_IN)
        said = phone[1][0].lower().replace("-", " ")
        assert client.post(reverse("accounts:code"), {"code": said}).status_code == status


def test_guessing_codes_is_stopped_and_goes_on_after_a_while(alice, phone):
    for _ in range(second.MOST_WRONG):
        assert not second.check(user=alice, said="000000", at=AT)
    with pytest.raises(Refusal, match="分钟"):
        second.check(user=alice, said=shown_by(phone[0]), at=AT)
    later = AT + second.PAUSE
    assert second.check(user=alice, said=shown_by(phone[0], later), at=later)


def test_without_the_password_there_is_no_code_to_guess(client, phone):
    assert client.get(reverse("accounts:code")).url == reverse("accounts:sign_in")
    assert client.post(reverse("accounts:code"), {"code": "1"}).url == reverse("accounts:sign_in")


def test_half_a_sign_in_runs_out(client, phone):
    client.post(reverse("accounts:sign_in"), SIGN_IN)
    with time_machine.travel(AT + timedelta(minutes=6)):
        answer = client.post(reverse("accounts:code"), {"code": shown_by(phone[0])})
    assert answer.url == reverse("accounts:sign_in")


def test_taking_it_away_needs_the_password(client, alice, phone):
    client.force_login(alice)
    where = reverse("accounts:stop_second")
    assert client.post(where, {"current": "wrong"}).status_code == 422
    assert second.asked(alice)
    assert client.post(where, {"current": SIGN_IN["password"]}).status_code == 303
    assert not second.asked(alice)


def test_sessions_are_listed_and_ended_by_their_owner(client, alice, bob):
    for one in (client, other := Client(headers={"User-Agent": "Another"})):
        one.post(reverse("accounts:sign_in"), SIGN_IN)
    assert Notice.objects.filter(user=alice, key__startswith="sign-in:").count() == 1
    page = client.get(reverse("accounts:me"))
    assert "Another" in page.text
    theirs = sessions.current(alice).get(agent="Another")
    stranger = Client()
    stranger.force_login(bob)
    assert stranger.post(reverse("accounts:end_session", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("accounts:end_session", args=[theirs.pk])).status_code == 303
    assert other.get(reverse("accounts:me")).status_code == 302
    assert client.get(reverse("accounts:me")).status_code == 200


def test_all_others_end_at_once_and_a_new_password_keeps_the_list_true(client, alice):
    others = [Client() for _ in range(3)]
    for one in (client, *others):
        one.post(reverse("accounts:sign_in"), SIGN_IN)
    assert client.post(reverse("accounts:end_others")).status_code == 303
    assert all(one.get(reverse("accounts:me")).status_code == 302 for one in others)
    given = {"current": SIGN_IN["password"], "new": "another long phrase"}
    client.post(reverse("accounts:password"), given)
    assert sessions.current(alice).get().session == client.session.session_key


def test_a_session_says_when_it_was_last_seen(client, alice):
    client.post(reverse("accounts:sign_in"), SIGN_IN)
    with time_machine.travel(AT + timedelta(hours=1)):
        client.get(reverse("accounts:me"))
    assert SignIn.objects.get().seen_at - AT >= timedelta(minutes=59)
