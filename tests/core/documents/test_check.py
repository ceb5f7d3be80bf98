"""Editing, citing again, and what keeps a document from being signed."""

from dataclasses import replace
from datetime import date

import pytest

from jingyi.core import rulebook
from jingyi.core.documents.check import NotSound, cite_again, edited, faults
from jingyi.core.documents.draft import draft
from tests.core.documents.papers import AUTHOR, CODE, EXHIBITS, FILE, OLD, ON

SUGGESTION = rulebook.document("suggestion")
HARM = "东津河下游三百米水体发黑。"


@pytest.fixture
def document():
    return draft(SUGGESTION, FILE, on=ON, author=AUTHOR)


def place_of(document, text):
    return next(place for place, s in document.statements() if s.text == text)


def why_not(document, on=ON):
    return [str(reason) for reason in faults(document, SUGGESTION, rulebook.instruments(), on=on)]


def test_an_edited_sentence_loses_its_mark_and_no_other_does(document):
    place = place_of(document, HARM)

    new = edited(document, {place: "东津河下游三百二十米水体发黑。"})

    assert new.uncited() == (place,)
    assert dict(new.statements())[place].exhibits == ("file:1", "file:2")  # kept as an offer
    assert why_not(document) == []
    assert why_not(new) == ["1 句改动后还没有重新引注，第一句是“东津河下游三百二十米水体发黑。”"]


def test_the_mark_is_given_again_with_an_exhibit_and_an_article(document):
    place = place_of(document, HARM)
    new = edited(document, {place: "水体发黑三百二十米。"})

    cited = cite_again(
        new, place, exhibits=(EXHIBITS["file:2"],), articles=(CODE,), on=date(2026, 8, 18)
    )

    assert cited.uncited() == ()
    assert dict(cited.statements())[place].exhibits == ("file:2",)
    assert why_not(cited) == []


@pytest.mark.parametrize(
    ("exhibits", "articles", "why"),
    [
        ((), (CODE,), "没有附证据"),
        (("event:1",), (CODE,), "没有附证据"),
        (("model:1",), (CODE,), "只能作线索，不能作证据"),
        (("file:1", "model:1"), (CODE,), "只能作线索，不能作证据"),
        (("file:1",), (), "没有引用条文"),
        (("file:1",), (OLD,), "已失效（最后一日 2026-08-14）"),
    ],
)
def test_a_mark_is_not_given_for_less(document, exhibits, articles, why):
    place = place_of(document, HARM)
    new = edited(document, {place: "水体发黑。"})

    with pytest.raises(NotSound, match=why):
        cite_again(
            new, place, exhibits=tuple(EXHIBITS[key] for key in exhibits), articles=articles,
            on=date(2026, 8, 18),
        )  # fmt: skip


def test_a_document_is_judged_again_on_the_day_it_is_signed(document):
    gone = {**rulebook.instruments()}
    gone["pil-rules"] = replace(gone["pil-rules"], in_force_to=date(2026, 9, 30))

    found = faults(document, SUGGESTION, gone, on=date(2026, 10, 1))

    assert any("已失效（最后一日 2026-09-30）" in str(reason) for reason in found)


def test_an_element_cannot_be_edited_away(document):
    fewer = replace(
        document,
        paragraphs=tuple(
            p for p in document.paragraphs if all(s.element != "period" for s in p.statements)
        ),
    )

    assert why_not(fewer) == ["缺少“整改期限”（《办案规则》第七十五条第七项）"]


def test_a_sentence_is_not_left_empty_and_nothing_changed_is_no_version(document):
    with pytest.raises(NotSound, match="改成了空句"):
        edited(document, {place_of(document, HARM): "  "})
    with pytest.raises(NotSound, match="没有改动"):
        edited(document, {place_of(document, HARM): HARM})
