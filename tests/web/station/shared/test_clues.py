"""A clue from one side to the other: each side acts for itself, and both confirm."""

from datetime import date

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import Notice
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.ledger.models import Entry
from jingyi.web.station.shared import jobs
from jingyi.web.station.shared.actions import clues
from jingyi.web.station.shared.models import Clue
from tests.web.station.shared.conftest import AT

TEXT = "东津河边有暗管排黑水，气味刺鼻，疑似上游电镀厂夜间偷排，请检察院依法监督。"


def send(city, by, way="to-organ", **more):
    return clues.send(
        way=way, office=city.office, organ=city.water, title="东津河暗管排污", text=TEXT,
        place="东津河", by=by, at=AT, **more,
    )  # fmt: skip


@pytest.fixture
def inward(city, tang, alice):
    """A clue the water bureau sent to the city office."""
    return send(city, tang, "to-office", happened_on=date(2026, 8, 30))


def test_an_organs_clue_that_is_accepted_becomes_a_lead_taken_by_who_accepted_it(inward, alice):
    clues.receive(clue=inward, by=alice, at=AT)
    done = clues.decide(clue=inward, decision="accepted", reason="属于本院管辖", by=alice, at=AT)
    incident = Clue.objects.get(pk=inward.pk).incident

    assert done.report.source == "organ"
    assert localdate(done.report.happened_at) == date(2026, 8, 30)
    assert incident.is_lead
    assert (incident.state, incident.handler) == (Incident.State.TAKEN, alice)
    assert incident.findings.get().report == done.report


@pytest.mark.parametrize("decision", ["not-ours", "already", "declined"])
def test_a_clue_not_taken_has_a_reason_and_makes_no_lead(inward, alice, decision):
    clues.receive(clue=inward, by=alice, at=AT)
    with pytest.raises(Refusal, match="理由"):
        clues.decide(clue=inward, decision=decision, reason=" ", by=alice, at=AT)
    done = clues.decide(clue=inward, decision=decision, reason="属于县院管辖", by=alice, at=AT)

    assert done.report is None
    assert not Incident.objects.exists()
    with pytest.raises(Refusal, match="不能再改"):
        clues.decide(clue=inward, decision="accepted", reason="再想", by=alice, at=AT)


def test_a_lead_handed_to_an_organ_is_linked_and_says_so_on_its_own_page(
    city, alice, tang, inward, client
):
    clues.receive(clue=inward, by=alice, at=AT)
    clues.decide(clue=inward, decision="accepted", reason="受理", by=alice, at=AT)
    incident = Incident.objects.get()
    sent = send(city, alice, incident=incident)

    assert sent.incident == incident
    client.force_login(alice)
    part = client.get(
        reverse("shared:of_lead", args=[incident.ref]), headers={"hx-request": "true"}
    )
    assert part.text.count("queue-title") == 2
    assert f"to-organ/?lead={incident.ref}" in part.text
    assert (
        reverse("shared:of_lead", args=[incident.ref])
        in client.get(incident.get_absolute_url()).text
    )
    client.force_login(tang)
    assert client.get(reverse("shared:of_lead", args=[incident.ref])).status_code == 404
    assert "水务局" in Decision.objects.filter(incident=incident, kind="note").get().note


def test_it_is_taken_back_until_the_other_side_has_signed(city, alice, tang):
    first, second = send(city, alice), send(city, alice)
    clues.take_back(clue=first, by=alice, at=AT)
    clues.receive(clue=second, by=tang, at=AT)

    with pytest.raises(Refusal, match="已经签收"):
        clues.take_back(clue=second, by=alice, at=AT)
    with pytest.raises(Refusal, match="签收或者撤回"):
        clues.receive(clue=first, by=tang, at=AT)


