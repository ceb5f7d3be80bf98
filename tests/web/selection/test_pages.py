"""The pages: strangers find nothing, judges only their sheets, the public the result and the column."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from jingyi.web.selection.actions import counting, voting
from jingyi.web.selection.models import Edition, Entry, Issue, Seat
from tests import factories
from tests.factories import AT
from tests.web.selection.conftest import PNG, RULES, WORTH, score_all

SENT = RULES | {"criteria": "质效=60\n创新=40", "closes_on": "2026-09-30"}


@pytest.fixture
def time_machine_at(monkeypatch):
    """Return a way to set what the pages take for now."""

    def at(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        monkeypatch.setattr(timezone, "localdate", lambda value=None: (value or moment).date())

    return at


@pytest.fixture(autouse=True)
def now(time_machine_at):
    return time_machine_at(AT)


def staff_pages(edition):
    entry = Entry.objects.filter(edition=edition).first()
    seat = Seat.objects.first()
    pages = [f"/selection/{edition.pk}/", f"/selection/{edition.pk}/jury/",
             f"/selection/{edition.pk}/change/", f"/selection/{edition.pk}/column/"]  # fmt: skip
    pages += [f"/selection/entries/{entry.pk}/"] if entry else []
    pages += [f"/selection/files/{entry.materials.first().pk}/"] if entry else []
    return pages + ([f"/selection/sheets/{seat.pk}/"] if seat else [])


def test_strangers_find_nothing(client, city, scoring, charlie):
    other = factories.person("other", role="chief", office=city.elsewhere)
    for who in (other, charlie, factories.person("judge9", role="judge", office=city.elsewhere)):
        client.force_login(who)
        found = {page: client.get(page).status_code for page in staff_pages(scoring)}
        assert set(found.values()) == {404}, found
        for what in ("open", "close", "seat", "scoring", "count", "decide", "x"):
            assert client.post(f"/selection/{scoring.pk}/do/{what}/").status_code == 404
        assert client.post(f"/selection/{scoring.pk}/vouchers/", {"n": 1}).status_code == 404
        assert client.post(f"/selection/{scoring.pk}/enter/", {"brand": 1}).status_code == 404


def test_a_district_sees_the_selection_above_it_and_only_its_own_entries(client, city, scoring):
    client.force_login(factories.person("east", role="department-head", office=city.east))
    page = client.get(f"/selection/{scoring.pk}/").text
    assert "品牌2" in page
    assert "品牌0" not in page
    mine = Entry.objects.get(brand__office=city.east)
    assert client.get(f"/selection/entries/{mine.pk}/").status_code == 200
    assert client.get(f"/selection/entries/{mine.pk - 1}/").status_code == 404
    assert client.post(f"/selection/{scoring.pk}/do/count/").status_code == 404


def test_a_prosecutor_of_the_office_sees_but_does_not_run(client, scoring, alice):
    client.force_login(alice)
    page = client.get(f"/selection/{scoring.pk}/").text
    assert "品牌0" in page
    assert "评分进度" not in page
    assert client.post(f"/selection/{scoring.pk}/do/count/").status_code == 404
    assert client.get(f"/selection/{scoring.pk}/jury/").status_code == 404


def test_a_judge_sees_own_sheets_and_no_totals(client, scoring, judges):
    client.force_login(judges[0])
    mine = Seat.objects.filter(juror__person=judges[0])
    other = Seat.objects.exclude(juror__person=judges[0]).first()
    page = client.get("/selection/sheets/").text
    assert page.count("待评") == mine.count()
    seat = mine.first()
    assert client.get(f"/selection/sheets/{other.pk}/").status_code == 404
    wrong = client.post(f"/selection/sheets/{seat.pk}/", {"c0": 200, "c1": 5})
    assert wrong.status_code == 422
    sent = {"c0": 91.5, "c1": 80, "confidence": "high", "comment": ""}
    assert client.post(f"/selection/sheets/{seat.pk}/", sent).status_code == 303
    seat.refresh_from_db()
    assert seat.points == {"质效": 91.5, "创新": 80}
    material = seat.entry.materials.first()
    answer = client.get(f"/selection/files/{material.pk}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    left = mine.count() - 1
    assert client.get("/selection/sheets/").text.count("待评") == left
    assert (
        client.post(f"/selection/sheets/{mine.last().pk}/recuse/", {"why": "同门"}).status_code
        == 303
    )


def test_a_blind_sheet_does_not_name_the_office(client, scoring, judges):
    Edition.objects.update(blind=True)
    client.force_login(judges[0])
    seat = (
        Seat.objects.filter(juror__person=judges[0]).select_related("entry__brand__office").first()
    )
    assert seat.entry.brand.office.name not in client.get(f"/selection/sheets/{seat.pk}/").text


def test_from_rules_to_the_jury_by_its_pages(client, city, chief, nominees, judges):
    client.force_login(chief)
    sent = {k: v for k, v in SENT.items() if v is not False} | {"office": city.office.pk}
    assert client.post("/selection/new/", sent | {"criteria": "质效"}).status_code == 422
    assert client.post("/selection/new/", sent).status_code == 303
    edition = Edition.objects.get()
    url = f"/selection/{edition.pk}/"
    assert (
        client.post(
            f"{url}change/", {k: v for k, v in sent.items() if k != "office"} | {"about": "说明"}
        ).status_code
        == 303
    )
    assert client.post(f"{url}do/close/").status_code == 422
    assert client.post(f"{url}do/open/").status_code == 303
    for brand in nominees:
        assert client.post(f"{url}enter/", {"brand": brand.pk}).status_code == 303
        entry = Entry.objects.get(brand=brand)
        at = f"/selection/entries/{entry.pk}/"
        assert client.post(f"{at}send/").status_code == 422
        client.post(f"{at}write/", {"write-statement": "事迹" * 60, "write-effect": "成效" * 20})
        client.post(f"{at}file/", {"file-file": SimpleUploadedFile("a.png", PNG)})
        assert "还缺什么" not in client.get(at).text
        assert client.post(f"{at}send/").status_code == 303
        assert client.post(f"{at}answer/", {"answer-accept": "no"}).status_code == 422
        assert client.post(f"{at}answer/", {"answer-accept": "yes"}).status_code == 303
        assert client.post(f"{at}nothing/").status_code == 404
    assert client.post(f"{url}do/close/").status_code == 303
    away = factories.person("away", role="prosecutor", office=city.elsewhere)
    assert client.post(f"{url}jury/", {"person": away.pk}).status_code == 422
    assert client.post(f"{url}jury/", {"person": judges[0].pk}).status_code == 303
    assert client.post(f"{url}jury/", {"dismiss": edition.jurors.get().pk}).status_code == 303
    near = [factories.person(f"near{n}", role="judge", office=city.office) for n in range(4)]
    assert client.post(f"{url}jury/", {"person": near[0].pk}).status_code == 303
    page = client.get(f"{url}jury/").text
    assert page.count("同一单位") == 2
    assert client.post(f"{url}jury/", {"dismiss": edition.jurors.get().pk}).status_code == 303
    assert not edition.jurors.exists()


def test_the_public_votes_sees_the_result_and_objects(client, scoring, chief):
    codes = voting.issue(edition=scoring, n=2, by=chief, at=AT)
    vote = f"/selection/{scoring.pk}/vote/"
    notice = f"/selection/{scoring.pk}/notice/"
    assert client.get(notice).status_code == 404
    page = client.post(vote, {"code": codes[0], "choices": ["1", "2"]})
    secret = page.context["secret"]
    assert client.post(vote, {"code": codes[0], "choices": ["1"]}).status_code == 422
    score_all(scoring, WORTH)
    counting.count(edition=scoring, by=chief, at=AT)
    assert client.get(vote).status_code == 404
    page = client.get(notice).text
    assert "稳定" in page
    assert "品牌0" in page
    assert "您的选票已计入" in client.post(notice, {"secret": secret}).text
    assert "没有找到" in client.post(notice, {"secret": "0" * 32}).text
    file = client.get(f"/selection/{scoring.pk}/ballots.jsonl")
    assert len(file.content.splitlines()) == 1
    sent = {"name": "某人", "contact": "138-0013-8000", "text": "有依据"}
    assert client.post(f"{notice}object/", {"name": ""}).status_code == 422
    assert client.post(f"{notice}object/", sent).status_code == 303
    assert "138-0013-8000" not in client.get(notice).text
    client.force_login(chief)
    assert "138-0013-8000" in client.get(f"/selection/{scoring.pk}/").text
    objection = scoring.objections.get()
    answer = f"/selection/objections/{objection.pk}/"
    assert client.post(answer, {"upheld": "no"}).status_code == 422
    assert client.post(answer, {"upheld": "no", "text": "查无此事"}).status_code == 303
    client.logout()
    assert "查无此事" in client.get(notice).text


def test_the_column_appears_at_its_moment(client, decided, chief, time_machine_at):
    first = decided.counts.last().result["certificate"]["chosen"][0]
    entry = Entry.objects.get(edition=decided, number=int(first))
    client.force_login(chief)
    picture = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "PNG")
    sent = {
        "entry": entry.pk, "number": 1, "headline": "这一期带您看河", "note": "编者按", "text": "正文",
        "appears_at": "2026-09-20T08:00", "picture": SimpleUploadedFile("p.png", picture.getvalue()),
    }  # fmt: skip
    edit = f"/selection/{decided.pk}/column/"
    assert client.post(edit, sent).status_code == 303
    client.logout()
    issue = Issue.objects.get()
    at = f"/selection/column/{issue.pk}/"
    time_machine_at(AT + timedelta(days=8))
    assert [
        client.get(url).status_code for url in (at, f"{at}picture.jpg", f"{at}certificate.pdf")
    ] == [404] * 3
    assert "看河" not in client.get("/selection/column/").text
    time_machine_at(AT + timedelta(days=40))
    page = client.get(at)
    assert "①" in page.text
    assert "编者按" in page.text
    assert len(page.content) < 100_000
    assert client.get(f"{at}picture.jpg").headers["Content-Type"] == "image/jpeg"
    assert "看河" in client.get("/selection/column/feed.atom").text
    pdf = client.get(f"{at}certificate.pdf")
    words = PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert entry.brand.name in words.replace(" ", "")
    other = Entry.objects.filter(edition=decided, number=4).get()
    client.force_login(chief)
    assert client.post(edit, sent | {"entry": other.pk, "picture": ""}).status_code == 422


def test_lists_ask_few_questions(client, scoring, chief, django_assert_max_num_queries):
    client.force_login(chief)
    with django_assert_max_num_queries(40):
        client.get(f"/selection/{scoring.pk}/")
    with django_assert_max_num_queries(40):
        client.get(f"/selection/{scoring.pk}/jury/")
