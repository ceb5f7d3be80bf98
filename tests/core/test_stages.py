"""The line of a track: where a case has been, is, and what lies ahead."""

from datetime import date

import pytest

from jingyi.core import rulebook, stages
from jingyi.core.casefile import Law, stand
from jingyi.core.clocks import Event

CALENDAR = rulebook.calendar()


def shown(track, *passed):
    line = stages.line(
        rulebook.states(track).stages, [(s, date.fromisoformat(d)) for s, d in passed]
    )
    return [(stop.stage.id, stop.mark, stop.since and stop.since.isoformat()) for stop in line]


def test_a_case_that_was_settled_without_a_suit_has_skipped_the_court():
    assert shown(
        "administrative",
        ("investigating", "2026-03-02"),
        ("suggesting", "2026-04-01"),
        ("awaiting", "2026-04-03"),
        ("terminated", "2026-06-10"),
    ) == [
        ("investigation", "past", "2026-03-02"),
        ("suggestion", "past", "2026-04-01"),
        ("rectification", "past", "2026-04-03"),
        ("review", "skipped", None),
        ("court", "skipped", None),
        ("execution", "skipped", None),
        ("end", "now", "2026-06-10"),
    ]


def test_another_state_of_the_same_stage_does_not_begin_it_anew():
    line = shown(
        "civil", ("investigating", "2026-03-02"), ("sued", "2026-05-02"), ("judged", "2026-09-01")
    )
    assert ("court", "now", "2026-05-02") in line


def test_a_case_that_goes_back_is_where_it_is_now():
    line = shown(
        "civil", ("investigating", "2026-03-02"), ("reviewing", "2026-05-02"),
        ("transferred", "2026-05-09"), ("investigating", "2026-05-12"),
    )  # fmt: skip
    assert line[0] == ("investigation", "now", "2026-05-12")
    assert {mark for _, mark, _ in line[1:]} == {"ahead"}


def test_what_left_the_office_stays_where_it_left():
    line = shown(
        "civil",
        ("investigating", "2026-03-02"),
        ("noticing", "2026-04-02"),
        ("transferred", "2026-05-09"),
    )
    assert line[1] == ("notice", "now", "2026-04-02")


@pytest.mark.parametrize("track", ["administrative", "civil"])
def test_each_state_of_a_track_is_in_one_stage(track):
    procedure = rulebook.states(track)
    staged = sorted(
        state for stage in procedure.stages for state in stage.states if state in procedure.states
    )
    assert staged == sorted(s.id for s in procedure.states.values() if s.kind != "left")


def test_a_file_says_which_states_it_went_through():
    law = Law(rulebook.states("administrative"), tuple(rulebook.clocks()), CALENDAR)
    history = [
        Event("case.filed", date(2026, 3, 2)),
        Event("case.served", date(2026, 3, 4)),
        Event("investigation.planned", date(2026, 3, 5)),
        Event("investigation.concluded", date(2026, 4, 1)),
        Event("suggestion.decided", date(2026, 4, 2)),
    ]
    assert stand(law, history, on=date(2026, 4, 3)).passed == (
        ("investigating", date(2026, 3, 2)),
        ("suggesting", date(2026, 4, 2)),
    )
