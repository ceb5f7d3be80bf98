"""The receipt: the only way back, shown once, stored as a hash, and a mailbox behind it."""

import re

import pytest
from django.urls import reverse

from jingyi.web.intake import codes, limits
from jingyi.web.intake.models import Message, Receipt, Report
from jingyi.web.ledger.models import Entry
from tests.web.intake.reporting import fill

pytestmark = pytest.mark.django_db


def test_the_code_is_shown_until_it_is_written_down_and_stored_only_as_a_hash(client, city):
    code = codes.read(fill(client))

    client.post(reverse("intake:sent"))
    assert code[:4] not in client.get(reverse("intake:sent")).text
    assert Receipt.objects.get().code_hash == codes.digest(code)
    assert code not in str(list(Receipt.objects.values())) + str(list(Entry.objects.values()))


def test_the_code_opens_the_progress_and_the_mailbox(client, city, bob):
    code = fill(client).lower().replace(" ", "-")
    client.session.flush()
    page = client.post(reverse("intake:progress"), {"code": code}, follow=True)
    assert "检察院已收到您反映的问题" in page.text

    client.post(reverse("intake:progress"), {"text": "今天又在排。"})
    assert Message.objects.get().from_reporter
    assert bob.notices.count() == 1
    client.post(reverse("intake:progress"), {"leave": "1"})
    assert "今天又在排" not in client.get(reverse("intake:progress")).text


def test_a_wrong_code_and_an_impossible_one_read_the_same(client, city):
    pages = {
        re.sub(
            r"[A-Za-z0-9]{64}|value=\"[^\"]*\"",
            "",
            client.post(reverse("intake:progress"), {"code": code}).text,
        )
        for code in (codes.make(), "nonsense")
    }

    assert len(pages) == 1


@pytest.mark.parametrize("typed", ["lower", "wide", "dashes"])
def test_a_code_may_be_typed_as_a_phone_types_it(typed):
    code = codes.make()
    ways = {
        "lower": code.lower(),
        "wide": "".join(chr(ord(letter) + 0xFEE0) for letter in code),
        "dashes": " " + "-".join(code[n : n + 4] for n in range(0, 24, 4)) + "\n",
    }

    assert len(code) == codes.LENGTH
    assert codes.read(ways[typed]) == code


def test_after_many_wrong_codes_even_the_right_one_waits(client, city):
    code = fill(client)
    client.defaults["REMOTE_ADDR"] = "203.0.113.78"
    for _ in range(limits.MOST["code"]):
        client.post(reverse("intake:progress"), {"code": codes.make()})

    assert client.post(reverse("intake:progress"), {"code": code}).status_code == 422
    client.defaults["REMOTE_ADDR"] = "203.0.113.79"
    assert client.post(reverse("intake:progress"), {"code": code}).status_code == 303


def test_right_codes_are_not_counted_as_tries(client, city, monkeypatch):
    monkeypatch.setitem(limits.MOST, "code", 2)
    code = fill(client)
    client.defaults["REMOTE_ADDR"] = "203.0.113.80"

    for _ in range(4):
        assert client.post(reverse("intake:progress"), {"code": code}).status_code == 303
        client.post(reverse("intake:progress"), {"leave": "1"})


def test_letters_too_many_from_one_place_are_not_taken_and_not_lost(client, city, monkeypatch):
    monkeypatch.setitem(limits.MOST, "message", 1)
    code = fill(client)
    client.defaults["REMOTE_ADDR"] = "203.0.113.81"
    client.post(reverse("intake:progress"), {"code": code})
    client.post(reverse("intake:progress"), {"text": "第一封。"})

    second = client.post(reverse("intake:progress"), {"text": "第二封。"})

    assert second.status_code == 422
    assert "12309" in second.text
    assert ">\n第二封。</textarea>" in second.text
    assert Message.objects.count() == 1


@pytest.mark.parametrize("place", range(24))
def test_one_wrong_letter_is_noticed(place):
    code = codes.make()
    wrong = code[:place] + ("2" if code[place] != "2" else "3") + code[place + 1 :]

    assert codes.read(code) == code
    assert codes.read(wrong) == ""


def test_the_office_answers_and_the_reporter_reads_it(client, city, bob):
    code = fill(client)
    report = Report.objects.get()
    client.force_login(bob)
    client.post(
        reverse("intake:report_detail", args=[report.ref]), {"text": "请补充排污口的位置。"}
    )
    client.logout()

    page = client.post(reverse("intake:progress"), {"code": code}, follow=True)

    assert "请补充排污口的位置" in page.text
