"""Hits become leads once; verdicts flow back; numbers are masked; a hit is derived anew."""

import random
from datetime import timedelta

import pytest
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.core.screening.masking import masked
from jingyi.web.leads import actions as leads
from jingyi.web.leads.models import Incident
from jingyi.web.ledger.models import Entry
from jingyi.web.screening import outcomes, rederive, running
from jingyi.web.screening.actions import hits, sampling, sources
from jingyi.web.screening.models import Negative, Standing
from tests.factories import AT
from tests.web.screening.conftest import asked, take

pytestmark = pytest.mark.django_db


def sent(run, by, n=3):
    chosen = list(run.found.order_by("n")[:n])
    hits.send(run=run, hits=chosen, by=by, at=AT)
    return [Standing.objects.get(pk=one.standing_id) for one in chosen]


def test_each_hit_is_a_lead_of_its_own_in_the_models_domain(run, alice, model):
    standings = sent(run, alice)
    incidents = [one.report.finding.incident for one in standings]
    assert len({one.pk for one in incidents}) == 3
    assert all(one.is_lead and one.domain == model.domain for one in incidents)
    assert all("模型" in str(one.reasons) for one in incidents)
    number = run.found.get(n=1).values["id_number"]
    text = standings[0].report.text + standings[0].report.title + str(incidents[0].reasons)
    assert number not in text


def test_a_hit_is_sent_once_in_all_runs(city, alice, model, taken, run):
    sent(run, alice)
    again = running.execute(asked(city, alice, model, taken), now=lambda: AT)
    with pytest.raises(Refusal, match="没有可以转"):
        hits.send(run=again, hits=list(again.found.order_by("n")[:3]), by=alice, at=AT)
    assert Incident.objects.count() == 3


def test_adjudications_flow_back(run, alice, chief, city, model):
    first, second, third = sent(run, alice)
    leads.decline(incident=first.report.finding.incident, reason="untrue", by=alice, at=AT)
    leads.decline(
        incident=second.report.finding.incident, reason="already-remedied", by=alice, at=AT
    )
    leads.file(incidents=[third.report.finding.incident], case="C1", by=chief, at=AT)
    (record,) = outcomes.records(city.office, model.id)
    assert (record.precision.hits, record.precision.of) == (2, 3)
    assert (record.case_rate.hits, record.case_rate.of) == (1, 3)
    assert record.precision.low < 2 / 3 < record.precision.high
    assert record.drift is None


def test_a_declined_lead_that_could_not_be_verified_says_nothing(run, alice, city, model):
    first, *_ = sent(run, alice)
    leads.decline(incident=first.report.finding.incident, reason="not-verifiable", by=alice, at=AT)
    assert outcomes.records(city.office, model.id)[0].precision.of == 0


def test_a_verdict_in_the_studio_can_be_taken_back(hit, alice, city, model):
    with pytest.raises(Refusal, match="理由"):
        hits.judge(standing=hit.standing, verdict="wrong", note=" ", by=alice, at=AT)
    hits.judge(standing=hit.standing, verdict="wrong", note="同号错登", by=alice, at=AT)
    assert outcomes.records(city.office, model.id)[0].precision.of == 1
    hits.judge(standing=hit.standing, verdict="", note="", by=alice, at=AT)
    assert outcomes.records(city.office, model.id)[0].precision.of == 0


def test_precision_that_falls_rings(run, alice, city, model):
    standings = [one.standing for one in run.found.select_related("standing").order_by("n")]
    assert len(standings) >= 26
    for n, standing in enumerate(standings):
        verdict, note = ("right", "") if n < 20 else ("wrong", "不实")
        hits.judge(
            standing=standing, verdict=verdict, note=note, by=alice, at=AT + timedelta(days=n)
        )
    drift = outcomes.records(city.office, model.id)[0].drift
    assert drift is not None
    assert drift.alarmed_at is not None


