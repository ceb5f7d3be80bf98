"""What came back after a case ended, and after how many days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jingyi.core.places.recurrence import Ended, Told, followed, remembered

ON = date(2026, 11, 20)
HERE, NEAR, FAR = (122.9, 33.6), (122.903, 33.6), (122.91, 33.6)  # 280 and 930 metres away


def test_the_first_later_matter_of_the_domain_that_is_not_the_cases_own():
    case = Ended("c1", "eco-env", date(2025, 1, 1), frozenset({"own"}), where=HERE)
    told = [
        Told("before", "eco-env", date(2024, 12, 31), HERE),
        Told("same-day", "eco-env", date(2025, 1, 1), HERE),
        Told("own", "eco-env", date(2025, 2, 1), HERE),
        Told("other", "heritage", date(2025, 2, 2), HERE),
        Told("far", "eco-env", date(2025, 2, 3), FAR),
        Told("nowhere", "eco-env", date(2025, 2, 4)),
        Told("back", "eco-env", date(2025, 3, 2), NEAR),
        Told("again", "eco-env", date(2025, 4, 1), HERE),
    ]
    (one,) = followed([case], told, ON, 500)
    assert (one.came.ref, one.days) == ("back", 60)


def test_where_nothing_came_the_time_so_far_is_told_and_no_future_is_known():
    case = Ended("c1", "eco-env", date(2026, 11, 1), found=date(2026, 12, 1))
    later = Told("later", "eco-env", date(2026, 12, 1))
    (one,) = followed([case], [later], ON, 500)
    assert (one.came, one.days) == (None, 19)
    assert followed([case], [later], date(2026, 10, 1), 500) == ()
    memory = remembered([one], [later], ON)
    assert (memory.ended, memory.came, memory.found, memory.soonest) == (1, 0, 0, None)
    assert memory.years == ((2026, 0),)


def test_years_without_anything_are_told_too_and_a_matter_of_two_places_counts_once():
    told = [Told("a", "x", date(2023, 5, 1)), Told("a", "x", date(2023, 5, 1)), Told("b", "x", ON)]
    memory = remembered((), told, ON)
    assert memory.years == ((2023, 1), (2024, 0), (2025, 0), (2026, 1))
    assert memory.last == ON


days = st.integers(0, 900).map(lambda n: date(2025, 1, 1) + timedelta(n))
spots = st.sampled_from([HERE, NEAR, FAR, None])
domains = st.sampled_from(["a", "b"])


@given(
    st.lists(st.builds(Ended, st.uuids().map(str), domains, days, where=spots), max_size=6),
    st.lists(st.builds(Told, st.uuids().map(str), domains, days, spots), max_size=6),
    days,
)
def test_the_days_are_those_between_and_the_order_of_entry_says_nothing(ended, told, on):
    after = followed(ended, told, on, 500)
    assert after == followed(ended[::-1], told[::-1], on, 500)
    for one in after:
        assert one.days >= (1 if one.came else 0)
        assert one.ended.on + timedelta(one.days) == (one.came.on if one.came else on)
    memory = remembered(after, told, on)
    assert memory.came <= memory.ended == len(after)
    assert sum(count for _, count in memory.years) == sum(one.on <= on for one in told)
