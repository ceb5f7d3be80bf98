"""What happens to a file when a step is entered, corrected or taken out."""

from datetime import date

import pytest
from django.http import Http404
from django.urls import reverse

from jingyi.core.procedure import StepClosed
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import Notice
from jingyi.web.cases import actions, derive
from jingyi.web.cases.models import Case, Clock, Event, Suggestion
from jingyi.web.intake.models import Receipt
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db


def due(case, rule):
    return case.clocks.get(rule=rule, stopped_on=None).due_on


def test_filing_starts_the_clock_of_serving_the_decision(case):
    assert due(case, "filing.serve") == date(2026, 7, 8)
    assert case.state == "investigating"
    assert case.version == 1


def test_a_step_moves_the_state_and_stops_its_clock(case, alice):
    course.step(case, "case.served", "2026-07-03", alice)

    assert case.clocks.get(rule="filing.serve").stopped_on == date(2026, 7, 3)
    assert Entry.objects.filter(subject=f"case:{case.ref}", kind="case.served").count() == 1


@pytest.mark.parametrize(
    ("on", "urgent", "last_day"),
    [
        pytest.param("2026-08-01", False, "2026-10-08", id="rolls-off-national-day"),
        pytest.param("2026-08-10", False, "2026-10-10", id="make-up-saturday-is-a-workday"),
        pytest.param("2026-08-03", True, "2026-08-18", id="urgent-fifteen-days"),
    ],
)
def test_the_reply_is_due(case, chief, on, urgent, last_day):
    course.served(case, chief, on=on, urgent=urgent)

    assert due(case, "suggestion.reply") == date.fromisoformat(last_day)
    assert case.suggestions.get().served_on == date.fromisoformat(on)
    assert case.suggestions.get().asks == ["封堵暗管", "查处违法排污"]


def test_the_review_is_foreseen_from_the_end_of_the_period(case, chief):
    course.served(case, chief)

    review = case.clocks.get(rule="review.administrative")
    assert (review.started_on, review.due_on) == (date(2026, 10, 8), date(2026, 11, 9))


def test_service_is_entered_once_though_sent_twice(case, chief):
    course.served(case, chief)
    version = case.version

    with pytest.raises(StepClosed, match="须在“已决定提出检察建议”阶段"):
        course.step(case, "suggestion.served", "2026-08-01", chief)

    case.refresh_from_db()
    assert case.version == version
    assert case.events.filter(kind="suggestion.served").count() == 1


def test_who_read_an_older_state_of_the_file_is_told_to_look_again(case, alice):
    version = case.version
    course.step(case, "case.served", "2026-07-03", alice)

    with pytest.raises(actions.CaseChanged, match="已有新的登记"):
        actions.record_event(
            case=case, kind="investigation.planned", on=date(2026, 7, 6), facts={},
            by=alice, at=course.noon("2026-11-20"), version=version,
        )  # fmt: skip


def test_a_decision_of_the_chief_is_not_the_handlers_to_enter(case, alice):
    for kind, day in course.TO_SERVICE[:3]:
        course.step(case, kind, day, alice)

    with pytest.raises(Http404):
        course.step(case, "suggestion.decided", "2026-07-31", alice)


def test_a_day_that_has_not_come_is_refused(case, alice):
    with pytest.raises(Refusal, match="还没有到"):
        course.step(case, "case.served", "2026-07-03", alice, at="2026-07-02")


def test_past_the_announced_calendar_nothing_is_written(case, chief):
    for kind, day in course.TO_SERVICE:
        course.step(case, kind, day, chief)
    entries, version = Entry.objects.count(), case.version

    with pytest.raises(actions.NotCounted, match="只公布到 2026-12-31"):
        course.step(case, "suggestion.served", "2026-11-05", chief)

    case.refresh_from_db()
    assert (Entry.objects.count(), case.version) == (entries, version)
    assert not case.events.filter(kind="suggestion.served").exists()


