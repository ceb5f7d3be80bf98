"""Intervals that cover the truth, alarms that ring in time and seldom for nothing."""

import random
from datetime import date

import pytest
from scipy import stats

from jingyi.core.refusal import Refusal
from jingyi.core.screening.outcomes import (
    Adjudicated,
    Suppression,
    case_rate,
    drift,
    precision,
    recall,
    share,
    shown_hits,
)

DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("hits", "of"), [(0, 10), (10, 10), (3, 10), (37, 120), (600, 1798), (0, 0)]
)
def test_the_interval_is_clopper_and_pearsons(hits, of):
    found = share(hits, of)
    if of == 0:
        assert (found.low, found.high, found.value) == (0.0, 1.0, None)
        return
    exact = stats.binomtest(hits, of).proportion_ci(0.95, method="exact")
    assert found.low == pytest.approx(exact.low, abs=1e-9)
    assert found.high == pytest.approx(exact.high, abs=1e-9)


def test_precision_and_case_rate_are_of_what_was_adjudicated():
    judged = [Adjudicated(str(n), DAY, confirmed=n < 6, case=n < 2) for n in range(8)]
    assert (precision(judged).hits, precision(judged).of) == (6, 8)
    assert case_rate(judged).value == 0.25


def test_more_hits_than_there_are_is_a_defect():
    with pytest.raises(ValueError, match="5 of 4"):
        share(5, 4)


@pytest.mark.parametrize(("missed", "read"), [(0, 50), (20, 100), (60, 300), (300, 400)])
def test_the_interval_of_recall_covers_the_truth_in_simulation(missed, read):
    dice = random.Random(5)
    confirmed, unflagged, runs = 150, 4000, 600
    covered = 0
    for _ in range(runs):
        found = sum(1 for one in dice.sample(range(unflagged), read) if one < missed)
        answer = recall(confirmed, unflagged, read, found)
        covered += answer.low <= confirmed / (confirmed + missed) <= answer.high
    assert covered / runs >= 0.95


def test_a_full_reading_leaves_no_doubt():
    answer = recall(90, 1000, 1000, 10)
    assert answer.low == answer.high == answer.point == pytest.approx(0.9)


def test_no_reading_tells_nothing():
    answer = recall(90, 1000, 0, 0)
    assert (answer.point, answer.most_missed, answer.high) == (None, 1000, 1.0)


def test_drift_is_found_soon_after_it_begins_and_seldom_before():
    dice = random.Random(9)
    late, false = [], 0
    for _ in range(200):
        steady = [dice.random() < 0.6 for _ in range(100)]
        false += drift(steady, 0.6).alarmed_at is not None
        fallen = [dice.random() < 0.3 for _ in range(300)]
        late.append(drift(fallen, 0.6).alarmed_at or 10_000)
    assert false / 200 <= 0.05
    assert sorted(late)[100] <= 50
    assert max(late) <= 200


def test_a_suppression_ends_and_needs_a_reason():
    held = Suppression("a", "已核实为同号错登", date(2026, 6, 30))
    assert shown_hits(["a", "b"], [held], date(2026, 6, 30)) == ["b"]
    assert shown_hits(["a", "b"], [held], date(2026, 7, 1)) == ["a", "b"]
    with pytest.raises(Refusal, match="理由"):
        Suppression("a", "  ", DAY)
