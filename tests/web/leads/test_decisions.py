"""What people decide about incidents: who may, what follows, and that undo puts all of it back."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.leads import actions
from jingyi.web.leads.models import Decision, Finding, Incident, Judgement
from jingyi.web.ledger.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db
RIVER = "东津河三号桥下游暗管夜间排放黑色污水，气味刺鼻，河里的鱼死了一片。"
MINE = "西山采石场超范围开采，山体裸露，扬尘严重，运石车压坏村道。"


@pytest.fixture
def desk(city, at):
    """Two incidents: the river, reported three times, and the quarry, reported once."""
    for n in range(3):
        factories.report(
            city.office,
            title="东津河三号桥排黑水",
            text=RIVER,
            at=at + timedelta(days=n),
            reporter_key=f"k{n}",
        )
    factories.report(city.office, title="西山采石场乱采", text=MINE, at=at)
    actions.gather(office=city.office, at=at)
    return list(Incident.objects.order_by("-reports"))


def everything():
    """Every incident and where every finding is, as plain values."""
    return (
        [
            {**model_to_dict(i), "version": 0, "protected": []}
            for i in Incident.objects.order_by("pk")
        ],
        list(Finding.objects.order_by("pk").values_list("pk", "incident_id")),
        list(Judgement.objects.values_list("one_id", "other_id", "same")),
    )


ONE = {
    "take": lambda i, by, at: actions.take(incident=i, by=by, at=at),
    "assign": lambda i, by, at: actions.assign(incident=i, to=by, by=by, at=at),
    "watch": lambda i, by, at: actions.watch(incident=i, by=by, at=at),
    "decline": lambda i, by, at: actions.decline(incident=i, reason="no-harm", by=by, at=at),
    "hand-on": lambda i, by, at: actions.hand_on(incident=i, to=i.office.parent, by=by, at=at),
}


@pytest.mark.parametrize("kind", ONE)
def test_undo_puts_back_exactly_what_was(desk, alice, at, kind):
    river = desk[0]
    before = everything()

    decision = ONE[kind](river, alice, at)
    assert everything() != before
    actions.undo(decision=decision, by=alice, at=at)

    assert everything() == before
    assert Decision.objects.get().undone_by == alice
    assert "lead.undone" in Entry.objects.values_list("kind", flat=True)


def test_merge_and_undo_are_nothing_at_all(desk, alice, at):
    river, quarry = desk
    before = everything()

    [decision] = actions.merge(into=river, incidents=[quarry], by=alice, at=at)
    river.refresh_from_db()
    assert river.reports == 4
    actions.undo(decision=decision, by=alice, at=at)

    assert everything() == before


def test_split_and_undo_leave_every_report_where_it_was(desk, alice, at):
    river = desk[0]
    moved = [finding.report for finding in river.findings.order_by("pk")[:1]]

    decision = actions.split(incident=river, reports=moved, by=alice, at=at)
    assert (decision.incident.reports, Incident.objects.get(pk=river.pk).reports) == (1, 2)
    actions.undo(decision=decision, by=alice, at=at)

    assert Incident.objects.get(pk=river.pk).reports == 3
    assert not Judgement.objects.exists()


def test_what_people_merged_and_split_later_runs_respect(desk, alice, city, at):
    river, quarry = desk
    actions.merge(into=river, incidents=[quarry], by=alice, at=at)
    factories.report(city.office, title="西山采石场乱采", text=MINE, at=at + timedelta(days=5))
    actions.gather(office=city.office, at=at)

    river.refresh_from_db()
    assert river.reports == 5


def test_a_decision_made_since_must_be_undone_first(desk, alice, at):
    taken = actions.take(incident=desk[0], by=alice, at=at)
    actions.watch(incident=desk[0], by=alice, at=at)

    with pytest.raises(Refusal, match="请先撤销那一步"):
        actions.undo(decision=taken, by=alice, at=at)


def test_it_is_undone_once(desk, alice, at):
    decision = actions.take(incident=desk[0], by=alice, at=at)
    actions.undo(decision=decision, by=alice, at=at)

    with pytest.raises(Refusal, match="已经撤销"):
        actions.undo(decision=decision, by=alice, at=at)


def test_declining_needs_a_listed_reason(desk, alice, at):
    with pytest.raises(Refusal, match="列明的理由"):
        actions.decline(incident=desk[0], reason="because", by=alice, at=at)
    assert not Decision.objects.exists()


def test_what_is_decided_is_not_decided_again(desk, alice, at):
    actions.decline(incident=desk[0], reason="no-harm", by=alice, at=at)

    with pytest.raises(Refusal, match="不予受理"):
        actions.take(incident=desk[0], by=alice, at=at)


def test_a_page_that_is_out_of_date_changes_nothing(desk, alice, chief, at):
    shown = desk[0].version
    actions.take(incident=desk[0], by=chief, at=at)

    with pytest.raises(Refusal, match="Chief改动过"):
        actions.watch(incident=desk[0], by=alice, at=at, version=shown)


def test_the_receiver_may_neither_send_back_nor_onward(desk, alice, charlie, city, at):
    river = desk[0]
    actions.hand_on(incident=river, to=city.elsewhere, by=alice, at=at)
    river.refresh_from_db()

    assert (river.office, river.received_from) == (city.elsewhere, city.office)
    with pytest.raises(Refusal, match="第二十六条"):
        actions.hand_on(incident=river, to=city.office, by=charlie, at=at)
    up = actions.hand_on(incident=river, to=city.elsewhere.parent, by=charlie, at=at)
    assert up.incident.office == city.elsewhere.parent


def test_who_handed_it_on_hears_once_that_it_has_been_received(desk, alice, charlie, city, at):
    river = desk[0]
    actions.hand_on(incident=river, to=city.elsewhere, by=alice, at=at)
    assert not alice.notices.filter(key__startswith="lead.received").exists()

    actions.take(incident=river, by=charlie, at=at)
    actions.assign(incident=river, to=charlie, by=charlie, at=at)

    receipt = Entry.objects.get(kind="lead.received")
    assert (receipt.office, receipt.subject) == (city.office.code, f"incident:{river.ref}")
    assert alice.notices.filter(key__startswith="lead.received").count() == 1


def test_it_is_handed_to_a_peer_the_superior_or_a_subordinate_only(desk, alice, bob, city, at):
    with pytest.raises(Refusal, match="不是同级"):
        actions.hand_on(incident=desk[0], to=city.office, by=alice, at=at)
    actions.hand_on(incident=desk[0], to=city.east, by=alice, at=at)

    with pytest.raises(Refusal, match="不是同级"):
        actions.hand_on(incident=desk[0], to=city.elsewhere, by=bob, at=at)
    peer = actions.hand_on(incident=desk[0], to=city.west, by=bob, at=at)
    assert peer.incident.office == city.west


@pytest.mark.parametrize("who", ["bob", "charlie"])
@pytest.mark.parametrize("kind", ONE)
def test_a_stranger_decides_nothing(desk, request, at, who, kind):
    stranger = request.getfixturevalue(who)

    with pytest.raises(Http404):
        ONE[kind](desk[0], stranger, at)
    assert not Decision.objects.exists()


def test_an_assistant_takes_but_does_not_decline(desk, city, at):
    assistant = factories.person("assistant", role="assistant", office=city.office)
    actions.take(incident=desk[0], by=assistant, at=at)

    with pytest.raises(Http404):
        actions.decline(incident=desk[1], reason="no-harm", by=assistant, at=at)


def test_in_bulk_one_refusal_spoils_no_other(desk, alice, at):
    actions.decline(incident=desk[0], reason="no-harm", by=alice, at=at)

    outcome = actions.in_bulk("watch", desk, by=alice, at=at)

    assert [type(result) for _, result in outcome] == [Refusal, Decision]


def test_filing_and_withdrawing_a_case(desk, alice, at):
    before = everything()
    actions.file(incidents=desk, case="2026-0001", by=alice, at=at)
    assert {i.state for i in Incident.objects.all()} == {"filed"}

    actions.unfile(case="2026-0001", by=alice, at=at)

    assert everything() == before


def test_merge_split_merge_and_undo_keep_what_people_said_before(desk, alice, at):
    river, quarry = desk
    moved = [river.findings.order_by("pk")[0].report]
    apart = actions.split(incident=river, reports=moved, by=alice, at=at).incident
    before = everything()
    [decision] = actions.merge(into=river, incidents=[apart], by=alice, at=at)

    actions.undo(decision=decision, by=alice, at=at)

    assert everything() == before
    again = actions.merge(into=quarry, incidents=[apart], by=alice, at=at)
    assert again[0].incident == apart


def test_reports_that_moved_on_or_were_filed_are_not_parted(desk, alice, city, at):
    river, quarry = desk
    factories.report(
        city.office, title="南门市场卖变质肉", text="南门市场摊位卖变质猪肉，没有检疫章。", at=at
    )
    actions.gather(office=city.office, at=at)
    meat = Incident.objects.order_by("-pk")[0]
    [first] = actions.merge(into=quarry, incidents=[river], by=alice, at=at)
    [second] = actions.merge(into=meat, incidents=[quarry], by=alice, at=at)

    with pytest.raises(Refusal, match="请先撤销那一步"):
        actions.undo(decision=first, by=alice, at=at)
    actions.undo(decision=second, by=alice, at=at)
    actions.file(incidents=[Incident.objects.get(pk=quarry.pk)], case="2026-0001", by=alice, at=at)
    with pytest.raises(Refusal, match="请先撤销那一步"):
        actions.undo(decision=first, by=alice, at=at)


def test_a_report_split_out_twice_gets_two_names(desk, alice, at):
    river, quarry = desk
    moved = [river.findings.order_by("pk")[0].report]
    apart = actions.split(incident=river, reports=moved, by=alice, at=at).incident
    actions.merge(into=quarry, incidents=[apart], by=alice, at=at)

    again = actions.split(incident=quarry, reports=moved, by=alice, at=at).incident

    assert again.ref != apart.ref


def test_what_was_declined_and_is_reported_again_is_back_on_the_desk(desk, alice, city, at):
    actions.decline(incident=desk[0], reason="no-harm", by=alice, at=at)
    factories.report(city.office, title="东津河三号桥排黑水", text=RIVER, at=at + timedelta(days=5))
    actions.gather(office=city.office, at=at)

    assert Incident.objects.get(pk=desk[0].pk).state == "new"
    assert Entry.objects.filter(kind="lead.reopened").exists()


def test_in_bulk_what_one_may_not_decide_spoils_no_other(desk, bob, city, at):
    actions.hand_on(
        incident=desk[0],
        to=city.east,
        by=factories.person("dora", role="prosecutor", office=city.office),
        at=at,
    )

    outcome = actions.in_bulk("watch", [desk[1], desk[0]], by=bob, at=at)

    assert [type(result) for _, result in outcome] == [Refusal, Decision]


def test_what_a_person_takes_up_is_a_lead_and_stays_one(city, alice, at):
    factories.report(city.office, title="咨询", text="请问公积金提取需要哪些材料？谢谢。", at=at)
    actions.gather(office=city.office, at=at)
    incident = Incident.objects.get()
    assert not incident.is_lead

    actions.take(incident=incident, by=alice, at=at)
    factories.report(city.office, title="咨询", text="请问公积金提取需要哪些材料？谢谢。", at=at)
    actions.gather(office=city.office, at=at)

    assert Incident.objects.get(pk=incident.pk).is_lead
