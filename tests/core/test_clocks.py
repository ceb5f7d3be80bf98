"""Periods counted by the law: one sentence of it per test, and what must always hold."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.core import clocks, rulebook
from jingyi.core.clocks import Extension, Period, Span, deadline
from jingyi.core.refusal import Refusal

CN = rulebook.rest_days()
REPLY = rulebook.clock("suggestion.reply")
REVIEW = rulebook.clock("review.administrative")
CIVIL = rulebook.clock("review.civil")
DAY = timedelta(days=1)


def day(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("period", "start", "raw", "due"),
    [
        pytest.param(
            {"months": 2}, "2025-12-31", "2026-02-28", "2026-02-28", id="make-up-saturday"
        ),
        pytest.param({"months": 2}, "2026-08-01", "2026-10-01", "2026-10-08", id="national-day"),
        pytest.param({"months": 2}, "2026-06-30", "2026-08-30", "2026-08-31", id="sunday"),
        pytest.param({"months": 2}, "2024-12-29", "2025-02-28", "2025-02-28", id="short-month"),
        pytest.param({"months": 2}, "2026-08-10", "2026-10-10", "2026-10-10", id="worked-saturday"),
        pytest.param({"days": 15}, "2026-09-28", "2026-10-13", "2026-10-13", id="rest-days-count"),
        pytest.param({"days": 7}, "2026-09-28", "2026-10-05", "2026-10-08", id="seven-days-autumn"),
        pytest.param({"days": 7}, "2026-02-13", "2026-02-20", "2026-02-24", id="spring-festival"),
        pytest.param({"days": 3}, "2026-04-30", "2026-05-03", "2026-05-06", id="labour-day"),
        pytest.param({"days": 5}, "2026-02-12", "2026-02-17", "2026-02-24", id="five-days"),
        pytest.param(
            {"days": 30}, "2026-01-19", "2026-02-18", "2026-02-24", id="thirty-day-notice"
        ),
        pytest.param({"months": 1}, "2026-03-31", "2026-04-30", "2026-04-30", id="month-end"),
        pytest.param({"months": 3}, "2025-11-30", "2026-02-28", "2026-02-28", id="three-months"),
        pytest.param({"workdays": 7}, "2026-09-24", "2026-10-12", "2026-10-12", id="workdays"),
    ],
)
def test_a_period_ends_where_the_law_says(period, start, raw, due):
    assert clocks.count(Period(**period), day(start), CN) == (day(raw), day(due))


@pytest.mark.parametrize(
    ("start", "track", "due"),
    [
        ("2026-08-01", "ordinary", "2026-10-08"),
        ("2026-07-31", "ordinary", "2026-09-30"),
        ("2026-08-03", "urgent", "2026-08-18"),
        ("2019-08-01", "ordinary", "2019-10-08"),
    ],
)
def test_the_organ_must_reply_by(start, track, due):
    found = deadline(REPLY, started_on=day(start), track=track, calendar=CN)

    assert found.due == day(due)


def test_every_step_is_said_with_its_article_and_every_skipped_rest_day_by_name():
    found = deadline(REPLY, started_on=day("2026-08-01"), calendar=CN)

    said = [str(step) for step in found.steps]
    assert said[0] == "自 2026-08-01 起算，当日不计入（《民事诉讼法》第八十五条第二款）"
    assert "第二十一条第二款" in said[1]
    skipped = [step for step in said if "休假日（国庆节）" in step]
    assert [step[:10] for step in skipped] == [f"2026-10-0{n}" for n in range(1, 8)]
    assert "2026-10-08" in said[9]
    assert said[10].startswith("以上算法为推定")
    assert not found.settled


def test_the_version_in_force_on_the_starting_day_is_cited():
    found = deadline(REPLY, started_on=day("2019-08-01"), calendar=CN)

    assert found.version == day("2018-03-02")
    assert "民事诉讼法（2017）" in str(found.steps[0])


def test_a_start_before_the_rule_was_in_force_is_refused():
    with pytest.raises(clocks.RuleNotInForce, match="2018-03-02"):
        deadline(REPLY, started_on=day("2018-03-01"), calendar=CN)


def test_a_period_past_the_announced_calendar_is_refused_with_its_unrolled_end():
    with pytest.raises(clocks.CalendarGap, match="尚未公布") as caught:
        deadline(REPLY, started_on=day("2026-11-05"), calendar=CN)

    assert caught.value.raw == day("2027-01-05")


def test_days_of_suspension_are_left_out_and_the_rest_continues():
    plain = deadline(REVIEW, started_on=day("2026-03-02"), calendar=CN)
    paused = deadline(
        REVIEW,
        started_on=day("2026-03-02"),
        calendar=CN,
        spans=[Span("suspend", day("2026-03-10"), day("2026-03-19"))],
    )

    assert paused.due_raw - plain.due_raw == timedelta(days=10)


def test_overlapping_spans_are_left_out_once():
    found = deadline(
        REVIEW,
        started_on=day("2026-03-02"),
        calendar=CN,
        spans=[
            Span("exclude", day("2026-03-10"), day("2026-03-19")),
            Span("suspend", day("2026-03-15"), day("2026-03-24")),
        ],
    )

    assert found.due_raw == day("2026-04-02") + timedelta(days=15)


def test_a_span_after_the_end_changes_nothing_and_says_so():
    late = Span("exclude", day("2026-06-01"), day("2026-06-10"))
    found = deadline(REVIEW, started_on=day("2026-03-02"), calendar=CN, spans=[late])

    assert found.due_raw == day("2026-04-02")
    assert found.spans == ()
    assert any("不影响期限" in str(step) for step in found.steps)


def test_an_extension_adds_its_month_to_the_whole_period():
    """One month from 31 January ends in February; two end on 31 March, not on the 28th."""
    found = deadline(
        REVIEW,
        started_on=day("2025-01-31"),
        calendar=CN,
        extensions=[Extension("chief", day("2025-02-20"))],
    )

    assert found.due_raw == day("2025-03-31")


@pytest.mark.parametrize(
    ("extensions", "why"),
    [
        ([Extension("superior", day("2026-03-20"))], "之前须先有"),
        (
            [Extension("chief", day("2026-03-20")), Extension("chief", day("2026-04-20"))],
            "至多 1 次",
        ),
        ([Extension("chief", day("2026-04-20"))], "届满之后"),
        ([Extension("chief", day("2026-03-20"), until=day("2026-07-01"))], "不能另定截止日"),
        (
            [
                Extension("chief", day("2026-03-20")),
                Extension("superior", day("2026-04-20"), until=day("2026-04-25")),
            ],
            "不能缩短期限",
        ),
        ([Extension("nobody", day("2026-03-20"))], "可选：chief、superior"),
    ],
)
def test_an_extension_the_rule_does_not_give_is_refused(extensions, why):
    with pytest.raises(clocks.NotCountable, match=why):
        deadline(REVIEW, started_on=day("2026-03-02"), calendar=CN, extensions=extensions)


def test_a_superior_may_name_the_last_day():
    found = deadline(
        CIVIL,
        started_on=day("2026-01-05"),
        calendar=CN,
        extensions=[
            Extension("chief", day("2026-04-01")),
            Extension("superior", day("2026-05-05"), until=day("2026-07-15")),
        ],
    )

    assert found.due == day("2026-07-15")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"track": "leisurely"}, "可选：ordinary、urgent"),
        ({"spans": [Span("exclude", date(2026, 3, 10), date(2026, 3, 11))]}, "可选：无"),
    ],
)
def test_what_a_rule_does_not_know_is_refused_with_what_it_knows(rule, why):
    with pytest.raises(clocks.NotCountable, match=why):
        deadline(REPLY, started_on=day("2026-03-02"), calendar=CN, **rule)


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(clocks.NotCountable, match="早于首日"):
        Span("exclude", day("2026-03-10"), day("2026-03-09"))


@pytest.mark.parametrize("lengths", [{}, {"days": 3, "months": 1}, {"days": -1}])
def test_a_period_has_one_positive_length(lengths):
    with pytest.raises(ValueError, match="one positive length"):
        Period(**lengths)


def test_the_ribbon_marks_every_day_once():
    found = deadline(
        REVIEW,
        started_on=day("2026-08-28"),
        calendar=CN,
        spans=[Span("exclude", day("2026-09-07"), day("2026-09-09"))],
    )

    marks = {item.day: item.mark for item in clocks.ribbon(found, CN)}

    assert list(marks) == [found.started_on + n * DAY for n in range(len(marks))]
    assert marks[day("2026-08-28")] == "start"
    assert marks[day("2026-08-29")] == "rest"
    assert marks[day("2026-08-31")] == "counted"
    assert marks[day("2026-09-08")] == "paused"
    assert [marks[day(f"2026-10-0{n}")] for n in range(1, 9)] == ["rolled"] * 7 + ["due"]


def test_the_day_a_period_would_have_ended_is_the_first_of_the_roll():
    found = deadline(REPLY, started_on=day("2026-08-01"), calendar=CN)

    rolled = [item.day for item in clocks.ribbon(found, CN) if item.mark == "rolled"]
    assert rolled[0] == found.due_raw


# ---------------------------------------------------------------- what must always hold

starts = st.dates(day("2021-07-01"), day("2026-03-01"))
ROLLING = [rule for rule in rulebook.clocks() if rule.versions[-1].roll_off_rest_days]


def counted(start):
    """Yield the deadline of every track of days or months that rolls and is in force on `start`."""
    for rule in ROLLING:
        if rule.versions[0].in_force_from <= start:
            for track in rule.version_on(start).tracks.values():
                if not track.period.hours:
                    yield deadline(rule, started_on=start, track=track.id, calendar=CN)


@st.composite
def suspensions(draw, start):
    """Return up to three separate suspensions, each begun while the period still runs."""
    first = start + timedelta(days=draw(st.integers(1, 20)))
    found = []
    for _ in range(draw(st.integers(1, 3))):
        length = draw(st.integers(1, 40))
        found.append(Span("suspend", first, first + timedelta(days=length - 1)))
        first += timedelta(days=length + draw(st.integers(1, 2)))
    return found


@given(st.data(), starts)
def test_suspension_and_resumption_shift_the_end_by_exactly_their_days(data, start):
    spans = data.draw(suspensions(start))
    plain = deadline(REVIEW, started_on=start, calendar=CN)
    paused = deadline(REVIEW, started_on=start, calendar=CN, spans=spans)

    out = sum((span.last - span.first).days + 1 for span in spans)
    assert paused.due_raw - plain.due_raw == timedelta(days=out)


@given(st.data(), starts)
def test_the_order_in_which_spans_are_told_does_not_matter(data, start):
    spans = data.draw(suspensions(start))
    told = data.draw(st.permutations(spans))

    in_order = deadline(REVIEW, started_on=start, calendar=CN, spans=spans)
    assert deadline(REVIEW, started_on=start, calendar=CN, spans=told) == in_order


@given(starts, st.integers(0, 27))
def test_an_extension_never_shortens(start, after):
    granted = [Extension("chief", start + timedelta(days=after))]
    plain = deadline(REVIEW, started_on=start, calendar=CN)

    longer = deadline(REVIEW, started_on=start, calendar=CN, extensions=granted)
    assert longer.due_raw > plain.due_raw
    assert longer.due >= plain.due


@given(starts)
def test_a_later_start_never_ends_earlier(start):
    later = {(found.rule_id, found.track): found.due for found in counted(start + DAY)}
    for found in counted(start):
        assert later[found.rule_id, found.track] >= found.due


@given(starts)
def test_no_period_ends_on_a_rest_day_and_none_before_its_raw_end(start):
    for found in counted(start):
        assert not CN.is_rest(found.due)
        assert found.due >= found.due_raw > start
        assert all(
            CN.is_rest(found.due_raw + n * DAY) for n in range((found.due - found.due_raw).days)
        )


@given(st.data(), starts)
def test_the_counted_days_of_the_ribbon_are_the_days_of_the_period(data, start):
    spans = data.draw(suspensions(start))
    plain = deadline(REVIEW, started_on=start, calendar=CN)
    found = deadline(REVIEW, started_on=start, calendar=CN, spans=spans)

    days = [item for item in clocks.ribbon(found, CN) if item.day < found.due_raw]
    counted = sum(item.mark in {"counted", "rest"} for item in days)
    assert counted + 1 == (plain.due_raw - start).days


def test_a_period_of_hours_runs_from_the_moment_itself():
    rule = hourly()

    found = deadline(rule, started_on=datetime(2026, 8, 3, 9, 30), calendar=CN)  # noqa: DTZ001

    assert found.due_at == datetime(2026, 8, 3, 13, 30)  # noqa: DTZ001
    with pytest.raises(clocks.NotCountable, match="按小时计算"):
        deadline(rule, started_on=day("2026-08-03"), calendar=CN)


def hourly():
    """Return the reply rule, four hours long."""
    version = REPLY.versions[-1]
    track = replace(version.tracks["ordinary"], period=Period(hours=4))
    return replace(REPLY, versions=(replace(version, tracks={"ordinary": track}),))


def test_a_day_counted_back_from_a_hearing_does_not_roll():
    found = deadline(rulebook.clock("T18"), started_on=day("2026-11-10"), calendar=CN)

    assert (found.due, found.due_raw) == (day("2026-11-07"), day("2026-11-07"))  # a Saturday
    assert "《检察公益诉讼解释》第八条第一款：最迟在 3 日之前" in str(found.steps[1])


def test_a_track_may_stand_in_another_article():
    found = deadline(
        rulebook.clock("T25"), started_on=day("2026-02-02"), track="civil", calendar=CN
    )

    assert str(found.steps[1]).startswith("《民事诉讼法》第一百五十二条")


# ---------------------------------------------------------------- other versions, other lengths

OWN = rulebook.clock("investigation.conclude")


def test_an_office_changes_its_own_limit_from_a_day_on():
    longer = OWN.limited(day("2026-06-01"), {"ordinary": Period(months=3)})

    assert deadline(longer, started_on=day("2026-05-31"), calendar=CN).due == day("2026-07-31")
    assert deadline(longer, started_on=day("2026-06-01"), calendar=CN).due == day("2026-09-01")


def test_an_office_changes_its_own_limit_again():
    longer = OWN.limited(day("2026-06-01"), {"ordinary": Period(months=3)})
    shorter = longer.limited(day("2026-07-01"), {"ordinary": Period(days=45)})

    ends = [
        deadline(shorter, started_on=day(start), calendar=CN).due_raw
        for start in ("2026-05-05", "2026-06-05", "2026-07-05")
    ]
    assert ends == [day("2026-07-05"), day("2026-09-05"), day("2026-08-19")]


def test_the_laws_own_period_is_not_the_offices_to_change():
    with pytest.raises(Refusal, match="本院不能更改"):
        REPLY.limited(day("2026-06-01"), {"ordinary": Period(months=3)})


def test_a_running_clock_moved_to_a_version_is_counted_by_it():
    longer = OWN.limited(day("2026-06-01"), {"ordinary": Period(months=3)})
    moved = longer.moved(day("2026-06-01"))

    found = deadline(moved, started_on=day("2026-05-06"), calendar=CN)
    assert (found.version, found.due) == (day("2026-06-01"), day("2026-08-06"))
    with pytest.raises(clocks.RuleNotInForce, match="没有自 2026-06-02 起施行的版本"):
        longer.moved(day("2026-06-02"))
