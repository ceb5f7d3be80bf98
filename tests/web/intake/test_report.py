"""The public's report: four questions, answers to check, one report however often it is sent."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from jingyi.web.intake import codes, limits
from jingyi.web.intake.actions.reports import receive
from jingyi.web.intake.models import Report
from jingyi.web.intake.views import public
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.intake.reporting import TEXT, answer, fill, questions, shown_code

CHECK = reverse("intake:report", args=["check"])
pytestmark = pytest.mark.django_db


def test_a_report_is_taken_in_with_its_photo_and_a_receipt(client, city):
    code = fill(client)

    report = Report.objects.get()
    assert (report.text, report.office, report.anonymous) == (TEXT, city.east, True)
    assert (report.lon, report.lat, report.accuracy_m) == (117.1, 33.9, 20)
    assert report.attachments.count() == 1
    assert codes.read(code)
    assert Entry.objects.filter(kind="report.received").count() == 1


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ({"place_words": "河边", "lon": "", "lat": ""}, True),
        ({"place_words": "南岸", "lon": "117.1", "lat": "33.9"}, False),
        ({"place_words": "人民路 12 号", "lon": "", "lat": ""}, False),
    ],
)
def test_a_vague_place_is_asked_for_but_not_insisted_on(client, city, where, asked):
    answer(client, "what", text="有人夜里偷排黑色污水，气味刺鼻。", happened="2026-08-30")
    answer(client, "where", office="zy-dj", **where)
    answer(client, "photos")
    answer(client, "who", who="anonymous")

    page = client.get(CHECK).text

    assert ("请问在哪个乡镇" in page) is asked
    assert client.post(CHECK).status_code == 303
    assert Report.objects.count() == 1


def test_a_form_sent_twice_is_one_report_and_its_receipt_survives(client, city):
    """The second press of a slow button carries the session of before the first."""
    questions(client)
    before = SessionStore(client.session.session_key)
    before.load()

    client.post(CHECK)
    again = RequestFactory().post(CHECK)
    again.session, again.user = before, AnonymousUser()
    second = SessionMiddleware(lambda request: public.report(request, "check"))
    second.process_response(again, public.report(again, "check"))

    assert Report.objects.count() == 1
    assert shown_code(client)


def test_the_same_form_gives_the_first_report_back(city, at):
    given = {"office": city.east, "source": "citizen", "text": TEXT, "at": at}

    first, code = receive(**given, key="form")
    again, nothing = receive(**given, key="form")
    other, _ = receive(**given, key="another form")

    assert first == again
    assert first != other
    assert code
    assert not nothing


def test_an_hour_later_a_draft_is_forgotten(client, city):
    with time_machine.travel(datetime(2026, 9, 1, 2, 0, tzinfo=UTC), tick=False) as clock:
        answer(client, "what", text=TEXT)
        clock.shift(59 * 60)
        assert TEXT in client.get(reverse("intake:report", args=["what"])).text
        clock.shift(2 * 60)
        assert TEXT not in client.get(reverse("intake:report", args=["what"])).text


@pytest.mark.parametrize(("many", "told"), [(2, False), (3, True)])
def test_reports_nearby_are_a_number_without_words_and_never_a_single_neighbour(
    client, city, many, told
):
    for n in range(many):
        factories.report(city.west, text=f"邻居说的话{n}", lon=117.1, lat=33.9, at=timezone.now())
    old = timezone.now() - timedelta(days=31)
    factories.report(city.west, text="很久以前", lon=117.1, lat=33.9, at=old)
    factories.report(city.west, text="一公里外", lon=117.11, lat=33.9, at=timezone.now())

    answer(client, "where", place_words="桥", office="zy-dj", lon="117.1", lat="33.9")
    page = client.get(reverse("intake:report", args=["photos"])).text

    assert ("已有 3 件反映" in page) is told
    assert ("500 米内" in page) is told
    assert "邻居说的话" not in page


def test_reports_too_many_from_one_place_wait_and_keep_their_words(client, city, monkeypatch):
    monkeypatch.setitem(limits.MOST, "report", 1)
    client.defaults["REMOTE_ADDR"] = "203.0.113.90"
    fill(client)
    questions(client, status=429)

    page = client.post(CHECK)

    assert page.status_code == 429
    assert "12309" in page.text
    assert TEXT in page.text
    assert Report.objects.count() == 1
    client.defaults["REMOTE_ADDR"] = "203.0.113.91"
    assert client.post(CHECK).status_code == 303
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    ("step", "values", "words"),
    [
        ("what", {"text": ""}, "请写下发生了什么事"),
        ("what", {"text": "桥", "happened": "2999-01-01"}, "这一天还没有到"),
        ("where", {"office": "zy-dj"}, "请写下地点"),
        ("where", {"place_words": "桥"}, "请选择区县"),
        ("where", {"office": "zy-dj", "lon": "2.3", "lat": "48.8"}, "不在国内"),
        ("who", {"who": "named"}, "请写下姓名"),
        ("who", {}, "请选择匿名"),
    ],
)
def test_errors_say_what_to_do_on_top_and_at_the_field(client, city, step, values, words):
    response = answer(client, step, **values)

    assert response.status_code == 422
    assert response.text.count(words) >= 1
    assert "有地方需要更正" in response.text


def test_nothing_is_taken_in_before_the_questions_are_answered(client, city):
    response = client.post(reverse("intake:report", args=["check"]))

    assert response.url == reverse("intake:report", args=["what"])
    assert not Report.objects.exists()


@pytest.mark.parametrize("who", ["charlie"])
def test_a_stranger_finds_no_report(client, city, request, who):
    fill(client)
    report = Report.objects.get()
    photo_of = report.attachments.get()
    client.force_login(request.getfixturevalue(who))
    address = reverse("intake:report_detail", args=[report.ref])

    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "x"}).status_code == 404
    for kind in ("clean", "thumb", "original"):
        assert (
            client.get(
                reverse("intake:attachment", args=[report.ref, photo_of.pk, kind])
            ).status_code
            == 404
        )
