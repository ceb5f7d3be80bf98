"""Severity is found and taken out; intervals hold the truth; a full jury's mean stays its mean."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau

from jingyi.core.judging import means, ranking, severity
from jingyi.core.judging.scores import Scores, shares
from jingyi.core.refusal import Refusal
from tests.core.judging.juries import drawn

points = st.integers(0, 40).map(lambda n: n / 4)


def test_the_order_of_partial_juries_is_recovered_better_than_by_means():
    dice = np.random.default_rng(11)
    plain, trimmed, ours = [], [], []
    for _ in range(40):
        scores, worth, _ = drawn(dice, 18, 9, 4, lean=4.0)
        share = shares(scores, {})
        plain.append(kendalltau(worth, means.mean(scores, share)).statistic)
        trimmed.append(kendalltau(worth, means.trimmed(scores, share)[0]).statistic)
        ours.append(kendalltau(worth, ranking.rank(scores, share).value).statistic)
    assert np.mean(ours) > np.mean(plain) + 0.05
    assert np.mean(ours) > np.mean(trimmed) + 0.05


def test_severities_and_their_widths_are_found():
    scores, _, true = drawn(np.random.default_rng(3), 200, 30, 6, lean=4.0)
    found = severity.fit(scores, 0)
    assert np.corrcoef(found.severity, true)[0, 1] > 0.98
    assert found.spread == pytest.approx(true.std(), rel=0.25)
    assert found.noise == pytest.approx(2.0, rel=0.1)


def test_intervals_hold_the_true_rank_about_as_often_as_they_say():
    dice = np.random.default_rng(5)
    held = []
    for _ in range(40):
        scores, worth, _ = drawn(dice, 18, 9, 5, lean=3.0)
        found = ranking.rank(scores, shares(scores, {}))
        true = (worth[None, :] > worth[:, None]).sum(axis=1) + 1
        held.append(((true >= found.low) & (true <= found.high)).mean())
    assert 0.85 < np.mean(held) < 0.98


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(points, min_size=4, max_size=4), min_size=2, max_size=8))
def test_where_all_judge_all_the_value_is_the_mean(table):
    rows = [(f"e{e}", f"j{j}", "c", p) for e, row in enumerate(table) for j, p in enumerate(row)]
    scores = Scores.of(rows)
    found = ranking.rank(scores, shares(scores, {}))
    assert found.value == pytest.approx(np.mean(table, axis=1), abs=1e-6)
    assert np.all((found.low <= found.rank) & (found.rank <= found.high))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), points), min_size=1, max_size=30),
       st.floats(-5, 5))  # fmt: skip
def test_who_is_a_little_kinder_to_all_changes_no_order(cells, more):
    unique = {(e, j): p for e, j, p in cells}
    rows = [(f"e{e}", f"j{j}", "c", p) for (e, j), p in unique.items()]
    before = ranking.rank(Scores.of(rows), np.ones(1))
    after = ranking.rank(Scores.of([(e, j, c, p + more) for e, j, c, p in rows]), np.ones(1))
    assert after.value == pytest.approx(before.value + more, abs=1e-6)


def test_a_single_score_each_leaves_every_rank_possible():
    scores = Scores.of([("a", "j", "c", 9.0), ("b", "k", "c", 7.0), ("c", "l", "c", 5.0)])
    found = ranking.rank(scores, np.ones(1))
    assert found.rank.tolist() == [1, 2, 3]
    assert (found.low.tolist(), found.high.tolist()) == ([1, 1, 1], [3, 3, 3])
    assert not found.fits[0].linked


def test_an_entry_without_a_criterion_has_no_rank():
    rows = [(e, j, c, 5.0) for e in "ab" for j in "xy" for c in "pq" if (e, c) != ("b", "q")]
    found = ranking.rank(Scores.of(rows), np.array([0.5, 0.5]))
    assert found.rank.tolist() == [1, 0]
    assert np.isnan(found.value[1])


def test_a_halo_widens_the_intervals():
    dice = np.random.default_rng(9)
    widths = []
    for alike in (False, True):
        rows = []
        for e in range(20):
            for j in range(5):
                halo = dice.normal(0, 2)
                each = [halo if alike else dice.normal(0, 2) for _ in "pqrs"]
                rows += [
                    (f"e{e}", f"j{j}", c, e / 2 + o) for c, o in zip("pqrs", each, strict=True)
                ]
        found = ranking.rank(Scores.of(rows), np.full(4, 0.25))
        widths.append((found.high - found.low).mean())
    assert widths[1] > 1.3 * widths[0]


@pytest.mark.parametrize("rows", [[], [("a", "j", "c", 1.0), ("a", "j", "c", 2.0)]])
def test_what_cannot_be_counted_is_refused(rows):
    with pytest.raises(Refusal):
        Scores.of(rows)


@pytest.mark.parametrize("weights", [{"x": 1.0}, {"c": 0.0}, {"c": float("nan")}])
def test_weights_that_fit_no_criterion_are_refused(weights):
    with pytest.raises(Refusal):
        shares(Scores.of([("a", "j", "c", 1.0)]), weights)