def test_a_hit_held_back_is_not_sent_until_its_day_has_passed(run, hit, alice):
    until = AT.date() + timedelta(days=10)
    with pytest.raises(Refusal, match="理由"):
        hits.suppress(standing=hit.standing, reason="", until=until, by=alice, at=AT)
    hits.suppress(standing=hit.standing, reason="已在追回", until=until, by=alice, at=AT)
    with pytest.raises(Refusal):
        hits.send(run=run, hits=[hit], by=alice, at=AT)
    assert hits.send(run=run, hits=[hit], by=alice, at=AT + timedelta(days=12)) == 1


def test_a_preview_sends_nothing(city, alice, model, taken):
    preview = running.execute(asked(city, alice, model, taken, preview=True), now=lambda: AT)
    with pytest.raises(Refusal, match="预览"):
        hits.send(run=preview, hits=list(preview.found.all()), by=alice, at=AT)


def test_whole_numbers_cost_a_reason_that_stays(hit, alice, city):
    with pytest.raises(Refusal, match="理由"):
        hits.unmask(hit=hit, reason="  ", by=alice, at=AT)
    hits.unmask(hit=hit, reason="核对户籍", by=alice, at=AT)
    entry = Entry.objects.get(kind="screening.unmasked")
    assert entry.body["facts"]["reason"] == "核对户籍"
    assert entry.subject == hit.subject


def test_who_may_not_unmask_is_a_stranger(hit, technician):
    with pytest.raises(Http404):
        hits.unmask(hit=hit, reason="要看", by=technician, at=AT)


@pytest.mark.parametrize(("text", "shown"), [("340603194001011218", "340603********1218"), ("12345", "*****"), ("", "")])  # fmt: skip
def test_masking(text, shown):
    assert masked(text) == shown


def test_a_hit_is_derived_anew(hit):
    assert [one.held for one in rederive.rederive(hit)] == [True] * 4


def test_a_changed_digest_is_found_out(hit):
    table, rows = next(iter(hit.digests.items()))
    hit.digests[table] = dict.fromkeys(rows, "0" * 64)
    hit.save()
    held = [one.held for one in rederive.rederive(hit)]
    assert held == [True, False, False, True]


def test_after_deletion_the_same_file_brings_it_back(hit, alice, taken, model, planted):
    for one in taken.values():
        sources.delete(source=one, by=alice, at=AT)
    hit.refresh_from_db()
    with pytest.raises(Refusal, match="重新取入"):
        rederive.rederive(hit)
    for name, rows in planted[0].items():
        take(hit.run.office, alice, model, name, rows)
    assert all(one.held for one in rederive.rederive(hit))


def test_the_sample_can_be_drawn_again_and_gives_recall(run, alice, city, model):
    n = sampling.draw(run=run, by=alice, at=AT)
    drawn = Entry.objects.get(kind="screening.sample-drawn").body["facts"]
    flagged = {row for one in run.found.all() for row in one.cited["death_row"]}
    told = sorted({one.row for one in run.negatives.all()})
    assert n == len(told)
    assert not flagged & set(told)
    rows = [row for row in range(2, 2 + run.told["death"]["rows"]) if row not in flagged]
    assert drawn["rows"] == random.Random(drawn["root"]).sample(rows, n)
    with pytest.raises(Refusal, match="抽过"):
        sampling.draw(run=run, by=alice, at=AT)
    for one in run.negatives.select_related("run__office"):
        sampling.say_of(negative=one, verdict=Negative.Verdict.RIGHT, by=alice, at=AT)
    hits.judge(standing=run.found.get(n=1).standing, verdict="right", note="", by=alice, at=AT)
    whole = outcomes.records(city.office, model.id)[0].recall
    assert (whole.low, whole.high) == (1, 1)  # every row was read, none was missed
    missed = run.negatives.select_related("run__office")[0]
    sampling.say_of(negative=missed, verdict=Negative.Verdict.MISSED, by=alice, at=AT)
    assert outcomes.records(city.office, model.id)[0].recall.point == 0.5
