"""The next patrol: within the hours, in a good order, honest about what it leaves."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingyi.core.patrols import planner
from jingyi.core.patrols.planner import Practice, Site

BY = Practice(30, 30, 20, 45, 20, 20)
START = (117.0, 33.0)
spot = st.tuples(st.integers(-20, 20), st.integers(-20, 20))


@st.composite
def sites(draw, most=7):
    rows = draw(
        st.lists(
            st.tuples(spot, st.integers(0, 10), st.none() | st.integers(0, 200)), max_size=most
        )
    )
    return [
        Site(f"s{n}", 117 + x / 100, 33 + y / 100, risk / 10, days)
        for n, ((x, y), risk, days) in enumerate(rows)
    ]


def _minutes(order):
    spots = [START, *((site.lon, site.lat) for site in order), START]
    ways = sum(planner.minutes(one, two, BY) for one, two in pairwise(spots))
    return ways + sum(site.minutes for site in order)


@settings(deadline=None, max_examples=80)
@given(sites(most=12), st.floats(0, 8))
def test_it_stays_within_the_hours_and_accounts_for_every_site(given_sites, hours):
    found = planner.propose(given_sites, START, hours, BY)
    assert found.minutes <= hours * 60 + 1e-6
    seen = [leg.site.id for leg in found.legs] + [left.site.id for left in found.left]
    assert sorted(seen) == sorted(site.id for site in given_sites)
    assert all(str(left.why) for left in found.left)
    arrivals = [leg.arrives for leg in found.legs]
    assert arrivals == sorted(arrivals)
    assert planner.propose(given_sites, START, hours, BY) == found


@settings(deadline=None, max_examples=40)
@given(sites(most=6), st.floats(0.5, 4))
def test_of_few_places_it_is_the_best_there_is(given_sites, hours):
    best = 0.0
    for k in range(len(given_sites) + 1):
        for order in permutations(given_sites, k):
            if _minutes(order) <= hours * 60:
                best = max(best, sum(planner.worth(site, BY) for site in order))
    assert planner.propose(given_sites, START, hours, BY).worth >= best - 1e-9


@settings(deadline=None, max_examples=30)
@given(sites(most=12), st.floats(0.5, 4))
def test_of_many_it_does_not_gain_by_giving_one_up_for_another(given_sites, hours):
    found = planner.propose(given_sites, START, hours, BY)
    taken = [leg.site for leg in found.legs]
    for at, leg in enumerate(found.legs):
        for left in found.left:
            if left.worth > leg.worth + 1e-9:
                order = [*taken[:at], left.site, *taken[at + 1 :]]
                assert _minutes(order) > hours * 60


def test_risk_and_staleness_come_first():
    near = Site("calm", 117.01, 33.0, 0.1, 10)
    stale = Site("stale", 117.02, 33.0, 0.9, None)
    found = planner.propose([near, stale], START, 1.0, BY)
    assert found.legs[0].site.id == "stale" or len(found.legs) == 2
    assert planner.worth(stale, BY) > planner.worth(near, BY)


@pytest.mark.parametrize(
    ("site", "word"),
    [(Site("far", 120.0, 35.0, 1.0), "太远"), (Site("seen", 117.0, 33.0, 1.0, 0), "刚刚看过")],
)
def test_it_says_what_it_leaves_and_why(site, word):
    found = planner.propose([site], START, 2.0, BY)
    assert not found.legs
    assert word in str(found.left[0].why)


def test_the_rulebook_is_read():
    assert planner.practice().on_site > 0
    assert planner.risk_of(0, 0.0, planner.practice()) == 0.2
    assert planner.risk_of(9, 1.0, planner.practice()) == 1.0
