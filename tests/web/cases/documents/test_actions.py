"""Making, editing, citing again, signing, numbering and sealing a document."""

import io
from datetime import date

import pypdf
import pytest
from django.http import Http404

from jingyi.core.documents.check import NotSound
from jingyi.core.documents.draft import NotDrafted
from jingyi.core.refusal import Refusal
from jingyi.web.cases.actions import undo_event
from jingyi.web.cases.documents import actions
from jingyi.web.cases.documents.models import Document, Exhibit, Fact, Version
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.ledger.models import Entry
from tests.web.cases import course
from tests.web.cases.documents.conftest import NOW, exhibit, fact, law

pytestmark = pytest.mark.django_db


def place_of(document, text):
    return next(p for p, s in actions.paper_of(document).statements() if text in s.text)


def edited(document, by, was, now):
    texts = {place_of(document, was): now}
    actions.edit_document(document=document, texts=texts, version=document.latest, by=by, at=NOW)
    document.refresh_from_db()
    return document


def test_a_suggestion_is_made_of_the_facts_of_the_file(suggestion):
    told = {s.text: s for _, s in actions.paper_of(suggestion).statements()}

    assert "沚阳市水务局：" in told
    harm = told["东津河下游三百米水体发黑，氨氮超标。"]
    assert harm.exhibits == ("exhibit:1", "exhibit:2")
    period = next(s for text, s in told.items() if "两个月内依法履行职责" in text)
    assert "《检察公益诉讼解释》第二十一条第二款" in [c.words for c in period.articles]
    basis = next(text for text in told if text.startswith("根据《"))
    assert "《中华人民共和国生态环境法典》第一千零七十六条" in basis
    assert Entry.objects.filter(kind="document.drafted").count() == 1


def test_an_urgent_decision_on_file_gives_fifteen_days(proved, alice, chief):
    facts = {"asks": ["封堵"], "urgent": True}
    course.step(proved, "suggestion.decided", "2026-08-21", chief, facts=facts)

    document = actions.draft_document(case=proved, kind="suggestion", by=alice, at=NOW)

    assert place_of(document, "十五日内依法履行职责")


def test_without_its_facts_nothing_is_written_and_everything_missing_is_said(investigated, alice):
    with pytest.raises(NotDrafted) as refused:
        actions.draft_document(case=investigated, kind="suggestion", by=alice, at=NOW)

    assert "缺少“公益受到侵害的事实”（《办案规则》第七十五条第三项）" in str(refused.value)
    assert "缺少“建议的具体内容”" in str(refused.value)
    assert not Document.objects.exists()
    assert not Entry.objects.filter(kind__startswith="document").exists()


@pytest.mark.parametrize(
    ("kind", "exhibits", "articles", "why"),
    [
        ("harm", (), (), "“公益受到侵害的事实”要有证据"),
        ("harm", ("event:{event}",), (), "要有证据"),
        ("breach", ("exhibit:1",), (), "要写明法律条文"),
        ("harm", ("exhibit:2",), (), "是模型筛查结果，只能作线索"),
        ("harm", ("exhibit:9",), (), "案卷里没有这份证据"),
    ],
)
def test_a_fact_is_not_entered_without_what_it_needs(
    investigated, alice, *, kind, exhibits, articles, why
):
    exhibit(investigated, alice)
    exhibit(investigated, alice, "排污许可注销后仍排放.csv", "screening")
    event = investigated.events.first().pk
    keys = [key.format(event=event) for key in exhibits]

    with pytest.raises(Refusal, match=why):
        fact(investigated, alice, kind, "水体发黑。", keys, articles)

    assert not Fact.objects.exists()


def test_a_repealed_statute_is_refused_for_a_later_fact_and_taken_for_an_earlier_one(
    investigated, alice
):
    exhibit(investigated, alice)
    old = law("第六条", "environmental-protection-law")

    def enter(on):
        return actions.enter_fact(
            case=investigated, kind="breach", text="未予查处。", on=on,
            exhibits=["exhibit:1"], articles=[old], by=alice, at=NOW,
        )  # fmt: skip

    with pytest.raises(Refusal, match="《环境保护法》第六条已失效（最后一日 2026-08-14）"):
        enter(date(2026, 8, 15))
    assert enter(date(2026, 8, 14)).pk


