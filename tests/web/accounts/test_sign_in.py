"""Signing in and out, notices, one's own password."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from jingyi.core.words import say
from jingyi.web.accounts import actions
from jingyi.web.accounts.models import Notice

pytestmark = pytest.mark.django_db
SIGN_IN = {"username": "alice", "password": "a long pass phrase"}


def test_signing_in_leads_to_the_page_that_was_asked_for_and_changes_the_session(client, alice):
    client.get(reverse("intake:home"))
    wanted = reverse("registry:home")
    asked = client.get(wanted)

    response = client.post(asked.url, {**SIGN_IN, "next": wanted})

    assert response.status_code == 303
    assert response.url == wanted
    assert client.get(wanted).status_code == 200


def test_a_foreign_next_is_ignored(client, alice):
    response = client.post(reverse("accounts:sign_in"), {**SIGN_IN, "next": "//evil.example/"})

    assert response.url == reverse("desk:today")


def test_a_wrong_name_and_a_wrong_password_read_the_same(client, alice):
    texts = set()
    for wrong in ({"username": "nobody"}, {"password": "not this one"}):
        response = client.post(reverse("accounts:sign_in"), {**SIGN_IN, **wrong})
        assert response.status_code == 422
        texts.add("用户名或密码不正确" in response.text)

    assert texts == {True}


def test_signing_out_ends_the_session_on_the_server(client, alice):
    client.force_login(alice)
    client.post(reverse("accounts:sign_out"))

    assert Session.objects.count() == 0
    assert client.get(reverse("accounts:me")).status_code == 302


def test_a_new_password_ends_other_sessions(client, alice):
    from django.test import Client

    other = Client()
    other.force_login(alice)
    client.force_login(alice)
    address = reverse("accounts:password")

    refused = client.post(address, {"current": "wrong", "new": "another long phrase"})
    changed = client.post(address, {"current": SIGN_IN["password"], "new": "another long phrase"})

    assert (refused.status_code, changed.status_code) == (422, 303)
    assert client.get(reverse("accounts:me")).status_code == 200
    assert other.get(reverse("accounts:me")).status_code == 302


def test_a_notice_is_given_once_and_read_by_its_owner_only(client, alice, bob, at):
    for _ in range(2):
        actions.notify(
            user=alice,
            sentence=say("期限将于 {day} 届满。", day="2026-10-08"),
            url="/",
            key="k",
            at=at,
        )
    client.force_login(bob)
    client.post(reverse("accounts:notices"))
    client.force_login(alice)

    assert client.get(reverse("accounts:notice_count")).text == "1"
    assert "2026-10-08" in client.get(reverse("accounts:notices")).text
    client.post(reverse("accounts:notices"))
    assert client.get(reverse("accounts:notice_count")).text == ""
    assert Notice.objects.count() == 1


def test_mail_is_sent_only_where_a_server_is_set(
    alice, at, settings, mailoutbox, django_capture_on_commit_callbacks
):
    alice.email = "alice@example.org"
    alice.save()
    for host, key in (("", "a"), ("mail.example.org", "b")):
        settings.EMAIL_HOST = host
        with django_capture_on_commit_callbacks(execute=True):
            actions.notify(user=alice, sentence=say("有新的消息。"), url="", key=key, at=at)

    assert [mail.to for mail in mailoutbox] == [["alice@example.org"]]
