"""The pages of documents: who sees them, what they say, what they send."""

import io
import re

import docx
import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jingyi.web.cases.documents import actions
from jingyi.web.cases.documents.models import Document, Exhibit, Fact
from jingyi.web.cases.documents.urls import urlpatterns
from tests import factories
from tests.web.cases.documents.conftest import NOW, exhibit, fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(suggestion):
    """Every address of documents: (method, address)."""
    ref, fact = suggestion.case.ref, Fact.objects.first().pk

    def at(name, *more):
        return reverse(f"documents:{name}", args=[ref, *more])

    return {
        "list": ("get", at("list")),
        "draft": ("post", at("draft", "suggestion")),
        "exhibit_new": ("get", at("exhibit_new")),
        "exhibit": ("get", at("exhibit", 1)),
        "fact_new": ("get", at("fact_new")),
        "fact_withdraw": ("get", at("fact_withdraw", fact)),
        "document": ("get", at("document", 1)),
        "edit": ("get", at("edit", 1)),
        "cite": ("get", at("cite", 1, "3.0")),
        "redraft": ("post", at("redraft", 1)),
        "sign": ("post", at("sign", 1)),
        "number": ("post", at("number", 1)),
        "seal": ("post", at("seal", 1)),
        "compare": ("get", at("compare", 1)),
        "written": ("get", at("written", 1, 1, "pdf")),
    }


def test_every_address_is_tested_here(pages):
    of_leads = {"lead_list", "lead_draft"}  # tested in test_lead_papers.py
    assert {pattern.name for pattern in urlpatterns} == set(pages) | of_leads


def test_a_stranger_finds_nothing(client, pages, stranger):
    client.force_login(stranger)

    for name, (method, address) in pages.items():
        assert getattr(client, method)(address).status_code == 404, name
    assert Document.objects.get().latest == 1


def test_nobody_is_asked_to_sign_in(client, pages):
    for name, (method, address) in pages.items():
        response = getattr(client, method)(address)
        assert response.status_code == 302, name
        assert "next=" in response["Location"], name


def test_whoever_may_only_read_sees_the_pages_but_no_forms(client, pages, city):
    client.force_login(factories.person("reader", role="case-manager", office=city.office))

    text = client.get(pages["document"][1]).text
    assert "逐句依据" in text
    assert 'method="post" action="/cases/' not in text
    for name in ("edit", "cite", "exhibit_new", "fact_new", "fact_withdraw"):
        assert client.get(pages[name][1]).status_code == 404, name
    for name in ("draft", "redraft", "sign", "number", "seal"):
        assert client.post(pages[name][1]).status_code == 404, name


def test_insiders_open_every_page(as_alice, pages):
    for name, (method, address) in pages.items():
        if method == "get":
            assert as_alice.get(address).status_code == 200, name


def test_a_page_shows_each_sentence_with_its_exhibits_and_article(as_alice, pages):
    text = as_alice.get(pages["document"][1]).text

    sentence = re.search(
        r'<a class="sentence" href="#n[\d.]+">东津河下游三百米.*?</a>', text, re.DOTALL
    )[0]
    assert "证据1：现场勘验笔录.pdf" in sentence
    assert "证据2：水质检测报告.pdf" in sentence
    assert "《办案规则》第七十五条第三项" in sentence
    place = re.search(r'href="#(n[\d.]+)"', sentence)[1]
    assert f'<li id="{place}"' in text
    assert "— 1 —" in text


def test_the_list_says_what_is_missing_for_each_kind(as_alice, investigated):
    text = as_alice.get(reverse("documents:list", args=[investigated.ref])).text

    assert "缺少“公益受到侵害的事实”（《办案规则》第七十五条第三项）" in text


def test_a_draft_that_is_refused_says_so_on_the_list(as_alice, investigated):
    address = reverse("documents:draft", args=[investigated.ref, "suggestion"])
    response = as_alice.post(address)

    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert "没有生成" in response.text
    assert (
        as_alice.post(reverse("documents:draft", args=[investigated.ref, "x"])).status_code == 404
    )


