"""Which runs of readings are worth a look, and where readings are missing."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.lab import book
from jingyi.core.lab.stations import Point, episodes, gaps, rule_on

NOON = datetime(2026, 8, 3, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=4)
RULE = rule_on(book.exceedances(), NOON.date())


def series(*shares):
    """A reading every four hours; None: it cannot be told, "-": it is missing."""
    points = [
        Point(NOON + n * HOUR, None if one is None else one > 1, one or 0.0)
        for n, one in enumerate(shares)
        if one != "-"
    ]
    return episodes(points, RULE, 2.5 * HOUR)


def test_three_in_a_row_or_one_at_twice_the_limit():
    assert series(0.9, 1.2, 1.2, 0.8) == []
    assert [one.n for one in series(0.9, 1.2, 1.3, 1.1, 0.8)] == [3]
    assert [(one.n, one.worst) for one in series(0.5, 2.0, 0.5)] == [(1, 2.0)]
    assert series(1.99) == []


def test_a_gap_or_a_bound_ends_a_run():
    assert series(1.2, 1.2, None, 1.2) == []
    assert series(1.2, 1.2, "-", "-", 1.2) == []
    assert [one.n for one in series(1.2, 1.2, "-", 1.2)] == [3], "one missing reading does not"


@given(st.lists(st.sampled_from([0.5, 1.2, 2.5, None]), max_size=40))
def test_episodes_are_apart_and_only_of_what_is_over(shares):
    found = series(*shares)
    assert sum(one.n for one in found) <= sum(bool(one and one > 1) for one in shares)
    for before, after in pairwise(found):
        assert before.last < after.began


def test_gaps_are_where_more_than_two_readings_are_missing():
    times = [NOON + n * HOUR for n in (0, 1, 2, 6, 7)]
    assert gaps(times, HOUR) == [(times[2], times[3])]
