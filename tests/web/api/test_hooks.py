"""Webhooks: told once a thing happened, signed, tried until taken, and only where it is allowed."""

import json
import threading
from base64 import b64decode
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.models import Notice
from jingyi.web.api import tokens
from jingyi.web.api.hooks import actions, jobs, sending
from jingyi.web.api.models import Delivery, Hook
from jingyi.web.intake.actions import reports
from jingyi.web.jobs.worker import work
from jingyi.web.ledger import actions as ledger
from tests import factories
from tests.factories import AT


@pytest.fixture
def receiver(settings):
    """A program that keeps what it is sent and answers with `status`."""

    class Kept(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.got.append((dict(self.headers), body))
            self.send_response(server.status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Kept)
    server.got, server.status = [], 200
    server.address = f"http://127.0.0.1:{server.server_port}"
    settings.WEBHOOKS = [server.address]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def token(alice):
    return tokens.make(person=alice, name="k", scopes=list(tokens.SCOPES), at=AT)[1]


def hooked(token, receiver, *events):
    made = {
        "token": token,
        "url": f"{receiver.address}/in?a=1",
        "events": events,
        "by": token.person,
    }
    return actions.make(at=AT, **made)


def handed_in(token, text="黑水"):
    office = token.person.posts.first().procuratorate
    report, _code = reports.receive(office=office, source="sharing", text=text, at=AT)
    token.sent.create(report=report, at=AT)
    return report


def test_news_is_sent_once_and_signed_as_the_standard_says(token, receiver):
    report = handed_in(token)
    stranger = reports.receive(office=report.office, source="citizen", text="别人的", at=AT)[0]
    secret, hook = hooked(token, receiver, "request.updated")
    for one in (report, stranger):
        reports.tell_reporter(
            report=one, stage="filed", sentence=say("已经立案。"), by=token.person, at=AT
        )
    jobs.tell.call()
    jobs.tell.call()
    ((headers, body),) = receiver.got
    told = Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})
    assert told["type"] == "request.updated"
    assert told["data"]["ref"] == report.ref
    assert "黑水" not in body
    assert secret not in str(Hook.objects.values())
    assert b64decode(secret.removeprefix("whsec_")) not in bytes(hook.sealed)


def test_it_is_tried_again_until_taken_then_given_up_and_said(token, receiver):
    _secret, hook = hooked(token, receiver, "request.updated")
    receiver.status = 302
    sent = actions.trial(hook=hook, at=AT)
    now = timezone.now()
    for _ in range(len(actions.WAITS) + 1):
        sent.refresh_from_db()
        assert sent.next_at is not None
        actions.try_one(
            delivery=Delivery.objects.select_related("hook__token__person").get(pk=sent.pk), at=now
        )
    sent.refresh_from_db()
    assert (sent.next_at, sent.done_at, sent.status) == (None, None, 302)
    assert len(receiver.got) == len(actions.WAITS) + 1, "and no redirect was followed"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert Notice.objects.filter(user=token.person).count() == 1
    receiver.status = 200
    actions.again(delivery=sent, at=now - timedelta(1))
    jobs.tell.call()
    sent.refresh_from_db()
    assert sent.done_at is not None


def test_whoever_says_gone_is_told_no_more(token, receiver):
    _secret, hook = hooked(token, receiver, "request.updated")
    receiver.status = 410
    actions.trial(hook=hook, at=AT)
    jobs.tell.call()
    hook.refresh_from_db()
    assert hook.ended_at is not None
    assert hook.why_ended


def test_nothing_is_sent_for_a_revoked_key_or_of_what_it_may_not_read(token, receiver, city):
    _secret, hook = hooked(token, receiver, "case.changed", "lead.changed", "place.changed")
    for subject in ("case:nowhere", "incident:nowhere", "place:nowhere"):
        kind = f"{subject.partition(':')[0].replace('incident', 'lead')}.changed"
        ledger.append(kind=kind, subject=subject, facts={}, by=None, at=AT, office=city.elsewhere)
    jobs.tell.call()
    assert receiver.got == []
    actions.trial(hook=hook, at=AT)
    tokens.revoke(token=token, by=token.person, at=AT)
    jobs.tell.call()
    assert receiver.got == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/x", "https://169.254.169.254/", "file:///etc/passwd", "http://a@ok.test/",
     "http://ok.test.evil.test/", "http://ok.test:81/", "gopher://ok.test/", "http://ok.test\\@evil.test/",
     "http://[::1]/", "", "http://ok.test/a b", "http://ok.test:x/"],
)  # fmt: skip
def test_an_address_the_administrator_did_not_name_is_refused(settings, url):
    settings.WEBHOOKS = ["http://ok.test"]
    with pytest.raises(Refusal):
        sending.target(url)
    assert sending.target("http://ok.test/a?b=1").path == "/a?b=1"


@pytest.mark.parametrize(
    "leads_to", ["127.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1", "224.0.0.1"]
)
def test_a_name_that_leads_to_this_machine_is_refused(settings, monkeypatch, leads_to):
    settings.WEBHOOKS = ["http://ok.test"]
    monkeypatch.setattr(
        sending.socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", (leads_to, 80))]
    )
    with pytest.raises(Refusal):
        sending.resolved(sending.target("http://ok.test/"))


@pytest.mark.django_db(transaction=True)
def test_the_worker_finds_and_sends_by_itself(token, receiver):
    report = handed_in(token)
    hooked(token, receiver, "request.updated")
    reports.tell_reporter(
        report=report, stage="done", sentence=say("办结。"), by=token.person, at=AT
    )
    jobs.look(timezone.now())
    jobs.look(timezone.now())
    work(until_empty=True)
    assert [json.loads(body)["data"]["ref"] for _, body in receiver.got] == [report.ref]
    assert Delivery.objects.get().done_at is not None


def test_the_pages(client, token, receiver, city, bob):
    client.force_login(token.person)
    page = f"/api/keys/{token.pk}/hooks/"
    assert (
        client.post(page, {"url": "http://evil.test/", "events": ["request.updated"]}).status_code
        == 422
    )
    made = client.post(page, {"url": receiver.address, "events": ["request.updated"]})
    assert made.context["secret"].startswith("whsec_")
    assert made.context["secret"] not in client.get(page).text
    hook = Hook.objects.get()
    for what in ("trial", "end"):
        client.force_login(bob)
        assert client.post(f"/api/hooks/{hook.pk}/{what}/").status_code == 404
        assert client.get(f"/api/hooks/{hook.pk}/").status_code == 404
        client.force_login(token.person)
        assert client.post(f"/api/hooks/{hook.pk}/{what}/").status_code == 303
        assert client.get(f"/api/hooks/{hook.pk}/").status_code == 200
    client.force_login(factories.person("v", role="volunteer", office=city.office))
    assert client.get(page).status_code == 404
