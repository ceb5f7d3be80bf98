"""Whoever reported must hear from the office: within seven days, and how it came out (T40)."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from jingyi.core.words import say
from jingyi.web.intake import letters
from jingyi.web.intake.actions import reports
from tests import factories

pytestmark = pytest.mark.django_db
LETTERS = reverse("intake:letters")


@pytest.fixture
def alice(city):
    return factories.person("alice", role="prosecutor", office=city.east)


def sent(city, day="2026-09-01"):
    at = moment(day)
    found, _ = reports.receive(office=city.east, source="citizen", text="河边有人倾倒垃圾。", at=at)
    return found


def moment(day):
    return timezone.make_aware(timezone.datetime.fromisoformat(f"{day}T10:00"))


def read(report, day):
    found = letters.clocks([report], on=date.fromisoformat(day))[report.pk]
    return {clock.rule.id: clock for clock in found}


def test_a_first_answer_is_due_in_seven_days_and_the_outcome_in_three_months(city):
    found = read(sent(city), "2026-09-02")

    assert found["letter.answer"].due == date(2026, 9, 8)
    assert found["letter.result"].due == date(2026, 12, 1)
    assert {clock.state for clock in found.values()} == {"running"}


def test_taking_it_up_is_a_first_answer_and_no_outcome(city, alice):
    report = sent(city)
    reports.tell_reporter(
        report=report,
        stage="assessing",
        sentence=say("在核实。"),
        by=alice,
        at=moment("2026-09-04"),
    )

    found = read(report, "2026-09-20")
    assert found["letter.answer"].state == "in-time"
    assert found["letter.result"].state == "running"


def test_a_letter_back_is_an_answer_and_an_outcome_told_late_is_late(city, alice):
    report = sent(city)
    reports.answer_reporter(report=report, text="收到。", by=alice, at=moment("2026-09-09"))
    reports.tell_reporter(
        report=report, stage="filed", sentence=say("已立案。"), by=alice, at=moment("2026-10-09")
    )

    found = read(report, "2026-10-20")
    assert found["letter.answer"].state == "late"
    assert found["letter.result"].state == "in-time"


def test_a_row_of_a_hotline_has_no_such_clock(city):
    assert letters.clocks([factories.report(city.east)], on=date(2026, 9, 2)) == {}


def test_the_page_of_the_report_shows_both_with_their_reasons(client, city, alice, time_machine):
    report = sent(city)
    time_machine.move_to(moment("2026-09-10"), tick=False)
    client.force_login(alice)

    text = client.get(reverse("intake:report_detail", args=[report.ref])).text
    assert "已逾期 2 天" in text
    assert "条文未核到" in text
    assert "2026-12-01" in text


def test_what_waits_is_listed_due_first_and_on_the_day_of_whoever_answers(
    client, city, alice, time_machine
):
    late, due, far = sent(city, "2026-08-20"), sent(city, "2026-09-01"), sent(city, "2026-09-02")
    reports.tell_reporter(
        report=far, stage="filed", sentence=say("已立案。"), by=alice, at=moment("2026-09-02")
    )
    time_machine.move_to(moment("2026-09-05"), tick=False)
    client.force_login(alice)

    text = client.get(LETTERS).text
    assert text.index(due.ref) < text.index(late.ref)
    assert far.ref not in text
    assert due.ref in client.get(reverse("desk:today")).text


@pytest.mark.parametrize("many", [1, 3])
def test_one_and_three_are_listed_with_as_many_queries(
    city, alice, many, time_machine, django_assert_max_num_queries
):
    for _ in range(many):
        sent(city)
    time_machine.move_to(moment("2026-09-05"), tick=False)
    with django_assert_max_num_queries(4):
        assert len(letters.waiting_for(alice, on=date(2026, 9, 5))) == many


def test_who_may_not_answer_sees_none(client, city):
    sent(city)
    bob = factories.person("bob", role="prosecutor", office=city.elsewhere)
    charlie = factories.person("charlie", role="deputy", office=city.office)

    client.force_login(bob)
    assert "河边" not in client.get(LETTERS).text
    client.force_login(charlie)
    assert client.get(LETTERS).status_code in {403, 404}
