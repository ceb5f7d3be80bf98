"""A brand's life, doubt in a figure, faults with their thresholds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import brands
from jingyi.core.brands import Told
from jingyi.core.refusal import Refusal

DAY = date(2026, 11, 20)
GOOD = Told("护" * 30, 3, 2, date(2026, 10, 1), "")


def test_a_life_goes_step_by_step():
    for before, to in [
        ("cultivating", "creating"),
        ("creating", "selecting"),
        ("selecting", "promoting"),
        ("promoting", "keeping"),
        ("keeping", "joined"),
    ]:
        brands.move(before, to)
    with pytest.raises(Refusal, match="培育"):
        brands.move("cultivating", "promoting")
    for over in ("ended", "joined"):
        for stage in brands.book().stages:
            with pytest.raises(Refusal):
                brands.move(over, stage)


def test_a_figure_stands_only_while_the_count_is_the_same():
    assert brands.doubt(1928, 1928) is None
    assert "1,928" in str(brands.doubt(1928, 1927))
    assert brands.doubt(0, 1) is not None


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        (GOOD, []),
        (Told("护" * 29, 3, 2, DAY, ""), ["vague"]),
        (Told("护" * 30, 2, 2, DAY, ""), ["vague"]),
        (Told("护" * 30, 3, 1, DAY, ""), ["channel"]),
        (Told("护" * 30, 3, 2, date(2026, 5, 21), ""), []),
        (Told("护" * 30, 3, 2, date(2026, 5, 20), ""), ["upkeep"]),
    ],
)
def test_faults_begin_at_their_thresholds(told, kinds):
    assert [kind for kind, _why in brands.faults(told, on=DAY)] == kinds


@given(st.text(), st.text())
def test_likeness_is_a_share_and_goes_both_ways(one, other):
    assert 0 <= brands.alike(one, other) == brands.alike(other, one) <= 1


def test_brands_told_in_the_same_words_are_alike():
    words = ["守护一河清水，护航美好生活", "守护一河清水，护航幸福生活", "古城墙下的法治故事"]
    assert [(i, j) for i, j, _share in brands.alikes(words)] == [(0, 1)]
