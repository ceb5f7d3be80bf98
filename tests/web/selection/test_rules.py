"""Rules fixed before the start; nominations complete, returned, withdrawn; conflicts and seats."""

from datetime import timedelta
from io import BytesIO

import pytest

from jingyi.core.refusal import Refusal
from jingyi.web.ledger.models import Entry as Act
from jingyi.web.selection.actions import editions, entries, jury
from jingyi.web.selection.models import Conflict, Entry, Seat
from tests import factories
from tests.factories import AT
from tests.web.selection.conftest import PNG, RULES, nominate


def test_rules_cannot_change_once_it_is_open(edition, chief):
    editions.change(edition=edition, rules=RULES | {"chosen": 3}, by=chief, at=AT)
    opened = editions.open_nominations(edition=edition, by=chief, at=AT)
    with pytest.raises(Refusal, match="不能再改"):
        editions.change(edition=opened, rules=RULES, by=chief, at=AT)
    act = Act.objects.get(kind="selection.opened")
    assert act.body["facts"]["seed_sha256"] == editions.commitment(opened)
    assert opened.seed not in str(act.body)


@pytest.mark.parametrize("wrong", [{"chosen": 7}, {"criteria": {}}, {"criteria": {"质效": 0.0}}])
def test_rules_that_contradict_each_other_are_refused(edition, chief, wrong):
    with pytest.raises(Refusal):
        editions.change(edition=edition, rules=RULES | wrong, by=chief, at=AT)


def test_a_nomination_is_mended_and_accepted(edition, nominees, chief):
    editions.open_nominations(edition=edition, by=chief, at=AT)
    edition.refresh_from_db()
    entry = entries.enter(edition=edition, brand=nominees[0], by=chief, at=AT)
    with pytest.raises(Refusal, match="还不完整"):
        entries.send(entry=entry, by=chief, at=AT)
    assert len(entries.lacking(entry)) == 3
    sent = nominate(edition, nominees[0], chief)
    with pytest.raises(Refusal, match="退回后才能"):
        entries.write(entry=sent, statement="x", effect="y", by=chief, at=AT)
    with pytest.raises(Refusal, match="补正"):
        entries.answer(entry=sent, accept=False, why=" ", by=chief, at=AT)
    entries.answer(entry=sent, accept=False, why="成效不具体", by=chief, at=AT)
    again = entries.send(entry=Entry.objects.get(pk=sent.pk), by=chief, at=AT)
    assert entries.answer(entry=again, accept=True, why="", by=chief, at=AT).state == "accepted"
    late = AT + timedelta(days=60)
    with pytest.raises(Refusal, match="申报期"):
        entries.enter(edition=edition, brand=nominees[1], by=chief, at=late)


@pytest.mark.parametrize("head", [b"MZ\x90\x00", b"<svg>", b"PK\x03\x04"])
def test_other_files_are_refused(edition, nominees, chief, head):
    editions.open_nominations(edition=edition, by=chief, at=AT)
    edition.refresh_from_db()
    entry = entries.enter(edition=edition, brand=nominees[0], by=chief, at=AT)
    with pytest.raises(Refusal, match="JPEG"):
        entries.add_file(
            entry=entry, stream=BytesIO(head + PNG), name="a.png", size=9, by=chief, at=AT
        )


def test_too_few_entries_do_not_go_to_the_jury(edition, nominees, chief):
    editions.open_nominations(edition=edition, by=chief, at=AT)
    edition.refresh_from_db()
    sent = nominate(edition, nominees[0], chief)
    with pytest.raises(Refusal, match="没有审核"):
        editions.close_nominations(edition=edition, by=chief, at=AT)
    entries.answer(entry=sent, accept=True, why="", by=chief, at=AT)
    with pytest.raises(Refusal, match="应为 2 至 6"):
        editions.close_nominations(edition=edition, by=chief, at=AT)


def test_the_records_bar_a_judge_of_the_same_office(nominated, city, judges, chief):
    insider = factories.person("insider", role="judge", office=city.east)
    jury.appoint(edition=nominated, person=insider, by=chief, at=AT)
    for person in judges[:3]:
        jury.appoint(edition=nominated, person=person, by=chief, at=AT)
    jury.seat(edition=nominated, by=chief, at=AT)
    barred = Conflict.objects.get()
    assert (barred.juror.person, barred.entry.brand.office) == (insider, city.east)
    assert not Seat.objects.filter(entry=barred.entry, juror=barred.juror).exists()
    counts = [entry.seats.count() for entry in Entry.objects.exclude(number=None)]
    assert counts == [3, 3, 3, 3]


def test_scoring_does_not_open_without_enough_judges(nominated, judges, chief):
    for person in judges[:2]:
        jury.appoint(edition=nominated, person=person, by=chief, at=AT)
    with pytest.raises(Refusal, match="无须回避"):
        jury.seat(edition=nominated, by=chief, at=AT)
    with pytest.raises(Refusal, match="不足 3 位"):
        jury.open_scoring(edition=nominated, by=chief, at=AT)


def test_a_judge_who_recuses_is_followed_by_another(scoring):
    seat = Seat.objects.select_related("juror__person", "entry__edition").first()
    new = jury.declare(seat=seat, why="曾共同办案", by=seat.juror.person, at=AT)
    assert new.entry == seat.entry
    assert new.juror != seat.juror
    assert seat.entry.seats.filter(void_why="").count() == 3
    with pytest.raises(Refusal):
        jury.score(seat=seat, points={}, confidence="high", comment="", by=seat.juror.person, at=AT)


@pytest.mark.parametrize("points", [{"质效": 101, "创新": 5}, {"质效": 5}, {"质效": -1, "创新": 5}])
def test_points_outside_the_sheet_are_refused(scoring, points):
    seat = Seat.objects.select_related("juror__person").first()
    with pytest.raises(Refusal):
        jury.score(
            seat=seat, points=points, confidence="low", comment="", by=seat.juror.person, at=AT
        )


def test_nobody_reads_points_in_the_ledger_before_the_count(scoring):
    seat = Seat.objects.select_related("juror__person").first()
    jury.score(
        seat=seat,
        points={"质效": 91.5, "创新": 88},
        confidence="low",
        comment="",
        by=seat.juror.person,
        at=AT,
    )
    facts = Act.objects.get(kind="selection.scored").body["facts"]
    assert set(facts) == {"seat", "points_sha256"}
