"""Where replies and exhibits disagree: planted contradictions, clean replies, exact units."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import verification_book
from jingyi.core.contradictions import Claim, Shown, contradictions, metres
from jingyi.core.figures import converted, figures_in, number
from tests.core.replies.generator import KINDS, han, reply

RULES = verification_book.contradictions()
UNITS = st.sampled_from(RULES.units)
AMOUNTS = st.fractions(min_value=0, max_value=10**9, max_denominator=10**4)
SEEDS = st.integers(0, 10**9)


@given(AMOUNTS, UNITS, UNITS)
def test_units_convert_there_and_back_without_a_loss(amount, one, other):
    if one.dimension == other.dimension:
        assert converted(converted(amount, one, other), other, one) == amount


def test_what_measures_another_thing_is_not_converted():
    one, other = (next(u for u in RULES.units if u.dimension == d) for d in ("area", "mass"))

    with pytest.raises(ValueError, match="area is not mass"):
        converted(Fraction(1), one, other)


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read(n):
    assert number(han(n)) == n


@pytest.mark.parametrize(
    ("text", "base", "about"),
    [
        ("清理三十亩", "20000", False),
        ("约2.5万元", "25000", True),
        ("1,200平方米左右", "1200", True),
        ("二十三点五公顷", "235000", False),
        ("10余万元", "100000", True),
        ("三万五千元", "35000", False),
        ("一千二百零五吨", "1205000", False),
        ("两公里", "2000", False),
    ],
)
def test_a_figure_is_read_in_its_unit(text, base, about):
    (one,) = figures_in(text, RULES.units, RULES.words["about"])

    assert (one.base, one.about) == (Fraction(base), about)


@pytest.mark.parametrize(
    "text", ["第三人民法院", "3个月", "一方面", "2026年3月1日", "处理", "三处罚"]
)
def test_what_is_no_quantity_is_not_read(text):
    assert figures_in(text, RULES.units) == []


@given(SEEDS)
def test_a_consistent_reply_yields_nothing(seed):
    assert contradictions([reply(seed)], RULES) == []


@given(SEEDS, st.sampled_from(KINDS))
def test_both_sides_are_quoted_as_they_stand(seed, kind):
    for one in contradictions([reply(seed, kind)], RULES):
        for quote in (one.one, one.other):
            assert "".join(quote.marked) == quote.text
            assert 0 <= quote.start <= quote.end <= len(quote.text)


@pytest.mark.parametrize("kind", KINDS)
def test_planted_contradictions_are_found(kind):
    """The share itself is in docs/rooms/verification.md, measured on other seeds."""
    found = [contradictions([reply(seed, kind)], RULES) for seed in range(40)]

    assert sum(any(one.kind == kind for one in each) for each in found) >= 36


CLAIM = Claim(1, "清理垃圾30亩", "done", "已于2026年4月2日清理2公顷。", date(2026, 4, 10))
PAPER = Shown("附件1", "paper", "验收单：30亩")


def test_the_same_area_in_another_unit_is_no_contradiction():
    assert contradictions([_with(PAPER)], RULES) == []


def test_another_area_is_and_both_figures_are_quoted():
    (one,) = contradictions([_with(Shown("附件1", "paper", "验收单：12亩"))], RULES)

    assert (one.kind, one.one.marked[1], one.other.marked[1]) == ("figure", "2公顷", "12亩")
    assert str(one.because) == "回复写“2公顷”，附件写“12亩”"


def test_a_claim_of_less_needs_no_exhibit():
    assert (
        contradictions([Claim(1, "清理", "partly", "正在清理。", date(2026, 4, 10))], RULES) == []
    )


def test_a_degree_of_latitude_is_111_kilometres():
    assert round(metres((117.0, 33.0), (117.0, 34.0))) == 111_195


def _with(*shown):
    return Claim(1, CLAIM.demand, CLAIM.said, CLAIM.text, CLAIM.replied_on, shown=shown)
