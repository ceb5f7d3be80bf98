"""Every course a demo case can take is lawful on every day on which one may look at it."""

from datetime import date, timedelta

import pytest

from jingyi.core import casefile, clocks, rulebook
from jingyi.demo import courses
from jingyi.demo.cases import worked
from jingyi.demo.chance import dice

WORDS = {
    "asks": ["清运垃圾", "设置围挡"],
    "heroes": False,
    **dict.fromkeys(
        ("filing", "number", "court", "appraisal", "consulted", "concluded", "followed", "replied",
         "verified", "failed", "lookback", "hindered", "judged"),
        "已办",
    ),
}  # fmt: skip
ADMINISTRATIVE = [courses.rectified, courses.late, courses.suspended, courses.extended,
                  courses.silent, courses.consulted, courses.lawful]  # fmt: skip
CIVIL = [courses.sued, courses.protected, courses.supported]


def standing(track, steps, on):
    law = casefile.Law(rulebook.states(track), rulebook.clocks(), rulebook.rest_days())
    urgent = any(step.facts.get("urgent") for step in steps)
    history = [
        clocks.Event(
            step.kind,
            step.on,
            {"ground": step.facts.get("ground", ""), "until": step.until}
            | (
                {"track": "urgent" if urgent else "ordinary"}
                if step.kind == "suggestion.served"
                else {}
            ),
        )
        for step in steps
    ]
    return casefile.stand(law, history, on=on)


@pytest.mark.parametrize("course", [*ADMINISTRATIVE, *CIVIL], ids=lambda course: course.__name__)
@pytest.mark.parametrize("heroes", [False, True])
def test_a_course_is_lawful_from_its_first_day_to_its_last(course, heroes):
    track = "civil" if course in CIVIL else "administrative"
    for n in range(12):
        opened = date(2024, 1, 2) + timedelta(days=47 * n)
        words = WORDS | {"heroes": heroes and track == "civil"}
        steps = courses.walk(course, opened, words, dice("test", n), until=date(2026, 11, 20))
        for cut in range(1, len(steps) + 1):
            standing(track, steps[:cut], steps[cut - 1].on)
        assert [step.on for step in steps] == sorted(step.on for step in steps)
        assert steps[0].kind == casefile.FILED


def test_people_work_on_workdays_only():
    steps = courses.walk(
        courses.rectified, date(2025, 9, 26), WORDS, dice("work"), until=date(2026, 9, 1)
    )

    assert not any(rulebook.rest_days().is_rest(step.on) for step in steps)


def test_a_course_is_cut_off_at_the_present():
    whole = courses.walk(
        courses.sued, date(2025, 1, 6), WORDS, dice("cut"), until=date(2026, 11, 20)
    )
    part = courses.walk(courses.sued, date(2025, 1, 6), WORDS, dice("cut"), until=whole[4].on)

    assert part == whole[: len(part)]
    assert all(step.on <= whole[4].on for step in part)


def test_the_case_told_whole_runs_forty_five_days_from_hearing_to_termination():
    days = {step["kind"]: step["on"] for step in worked()["step"]}
    steps = [courses.Step(step["kind"], step["on"], step) for step in worked()["step"]]

    assert (days["case.terminated"] - days["consultation.held"]).days in {44, 45}
    assert standing("administrative", steps, date(2026, 11, 20)).state == "terminated"
