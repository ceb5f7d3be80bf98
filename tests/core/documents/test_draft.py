"""A suggestion from the facts of a file: what it says, what each sentence rests on, what it refuses."""

from dataclasses import replace
from datetime import date

import pytest

from jingyi.core import rulebook
from jingyi.core.documents.draft import NotDrafted, draft, missing
from jingyi.core.documents.model import Document, Exhibit
from tests.core.documents.papers import AUTHOR, EXHIBITS, FILE, OLD, ON, with_changed, without

SUGGESTION = rulebook.document("suggestion")


def made(file=FILE, on=ON):
    return draft(SUGGESTION, file, on=on, author=AUTHOR)


def test_each_sentence_cites_its_exhibits_and_the_article_that_asks_for_it():
    statements = {s.text: s for _, s in made().statements()}

    harm = statements["东津河下游三百米水体发黑。"]
    assert harm.exhibits == ("file:1", "file:2")
    assert [c.words for c in harm.articles] == ["《办案规则》第七十五条第三项"]
    breach = statements["接到反映后四十日未予查处。"]
    assert [c.words for c in breach.articles] == [
        "《办案规则》第七十五条第四项", "《生态环境法典》第一千零七十六条",
    ]  # fmt: skip
    assert "2.查处违法排污。" in statements
    assert all(s.articles and s.cited for s in statements.values())


def test_the_document_keeps_only_the_exhibits_that_it_names():
    assert set(made().exhibits) == {"file:1", "file:2", "event:1"}


def test_a_document_reads_back_as_it_was_stored():
    document = made()

    assert Document.from_json(document.to_json()) == document


@pytest.mark.parametrize(
    ("name", "element", "article"),
    [
        ("organ", "行政机关的名称", "第七十五条第一项"),
        ("lead", "案件来源", "第七十五条第二项"),
        ("harm", "公益受到侵害的事实", "第七十五条第三项"),
        ("duty", "行政机关的职责依据", "第七十五条第四项"),
        ("breach", "不依法履行职责的事实和理由", "第七十五条第四项"),
        ("basis", "提出检察建议的法律依据", "第七十五条第五项"),
        ("ask", "建议的具体内容", "第七十五条第六项"),
        ("reply_period", "整改期限", "第七十五条第七项"),
    ],
)
def test_a_suggestion_without_one_of_the_eight_elements_is_refused(name, element, article):
    with pytest.raises(NotDrafted, match=f"缺少“{element}”（《办案规则》{article}）"):
        made(without(name))


def test_a_fact_without_an_exhibit_is_refused():
    with pytest.raises(
        NotDrafted, match="“公益受到侵害的事实”中“东津河下游三百米水体发黑。”没有附证据"
    ):
        made(with_changed("harm", exhibits=()))


def test_an_entry_of_the_file_shows_a_step_but_proves_no_harm():
    with pytest.raises(NotDrafted, match="没有附证据"):
        made(with_changed("harm", exhibits=("event:1",)))


def test_a_screening_result_is_no_proof_even_beside_proof():
    for exhibits in (("model:1",), ("file:1", "model:1")):
        with pytest.raises(NotDrafted, match="是模型筛查结果，只能作线索"):
            made(with_changed("breach", exhibits=exhibits))


def test_a_repealed_article_is_refused_for_a_fact_after_its_last_day():
    with pytest.raises(NotDrafted, match="《环境保护法》第六十四条已失效（最后一日 2026-08-14）"):
        made(with_changed("breach", articles=(OLD,), on=date(2026, 8, 15)))


def test_a_repealed_article_may_be_cited_for_a_fact_of_its_time():
    document = made(with_changed("breach", articles=(OLD,), on=date(2026, 8, 14)))

    assert any(
        c.words.startswith("《环境保护法》") for _, s in document.statements() for c in s.articles
    )


def test_an_article_not_yet_in_force_on_the_day_of_the_fact_is_refused():
    with pytest.raises(NotDrafted, match="自 2026-08-15 起施行，2026-08-14 尚未施行"):
        made(with_changed("duty", on=date(2026, 8, 14)))


def test_a_template_is_not_used_before_its_own_article_is_in_force():
    with pytest.raises(NotDrafted, match="自 2021-07-01 起施行"):
        made(on=date(2021, 6, 30))


def test_everything_that_is_missing_is_said_at_once():
    reasons = missing(SUGGESTION, replace(without("harm"), events=frozenset()), on=ON)

    assert [str(reason) for reason in reasons] == [
        "案卷里还没有作出它的前提步骤",
        "缺少“公益受到侵害的事实”（《办案规则》第七十五条第三项）",
    ]


def test_a_suggestion_is_no_document_of_the_civil_track():
    with pytest.raises(NotDrafted, match="不用于本案的诉讼类型"):
        made(replace(FILE, track="civil"))


def test_a_proof_has_a_digest_and_nothing_else_has():
    for kind, digest in (("proof", ""), ("record", "a" * 64), ("rumour", "")):
        with pytest.raises(ValueError, match="not an exhibit"):
            Exhibit("x", "x", kind, digest)
    assert EXHIBITS["file:1"].sha256
