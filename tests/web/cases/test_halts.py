"""The ledger of what stopped or lengthened a case's clocks."""

import pytest
from django.urls import reverse

from tests.web.cases import course

pytestmark = pytest.mark.django_db

WHY = {"cause": "汛期不能施工", "authority": "检察长"}


@pytest.fixture
def suspended(served_case, chief):
    """A case in review, suspended on 12 October 2026."""
    for kind, day, facts in (
        ("review.opened", "2026-10-09", {}),
        ("organ.decided", "2026-10-09", {}),
        ("review.suspended", "2026-10-12", WHY),
    ):
        course.step(served_case, kind, day, chief, facts=facts)
    return served_case


def rows(client, case):
    return client.get(case.get_absolute_url()).context["halts"]


def test_a_case_that_nothing_stopped_has_no_such_table(as_alice, served_case):
    assert rows(as_alice, served_case) == []
    assert "暂停与延长" not in as_alice.get(served_case.get_absolute_url()).text


def test_a_suspension_is_kept_with_its_reason_authority_and_article(as_alice, suspended):
    (one,) = rows(as_alice, suspended)

    assert (one.last, one.days, one.extends) == (None, None, False)
    text = as_alice.get(suspended.get_absolute_url()).text
    for said in ("汛期不能施工", "检察长", "《办案规则》第七十八条", "还没有结束", "没有附件"):
        assert said in text


def test_its_days_run_to_the_day_before_resumption(as_alice, suspended, chief):
    course.step(suspended, "review.resumed", "2026-10-22", chief)

    (one,) = rows(as_alice, suspended)
    assert (str(one.last), one.days) == ("2026-10-21", 10)


def test_an_appraisal_is_out_through_the_day_of_its_result_and_an_extension_is_named(
    as_alice, case, chief, served_case
):
    course.step(served_case, "review.opened", "2026-10-09", chief)
    for kind, day in (
        ("appraisal.commissioned", "2026-10-10"),
        ("appraisal.returned", "2026-10-14"),
        ("review.extended.chief", "2026-10-20"),
    ):
        course.step(served_case, kind, day, chief, facts={"commission": "audit"})

    first, second = rows(as_alice, served_case)
    assert (first.days, second.extends, second.days) == (5, True, None)
    assert "审计" in as_alice.get(served_case.get_absolute_url()).text


def test_the_step_asks_for_reason_and_authority(as_chief, served_case, chief):
    course.step(served_case, "review.opened", "2026-10-09", chief)
    course.step(served_case, "organ.decided", "2026-10-09", chief)
    address = reverse("cases:step", args=[served_case.ref, "review.suspend"])
    page = as_chief.get(address).text
    assert 'name="cause"' in page
    assert 'name="authority"' in page

    given = {"on": "2026-10-12", "version": served_case.version}
    assert as_chief.post(address, given).status_code == 422
    assert as_chief.post(address, given | WHY).status_code == 303
    assert served_case.events.get(kind="review.suspended").facts == WHY
