"""The count, its certificate, the public's ballots, objections, the decision."""

from datetime import timedelta

import pytest

from jingyi.core.judging import ballots
from jingyi.core.refusal import Refusal
from jingyi.web.ledger.models import Entry as Act
from jingyi.web.selection import results
from jingyi.web.selection.actions import counting, voting
from jingyi.web.selection.models import Edition, Seat, Vote
from tests.factories import AT
from tests.web.selection.conftest import score_all

WORTH = {1: 90, 2: 80, 3: 70, 4: 60}
LATER = AT + timedelta(hours=5)


def count(edition, by, **more):
    counting.count(edition=edition, by=by, at=LATER, **more)
    return Edition.objects.get(pk=edition.pk)


def test_the_severe_judge_does_not_decide(scoring, chief):
    score_all(scoring, WORTH, lean={"judge0": -30, "judge1": 5})
    noticed = count(scoring, chief)
    result = noticed.counts.get().result
    assert [row["entry"] for row in result["rows"]] == ["1", "2", "3", "4"]
    assert result["certificate"]["chosen"] == ["1", "2"]
    assert result["certificate"]["stable"]
    assert noticed.notice_until == (LATER + timedelta(days=5)).date()
    act = Act.objects.get(kind="selection.counted")
    assert act.body["facts"]["sha256"] == noticed.counts.get().digest


def test_a_sheet_that_is_open_stops_the_count(scoring, chief):
    with pytest.raises(Refusal, match="12 张评分表"):
        counting.count(edition=scoring, by=chief, at=LATER)


def test_one_voucher_one_ballot_found_again_in_the_file(scoring, chief):
    codes = voting.issue(edition=scoring, n=3, by=chief, at=AT)
    secret, _ = voting.cast(
        edition=scoring, code=codes[0].lower(), choices=["1", "3"], source="n", at=LATER
    )
    voting.cast(edition=scoring, code=codes[1], choices=["3"], source="n", at=LATER)
    for code, choices in (
        (codes[0], ["1"]),
        ("AAAA", ["1"]),
        (codes[2], ["9"]),
        (codes[2], ["1", "2", "3"]),
    ):
        with pytest.raises(Refusal):
            voting.cast(edition=scoring, code=code, choices=choices, source="n", at=LATER)
    score_all(scoring, WORTH)
    result = count(scoring, chief).counts.get().result
    file, root = results.published(scoring)
    assert ballots.found(file, secret).choices == ("1", "3")
    assert ballots.count(file, 2).votes == {"3": 2, "1": 1}
    assert result["votes_root"] == root.hex()
    row = next(row for row in result["rows"] if row["entry"] == "3")
    assert row["final"] == pytest.approx(0.8 * 70 + 0.2 * 100)
    with pytest.raises(Refusal, match="没有开放"):
        voting.cast(edition=scoring, code=codes[2], choices=["1"], source="n", at=LATER)


def test_nothing_joins_a_ballot_to_its_voucher_or_its_caster(scoring, chief):
    code = voting.issue(edition=scoring, n=1, by=chief, at=AT)[0]
    voting.cast(edition=scoring, code=code, choices=["1"], source="203.0.113", at=LATER)
    vote = Vote.objects.values().get()
    assert set(vote) == {"id", "edition_id", "mark", "choices", "hour", "source"}
    assert "203.0.113" not in str(vote)
    assert not Act.objects.filter(kind__contains="cast").exists()


def test_an_upheld_objection_leads_to_a_recount_that_keeps_the_first(scoring, chief):
    score_all(scoring, WORTH, lean={"judge0": -40})
    noticed = count(scoring, chief)
    objection = counting.object_to(
        edition=noticed, name="某单位", contact="1", text="评委有利害关系", at=LATER
    )
    end = LATER + timedelta(days=6)
    with pytest.raises(Refusal, match="没有答复"):
        counting.decide(edition=noticed, by=chief, at=end)
    counting.answer(objection=objection, upheld=True, text="查实", by=chief, at=LATER)
    seat = (
        Seat.objects.filter(juror__person__username="judge0")
        .select_related("entry__edition")
        .first()
    )
    counting.void(seat=seat, why="利害关系", by=chief, at=LATER)
    again = count(noticed, chief, reason="异议成立")
    assert again.counts.count() == 2
    with pytest.raises(Refusal, match="公示到"):
        counting.decide(edition=again, by=chief, at=LATER)
    decided = counting.decide(edition=again, by=chief, at=end)
    assert decided.stage == "decided"
    assert Act.objects.get(kind="selection.decided").body["facts"]["seed"] == decided.seed
    with pytest.raises(Refusal, match="公示期"):
        counting.object_to(edition=decided, name="x", contact="y", text="z", at=end)


def test_a_sheet_is_not_voided_before_an_objection_is_upheld(scoring, chief):
    seat = Seat.objects.select_related("entry__edition").first()
    with pytest.raises(Refusal, match="异议成立"):
        counting.void(seat=seat, why="x", by=chief, at=LATER)