def test_an_edited_sentence_is_not_signed_until_it_is_cited_again(suggestion, alice, chief):
    document = edited(suggestion, alice, "水体发黑", "东津河下游三百二十米水体发黑。")

    with pytest.raises(NotSound, match="1 句改动后还没有重新引注"):
        actions.sign_document(document=document, version=2, by=chief, at=NOW)
    actions.cite_again(
        document=document, place=place_of(document, "三百二十米"), exhibits=["exhibit:2"],
        articles=[law("第七十五条第三项", "pil-rules")], on=date(2026, 8, 18),
        version=2, by=alice, at=NOW,
    )  # fmt: skip
    document.refresh_from_db()
    actions.sign_document(document=document, version=3, by=chief, at=NOW)

    document.refresh_from_db()
    assert document.signed_by == chief
    assert [v.how for v in document.versions.order_by("n")] == [
        "drafted", "edited", "cited", "signed",
    ]  # fmt: skip
    paper = actions.paper_of(document)
    assert paper.on == date(2026, 11, 20)
    assert place_of(document, "2026年11月20日")


def test_a_screening_result_does_not_prove_an_edited_sentence(suggestion, alice):
    exhibit(suggestion.case, alice, "模型结果.csv", "screening")
    document = edited(suggestion, alice, "水体发黑", "水体发黑。")

    with pytest.raises(NotSound, match="只能作线索，不能作证据"):
        actions.cite_again(
            document=document, place=place_of(document, "水体发黑"), exhibits=["exhibit:3"],
            articles=[law("第七十五条第三项", "pil-rules")], on=None, version=2, by=alice, at=NOW,
        )  # fmt: skip


def test_a_signed_document_is_not_changed(suggestion, alice, chief):
    actions.sign_document(document=suggestion, version=1, by=chief, at=NOW)

    with pytest.raises(actions.Signed):
        edited(suggestion, alice, "水体发黑", "水体清澈。")
    assert Version.objects.count() == 2


def test_a_version_that_was_not_read_is_not_overwritten(suggestion, alice):
    edited(suggestion, alice, "水体发黑", "水体发黑。")

    texts = {place_of(suggestion, "封堵暗管"): "1.封堵。"}
    with pytest.raises(actions.DocumentChanged, match="已有第 2 版"):
        actions.edit_document(document=suggestion, texts=texts, version=1, by=alice, at=NOW)


def test_a_prosecutor_does_not_sign_what_the_chief_decides(suggestion, alice):
    with pytest.raises(Http404):
        actions.sign_document(document=suggestion, version=1, by=alice, at=NOW)


def test_a_stranger_changes_nothing(suggestion, charlie, bob):
    for stranger in (charlie, bob):
        with pytest.raises(Http404):
            actions.set_number(document=suggestion, number="x", by=stranger, at=NOW)
        with pytest.raises(Http404):
            exhibit(suggestion.case, stranger)


def test_the_number_is_quoted_and_the_pdf_sealed_as_an_exhibit(suggestion, alice, chief, settings):
    with pytest.raises(Refusal, match="签发之后才能封存"):
        actions.seal_document(document=suggestion, by=alice, at=NOW)
    actions.sign_document(document=suggestion, version=1, by=chief, at=NOW)
    actions.set_number(document=suggestion, number="沚检行公建〔2026〕88号", by=alice, at=NOW)

    sealed = actions.seal_document(document=suggestion, by=alice, at=NOW).sealed

    assert (sealed.number, sealed.kind) == (3, Exhibit.Kind.DOCUMENT)
    made = b"".join(vault.read(sealed.blob_id, folder=settings.VAULT))
    text = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert "沚检行公建〔2026〕88号" in text
    assert "证据3" not in text
    with pytest.raises(actions.Signed):
        actions.set_number(document=suggestion, number="", by=alice, at=NOW)
    with pytest.raises(actions.Signed, match="已经封存为证据3"):
        actions.seal_document(document=suggestion, by=alice, at=NOW)
    kinds = list(
        Entry.objects.filter(kind__startswith="document")
        .order_by("index")
        .values_list("kind", flat=True)
    )
    assert kinds == ["document.drafted", "document.signed", "document.numbered", "document.sealed"]  # fmt: skip


