"""A case's file, read in order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import casefile, rulebook
from jingyi.core.casefile import Law, stand, steps_now
from jingyi.core.clocks import Event
from jingyi.core.procedure import StepClosed

ADMINISTRATIVE = Law(rulebook.states("administrative"), rulebook.clocks(), rulebook.rest_days())
CIVIL = Law(rulebook.states("civil"), rulebook.clocks(), rulebook.rest_days())
COURSE = (
    ("case.filed", "2026-07-01"),
    ("case.served", "2026-07-03"),
    ("investigation.planned", "2026-07-06"),
    ("investigation.concluded", "2026-07-20"),
    ("suggestion.decided", "2026-07-31"),
    ("suggestion.served", "2026-08-01"),
)


def course(*more):
    return [
        Event(kind, date.fromisoformat(on), dict(data[0]) if data else {})
        for kind, on, *data in (*COURSE, *more)
    ]


def day(text):
    return date.fromisoformat(text)


def test_the_state_follows_from_the_events():
    standing = stand(ADMINISTRATIVE, course(), on=day("2026-08-02"))

    assert standing.state == "awaiting"
    assert "suggestion.served" in standing.facts


def test_events_after_the_day_asked_about_have_not_happened():
    standing = stand(ADMINISTRATIVE, course(), on=day("2026-07-31"))

    assert standing.state == "suggesting"
    assert "suggestion.served" not in standing.facts


def test_a_period_that_ran_out_opens_the_next_step_on_the_day_after():
    opened = ("review.opened", "2026-10-09")

    standing = stand(ADMINISTRATIVE, course(opened), on=day("2026-10-09"))

    assert standing.state == "reviewing"


def test_a_step_taken_on_the_last_day_of_the_period_came_too_early():
    with pytest.raises(StepClosed, match="2026-10-08 不能“转入审查起诉”：尚缺"):
        stand(ADMINISTRATIVE, course(("review.opened", "2026-10-08")), on=day("2026-10-09"))


def test_an_event_entered_late_is_read_in_its_place():
    late = sorted(
        [*course(), Event("appraisal.commissioned", day("2026-07-10"))], key=lambda event: event.on
    )

    assert stand(ADMINISTRATIVE, late, on=day("2026-08-02")).state == "awaiting"


def test_a_file_without_a_link_is_refused_and_the_sentence_names_the_step():
    broken = [event for event in course() if event.kind != "suggestion.decided"]

    with pytest.raises(StepClosed, match="2026-08-01 不能“送达检察建议书”"):
        stand(ADMINISTRATIVE, broken, on=day("2026-08-02"))


def test_no_case_is_terminated_as_rectified_without_a_verification():
    ending = ("case.terminated", "2026-09-30", {"ground": "ground.rectified"})

    with pytest.raises(StepClosed, match="整改到位的现场核实记录"):
        stand(ADMINISTRATIVE, course(ending), on=day("2026-10-01"))

    seen = ("verification.passed", "2026-09-29")
    closed = stand(ADMINISTRATIVE, course(seen, ending), on=day("2026-10-01"))
    assert closed.state == "terminated"


def test_of_two_verifications_the_later_one_stands():
    passed, failed = ("verification.passed", "2026-09-10"), ("verification.failed", "2026-09-20")
    ending = ("case.terminated", "2026-09-30", {"ground": "ground.rectified"})

    with pytest.raises(StepClosed):
        stand(ADMINISTRATIVE, course(passed, failed, ending), on=day("2026-10-01"))


def test_after_a_withdrawal_another_suggestion_runs_the_same_way():
    again = (
        ("suggestion.recorded", "2026-08-03"),
        ("suggestion.withdrawn", "2026-08-10"),
        ("suggestion.decided", "2026-08-11"),
        ("suggestion.served", "2026-08-12"),
        ("suggestion.recorded", "2026-08-13"),
    )

    standing = stand(ADMINISTRATIVE, course(*again), on=day("2026-08-14"))

    assert standing.state == "awaiting"
    assert "suggestion.withdrawn" not in standing.facts


def test_an_event_the_track_has_no_step_for_is_a_defect():
    with pytest.raises(KeyError):
        stand(CIVIL, [Event("case.filed", day("2026-07-01")), Event("case.served", day("2026-07-02"))],
              on=day("2026-07-03"))  # fmt: skip


def test_a_ground_is_chosen_with_the_step_so_it_is_never_what_is_missing():
    seen = ("verification.passed", "2026-09-29")
    standing = stand(ADMINISTRATIVE, course(seen), on=day("2026-09-30"))

    open_now = {step.transition.id for step in steps_now(ADMINISTRATIVE, standing) if step.open}

    assert "case.terminate.rectified" in open_now


@given(st.dates(date(2026, 7, 1), date(2026, 12, 20)))
def test_whatever_the_day_the_file_reads_the_same_as_if_it_ended_there(on):
    whole = stand(ADMINISTRATIVE, course(("suggestion.replied", "2026-09-15")), on=on)
    so_far = [event for event in course(("suggestion.replied", "2026-09-15")) if event.on <= on]

    assert whole == stand(ADMINISTRATIVE, so_far, on=on)
    assert casefile.FILED in whole.facts


def test_the_urgent_track_is_the_replys_own_and_leaves_the_record_clock_alone():
    served = [*course()[:-1], Event("suggestion.served", day("2026-08-03"), {"track": "urgent"})]

    clocks = {clock.rule.id: clock for clock in ADMINISTRATIVE.clocks(served, day("2026-08-04"))}

    assert clocks["suggestion.reply"].due == day("2026-08-18")
    assert clocks["suggestion.record"].due == day("2026-08-10")  # 08-08 is a Saturday


def test_nothing_lies_before_the_filing():
    early = [Event("case.served", day("2026-06-30"), {}), *course()]

    with pytest.raises(StepClosed, match="2026-06-30 早于立案之日 2026-07-01"):
        stand(ADMINISTRATIVE, early, on=day("2026-09-01"))
