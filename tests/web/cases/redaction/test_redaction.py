"""A covered copy from the evidence list to the download; the original stays as it was."""

import io

import docx
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from jingyi.core.reading.page import Box, Line
from jingyi.core.refusal import Refusal
from jingyi.web.cases.documents.actions import add_exhibit
from jingyi.web.cases.reading.files import file_for
from jingyi.web.cases.redaction.urls import urlpatterns
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Derivative
from jingyi.web.evidence.redaction import actions
from jingyi.web.evidence.redaction.jobs import make_copy
from jingyi.web.evidence.redaction.models import Redaction
from jingyi.web.ledger.models import Entry
from tests.engines.reading.scans import paper
from tests.web.cases import course

pytestmark = pytest.mark.django_db
NAME, MOBILE = "张晓梅", "13800138000"
WHEN = course.noon("2026-11-20")


def exhibit(case, by, data, name="举报材料.pdf"):
    blob = seal(chunks=[data], media_type="application/octet-stream", at=WHEN)
    made = add_exhibit(
        case=case, blob=blob, name=name, kind="document", source="举报人", by=by, at=WHEN
    )
    return file_for(case, f"exhibit-{made.number}")


@pytest.fixture
def file(case, alice):
    return exhibit(
        case, alice, paper(f"举报人：{NAME}，电话{MOBILE}。\n{NAME}称河水发黑。", "第二页")
    )


def begin(case, file, by, lines=None):
    return actions.begin(
        blob=file.blob, name=file.name, key=file.key, subject=f"case:{case.ref}",
        lines=lines or {}, office=case.office, by=by, at=WHEN,
    )  # fmt: skip


def at(name, case, file, *more):
    return reverse(f"redaction:{name}", args=[case.ref, file.key, *more])


def test_from_the_list_to_the_download(as_alice, case, file):
    before = file.blob.size, list(actions.vault.read(file.blob.pk, folder=actions.settings.VAULT))
    assert at("copies", case, file) in as_alice.get(reverse("reading:list", args=[case.ref])).text

    begun = as_alice.post(at("copies", case, file))
    assert begun.status_code == 303
    page = as_alice.get(begun.url).text
    assert NAME in page
    assert MOBILE in page  # proposed; nothing is ticked
    assert "checked" not in page

    assert as_alice.post(begun.url, {"ticked": [MOBILE], "more": NAME, "boxes": "2 10 10 30 5"}).status_code == 303  # fmt: skip
    page = as_alice.get(begun.url)
    assert list(page.context["words"]) == [(MOBILE, 1), (NAME, 2)]
    assert page.text.count("mark-cover") == 4
    made = as_alice.post(f"{begun.url}make/", {"looked": "on"})
    assert made.status_code == 303

    copy = as_alice.get(f"{begun.url}copy/")
    assert copy["Content-Disposition"].startswith('attachment; filename="redacted-')
    assert copy["X-Content-Type-Options"] == "nosniff"
    data = b"".join(copy.streaming_content)
    reader = PdfReader(io.BytesIO(data))
    assert [one.extract_text() for one in reader.pages] == ["", ""]
    assert not any(word.encode(how) in data for word in (NAME, MOBILE) for how in ("utf-8", "utf-16-be"))  # fmt: skip

    one = Redaction.objects.get()
    derived = Derivative.objects.get(kind="redacted")
    assert (derived.parent, derived.blob) == (file.blob, one.copy)
    entry = Entry.objects.get(kind="evidence.redacted")
    assert entry.subject == f"case:{case.ref}"
    assert NAME not in str(vars(entry))  # it tells how much, never what
    assert MOBILE not in str(vars(entry))
    assert before == (file.blob.size, list(actions.vault.read(file.blob.pk, folder=actions.settings.VAULT)))  # fmt: skip


def test_several_copies_of_one_file_stand_beside_each_other(case, file, alice):
    for word in (NAME, MOBILE):
        one = begin(case, file, alice)
        actions.choose(redaction=one, words=[word], boxes=[], lines={})
        actions.ask(redaction=one)
        actions.make(redaction=one, at=WHEN)

    assert Derivative.objects.filter(parent=file.blob, kind="redacted").count() == 2
    other = seal(chunks=[b"x"], media_type="image/jpeg", at=WHEN)
    Derivative.objects.create(parent=file.blob, kind=Derivative.THUMB, blob=other)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Derivative.objects.create(parent=file.blob, kind=Derivative.THUMB, blob=file.blob)


