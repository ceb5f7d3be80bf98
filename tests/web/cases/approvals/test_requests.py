"""From the handler to the chief procurator: every opinion kept, the step on file in the end."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.cases.actions import CaseChanged
from jingyi.web.cases.approvals import queries
from jingyi.web.cases.approvals.actions import chains, requests
from jingyi.web.cases.approvals.models import Approval, Opinion
from jingyi.web.cases.models import Event
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.cases import course
from tests.web.cases.approvals.conftest import AT, ask

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)


def approve(approval, by, **values):
    approval.case.refresh_from_db()
    values = {"version": approval.case.version, "on": ON, **values}
    return requests.approve(approval=approval, by=by, at=AT, **values)


def test_it_waits_for_the_next_in_the_chain_only(asked, alice, head, chief, bob):
    assert list(queries.waiting_for(head)) == [asked]
    assert not queries.waiting_for(chief).exists()

    requests.review(approval=asked, agrees=True, text="", by=head, at=AT)

    assert list(queries.waiting_for(chief)) == [asked]
    assert not any(queries.waiting_for(who).exists() for who in (alice, head, bob))


def test_the_head_disagrees_the_chief_has_it_checked_again_and_dissent_is_kept(
    asked, alice, head, chief
):
    with pytest.raises(Refusal, match="理由"):
        requests.review(approval=asked, agrees=False, text=" ", by=head, at=AT)
    requests.review(approval=asked, agrees=False, text="损害不明。", by=head, at=AT)
    requests.dissent(approval=asked, text="水样已经超标。", by=alice, at=AT)
    requests.recheck(approval=asked, text="补测一次。", by=chief, at=AT)
    assert list(queries.waiting_for(alice)) == [asked]
    requests.rechecked(approval=asked, text="仍超标。", by=alice, at=AT)
    requests.committee(approval=asked, on=ON, text="同意发出。", by=chief, at=AT)
    done = approve(asked, chief, text="同意。")

    assert done.stage == Approval.Stage.APPROVED
    assert done.event.kind == "suggestion.decided"
    assert done.event.facts["asks"] == ["封堵暗管"]
    done.case.refresh_from_db()
    assert done.case.state == "suggesting"
    assert done.case.clocks.filter(rule="suggestion.serve").exists()
    kinds = list(done.opinions.values_list("kind", flat=True))
    assert kinds == [
        "asked",
        "disagreed",
        "dissent",
        "recheck",
        "rechecked",
        "committee",
        "approved",
    ]


def test_an_opinion_is_never_rewritten(asked):
    with pytest.raises(DatabaseError), transaction.atomic():
        Opinion.objects.update(text="改写")


def test_the_ledger_tells_an_approved_step_from_one_entered_directly(
    asked, alice, head, chief, city
):
    requests.review(approval=asked, agrees=True, text="", by=head, at=AT)
    approve(asked, chief)
    course.served(course.case(city.office, chief, alice), chief)

    facts = [e.body["facts"]["warrant"] for e in Entry.objects.filter(kind="suggestion.decided")]
    assert set(facts) == {"", f"approval:{asked.pk}"}


def test_a_case_that_changed_meanwhile_is_not_decided_on(asked, alice, head, chief):
    requests.review(approval=asked, agrees=True, text="", by=head, at=AT)
    read = asked.case
    read.refresh_from_db()
    version = read.version
    course.step(read, "recusal.requested", "2026-11-20", alice)
    with pytest.raises(CaseChanged):
        requests.approve(approval=asked, on=ON, by=chief, at=AT, version=version)

    asked.refresh_from_db()
    assert asked.stage == Approval.Stage.DECISION
    assert not Event.objects.filter(kind="suggestion.decided").exists()


def test_nobody_decides_out_of_turn(asked, head, chief, charlie, east_chief):
    for who in (asked.by, head, charlie, east_chief):
        with pytest.raises(Refusal):
            approve(asked, who)
    with pytest.raises(Refusal):
        approve(asked, chief)  # not reviewed yet
    with pytest.raises(Refusal):
        requests.dissent(approval=asked, text="不同意", by=head, at=AT)


def test_what_needs_no_approval_or_is_not_open_is_not_asked(concluded, alice, head, charlie):
    for step in ("suggestion.serve", "review.suspend"):
        with pytest.raises(Refusal):
            ask(concluded, alice, step)
    with pytest.raises(Http404):
        ask(concluded, charlie)
    ask(concluded, alice)
    with pytest.raises(Refusal, match="已经报批"):
        ask(concluded, alice)


def test_an_office_without_a_head_says_so_and_may_do_without(concluded, alice, chief, city):
    with pytest.raises(Refusal, match="部门负责人"):
        ask(concluded, alice)
    chains.set_chain(
        office=city.office, head_reviews=False, since=ON, reason="人少", by=chief, at=AT
    )

    assert ask(concluded, alice).stage == Approval.Stage.DECISION


def test_a_delegate_decides_within_the_days_only(asked, head, chief, city, time_machine):
    time_machine.move_to(AT)
    deputy = factories.person("dora", role="prosecutor", office=city.office)
    requests.review(approval=asked, agrees=True, text="", by=head, at=AT)
    given = chains.delegate(
        office=city.office, to=deputy, since=ON, until=ON, reason="外出", by=chief, at=AT
    )
    time_machine.move_to(course.noon("2026-11-21"))
    assert not queries.waiting_for(deputy).exists()
    time_machine.move_to(AT)
    approve(asked, deputy)

    assert asked.opinions.get(kind="approved").delegated
    chains.end_delegation(delegation=given, by=chief, at=AT)
    assert not queries.delegations(ON).exists()


def test_a_return_ends_it_with_a_reason(asked, head, chief, alice):
    requests.review(approval=asked, agrees=True, text="", by=head, at=AT)
    requests.send_back(approval=asked, text="还缺检测报告。", by=chief, at=AT)
    with pytest.raises(Refusal):
        approve(asked, chief)
    requests.dissent(approval=asked, text="报告已附。", by=alice, at=AT)

    assert asked.opinions.last().kind == "dissent"
    assert ask(asked.case, alice).pk != asked.pk