def test_past_the_announced_calendar_it_can_be_entered_without_a_last_day(case, chief):
    for kind, day in course.TO_SERVICE:
        course.step(case, kind, day, chief)

    course.step(case, "suggestion.served", "2026-11-05", chief, uncounted=True)

    clock = case.clocks.get(rule="suggestion.reply")
    assert (clock.due_on, clock.due_raw) == (None, date(2027, 1, 5))
    assert "尚未公布" in clock.refusal["text"]


def test_a_suspension_moves_the_review_by_exactly_its_days(case, chief):
    course.served(case, chief)
    for kind, day in (
        ("review.opened", "2026-10-09"),
        ("organ.decided", "2026-10-10"),
    ):
        course.step(case, kind, day, chief)
    before = case.clocks.get(rule="review.administrative").due_raw

    course.step(case, "review.suspended", "2026-10-12", chief, at="2026-10-20")
    assert case.clocks.get(rule="review.administrative").paused
    course.step(case, "review.resumed", "2026-10-22", chief, at="2026-10-22")

    review = case.clocks.get(rule="review.administrative")
    assert not review.paused
    assert (review.due_raw - before).days == 10


def test_a_corrected_event_stays_on_file_and_the_clocks_follow_the_right_one(case, chief, alice):
    wrong = course.served(case, chief, on="2026-08-01")

    right = actions.correct_event(
        event=wrong, on=date(2026, 8, 3), facts={}, reason="回证所载日期为八月三日",
        by=alice, at=course.noon("2026-11-20"), version=case.version,
    )  # fmt: skip

    wrong.refresh_from_db()
    assert wrong.undone_reason == "回证所载日期为八月三日"
    assert right.corrects == wrong
    assert due(case, "suggestion.reply") == date(2026, 10, 8)  # 10-03 is a rest day too
    assert case.clocks.get(rule="suggestion.reply").due_raw == date(2026, 10, 3)
    assert case.suggestions.get().served_on == date(2026, 8, 3)


def test_correcting_the_decision_keeps_the_same_suggestion(case, chief):
    course.served(case, chief)
    suggestion = Suggestion.objects.get()

    actions.correct_event(
        event=suggestion.event, on=date(2026, 7, 31), facts={"asks": ["封堵"], "urgent": True},
        reason="漏记紧急情形", by=chief, at=course.noon("2026-11-20"), version=case.version,
    )  # fmt: skip

    again = Suggestion.objects.get()
    assert (again.pk, again.urgent, again.asks) == (suggestion.pk, True, ["封堵"])
    assert due(case, "suggestion.reply") == date(2026, 8, 17)  # fifteen days, 08-16 is a Sunday


def test_an_event_others_rest_on_is_not_taken_out(case, chief):
    course.served(case, chief)
    concluded = case.events.get(kind="investigation.concluded")

    with pytest.raises(StepClosed, match="调查终结"):
        actions.undo_event(
            event=concluded, reason="误记", by=chief, at=course.noon("2026-11-20"),
            version=case.version,
        )  # fmt: skip

    concluded.refresh_from_db()
    assert concluded.undone_at is None


def test_taking_out_the_service_takes_its_clock_away(case, chief):
    event = course.served(case, chief)

    actions.undo_event(
        event=event, reason="实际未送达", by=chief, at=course.noon("2026-11-20"),
        version=case.version,
    )  # fmt: skip

    case.refresh_from_db()
    assert case.state == "suggesting"
    assert not case.clocks.filter(rule="suggestion.reply").exists()
    assert case.suggestions.get().served_on is None


def test_taking_out_needs_a_reason(case, alice):
    event = course.step(case, "case.served", "2026-07-03", alice)

    with pytest.raises(Refusal, match="请写明"):
        actions.undo_event(
            event=event, reason=" ", by=alice, at=course.noon("2026-11-20"), version=case.version
        )


def test_the_filing_itself_is_corrected_but_never_taken_out(case, chief):
    filed = case.events.get()
    with pytest.raises(Refusal, match="不能撤销"):
        actions.undo_event(
            event=filed, reason="误立", by=chief, at=course.noon("2026-11-20"), version=case.version
        )

    actions.correct_event(
        event=filed, on=date(2026, 7, 2), facts={}, reason="决定书日期为七月二日",
        by=chief, at=course.noon("2026-11-20"), version=case.version,
    )  # fmt: skip

    case.refresh_from_db()
    assert case.opened_on == date(2026, 7, 2)
    assert due(case, "filing.serve") == date(2026, 7, 9)


