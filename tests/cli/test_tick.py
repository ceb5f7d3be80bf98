"""`jingyi tick`: what is due, once."""

import json
from datetime import date

import pytest

from jingyi import cli
from jingyi.cli.tick import tick
from jingyi.web.accounts.models import Notice
from jingyi.web.cases import actions, jobs
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db


@pytest.fixture
def served_case(city, chief, alice):
    case = course.case(city.office, chief, alice, organ=city.water)
    course.served(case, chief)
    course.step(case, "suggestion.recorded", "2026-08-05", alice)
    Notice.objects.all().delete()
    return case


def told(user):
    return [str(notice.sentence["text"]) for notice in Notice.objects.filter(user=user)]


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-09-23", None),
        ("2026-09-24", "soon"),  # a week before 1 October, where the period ends unrolled
        ("2026-09-30", "soon"),
        ("2026-10-01", "today"),
        ("2026-10-07", "today"),
        ("2026-10-08", "today"),
        ("2026-10-09", "overdue"),
    ],
)
def test_the_handler_is_told_a_week_before_on_the_day_and_after(served_case, alice, day, kind):
    given = jobs.remind(at=course.noon(day))

    assert {name: n for name, n in given.items() if n} == ({kind: 1} if kind else {})
    assert len(told(alice)) == (1 if kind else 0)


def test_ticking_twice_tells_once_and_each_stage_once(served_case, alice):
    for day in ("2026-09-28", "2026-09-29", "2026-10-02", "2026-10-05", "2026-10-08", "2026-10-08"):
        tick(at=course.noon(day))
    assert [text.split("”")[1][:2] for text in told(alice)] == ["按原", "按原", "今天"]

    tick(at=course.noon("2026-10-20"))
    late = tick(at=course.noon("2026-10-21"))

    assert late["notices"]["overdue"] == 0
    assert len(told(alice)) == 4


def test_a_last_day_that_moved_is_told_anew(city, chief, alice):
    case = course.case(city.office, chief, alice, organ=city.water)
    event = course.served(case, chief)
    jobs.remind(at=course.noon("2026-10-05"))

    actions.correct_event(
        event=event, on=date(2026, 8, 10), facts={}, reason="回证日期", by=chief,
        at=course.noon("2026-10-05"), version=case.version,
    )  # fmt: skip

    assert jobs.remind(at=course.noon("2026-10-05"))["soon"] == 1  # now due on 10 October


def test_a_paused_clock_moves_with_every_day_and_reminds_of_nothing(served_case, chief):
    for kind, day in (
        ("review.opened", "2026-10-09"),
        ("organ.decided", "2026-10-09"),
        ("review.suspended", "2026-10-12"),
    ):
        course.step(served_case, kind, day, chief, at="2026-10-12")
    Notice.objects.all().delete()
    review = served_case.clocks.get(rule="review.administrative")

    done = tick(at=course.noon("2026-11-11"))

    assert done["recounted"] == 1
    assert done["notices"] == {
        "soon": 1,
        "today": 0,
        "overdue": 1,
    }  # the reply and the cause, not the review
    later = served_case.clocks.get(rule="review.administrative")
    assert (later.due_raw - review.due_raw).days == 30


def test_new_reports_are_triaged(city, alice):
    factories.report(city.office, text="东津河北岸化工厂夜间偷排污水，河水发黑发臭，鱼死了一片。")

    assert tick(at=course.noon("2026-09-02"))["reports"] == 1
    assert tick(at=course.noon("2026-09-02"))["reports"] == 0


def test_the_command_prints_one_json_object(served_case, capsys, time_machine):
    time_machine.move_to(course.noon("2026-10-05"), tick=False)

    assert cli.main(["tick", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["notices"] == {"soon": 0, "today": 1, "overdue": 0}
    assert found["reports"] == 0
    assert cli.main(["tick"]) == 0
    assert "七日内到期 0 条" in capsys.readouterr().out
