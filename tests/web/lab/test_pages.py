"""Every page of the laboratory: what its people see and do, and that a stranger sees nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from jingyi.web.lab.actions import commissioning, measuring, verifying
from jingyi.web.lab.models import Commission, Request, Sample, Worksheet
from tests.web.lab import bench
from tests.web.lab.bench import AT, ON

pytestmark = pytest.mark.django_db
TEXTS = ("1.60", "1.55", "<0.025")


@pytest.fixture
def sheet(method, device, taken, analyst):
    return bench.sheet(method, device, taken, analyst, TEXTS)


@pytest.fixture
def verified(sheet, analyst, verifier):
    measuring.submit(sheet=sheet, by=analyst, at=AT)
    verifying.verify(sheet=sheet, by=verifier, at=AT)
    return sheet


@pytest.fixture
def sent(taken, alice):
    return commissioning.commission(
        sample=taken[0], item="ammonia-nitrogen", body="沚阳市环境监测中心", sent_on=ON, by=alice, at=AT
    )  # fmt: skip


@pytest.fixture
def values(wanted, point, taken, sheet, method, device, sent, case):  # noqa: PLR0917
    control = sheet.controls.first()
    return {
        "ref": {
            "request": wanted.ref, "plan": wanted.ref, "close": wanted.ref, "reopen": wanted.ref,
            "labels": wanted.ref, "hand_over": wanted.ref, "send": wanted.ref, "report": wanted.ref, "report_pdf": wanted.ref,
            "into_case": wanted.ref, "about_case": case.ref, "about_incident": case.incidents.first().ref,
        },
        "number": {
            "sent_report": sent.pk, "cite": sent.pk, "unplan": point.pk, "take": point.pk,
            "sample": taken[0].number, "custody": taken[0].number, "label": taken[0].number, "picture": taken[0].number, "capture": taken[0].number,
            "method": method.pk, "new_kit": method.pk, "new_material": method.pk,
            "retire_method": method.pk, "device": device.pk, "check": device.pk,
            "calibrate": device.pk, "retire_device": device.pk, "drop": control.pk,
        },
        "sheet": sheet.ref,
    }  # fmt: skip


def address(name, pattern, values):
    given = {}
    for key in pattern.pattern.converters:
        if key == "ref":
            given[key] = values["ref"].get(name, values["sheet"])
        elif key == "number":
            given[key] = values["number"][name]
        elif key == "method":
            given[key] = values["number"]["method"]
        else:
            given[key] = {"photo": 1, "kind": "opened" if name == "custody" else "spike"}[key]
    return reverse(f"lab:{name}", kwargs=given)


LAB = next(one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "lab")
NAMES = {one.name: one for one in LAB.url_patterns if getattr(one, "name", None)}
OPEN = {"home", "figures", "requests", "scan", "worksheets", "register", "receive"}


def test_a_stranger_finds_nothing(client, city, values, stranger):
    client.force_login(stranger)
    for name in sorted(NAMES):
        path = address(name, NAMES[name], values)
        answers = {client.get(path).status_code, client.post(path).status_code}
        if name in OPEN and stranger.username != "admin":
            assert answers <= {200, 303, 405, 422}, f"{name}: {answers}"
            assert bench_words(values) not in client.get(path).content.decode(), name
        else:
            assert answers <= {404, 405}, f"{name}: {answers}"
            assert 404 in answers, name


def bench_words(values):
    return values["ref"]["request"]


READ = [name for name in NAMES if name in {
    "home", "figures", "requests", "request", "labels", "report", "sample", "label", "scan",
    "worksheets", "worksheet", "register", "method", "device", "about_case", "about_incident",
}]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(as_alice, values, verified, language):
    as_alice.cookies["django_language"] = language
    for name in READ:
        answer = as_alice.get(address(name, NAMES[name], values))
        assert answer.status_code == 200, name
        assert "{" not in answer.content.decode().partition("<main")[2].replace("{&quot;", "")


def test_asking_for_a_test(as_alice, case):
    path = f"{reverse('lab:new')}?case={case.ref}"
    assert "GB 3838-2002" in as_alice.get(path).content.decode()
    path += "&standard=gb3838-2002"
    page = as_alice.get(path).content.decode()
    assert "高锰酸盐指数" in page
    given = {
        "standard": "gb3838-2002", "purpose": "lead", "question": "是否超Ⅲ类", "level": "2",
        "items": ["cod"], "when_body": "river",
    }  # fmt: skip
    assert as_alice.post(path, {**given, "items": []}).status_code == 422
    answer = as_alice.post(path, given)
    made = Request.objects.get()
    assert answer.status_code == 303
    assert answer.url == made.get_absolute_url()
    assert (made.case, made.items, made.conditions) == (case, ["cod"], {"body": "river"})


def test_taking_a_sample_on_a_phone(as_alice, point, second):
    path = reverse("lab:take", args=[point.pk])
    page = as_alice.get(path).content.decode()
    assert "硫酸" in page, "how to keep it is said"
    given = {
        "kind": "normal", "seal": "F1", "second": second.username, "taken_at": "2026-08-30T09:00",
        "lon": "117.11", "lat": "33.91", "accuracy_m": "8", "temperature": "4",
    }  # fmt: skip
    assert as_alice.post(path, {**given, "seal": ""}).status_code == 422
    assert as_alice.post(path, {**given, "taken_at": "2099-01-01T00:00"}).status_code == 422
    answer = as_alice.post(path, given)
    made = Sample.objects.get()
    assert answer.url == reverse("lab:sample", args=[made.number])
    assert (made.accuracy_m, made.lon) == (8, 117.11)
    label = as_alice.get(reverse("lab:label", args=[made.number])).content.decode()
    assert made.number in label
    assert point.name not in label, "a label does not tell where a sample is from"


def test_a_sample_is_found_by_its_number(as_alice, taken):
    number = taken[0].number
    scan = reverse("lab:scan")
    for typed in (number, f"{number[:3]} {number[3:]}".lower(), f"http://office/lab/s/{number}"):
        assert as_alice.get(scan, {"number": typed}).url == reverse("lab:sample", args=[number])
    wrong = ("2" if number[0] != "2" else "3") + number[1:]
    assert "不是样品编号" in as_alice.get(scan, {"number": wrong}).content.decode()


def test_a_worksheet_filled_on_its_page(client, method, device, taken, analyst, verifier):  # noqa: PLR0917
    bench.hand(taken, taken[0].first, analyst)
    client.force_login(analyst)
    begin = reverse("lab:begin", args=[method.pk])
    given = {
        "device": device.pk,
        "on": "2026-09-01",
        "samples": [one.number for one in taken],
        "intact": "yes",
    }
    answer = client.post(begin, given)
    assert answer.status_code == 303, answer.context["form"].errors
    sheet = Worksheet.objects.get()
    assert answer.url == sheet.get_absolute_url()
    control = reverse("lab:control", args=[sheet.ref, "method-blank"])
    assert client.post(control, {"value": "低"}).status_code == 422
    assert client.post(control, {"value": "0.04"}).status_code == 303
    write = reverse("lab:write", args=[sheet.ref])
    names = [f"r{one.pk}" for one in sheet.results.all()]
    assert client.post(write, {names[0]: "很多"}).status_code == 422
    client.post(write, dict(zip(names, TEXTS, strict=True)))
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "方法空白" in page
    assert "扣住" in page
    client.post(reverse("lab:submit", args=[sheet.ref]))
    verify = reverse("lab:verify", args=[sheet.ref])
    client.post(verify)
    assert Worksheet.objects.get().state == "submitted", "not by the analyst"
    client.force_login(verifier)
    assert client.post(verify).status_code == 303
    assert Worksheet.objects.get().state == "verified"


def test_a_report_entered_on_the_page_and_cited(as_alice, sent, case):
    path = reverse("lab:sent_report", args=[sent.pk])
    file = SimpleUploadedFile("r.pdf", b"%PDF-1.7 x", "application/pdf")
    given = {
        "number": "沚监118", "cma": "2112345", "issued_on": "2026-09-01", "over": "yes",
        "value": "1.58", "unit": "mg/L",
    }  # fmt: skip
    assert as_alice.post(path, given).status_code == 422, "the paper itself is asked for"
    assert as_alice.post(path, {**given, "file": file}).status_code == 303
    assert Commission.objects.get().state == "confirmed_over"
    as_alice.post(reverse("lab:cite", args=[sent.pk]))
    assert case.exhibits.get().kind == "test-report"


def test_the_report_is_a_pdf_and_a_lead_only_in_the_case(as_alice, wanted, verified, case):
    pdf = as_alice.get(reverse("lab:report_pdf", args=[wanted.ref]))
    assert pdf.content.startswith(b"%PDF")
    as_alice.post(reverse("lab:into_case", args=[wanted.ref]))
    assert case.exhibits.get().kind == "quick-test"


def test_a_list_asks_as_much_for_three_as_for_one(as_alice, case, alice, django_assert_max_num_queries):  # fmt: skip
    for _ in range(3):
        bench.request(case, alice)
    with django_assert_max_num_queries(14):
        as_alice.get(reverse("lab:requests"))
