"""A closed case is visited again; a relapse opens it with all its history."""

from datetime import date

import pytest

from jingyi.core.refusal import Refusal
from jingyi.web.cases import actions as steps
from jingyi.web.cases.verification import actions, queries
from jingyi.web.cases.verification.models import LookBack
from tests.web.cases import course

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed_case(served_case, alice, chief):
    """Verified on 9 October, terminated as rectified on 12 October 2026."""
    course.verified(served_case, alice, chief, "2026-10-09")
    course.step(
        served_case, "case.terminated", "2026-10-12", chief, facts={"ground": "ground.rectified"}
    )
    return served_case


def visit(look, by, outcome="held", on="2027-01-11", at="2027-01-12", **values):
    look.refresh_from_db()
    look.case.refresh_from_db()
    return actions.look_back(
        visit=look, on=date.fromisoformat(on), outcome=outcome, found="未见排放", by=by,
        at=course.noon(at), version=look.case.version, **values,
    )  # fmt: skip


def test_closing_plans_the_visits_of_the_domain(closed_case):
    planned = closed_case.lookbacks.order_by("number")

    assert [one.due_on for one in planned] == [date(2027, 1, 12), date(2027, 10, 12)]
    assert {one.state for one in planned} == {"planned"}


def test_undoing_the_closing_drops_them_and_closing_again_plans_anew(closed_case, chief):
    ended = closed_case.events.get(kind="case.terminated", undone_at=None)
    steps.undo_event(
        event=ended, reason="误登", by=chief, at=course.noon("2026-11-20"),
        version=closed_case.version,
    )  # fmt: skip
    assert {one.state for one in closed_case.lookbacks.all()} == {"dropped"}

    course.step(
        closed_case, "case.terminated", "2026-10-12", chief, facts={"ground": "ground.rectified"}
    )
    assert [one.state for one in closed_case.lookbacks.all()] == ["planned", "planned"]


def test_a_case_without_a_breach_is_not_visited(case, chief):
    course.step(case, "investigation.planned", "2026-07-06", chief)
    course.step(case, "investigation.concluded", "2026-07-20", chief)
    course.step(case, "case.terminated", "2026-07-25", chief, facts={"ground": "ground.no-breach"})

    assert not case.lookbacks.exists()


def test_a_visit_that_finds_it_held_is_done(closed_case, alice):
    first, second = closed_case.lookbacks.order_by("number")

    with pytest.raises(Refusal, match="在前"):
        visit(second, alice)
    visit(first, alice)

    first.refresh_from_db()
    assert (first.state, first.outcome, first.done_on) == ("done", "held", date(2027, 1, 11))
    with pytest.raises(Refusal, match="已办"):
        visit(first, alice)
    visit(second, alice, on="2027-10-10", at="2027-10-12")


def test_a_visit_taken_back_is_due_again(closed_case, alice):
    first = closed_case.lookbacks.order_by("number").first()
    done = visit(first, alice)
    closed_case.refresh_from_db()
    steps.undo_event(
        event=done.event, reason="去错了地方", by=alice, at=course.noon("2027-01-13"),
        version=closed_case.version,
    )  # fmt: skip

    first.refresh_from_db()
    assert (first.state, first.done_on, first.found) == ("planned", None, "")


@pytest.mark.parametrize("archived", [False, True])
def test_a_relapse_reopens_the_case_with_its_history(closed_case, alice, chief, city, archived):
    if archived:
        course.step(closed_case, "case.archived", "2026-11-02", alice)
    lead = course.incident(city.office)
    visit(closed_case.lookbacks.first(), alice, "relapsed", incident=lead)
    course.step(closed_case, "case.reopened", "2027-01-12", chief, at="2027-01-13")

    assert lead in closed_case.incidents.all()
    assert closed_case.state == "investigating"
    kinds = [event.kind for event in closed_case.events.all()]
    assert kinds.count("verification.passed") == 1
    assert {one.state for one in closed_case.lookbacks.all()} == {"done", "dropped"}


def test_a_closed_case_near_a_new_lead_is_offered(closed_case, city, alice, charlie):
    closed_case.lon, closed_case.lat = 117.1, 33.9
    closed_case.save()
    lead = course.incident(
        city.office, lon=117.1005, lat=33.9003, last_at=course.noon("2026-11-20")
    )
    far = course.incident(city.office, lon=117.2, lat=33.9, last_at=course.noon("2026-11-20"))

    assert [old for old, _ in queries.near_incident(lead, alice)] == [closed_case]
    assert queries.near_incident(lead, charlie) == []
    assert queries.near_incident(far, alice) == []


def test_visits_stand_under_their_headings(closed_case, alice, charlie):
    mine = queries.lookbacks_for(alice)

    assert mine.count() == 2
    assert not queries.lookbacks_for(charlie).exists()
    assert queries.in_box(mine, "overdue", on=date(2027, 1, 13)).count() == 1
    assert queries.in_box(mine, "due", on=date(2027, 1, 1)).count() == 1
    assert queries.in_box(mine, "later", on=date(2027, 1, 1)).count() == 1
    assert LookBack.objects.count() == 2
