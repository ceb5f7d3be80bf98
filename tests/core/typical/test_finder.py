"""The finder ranks planted good cases high among generated ones, and says why and what is missing."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.typical.book import book
from jingyi.core.typical.drafting import begin, lacks
from jingyi.core.typical.finder import Told, find
from jingyi.core.typical.likeness import Shelf

GOOD, ORDINARY = 6, 200
LETTERS = [chr(c) for c in range(0x4E00, 0x5200)]


class Draw:
    """Generated cases: letters are drawn, so that no name can matter."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.themes = ["".join(self.random.choices(LETTERS, k=400)) for _ in range(12)]

    def text(self, theme):
        told = self.themes[theme]
        at = [self.random.randrange(len(told) - 20) for _ in range(15)]
        return "".join(told[i : i + 20] for i in at) + "".join(self.random.choices(LETTERS, k=40))

    def some(self, names, share):
        return frozenset(name for name in sorted(names) if self.random.random() < share)

    def case(self, key, *, theme, much):
        """`much` is how likely each step, effect and point is on file."""
        track = self.random.choice(["administrative", "civil"])
        steps = [min(s.events) for s in book().steps.values() if track in s.tracks]
        articles = self.some({"第一条", "第二条", "第三条"}, 0.5)
        return Told(
            key, self.text(theme), track, self.random.choice("abcd"), self.some(steps, much),
            self.some(book().effects, much), self.some({"contested", "many-organs"}, much / 2), articles,
        )  # fmt: skip

    def good(self, key):
        """New, whole, effective, and on a point of law: as the issue asks, nothing more."""
        case = self.case(key, theme=self.random.choice([10, 11]), much=0.9)
        article = f"第{self.random.randrange(100, 999)}条"
        points = frozenset({self.random.choice(["contested", "many-organs"])})
        return replace(case, articles=frozenset({article}), points=points)


@pytest.mark.parametrize("seed", range(5))
def test_planted_good_cases_are_ranked_high(seed):
    draw = Draw(seed)
    themes = [draw.random.randrange(10) for _ in range(ORDINARY)]
    cases = [
        draw.case(f"c{n:03}", theme=theme, much=draw.random.uniform(0.1, 0.75))
        for n, theme in enumerate(themes)
    ]
    cases += [draw.good(f"g{n}") for n in range(GOOD)]
    draw.random.shuffle(cases)
    published = [(f"第{n}号", draw.text(n)) for n in range(8)]
    first = [one.key for one in find(cases, published)][: 2 * GOOD]
    assert sum(key.startswith("g") for key in first) >= GOOD - 1
    assert sum(key.startswith("g") for key in first[:GOOD]) >= GOOD - 2


def told(**values):
    given = {
        "key": "a", "text": "河道排污口整治一案到底", "track": "administrative", "domain": "eco-env",
        "events": frozenset({"suggestion.served"}), "effects": frozenset({"rectified"}),
        "points": frozenset(), "articles": frozenset(),
    }  # fmt: skip
    return Told(**given | values)


def test_a_copy_of_a_published_case_is_no_news_and_says_of_which():
    found = find([told()], [("另一件", "食品标签虚假标注"), ("旧案", told().text)])[0]
    assert found.parts["novelty"].share == 0
    assert "旧案" in str(found.parts["novelty"].reasons[0])
    assert any("要写出有什么不同" in str(gap) for gap in found.gaps)


def test_without_anything_published_novelty_is_not_counted():
    one = find([told()], [])[0]
    assert one.parts["novelty"].share is None
    assert "不计入总分" in str(one.parts["novelty"].reasons[0])
    rest = [(name, part) for name, part in one.parts.items() if part.share is not None]
    weight = {name: book().criteria[name].weight for name, _ in rest}
    mean = sum(weight[name] * part.share for name, part in rest) / sum(weight.values())
    assert one.score == pytest.approx(100 * mean)


def test_what_is_missing_is_listed():
    gaps = [str(gap) for gap in find([told()], [])[0].gaps]
    assert "卷里没有“结案后回头看”的记录。" in gaps
    assert "没有“回头看确认成果保持”的记录。" in gaps
    assert not any("诉讼请求" in gap for gap in gaps)  # no suit in this track
    assert any("条文" in gap for gap in gaps)


def test_a_rare_article_is_named():
    usual = [told(key=f"k{n}", articles=frozenset({"第一条"})) for n in range(30)]
    rare = told(key="z", articles=frozenset({"第九条"}))
    part = next(one for one in find([*usual, rare], []) if one.key == "z").parts["law"]
    assert "少见的条文：第九条。" in [str(reason) for reason in part.reasons]


@given(st.sets(st.sampled_from(sorted(book().effects))), st.sampled_from(sorted(book().effects)))
def test_more_on_file_never_lowers_a_case(effects, more):
    less, grown = told(effects=frozenset(effects)), told(effects=frozenset(effects | {more}))
    assert find([grown], [])[0].score >= find([less], [])[0].score
    assert 0 <= find([less], [])[0].score <= 100


@given(st.text(alphabet="河道排污整治案件", max_size=30))
def test_a_text_is_nearest_to_itself(text):
    shelf = Shelf(["甲乙丙丁戊己", text])
    place, share = shelf.nearest(text)
    if len(text) > 1:
        assert place == 1
        assert share == pytest.approx(1)
    else:
        assert share == 0


def test_a_draft_begins_from_the_file_and_says_what_it_lacks():
    begun = begin(
        ["暗管排污", "水质超标。"], [(date(2026, 3, 2), "送达"), (date(2026, 1, 5), "立案")]
    )
    assert begun == {
        "facts": "暗管排污。水质超标。",
        "work": "2026年1月5日，立案。2026年3月2日，送达。",
    }
    told = [str(one) for one in lacks(begun)]
    assert "草稿没有写“典型意义”。" in told
    assert "“基本案情”只有 10 字，至少要 100 字才说得清。" in told
    whole = {name: "字" * section.least for name, section in book().sections.items()}
    assert lacks(whole) == []
