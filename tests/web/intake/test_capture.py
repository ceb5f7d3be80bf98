"""A reporter's photo beside the report: on record, and silent about the reporter's own device."""

import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from jingyi.web.evidence.custody.models import Metadata
from jingyi.web.intake.models import Report
from jingyi.web.ledger.models import Entry
from tests.core.bytes_of import GPS_HERE
from tests.core.bytes_of import photo as taken
from tests.web.intake.reporting import answer, questions

pytestmark = pytest.mark.django_db


@pytest.fixture
def attachment(client, city, monkeypatch):
    """A photo taken in 33.65432, 117.02345 at noon of 3 August, that came with a report."""
    data = taken(first={0x010F: "MarkerPhone"}, inner={0x9003: "2026:08:03 12:00:05", 0x9011: "+08:00"}, gps=GPS_HERE)  # fmt: skip
    file = io.BytesIO(data)
    file.name = "IMG_0001.jpg"
    monkeypatch.setattr("tests.web.intake.reporting.photo", lambda **_: file)
    questions(client)
    answer(client, "check")
    return Report.objects.get().attachments.get()


def address(attachment):
    return reverse("intake:capture", args=[attachment.report.ref, attachment.pk])


@pytest.fixture
def reported(attachment):
    """Where and when the report says."""

    def put(**values):
        Report.objects.filter(pk=attachment.report_id).update(**values)

    return put


def test_a_photo_from_elsewhere_is_named_and_looking_is_on_record(client, attachment, bob, reported):  # fmt: skip
    reported(lon=117.2, lat=33.65432, accuracy_m=20)
    client.force_login(bob)
    page = client.post(address(attachment)).text

    assert "超过两者的误差" in page
    assert "33.65432, 117.02345" in page
    assert Entry.objects.filter(kind="original.compared", by=bob).count() == 1
    shown = client.get(reverse("intake:report_detail", args=[attachment.report.ref])).text
    assert "核对照片的拍摄信息" in shown


def test_a_photo_of_the_place_fits(client, attachment, bob, reported):
    reported(lon=117.026, lat=33.65432, accuracy_m=20, happened_at=datetime(2026, 8, 3, tzinfo=UTC))
    client.force_login(bob)
    page = client.post(address(attachment), headers={"HX-Request": "true"}).text

    assert "没有发现对不上的地方" in page
    assert "<html" not in page


def test_nothing_tells_of_the_device_and_nothing_is_kept(client, attachment, bob):
    client.force_login(bob)

    assert "MarkerPhone" not in client.post(address(attachment)).text
    assert not Metadata.objects.exists()


def test_it_is_asked_for_not_looked_at_in_passing(client, attachment, bob):
    client.force_login(bob)

    assert client.get(address(attachment)).status_code == 405
    assert not Entry.objects.filter(kind="original.compared").exists()


def test_strangers_find_nothing(client, attachment, charlie):
    assert client.post(address(attachment)).status_code == 302
    client.force_login(charlie)
    assert client.post(address(attachment)).status_code == 404
    assert not Entry.objects.filter(kind="original.compared").exists()