def test_no_administrative_case_is_closed_as_rectified_without_a_verification(case, chief):
    course.served(case, chief)
    ground = {"ground": "ground.rectified"}

    with pytest.raises(StepClosed, match="整改到位的现场核实记录"):
        course.step(case, "case.terminated", "2026-09-30", chief, facts=ground)
    course.verified(case, chief, case.handler, "2026-09-29")
    course.step(case, "case.terminated", "2026-09-30", chief, facts=ground)

    assert case.state == "terminated"
    assert not case.clocks.filter(stopped_on=None, duty=True, rule="suggestion.reply").exists()


def test_the_handler_is_told_of_what_others_enter(case, chief, alice):
    course.step(case, "case.served", "2026-07-03", chief)

    assert Notice.objects.filter(user=alice, key__startswith="case-event:").count() == 1


def test_what_is_kept_for_lists_is_what_reading_the_file_says(case, chief):
    course.served(case, chief)
    course.step(case, "suggestion.recorded", "2026-08-05", chief)

    live = derive.standing_of(Case.objects.get(), on=date(2026, 11, 20))

    stored = {(clock.rule, clock.due_on, clock.stopped_on) for clock in Clock.objects.all()}
    assert stored == {(c.rule.id, c.due, c.ended_on) for c in live.clocks if c.started_on}


def test_rewriting_many_cases_changes_nothing_that_was_right(city, chief, alice, case):
    course.served(case, chief)
    other = course.case(city.office, chief, alice)
    before = list(Clock.objects.order_by("case", "rule").values_list("case", "rule", "due_on"))
    suggestion = Suggestion.objects.get().pk

    derive.rewrite(list(Case.objects.select_related("office")), on=date(2026, 11, 20))

    assert before == list(
        Clock.objects.order_by("case", "rule").values_list("case", "rule", "due_on")
    )
    assert Suggestion.objects.get().pk == suggestion
    assert Event.objects.filter(case=other).count() == 1


def test_whoever_reported_is_told_how_far_it_is(city, chief, alice):
    found = course.incident(city.office)
    report = factories.report(city.office)
    report.finding = found.findings.create(report=report, lead=0.9, is_lead=True, rank=0.8)
    receipt = Receipt.objects.create(report=report, code_hash="x")
    case = course.case(city.office, chief, alice, incident=found, organ=city.water)

    def stage():
        receipt.refresh_from_db()
        return receipt.stage, receipt.told["text"]

    assert stage()[0] == "filed"
    event = course.served(case, chief)
    assert stage()[0] == "urging"
    actions.undo_event(
        event=event, reason="未送达", by=chief, at=course.noon("2026-11-20"), version=case.version
    )
    assert stage()[0] == "filed"
    course.step(case, "suggestion.served", "2026-08-01", chief)
    course.verified(case, chief, case.handler, "2026-09-29")
    course.step(case, "case.terminated", "2026-09-30", chief, facts={"ground": "ground.rectified"})
    assert stage() == ("done", "经现场核实，您反映的问题已经整改到位。")


def test_a_step_dated_before_the_filing_is_refused_with_a_sentence(as_alice, case):
    response = as_alice.post(
        reverse("cases:step", args=[case.ref, "case.serve"]),
        {"on": "2026-06-30", "version": case.version},
    )

    assert response.status_code == 422
    assert "早于立案之日" in response.text


def test_the_filing_cannot_be_moved_behind_its_own_steps(as_chief, case, chief):
    course.step(case, "case.served", "2026-07-03", chief)
    filed = case.events.get(kind="case.filed")

    response = as_chief.post(
        reverse("cases:correct", args=[case.ref, filed.pk]),
        {"on": "2026-07-10", "reason": "日期写错", "version": case.version},
    )

    assert response.status_code == 422
    assert "早于立案之日" in response.text
    filed.refresh_from_db()
    assert filed.undone_at is None