def test_a_long_file_is_made_by_the_worker_once(case, file, alice):
    one = begin(case, file, alice)
    actions.choose(redaction=one, words=[NAME], boxes=[], lines={})
    actions.ask(redaction=one)

    make_copy.func(one.pk)
    make_copy.func(one.pk)

    assert Entry.objects.filter(kind="evidence.redacted").count() == 1
    with pytest.raises(Refusal, match="已经生成"):
        actions.ask(redaction=Redaction.objects.get(pk=one.pk))


def test_what_was_read_on_a_scan_is_proposed_and_covered(case, alice):
    Image.new("RGB", (800, 1000), "white").save(stream := io.BytesIO(), "JPEG")
    file = exhibit(case, alice, stream.getvalue(), "扫描件.jpg")
    lines = {1: [Line(f"联系人：{NAME}", Box(0.1, 0.1, 0.8, 0.05))]}

    one = begin(case, file, alice, lines)
    assert one.proposed == [["person", NAME, 1]]
    actions.choose(redaction=one, words=[NAME], boxes=[], lines=lines)
    actions.ask(redaction=one)
    made = actions.make(redaction=one, at=WHEN)

    data = b"".join(actions.vault.read(made.copy.pk, folder=actions.settings.VAULT))
    assert Image.open(io.BytesIO(data)).convert("L").getpixel((600, 125)) < 40


def test_a_word_document(as_alice, case, alice):
    made = docx.Document()
    made.add_paragraph(f"申请人：{NAME}。")
    made.save(stream := io.BytesIO())
    file = exhibit(case, alice, stream.getvalue(), "申请书.docx")
    begun = as_alice.post(at("copies", case, file)).url

    as_alice.post(begun, {"ticked": [NAME]})
    page = as_alice.get(begun)
    assert "申请人：■■■。" in page.text
    as_alice.post(f"{begun}make/", {"looked": "on"})

    data = b"".join(as_alice.get(f"{begun}copy/").streaming_content)
    assert docx.Document(io.BytesIO(data)).paragraphs[0].text == "申请人：■■■。"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({}, "还没有选"),
        ({"more": "张"}, "至少要有 2 个字"),
        ({"boxes": "1 2 3"}, "不是一个框"),
        ({"boxes": "9 10 10 10 10"}, "没有第 9 页"),
    ],
)
def test_what_cannot_be_covered_is_said(as_alice, case, file, asked, why):
    one = begin(case, file, case.handler)
    response = as_alice.post(at("work", case, file, one.pk), asked)
    assert response.status_code == 422
    assert why in response.text


def test_nobody_makes_a_copy_unlooked_at(as_alice, case, file, alice):
    one = begin(case, file, alice)
    actions.choose(redaction=one, words=[NAME], boxes=[], lines={})
    response = as_alice.post(at("make", case, file, one.pk))
    assert response.status_code == 422
    assert "请先逐页核对" in response.text
    assert not Derivative.objects.filter(kind="redacted").exists()


def test_what_has_no_pages_is_refused_with_a_sentence(as_alice, case, alice):
    file = exhibit(case, alice, b"<svg onload='alert(1)'/>", "图.svg")
    response = as_alice.post(at("copies", case, file))
    assert response.status_code == 422
    assert "不能确定这个文件遮盖得干净" in response.text


def addresses(case, file, one):
    numbers = {"copies": [], "page": [one.pk, 1]}
    for route in urlpatterns:
        yield route.name, at(route.name, case, file, *numbers.get(route.name, [one.pk]))


def test_a_stranger_finds_nothing(client, case, file, alice, stranger):
    one = begin(case, file, alice)
    client.force_login(stranger)
    for name, address in addresses(case, file, one):
        method = client.post if name == "make" else client.get
        assert method(address).status_code == 404, name


def test_a_copy_is_found_under_its_own_file_only(as_alice, case, file, alice):
    other = exhibit(case, alice, paper("别的"), "别的.pdf")
    one = begin(case, file, alice)
    assert as_alice.get(at("work", case, other, one.pk)).status_code == 404
    assert as_alice.get(at("page", case, file, one.pk, 1))["Content-Type"] == "image/webp"
    assert as_alice.get(at("page", case, file, one.pk, 9)).status_code == 404
    assert as_alice.get(at("copy", case, file, one.pk)).status_code == 404  # not made yet


def test_a_list_of_three_asks_no_more_than_one_of_one(
    as_alice, case, file, alice, django_assert_max_num_queries
):
    begin(case, file, alice)
    as_alice.get(at("copies", case, file))
    begin(case, file, alice)
    begin(case, file, alice)
    with django_assert_max_num_queries(45):
        as_alice.get(at("copies", case, file))
