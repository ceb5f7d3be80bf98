"""Who reports: encrypted, apart, in no other table and no log; each look is on record."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from jingyi.web.intake.models import Identity, Report
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.intake.reporting import everything, fill, questions, shown_code

pytestmark = pytest.mark.django_db


def test_who_reports_is_kept_apart_and_encrypted(client, city, caplog):
    client.defaults["REMOTE_ADDR"] = "203.0.113.77"
    fill(client, who="named", name="MarkerName", phone="13800001111")
    client.session.flush()

    stored = everything()
    assert Identity.objects.count() == 1
    assert "MarkerName" not in stored
    assert "13800001111" not in stored
    assert "203.0.113.77" not in stored
    assert "MarkerName" not in caplog.text
    assert "203.0.113.77" not in caplog.text


def test_a_name_not_yet_sent_and_a_code_not_yet_written_down_are_not_in_the_database(client, city):
    questions(client, who="named", name="MarkerName", phone="13800001111")
    assert "MarkerName" in client.get(reverse("intake:report", args=["check"])).text
    client.post(reverse("intake:report", args=["check"]))
    code = shown_code(client)
    sessions = [Session.get_decoded(one) for one in Session.objects.all()]

    assert sessions
    assert "MarkerName" not in repr(sessions)
    assert code
    assert code.replace(" ", "") not in repr(sessions)


def test_each_look_at_the_reporter_needs_a_reason_and_is_on_record(client, city, bob):
    fill(client, who="named", name="MarkerName", phone="13800001111")
    address = reverse("intake:report_detail", args=[Report.objects.get().ref])
    client.force_login(bob)

    assert "MarkerName" not in client.get(address).text
    assert client.post(address, {"reason": " "}).status_code == 422
    shown = client.post(address, {"reason": "需要核实现场位置"})

    assert "MarkerName" in shown.text
    entry = Entry.objects.get(kind="identity.viewed")
    assert entry.by == bob
    assert entry.body["facts"]["reason"] == "需要核实现场位置"
    assert "MarkerName" not in str(entry.body)


def test_an_assistant_reads_the_report_but_not_who_sent_it(client, city):
    fill(client, who="named", name="MarkerName")
    address = reverse("intake:report_detail", args=[Report.objects.get().ref])
    client.force_login(factories.person("assistant", role="assistant", office=city.east))

    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "好奇"}).status_code == 404
    assert not Entry.objects.filter(kind="identity.viewed").exists()
