"""Columns of clocks say what `clocks_of` says of each case, row by row."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import clocks, rulebook
from jingyi.core.clocks import Event
from jingyi.core.clocks_columns import NAMES, Fleet, Histories, plus_months, row_of

CN = rulebook.rest_days()
RULES = rulebook.clocks()
FLEETS = {name: Fleet(RULES, name, CN) for name in ("administrative", "civil")}
COMPARED = [NAMES.index(name) for name in ("case", "rule", "start", "ended", "raw", "due", "state")]


def by_columns(cases, procedure, on):
    found = FLEETS[procedure].clocks(Histories.of(cases), on)
    rows = np.stack([getattr(found, name) for name in NAMES], axis=1)
    return sorted(map(tuple, rows[:, COMPARED].tolist()))


def one_by_one(cases, procedure, on):
    rules = FLEETS[procedure].rules
    return sorted(
        row_of(clock, number, rules)
        for number, events in enumerate(cases)
        for clock in clocks.clocks_of(events, rules=RULES, procedure=procedure, calendar=CN, on=on)
        if clock.started_on
    )


days = st.dates(date(2020, 6, 1), date(2026, 12, 31))
events = st.builds(
    Event,
    st.sampled_from(sorted({event for rule in RULES for event in rule.events})),
    days,
    st.fixed_dictionaries(
        {
            "track": st.sampled_from(["", "urgent", "ordinary", "ruling", "civil-ruling"]),
            "until": st.one_of(st.none(), days),
        }
    ),
)


@given(
    st.lists(st.lists(events, max_size=12), max_size=4),
    st.sampled_from(sorted(FLEETS)),
    days,
)
def test_columns_say_what_each_case_says(cases, procedure, on):
    assert by_columns(cases, procedure, on) == one_by_one(cases, procedure, on)


def test_no_case_has_no_clock():
    assert len(FLEETS["civil"].clocks(Histories.of([]), date(2026, 1, 5))) == 0


def test_a_version_and_a_track_are_named():
    served = Event("suggestion.served", date(2020, 12, 1), {"track": "urgent"})
    found = FLEETS["administrative"].clocks(Histories.of([[served]]), date(2020, 12, 5))
    reply = FLEETS["administrative"].rules.index(rulebook.clock("suggestion.reply"))
    (row,) = np.flatnonzero(found.rule == reply)

    assert (found.version[row], found.track[row]) == (0, 1)


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(1, 70))
def test_months_are_added_as_one_day_at_a_time(day, months):
    shifted = plus_months(np.array([day.toordinal()]), months)

    assert date.fromordinal(int(shifted[0])) == clocks.add_months(day, months)


@pytest.mark.parametrize("wanted", [1, 5, 7])
@given(start=st.dates(date(2017, 1, 1), date(2026, 12, 20)))
def test_workdays_are_counted_as_one_day_at_a_time(wanted, start):
    period = clocks.Period(workdays=wanted)
    try:
        raw = clocks.count(period, start, CN)[0].toordinal()
    except clocks.CalendarGap:
        raw = 0

    found = FLEETS["civil"].days.after(np.array([start.toordinal()]), wanted)
    assert int(found[0]) == raw


@given(st.lists(st.lists(events, max_size=9), max_size=3), days)
def test_columns_follow_an_offices_limit_and_a_version_moved_to(cases, on):
    own = rulebook.clock("investigation.conclude")
    limited = own.limited(date(2024, 1, 1), {"ordinary": clocks.Period(days=45)})
    moved = rulebook.clock("suggestion.reply").moved(date(2021, 1, 1))
    changed = {rule.id: rule for rule in (limited, moved)}
    rules = [changed.get(rule.id, rule) for rule in RULES]
    fleet = Fleet(rules, "administrative", CN)

    found = fleet.clocks(Histories.of(cases), on)
    rows = np.stack([getattr(found, name) for name in NAMES], axis=1)
    assert sorted(map(tuple, rows[:, COMPARED].tolist())) == sorted(
        row_of(clock, number, fleet.rules)
        for number, told in enumerate(cases)
        for clock in clocks.clocks_of(
            told, rules=rules, procedure="administrative", calendar=CN, on=on
        )
        if clock.started_on
    )
