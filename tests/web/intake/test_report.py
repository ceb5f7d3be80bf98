"""The public's report: four questions, a receipt, a way back; nothing of the reporter anywhere else."""

import io
import re

import pytest
from django.db import connection
from django.urls import reverse
from PIL import Image

from jingyi.web.evidence.models import Derivative
from jingyi.web.evidence.vault import read
from jingyi.web.intake import codes
from jingyi.web.intake.models import Identity, Message, Receipt, Report
from jingyi.web.ledger.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "东津河三号桥下游有暗管排黑水。"


def photo(**extra):
    """A picture with a position in its EXIF, as a phone makes it."""
    picture = Image.new("RGB", (60, 40), "navy")
    exif = Image.Exif()
    exif[0x010F] = "MarkerPhone"
    exif.get_ifd(0x8825)[2] = (33.0, 57.0, 12.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, **extra)
    out.seek(0)
    out.name = "IMG_0001.jpg"
    return out


def answer(client, step, **values):
    return client.post(reverse("intake:report", args=[step]), values)


def fill(client, *, who="anonymous", **extra):
    """Walk through the four questions and submit; return the receipt code."""
    answer(client, "what", text=TEXT, happened="2026-08-30")
    answer(
        client,
        "where",
        place_words="三号桥",
        office="zy-dj",
        lon="117.1",
        lat="33.9",
        accuracy_m="20",
    )
    answer(client, "photos", photos=photo())
    answer(client, "who", who=who, **extra)
    assert client.post(reverse("intake:report", args=["check"])).status_code == 303
    shown = client.get(reverse("intake:sent")).text
    return re.search(r"\b(?:[2-9A-Z]{4} ){5}[2-9A-Z]{4}\b", shown).group()


def test_a_report_is_taken_in_with_its_photo_and_a_receipt(client, city):
    code = fill(client)

    report = Report.objects.get()
    assert (report.text, report.office, report.anonymous) == (TEXT, city.east, True)
    assert (report.lon, report.lat, report.accuracy_m) == (117.1, 33.9, 20)
    assert report.attachments.count() == 1
    assert codes.read(code)
    assert Entry.objects.filter(kind="report.received").count() == 1


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


@pytest.mark.parametrize("place", range(24))
def test_one_wrong_letter_is_noticed(place):
    code = codes.make()
    wrong = code[:place] + ("2" if code[place] != "2" else "3") + code[place + 1 :]

    assert codes.read(code) == code
    assert codes.read(wrong) == ""


def test_sending_twice_makes_one_report(client, city):
    fill(client)
    draft = {"text": TEXT, "office": "zy-dj", "who": "anonymous", "key": "k" * 32, "check": True}
    for _ in range(2):
        session = client.session
        session["draft"] = draft
        session.save()
        client.post(reverse("intake:report", args=["check"]))

    assert Report.objects.count() == 2  # the first, and one for two sendings


def test_what_others_see_of_a_photo_holds_no_metadata_and_the_original_all_its_bytes(
    client, city, bob, settings
):
    fill(client)
    attachment = Report.objects.get().attachments.get()
    original = b"".join(read(attachment.blob_id, folder=settings.VAULT))
    assert b"MarkerPhone" in original
    assert original == photo().read()
    for copy in Derivative.objects.all():
        data = b"".join(read(copy.blob_id, folder=settings.VAULT))
        assert b"Exif" not in data
        assert b"MarkerPhone" not in data
        assert not Image.open(io.BytesIO(data)).getexif()

    client.force_login(bob)
    shown = client.get(
        reverse("intake:attachment", args=[attachment.report.ref, attachment.pk, "clean"])
    )
    assert b"MarkerPhone" not in b"".join(shown.streaming_content)
    assert "sandbox" in shown["Content-Security-Policy"]


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a", b"%PDF-1.7", b""])
def test_what_is_no_photo_is_refused_in_words(client, city, content):
    upload = io.BytesIO(content)
    upload.name = "photo.jpg"

    response = answer(client, "photos", photos=upload)

    assert response.status_code == 422 or not content


def test_a_picture_of_too_many_pixels_is_refused(client, city):
    out = io.BytesIO()
    Image.new("1", (12000, 12000)).save(out, "PNG")
    out.seek(0)
    out.name = "bomb.png"

    assert "像素太多" in answer(client, "photos", photos=out).text


@pytest.mark.parametrize(
    ("step", "values", "words"),
    [
        ("what", {"text": ""}, "请写下发生了什么事"),
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


def everything():
    """Every value of every table, as one text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        parts = []
        for name in names:
            if not name.startswith("leads_incident_words"):
                cursor.execute(f'SELECT * FROM "{name}"')
                parts.append(repr(cursor.fetchall()))
    return "".join(parts)


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