def test_the_system_gives_no_number(suggestion, chief):
    actions.sign_document(document=suggestion, version=1, by=chief, at=NOW)

    suggestion.refresh_from_db()
    assert suggestion.number == ""


def test_a_fact_is_withdrawn_for_a_reason_and_the_next_version_lacks_it(suggestion, alice):
    fact = Fact.objects.get(text="封堵暗管")
    with pytest.raises(Refusal, match="请写明撤回的理由"):
        actions.withdraw_fact(fact=fact, reason=" ", by=alice, at=NOW)
    with pytest.raises(Refusal, match="事实没有变化"):
        actions.draft_again(document=suggestion, version=1, by=alice, at=NOW)

    actions.withdraw_fact(fact=fact, reason="已由他案处理", by=alice, at=NOW)
    actions.draft_again(document=suggestion, version=1, by=alice, at=NOW)

    suggestion.refresh_from_db()
    assert not any("封堵暗管" in s.text for _, s in actions.paper_of(suggestion).statements())
    assert any("封堵暗管" in s.text for _, s in actions.paper_of(suggestion, 1).statements())


def test_an_exhibit_of_a_day_to_come_is_refused(case, alice):
    with pytest.raises(Refusal, match="还没有到"):
        actions.add_exhibit(
            case=case, blob=seal(chunks=[b"x"], media_type="text/plain", at=NOW), name="x",
            kind="document", made_on=date(2026, 12, 1), by=alice, at=NOW,
        )  # fmt: skip


def test_an_exhibit_that_is_not_what_was_sealed_keeps_a_document_from_being_signed(
    suggestion, chief, settings
):
    sealed = vault.path_of(suggestion.case.exhibits.get(number=1).blob_id, folder=settings.VAULT)
    sealed.chmod(0o600)
    sealed.write_bytes(b"something else")

    with pytest.raises(Refusal, match="与封存时不一致"):
        actions.sign_document(document=suggestion, version=1, by=chief, at=NOW)
    sealed.unlink()
    with pytest.raises(Refusal, match="不在证据库中"):
        actions.sign_document(document=suggestion, version=1, by=chief, at=NOW)
    suggestion.refresh_from_db()
    assert suggestion.signed_at is None


def test_an_exhibit_that_came_with_a_step_goes_when_the_step_is_undone(investigated, alice, chief):
    blob = seal(chunks=[b"%PDF-"], media_type="application/pdf", at=NOW)
    step = course.step(
        investigated,
        "consultation.held",
        "2026-08-21",
        alice,
        exhibit=blob,
        exhibit_name="纪要.pdf",
    )
    for kind, text, articles in (
        ("harm", "水体发黑。", ()), ("duty", "负责监管。", ("第一千零七十六条",)),
        ("breach", "未查处。", ("第一千零七十六条",)), ("ask", "封堵暗管", ()),
    ):  # fmt: skip
        fact(investigated, alice, kind, text, [f"event:{step.pk}"], articles)
    document = actions.draft_document(case=investigated, kind="suggestion", by=alice, at=NOW)
    assert "纪要.pdf（2026-08-21，与行政机关磋商）" in {
        one.name for one in actions.paper_of(document).exhibits.values()
    }

    investigated.refresh_from_db()
    undo_event(event=step, reason="重复登记", by=alice, at=NOW, version=investigated.version)

    with pytest.raises(NotSound, match="已经不在案卷里"):
        actions.sign_document(document=document, version=1, by=chief, at=NOW)
    with pytest.raises(NotDrafted, match="所附的证据已经不在案卷里"):
        actions.draft_document(case=investigated, kind="suggestion", by=alice, at=NOW)
