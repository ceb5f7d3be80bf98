"""What changed between two versions, word by word."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import rulebook
from jingyi.core.documents.compare import compare, words
from jingyi.core.documents.draft import draft
from tests.core.documents.papers import AUTHOR, FILE, ON

TEXT = st.text(alphabet="甲乙丙丁两个月15日2026年第一条ab ，。", max_size=60)


def shown(parts):
    marks = {"same": "{}", "out": "[-{}-]", "in": "[+{}+]"}
    return "".join(marks[part.op].format(part.text) for part in parts)


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ("请在两个月内回复", "请在十五日内回复", "请在[-两个月-][+十五日+]内回复"),
        ("于2026年9月1日立案", "于2026年9月11日立案", "于[-2026年9月1日-][+2026年9月11日+]立案"),
        ("依据第七十五条", "依据第七十六条", "依据第[-七十五条-][+七十六条+]".replace("第[-", "[-第").replace("[+七", "[+第七")),
        ("水体发黑。", "水体明显发黑。", "水体[+明显+]发黑。"),
        ("三处搭建物紧贴墙体", "三处搭建物", "三处搭建物[-紧贴墙体-]"),
        ("约300米", "约320米", "约[-300米-][+320米+]"),
        ("相同", "相同", "相同"),
    ],
)  # fmt: skip
def test_a_number_a_date_and_an_article_change_as_one_word(older, newer, expected):
    assert shown(words(older, newer)) == expected


def test_a_stray_character_between_two_changes_does_not_break_them_up():
    assert shown(words("沿岸的农田受损", "两岸的耕地受损")).count("[-") <= 2


@given(TEXT, TEXT)
def test_both_versions_can_be_read_out_of_the_comparison(older, newer):
    parts = words(older, newer)

    assert "".join(p.text for p in parts if p.op != "in") == older
    assert "".join(p.text for p in parts if p.op != "out") == newer


def test_a_document_compared_with_itself_has_no_change():
    document = draft(rulebook.document("suggestion"), FILE, on=ON, author=AUTHOR)

    assert not any(compared.changed for compared in compare(document, document))


def test_an_edit_a_new_paragraph_and_one_that_is_gone_are_each_told():
    older = draft(rulebook.document("suggestion"), FILE, on=ON, author=AUTHOR)
    fewer = replace(FILE, facts=tuple(f for f in FILE.facts if f.text != "岸边耕地受浸。"))
    newer = draft(rulebook.document("suggestion"), fewer, on=ON, author=AUTHOR)

    [gone] = [compared for compared in compare(older, newer) if compared.changed]
    assert shown(gone.parts) == "[-岸边耕地受浸。-]"
    [come] = [compared for compared in compare(newer, older) if compared.changed]
    assert shown(come.parts) == "[+岸边耕地受浸。+]"
