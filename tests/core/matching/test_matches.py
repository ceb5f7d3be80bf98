"""Candidates with their scores and reasons."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.matching import matches
from jingyi.core.matching.matches import Text

TEXTS = [
    Text("柳河村段河道堆放建筑垃圾", "柳河大桥下游堆了约300吨建筑垃圾。村民多次反映无人清理。"),
    Text("新华路路灯损坏", "新华路从中学到菜市场的路灯坏了两个月，晚上很不安全。"),
    Text("小区夜间施工噪声", "工地夜里两点还在打桩，老人孩子睡不着。请生态环境局查处。"),
    Text("公园里的长椅太少", "希望在人民公园多放几张长椅，方便老人休息。"),
    Text("网络平台收集个人信息", "某软件强制索取通讯录权限，涉嫌违法收集个人信息。"),
]
ASKED = Text(
    "关于清理柳河河道垃圾的建议", "柳河大桥下面有300吨左右的建筑垃圾，影响行洪。建议尽快清运。"
)


@pytest.fixture(scope="module")
def held():
    return matches.index(TEXTS)


def test_the_same_matter_comes_first_with_its_reasons(held):
    best, *others = matches.candidates(held, ASKED)

    assert best.row == 0
    assert best.offered
    assert all(best.score > one.score for one in others)
    assert "300" in best.sentences[0].text + best.sentences[1].text
    told = " ".join(map(str, best.because))
    assert "建筑垃圾" in told
    assert "数字" in told


def test_quoted_sentences_stand_where_they_are_said_to(held):
    best = matches.candidates(held, ASKED)[0]
    mine = f"{ASKED.title}\n{ASKED.body}"
    its = f"{TEXTS[0].title}\n{TEXTS[0].body}"

    for one in best.sentences:
        assert mine[slice(*one.mine)] == one.text
        assert its[slice(*one.its)] == one.other
    assert len({one.mine for one in best.sentences}) == len(best.sentences)


def test_what_has_no_counterpart_is_not_offered(held):
    found = matches.candidates(held, Text("幼儿园学费太贵", "请问民办幼儿园收费标准由谁核定？"))

    assert not any(one.offered for one in found)


def test_facts_on_record_decide_between_equal_texts():
    one = Text("河道垃圾", "河道里有垃圾", organ="水利局", region="340100", day=date(2026, 3, 1))
    other = Text("河道垃圾", "河道里有垃圾", organ="城管局", region="410100", day=date(2020, 3, 1))
    held = matches.index([other, one, Text("路灯", "路灯坏了")])
    asked = Text("河道垃圾", "河道里有垃圾", organ="水利局", region="340100", day=date(2026, 4, 1))

    best, second = matches.candidates(held, asked, top=2)

    assert (best.row, second.row) == (1, 0)
    assert [best.parts[name] > 0 for name in ("organ", "region", "day")] == [True] * 3
    assert second.parts["organ"] < 0
    assert second.parts["region"] < 0
    assert "责任机关相同" in map(str, best.because)
    assert "不在同一省份" in map(str, second.because)


def test_unknown_facts_count_neither_way(held):
    plain = matches.candidates(held, ASKED)[0]
    with_facts = matches.candidates(
        held, Text(ASKED.title, ASKED.body, "水利局", "340100", date(2026, 1, 1))
    )[0]

    assert with_facts.score == plain.score


@pytest.mark.parametrize("text", ["", "\x00\ufeff", "<script></script>", "！！！", "\ud7ff" * 9])
def test_what_says_nothing_has_no_candidates(held, text):
    assert matches.candidates(held, Text(text, text)) == []


def test_an_empty_index_has_no_candidates():
    assert matches.candidates(matches.index([]), ASKED) == []


def test_very_long_texts_are_taken():
    long = Text("河道垃圾", "河道里堆放的垃圾。请尽快清理！" * 5_000)
    held = matches.index([long, *TEXTS])

    found = matches.candidates(held, long)

    assert found[0].row == 0
    assert found[0].offered


WORDS = st.lists(st.sampled_from(["河道", "垃圾", "路灯", "噪声", "扰民", "300吨", "新华路", "，", "。"]), min_size=1, max_size=9).map("".join)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_scores_are_shares_and_do_not_depend_on_the_order(bodies, luck):
    turned = luck.sample(range(len(bodies)), len(bodies))
    texts = [Text(body=one) for one in bodies]
    straight = matches.candidates(matches.index(texts), texts[0], top=8)
    other = matches.candidates(matches.index([texts[i] for i in turned]), texts[0], top=8)

    assert all(0 <= one.score <= 1 for one in straight)
    assert sorted(round(one.score, 4) for one in straight) == sorted(
        round(one.score, 4) for one in other
    )
    by_row = {one.row: one.score for one in straight}
    for one in other:
        assert one.score == pytest.approx(by_row[turned[one.row]], abs=1e-4)
    scores = [one.score for one in straight]
    assert scores == sorted(scores, reverse=True)
    if straight:
        assert straight[0].score == pytest.approx(by_row[0], abs=1e-5)  # none is above itself


def test_many_at_once_are_as_one_by_one(held):
    asked = [ASKED, *TEXTS, Text()]
    kind = pa.large_string()
    found = matches.match(
        held.index,
        pa.array([one.title for one in asked], kind),
        pa.array([one.body for one in asked], kind),
        len(asked),
        top=3,
        workers=2,
    )

    for n, one in enumerate(asked):
        alone = matches.candidates(held, one, top=3)
        assert found.row[n][found.row[n] >= 0].tolist() == [each.row for each in alone]
        np.testing.assert_allclose(
            found.score[n][: len(alone)], [each.score for each in alone], rtol=1e-4
        )
        if alone:
            again = matches.candidate(held.index, found, n, 0)
            assert again.sentences == alone[0].sentences