def test_from_exhibit_to_sealed_pdf_by_the_pages_alone(client, investigated, alice, chief):
    client.force_login(alice)
    ref = investigated.ref

    def at(name, *more):
        return reverse(f"documents:{name}", args=[ref, *more])

    def post(name, *more, **data):
        response = client.post(at(name, *more), data)
        assert response.status_code == 303, response.text
        return response

    post("exhibit_new", file=SimpleUploadedFile("勘验.pdf", b"%PDF-"), kind="survey")
    code = "《生态环境法典》第一千零七十六条"
    for kind, text, articles in (
        ("harm", "水体发黑。", ""), ("duty", "负责监管。", code), ("breach", "未查处。", code),
        ("ask", "封堵暗管", ""),
    ):  # fmt: skip
        post("fact_new", kind=kind, text=text, on="2026-08-18", articles=articles,
             exhibits=["exhibit:1"])  # fmt: skip
    post("draft", "suggestion")
    found = Document.objects.get()
    paper = actions.paper_of(found)
    texts = {f"s{p}": s.text for p, s in paper.statements()}
    place = next(p for p, s in paper.statements() if s.text == "水体发黑。")
    post("edit", 1, version=1, **texts | {f"s{place}": "水体明显发黑。"})
    shown = client.get(at("document", 1)).text
    assert "1 句没有引注" in shown
    assert "现在不能签发" in shown
    compared = client.get(at("compare", 1)).text
    assert "水体<ins>明显</ins>发黑。" in compared
    post("cite", 1, place, version=2, exhibits=["exhibit:1"],
         articles="《办案规则》第七十五条第三项")  # fmt: skip
    assert client.post(at("sign", 1), {"version": 3}).status_code == 404  # not hers to sign
    client.force_login(chief)
    post("sign", 1, version=3)
    client.force_login(alice)
    post("number", 1, number="沚检行公建〔2026〕88号")
    post("seal", 1)

    found.refresh_from_db()
    assert found.sealed == Exhibit.objects.get(number=2)
    made = b"".join(client.get(at("exhibit", 2)).streaming_content)
    assert "沚检行公建〔2026〕88号" in pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_an_unknown_law_and_a_line_that_is_none_are_refused_at_the_field(as_alice, investigated):
    address = reverse("documents:fact_new", args=[investigated.ref])
    data = {"kind": "duty", "text": "负责监管。", "on": "2026-08-18"}
    for articles, why in (
        ("《某某法》第一条", "规则库里没有《某某法》"),
        ("第一条", "请每行写一条"),
    ):
        response = as_alice.post(address, data | {"articles": articles})
        assert response.status_code == 422
        assert why in response.text


def test_the_files_open(as_alice, pages):
    ref = Document.objects.get().case.ref
    pdf = as_alice.get(pages["written"][1])
    assert pdf["Content-Type"] == "application/pdf"
    assert len(pypdf.PdfReader(io.BytesIO(pdf.content)).pages) >= 1
    word = as_alice.get(reverse("documents:written", args=[ref, 1, 1, "docx"]))
    assert "attachment" in word["Content-Disposition"]
    assert any("检察建议书" in p.text for p in docx.Document(io.BytesIO(word.content)).paragraphs)
    assert as_alice.get(reverse("documents:written", args=[ref, 1, 9, "pdf"])).status_code == 404


def test_a_machine_without_fonts_says_what_to_install(as_alice, pages, monkeypatch, tmp_path):
    monkeypatch.setattr("jingyi.engines.typesetting.fonts.FOLDERS", (str(tmp_path),))

    response = as_alice.get(pages["written"][1])

    assert response.status_code == 422
    assert "apt install fonts-noto-cjk" in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_much_for_three_as_for_one(
    as_alice, suggestion, alice, count, django_assert_max_num_queries
):
    case = suggestion.case
    for n in range(1, count):
        exhibit(case, alice, f"照片{n}.jpg", "recording")
        fact(case, alice, "harm", f"第{n}处受损。", ("exhibit:1",))
        actions.draft_document(case=case, kind="suggestion", by=alice, at=NOW)

    with django_assert_max_num_queries(26):
        as_alice.get(reverse("documents:list", args=[case.ref]))
    with django_assert_max_num_queries(20):
        as_alice.get(suggestion.get_absolute_url())


def test_english_pages_have_english_words_around_chinese_documents(as_alice, pages):
    as_alice.cookies["django_language"] = "en"

    text = as_alice.get(pages["document"][1]).text

    assert "Procuratorial suggestion" in text
    assert "东津河下游三百米水体发黑" in text
