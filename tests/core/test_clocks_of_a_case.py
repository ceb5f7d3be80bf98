"""Every clock of a case follows from its dated events and the day on which one asks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import clocks, rulebook
from jingyi.core.clocks import Event

CN = rulebook.rest_days()


def day(text):
    return date.fromisoformat(text)


def read(events, on, procedure="administrative"):
    """Return {rule id: clock} as of a day; the last one where a rule ran more than once."""
    history = [Event(kind, day(when), *data) for kind, when, *data in events]
    found = clocks.clocks_of(
        history, rules=rulebook.clocks(), procedure=procedure, calendar=CN, on=day(on)
    )
    return {clock.rule.id: clock for clock in found}


SERVED = [
    ("case.filed", "2026-03-02"),
    ("case.served", "2026-03-06"),
    ("suggestion.decided", "2026-04-01"),
    ("suggestion.served", "2026-04-02"),
]


@pytest.mark.parametrize(
    ("on", "state", "says"),
    [
        ("2026-06-01", "running", "还有 1 天"),
        ("2026-06-02", "running", "今天到期"),
        ("2026-06-03", "overdue", "已逾期 1 天"),
        ("2026-04-01", "not-started", "未开始"),
    ],
)
def test_overdue_is_a_question_about_a_day(on, state, says):
    clock = read(SERVED, on)["suggestion.reply"]

    assert (clock.state, str(clock.says)) == (state, says)


@pytest.mark.parametrize(("replied", "state"), [("2026-06-02", "in-time"), ("2026-06-03", "late")])
def test_a_reply_stops_the_clock_in_time_or_late(replied, state):
    clock = read([*SERVED, ("suggestion.replied", replied)], "2026-07-01")["suggestion.reply"]

    assert (clock.state, clock.ended_on) == (state, day(replied))
    assert clock.days_left is None


def test_an_early_reply_does_not_start_the_review():
    """The review runs from the end of the rectification period, whenever the organ replied."""
    clock = read([*SERVED, ("suggestion.replied", "2026-04-20")], "2026-05-01")[
        "review.administrative"
    ]

    assert clock.state == "ahead"
    assert clock.started_on == day("2026-06-02")
    assert clock.due == day("2026-07-02")


def test_the_review_runs_once_the_rectification_period_is_over():
    clock = read(SERVED, "2026-06-03")["review.administrative"]

    assert (clock.state, clock.due) == ("running", day("2026-07-02"))


def test_a_case_terminated_before_the_period_ends_never_comes_to_review():
    found = read([*SERVED, ("case.terminated", "2026-05-08")], "2026-08-01")

    assert found["suggestion.reply"].state == "void"
    assert found["review.administrative"].state == "not-started"


def test_a_case_terminated_after_an_early_reply_never_comes_to_review():
    """The period goes on to its end, but there is nothing left to review."""
    events = [*SERVED, ("suggestion.replied", "2026-05-11"), ("case.terminated", "2026-05-20")]

    found = read(events, "2026-09-01")

    assert found["suggestion.reply"].state == "in-time"
    assert found["review.administrative"].state == "not-started"


def test_supporting_anothers_suit_ends_the_civil_review():
    events = [
        ("case.filed", "2026-01-05"),
        ("notice.published", "2026-03-02"),
        ("plaintiff.sued", "2026-04-10"),
        ("support.given", "2026-04-20"),
    ]

    assert read(events, "2026-09-01", "civil")["review.civil"].state == "in-time"


def test_an_urgent_suggestion_runs_fifteen_days():
    events = [*SERVED[:-1], ("suggestion.served", "2026-04-02", {"track": "urgent"})]

    assert read(events, "2026-04-10")["suggestion.reply"].due == day("2026-04-17")


def test_a_suspended_review_stands_still_and_goes_on_with_what_was_left():
    suspended = [*SERVED, ("review.suspended", "2026-06-10")]
    resumed = [*suspended, ("review.resumed", "2026-07-10")]

    early, late = (
        read(suspended, on)["review.administrative"] for on in ("2026-06-20", "2026-07-01")
    )
    assert (early.state, late.state) == ("paused", "paused")
    assert early.days_left == late.days_left
    after = read(resumed, "2026-07-10")["review.administrative"]
    assert after.state == "running"
    assert after.deadline.due_raw == day("2026-08-01")  # 30 days later than 2 July


def test_two_appraisals_at_once_are_left_out_once():
    events = [
        *SERVED,
        ("appraisal.commissioned", "2026-06-05"),
        ("appraisal.commissioned", "2026-06-08"),
        ("appraisal.returned", "2026-06-10"),
        ("appraisal.returned", "2026-06-14"),
    ]

    assert read(events, "2026-06-30")["review.administrative"].deadline.due_raw == day("2026-07-12")


def test_extensions_are_read_from_the_file():
    events = [
        *SERVED,
        ("review.extended.chief", "2026-06-25"),
        ("review.extended.superior", "2026-07-30", {"until": "2026-09-30"}),
    ]

    assert read(events, "2026-08-01")["review.administrative"].due == day("2026-09-30")


def test_an_extension_granted_too_late_makes_the_clock_uncountable_and_says_why():
    clock = read([*SERVED, ("review.extended.chief", "2026-07-20")], "2026-08-01")[
        "review.administrative"
    ]

    assert (clock.state, clock.due) == ("unknown", None)
    assert "届满之后" in str(clock.refused)


def test_a_transferred_case_starts_its_review_afresh_on_receipt():
    events = [*SERVED, ("case.received-for-suit", "2026-06-20")]

    clock = read(events, "2026-06-25")["review.administrative"]
    assert (clock.started_on, clock.due) == (day("2026-06-20"), day("2026-07-20"))


def test_a_notice_is_waited_out_and_the_civil_review_follows():
    found = read([("notice.published", "2026-03-02")], "2026-04-05", "civil")

    assert found["notice.period"].state == "elapsed"
    assert found["review.civil"].started_on == day("2026-04-01")
    assert found["review.civil"].due == day("2026-07-01")


def test_a_named_last_day_is_weighed_on_its_own_day_whatever_is_still_left_out_later():
    """An appraisal that goes on pushes the end past the day the superior named, day by day."""
    granted = [
        *SERVED,
        ("appraisal.commissioned", "2026-06-22"),
        ("review.extended.chief", "2026-06-24"),
        ("review.extended.superior", "2026-06-30", {"until": "2026-08-31"}),
    ]

    for on, out in (("2026-07-10", 10), ("2026-09-20", 82)):
        found = read(granted, on)["review.administrative"]
        assert found.raw == day("2026-08-31") + timedelta(days=out)


def test_an_extension_of_the_second_trial_does_not_touch_the_first():
    tried = [
        ("case.filed", "2025-03-03"),
        ("suit.docketed", "2025-09-01"),
        ("judgment.received", "2025-11-03"),
        ("appeal.received", "2025-11-10"),
        ("trial.extended", "2026-02-02"),
    ]

    found = read(tried, "2026-04-01")
    assert (found["trial.first"].state, found["trial.first"].raw) == ("in-time", day("2026-03-01"))
    assert found["trial.second"].raw == day("2026-05-10")


def test_a_track_named_like_the_procedure_is_the_cases_own():
    sued = [
        ("case.filed", "2026-03-02"),
        ("case.sued", "2026-05-06"),
        ("suit.docketed", "2026-05-08"),
    ]

    for procedure, article in (("administrative", "《行政诉讼法》"), ("civil", "《民事诉讼法》")):
        found = read(sued, "2026-06-01", procedure)["trial.first"]
        assert found.deadline.track == procedure
        assert str(found.deadline.steps[1]).startswith(article)


def test_an_offices_own_limit_is_never_overdue():
    found = read([("case.filed", "2026-03-02")], "2026-06-01")["investigation.conclude"]

    assert (found.rule.nature, found.state) == ("soft", "elapsed")


def test_a_procedure_has_only_its_own_clocks():
    assert "notice.period" not in read(SERVED, "2026-06-01")
    assert "suggestion.reply" not in read([], "2026-06-01", "civil")


def test_beyond_the_calendar_a_clock_runs_but_has_no_last_day():
    found = read([("suggestion.served", "2026-11-20")], "2026-11-22")["suggestion.reply"]

    assert (found.state, found.due, found.raw) == ("running", None, day("2027-01-20"))
    assert "尚未公布" in str(found.refused)


def test_beyond_the_calendar_a_later_day_is_unknown_not_overdue():
    events = [("suggestion.served", "2026-11-20"), ("suggestion.replied", "2027-01-25")]

    assert read(events[:1], "2027-01-25")["suggestion.reply"].state == "unknown"
    assert read(events, "2027-01-26")["suggestion.reply"].state == "unknown"


def test_what_expired_is_a_fact_on_file():
    history = [Event(kind, day(when)) for kind, when in SERVED]
    rules = rulebook.clocks()

    def expired(on):
        found = clocks.clocks_of(
            history, rules=rules, procedure="administrative", calendar=CN, on=day(on)
        )
        return [event.kind for event in clocks.expiries(found)]

    assert expired("2026-06-02") == []
    assert expired("2026-06-03") == ["suggestion.expired"]


events = st.lists(
    st.tuples(
        st.sampled_from(sorted(rulebook.events())), st.dates(day("2024-01-02"), day("2025-12-31"))
    ),
    max_size=14,
)


@given(events, st.randoms(use_true_random=False))
def test_the_same_events_give_the_same_dates_in_whatever_order_they_are_told(history, chance):
    """Only events of one day keep their order: which came first there is part of the facts."""
    told = [Event(kind, on) for kind, on in {on: (kind, on) for kind, on in history}.values()]
    mixed = list(told)
    chance.shuffle(mixed)

    def found(said):
        return [
            (clock.rule.id, clock.state, clock.started_on, clock.due, clock.raw)
            for clock in clocks.clocks_of(
                said,
                rules=rulebook.clocks(),
                procedure="administrative",
                calendar=CN,
                on=day("2026-02-01"),
            )
        ]

    assert found(told) == found(mixed)


@given(events, st.dates(day("2024-01-02"), day("2026-02-01")))
def test_what_happens_later_changes_nothing_about_a_past_day(history, on):
    told = [Event(kind, when) for kind, when in history]
    known = [event for event in told if event.on <= on]

    def found(said):
        return [
            (clock.rule.id, clock.state, clock.due)
            for procedure in ("administrative", "civil")
            for clock in clocks.clocks_of(
                said, rules=rulebook.clocks(), procedure=procedure, calendar=CN, on=on
            )
        ]

    assert found(told) == found(known)
