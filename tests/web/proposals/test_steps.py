"""Direction A: from the committee to a lead, a case, an answer and the proposers' word."""

from datetime import date

import pytest
from django.http import Http404

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import Notice
from jingyi.web.ledger.models import Entry
from jingyi.web.proposals import queries
from jingyi.web.proposals.actions import steps
from jingyi.web.proposals.models import Item, Link
from tests import factories
from tests.web.cases import course
from tests.web.proposals.conftest import MARCH

pytestmark = pytest.mark.django_db


def take(item, kind, by, words="写明了", **values):
    return steps.take(
        item=item, kind=kind, words=words, by=by, at=values.pop("at", MARCH), **values
    )


def taken_up(item, npc, alice):
    take(item, "send", npc)
    take(item, "register", alice)
    return take(item, "accept", alice)


def fresh(item):
    return queries._told(Item.objects.filter(pk=item.pk)).get()


def test_an_item_is_screened_like_every_report(item):
    assert item.domain == "eco-env"
    assert item.is_lead
    assert item.reasons


def test_its_clock_counts_from_the_day_it_was_assigned(item):
    clock, _ = queries.clock_of(item)
    assert (clock.started_on, clock.due) == (date(2026, 3, 1), date(2026, 6, 1))
    item.difficult = True
    assert queries.clock_of(item)[0].due == date(2026, 9, 1)
    item.assigned_on = None
    assert queries.clock_of(item) == (None, None)


def test_its_clock_stops_with_an_answer(item, npc, alice):
    assert queries.shown(fresh(item), "office").due == date(2026, 6, 1)
    take(item, "handled", npc, words="水务局已书面答复")
    assert queries.shown(fresh(item), "office").due is None
    item.refresh_from_db()
    assert item.state == "received"


def test_taken_up_it_is_a_lead_of_the_office(item, npc, alice):
    taken_up(item, npc, alice)

    link = Link.objects.get()
    assert link.origin == "taken-up"
    assert link.incident.findings.get().report.source == "deputy"
    item.refresh_from_db()
    assert item.state == "accepted"
    assert Notice.objects.filter(user=alice, key__startswith="proposal-sent").exists()


def test_the_case_that_grew_from_it_is_its_case(item, npc, alice, chief, city):
    taken_up(item, npc, alice)
    incident = Link.objects.get().incident
    case = course.case(city.office, chief, alice, organ=city.water, incident=incident)

    assert queries.cases_of(fresh(item)) == [case]
    assert queries.shown(fresh(item), "committee").progress == "case"
    with pytest.raises(Refusal, match="已经立案"):
        steps.undo(item=item, reason="误", by=alice, at=MARCH)


def test_papers_of_its_case_are_copied_within_ten_days(item, npc, alice, chief, city):
    taken_up(item, npc, alice)
    incident = Link.objects.get().incident
    case = course.case(city.office, chief, alice, organ=city.water, incident=incident)
    due = queries.copies_due(fresh(item))
    assert [(one.case, one.on, one.due) for one in due] == [
        (case, date(2026, 7, 1), date(2026, 7, 11))
    ]
    take(item, "copy", alice, words="立案决定书", at=course.noon("2026-07-02"))
    assert queries.copies_due(fresh(item)) == []


def test_declining_needs_a_reason_and_is_answered_too(item, npc, alice):
    take(item, "register", alice)
    with pytest.raises(Refusal, match="写明"):
        take(item, "decline", alice, words=" ")
    take(item, "decline", alice, words="已由住建部门办理")
    take(item, "answer", alice, words="感谢关注，说明如下")
    item.refresh_from_db()
    assert item.state == "answered"


def test_steps_are_taken_in_order_by_their_side(item, npc, alice, deputy, charlie, bob):  # noqa: PLR0917 -- every side
    with pytest.raises(Refusal, match="不能办理"):
        take(item, "answer", alice)
    for stranger in (npc, deputy, charlie, bob):
        with pytest.raises(Http404):
            take(item, "register", stranger)
    with pytest.raises(Http404):
        take(item, "send", alice)


def test_the_last_step_is_undone_with_a_reason(item, npc, alice):
    taken_up(item, npc, alice)
    with pytest.raises(Refusal, match="理由"):
        steps.undo(item=item, reason="", by=alice, at=MARCH)
    steps.undo(item=item, reason="重复", by=alice, at=MARCH)

    item.refresh_from_db()
    assert item.state == "registered"
    assert not item.links.filter(undone_at=None).exists()
    assert item.steps.count() == 3
    take(item, "accept", alice)
    assert item.links.filter(undone_at=None).count() == 1


def test_the_proposer_is_told_and_says_how_content_they_are(item, npc, alice, deputy):
    taken_up(item, npc, alice)
    take(item, "answer", alice, words="已作为线索核查")
    take(item, "tell", alice, words="暗管已封堵")
    with pytest.raises(Refusal, match="满意"):
        take(item, "rate", deputy, words="好")
    take(item, "rate", deputy, words="很及时", satisfaction="satisfied")

    item.refresh_from_db()
    assert (item.state, item.satisfaction) == ("told", "satisfied")
    assert Notice.objects.filter(user=deputy, key__startswith="proposal-told").count() == 2
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"proposal.send", "proposal.accept", "proposal.rate"} <= kinds


def test_a_proposer_is_invited_and_answers(item, alice, deputy, charlie):
    proposer = item.proposers.get(user=deputy)
    made = steps.invite(
        proposer=proposer,
        kind="hearing",
        on=date(2026, 4, 1),
        place="三楼听证室",
        by=alice,
        at=MARCH,
    )
    with pytest.raises(Http404):
        steps.reply_to(invitation=made, comes=True, by=charlie, at=MARCH)
    assert steps.reply_to(invitation=made, comes=True, by=deputy, at=MARCH).answer == "yes"
    assert steps.reply_to(invitation=made, comes=False, by=deputy, at=MARCH).answer == "no"
    with pytest.raises(Refusal, match="已过"):
        steps.reply_to(invitation=made, comes=True, by=deputy, at=course.noon("2026-04-02"))


@pytest.mark.parametrize("field", sorted(rulebook.proposals().fields))
def test_no_side_reads_more_before_the_decision_than_after(field):
    before, after = rulebook.proposals().fields[field]
    assert before <= after


def test_what_is_kept_back_is_nothing_on_the_page(item, npc, alice):
    taken_up(item, npc, alice)
    before = queries.shown(fresh(item), "committee")
    assert (before.assessment, before.links, before.reasons, before.lead) == (
        None,
        None,
        None,
        None,
    )
    assert queries.shown(fresh(item), "office").links
    take(item, "answer", alice)
    after = queries.shown(fresh(item), "committee")
    assert after.assessment == "写明了"
    assert after.links
    assert after.reasons is None
    assert queries.shown(fresh(item), "proposer").links is None


def test_the_deputy_of_one_item_reads_no_other(item, session, npc, city):
    other = factories.person("other", role="deputy", office=city.office)
    assert not queries.own_items(other).exists()
    assert not queries.items_for(other).exists()
