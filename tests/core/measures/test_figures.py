"""A number with its n: never a rate of a few, and intervals that are what they say."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import rulebook
from jingyi.core.measures.figures import Period, figure, median, quarters, trend, wilson
from jingyi.core.measures.rows import made
from jingyi.core.refusal import Refusal

RATE = rulebook.measures()["reply-rate"]
DAYS = rulebook.measures()["conversion-days"]


def rows(results, values=(), on=0):
    count = len(results)
    zero = np.zeros(count, np.int64)
    value = np.array(values, np.int64) if len(values) else zero
    return made(np.arange(count), zero + on, (np.array(results, np.int64), zero), value=value)


def test_below_the_smallest_n_there_are_counts_and_no_rate():
    few = figure(RATE, rows([1] * 15 + [0] * 4 + [2] * 7))

    assert (few.n, few.hits, few.out) == (19, 15, 7)
    assert few.value is few.low is few.high is None


def test_from_the_smallest_n_on_there_is_a_rate_with_its_interval():
    found = figure(RATE, rows([1] * 16 + [0] * 4))

    assert found.value == 0.8
    # Wilson for 16 of 20
    assert (round(found.low, 4), round(found.high, 4)) == (0.5840, 0.9193)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_within_bounds(given):
    hits, n = given

    low, high = wilson(hits, n)

    assert 0 <= low <= hits / n <= high <= 1
    assert low < high


def test_a_median_has_an_interval_of_observed_values():
    assert median(list(range(1, 101))) == (50.5, 41.0, 61.0)
    assert figure(DAYS, rows([1] * 100, range(1, 101))).value == 50.5
    assert figure(DAYS, rows([1] * 19, range(1, 20))).value is None


def test_quarters_are_cut_off_at_the_day_and_follow_one_another():
    found = quarters(date(2026, 11, 20), 4)

    assert found == [
        Period(date(2026, 1, 1), date(2026, 3, 31)),
        Period(date(2026, 4, 1), date(2026, 6, 30)),
        Period(date(2026, 7, 1), date(2026, 9, 30)),
        Period(date(2026, 10, 1), date(2026, 11, 20)),
    ]


def test_a_trend_counts_each_row_in_its_own_period():
    day = date(2026, 5, 5).toordinal()
    found = trend(RATE, rows([1] * 20, on=day), quarters(date(2026, 11, 20), 4))

    assert [one.n for one in found] == [0, 20, 0, 0]
    assert [one.value for one in found] == [None, 1.0, None, None]


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(Refusal, match="早于首日"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


def test_every_measure_of_the_rulebook_warns_and_hides_small_samples():
    for measure in rulebook.measures().values():
        assert measure.smallest >= 10
        assert str(measure.silent)
        assert all(rulebook.clock(rule).id == rule for rule in measure.rules)
        assert bool(measure.rows) != bool(measure.missing)