def test_both_sides_confirm_the_receipt_and_the_sender_reads_the_answer(city, alice, tang):
    clue = send(city, alice)
    with pytest.raises(Refusal, match="还没有签收"):
        clues.confirm(clue=clue, by=alice, at=AT)
    clues.receive(clue=clue, by=tang, at=AT)
    clues.confirm(clue=clue, by=alice, at=AT)
    clues.decide(clue=clue, decision="accepted", reason="属于本局职责", by=tang, at=AT)
    done = clues.answer(clue=clue, text="已封堵暗管，立案查处", by=tang, at=AT)

    assert (done.received_by, done.confirmed_by, done.decided_by) == (tang, alice, tang)
    assert Notice.objects.filter(user=alice).count() == 3
    kinds = list(Entry.objects.filter(subject=f"clue:{clue.pk}").values_list("kind", flat=True))
    assert len(kinds) == 5


def test_no_side_acts_for_the_other(city, alice, tang, *, shen, bob, charlie):
    clue = send(city, alice)
    for stranger in (alice, shen, bob, charlie):
        with pytest.raises(Http404):
            clues.receive(clue=clue, by=stranger, at=AT)
    for stranger in (tang, bob, charlie):
        with pytest.raises(Http404):
            clues.take_back(clue=clue, by=stranger, at=AT)
    clues.receive(clue=clue, by=tang, at=AT)
    for stranger in (alice, shen, charlie):
        with pytest.raises(Http404):
            clues.decide(clue=clue, decision="accepted", reason="x", by=stranger, at=AT)
    with pytest.raises(Http404):
        send(city, charlie)
    with pytest.raises(Http404):
        clues.send(way="to-organ", office=city.elsewhere, organ=city.water, title="x", text="x",
                   by=charlie, at=AT)  # fmt: skip


def test_it_goes_nowhere_where_nobody_can_sign(city, alice):
    with pytest.raises(Refusal, match="送不出去"):
        send(city, alice)
    assert not Clue.objects.exists()


def test_the_whole_way_on_the_pages(client, city, alice, tang):
    client.force_login(tang)
    assert client.get(reverse("shared:clue_new", args=["to-organ"])).status_code == 404
    form = {"organ": city.water.code, "office": city.office.code, "title": "暗管", "text": TEXT}
    assert client.post(reverse("shared:clue_new", args=["to-office"]), {}).status_code == 422
    sent = client.post(reverse("shared:clue_new", args=["to-office"]), form)
    assert sent.status_code == 303
    clue = Clue.objects.get()
    client.force_login(alice)
    page = client.get(clue.get_absolute_url()).text
    assert "作出决定" not in page
    act = lambda name, **given: client.post(  # noqa: E731
        reverse("shared:clue_act", args=[clue.pk, name]), given
    )
    assert act("receive").status_code == 303
    assert act("decide", decision="accepted").status_code == 422
    assert act("decide", decision="accepted", reason="受理").status_code == 303
    assert act("sing").status_code == 404
    lead = Incident.objects.get()
    assert lead.ref in client.get(clue.get_absolute_url()).text
    client.force_login(tang)
    text = client.get(clue.get_absolute_url()).text
    assert lead.ref not in text
    assert "已登记为检察院的线索" in text


def test_a_clue_names_a_lead_only_the_sender_sees(client, city, alice, tang):
    client.force_login(alice)
    form = {
        "organ": city.water.code, "office": city.office.code, "title": "暗管", "text": TEXT,
        "incident": "L-none",
    }  # fmt: skip
    answer = client.post(reverse("shared:clue_new", args=["to-organ"]), form)

    assert answer.status_code == 422
    assert "L-none" in answer.text
    assert not Clue.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_clues(
    client, city, alice, tang, *, count, django_assert_max_num_queries
):
    for _ in range(count):
        send(city, alice)
    client.force_login(alice)
    with django_assert_max_num_queries(16):
        assert client.get(reverse("shared:clues")).text.count("queue-title") == count


def test_a_clue_triaged_later_becomes_a_lead_then(inward, alice, monkeypatch):
    monkeypatch.setattr(clues, "MOST_WAITING", -1)  # as if thousands were waiting to be triaged
    clues.receive(clue=inward, by=alice, at=AT)
    clues.decide(clue=inward, decision="accepted", reason="受理", by=alice, at=AT)
    assert Clue.objects.get().incident is None
    assert jobs.follow(at=AT) == 0
    clues.gather(office=inward.office, at=AT)

    assert jobs.follow(at=AT) == 1
    assert Clue.objects.get().incident.handler == alice
    assert jobs.follow(at=AT) == 0
