"""Rounds and categories: quotas that fit, who goes on, the secret ballot that tells nobody's paper."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jingyi.core.judging import ballots
from jingyi.core.judging.rounds import BALLOT, SCORES
from jingyi.core.refusal import Refusal
from jingyi.web.ledger.models import Entry as Act
from jingyi.web.selection import polls
from jingyi.web.selection.actions import counting, editions, entries, jury, papers, voting
from jingyi.web.selection.models import Box, Conflict, Edition, Entry, Seat, Turnout
from tests import factories
from tests.factories import AT
from tests.web.selection.conftest import RULES, nominate, score_all

WORTH = {1: 90, 2: 80, 3: 70, 4: 60}
ROUNDS = [["初选", BALLOT, 2, [3]], ["复选", SCORES, 3, [2]]]


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT)


def again(edition):
    return Edition.objects.get(pk=edition.pk)


def begin(edition, brands, chief, categories=()):
    """Open, nominate every brand in its category, number the entries."""
    editions.open_nominations(edition=edition, by=chief, at=AT)
    for brand, kind in zip(brands, categories or [""] * len(brands), strict=True):
        entries.enter(edition=again(edition), brand=brand, category=kind, by=chief, at=AT)
        sent = nominate(again(edition), brand, chief)
        entries.answer(entry=sent, accept=True, why="", by=chief, at=AT)
    return editions.close_nominations(edition=edition, by=chief, at=AT)


@pytest.fixture
def balloting(edition, nominees, judges, chief):
    """Return a selection in its first round, a secret ballot of five judges."""
    editions.change(edition=edition, rules=RULES | {"rounds": ROUNDS}, by=chief, at=AT)
    edition = begin(edition, nominees, chief)
    for person in judges:
        jury.appoint(edition=edition, person=person, by=chief, at=AT)
    jury.open_scoring(edition=edition, by=chief, at=AT)
    return again(edition)


def vote(judge, *choices):
    turnout = Turnout.objects.select_related("juror__edition").get(juror__person=judge)
    papers.vote(turnout=turnout, choices=choices, by=judge, at=AT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rounds": [["初选", SCORES, 3, [7]], ["复选", SCORES, 3, [2]]]},
        {"rounds": [["初选", SCORES, 3, [1]], ["复选", SCORES, 3, [2]]]},
        {"rounds": [["初选", SCORES, 3, [3]]]},
        {"rounds": [["初选", SCORES, 3, [3, 3]], ["复选", SCORES, 3, [2]]]},
        {"rounds": [["定评", BALLOT, 3, [2]]], "public_percent": 10},
        {"categories": [["甲", 3, 1], ["甲", 3, 1]]},
        {"categories": [["甲", 3, 4]]},
    ],
)
def test_quotas_that_do_not_fit_are_refused(edition, chief, wrong):
    with pytest.raises(Refusal):
        editions.change(edition=edition, rules=RULES | wrong, by=chief, at=AT)


def test_only_those_within_the_quota_go_on_and_each_round_keeps_its_own(balloting, judges, chief):
    for judge, choice in zip(judges, [("1", "2"), ("1", "2"), ("1", "3"), ("3",)], strict=False):
        vote(judge, *choice)
    with pytest.raises(Refusal, match="后面还有一轮"):
        counting.count(edition=balloting, by=chief, at=AT)
    made = counting.advance(edition=balloting, by=chief, at=AT)
    assert (made.result["voted"], made.result["may"]) == (4, 5)
    assert [row["votes"] for row in made.result["rows"]] == [3, 2, 2, 0]
    second = again(balloting)
    assert (second.round, second.stage) == (1, "jury")
    assert set(Entry.objects.filter(round=1).values_list("number", flat=True)) == {1, 2, 3}
    leaves, stays = second.jurors.first(), second.jurors.last()
    jury.dismiss(juror=leaves, by=chief, at=AT)
    assert Turnout.objects.filter(juror=leaves).exists()
    jury.seat(edition=second, by=chief, at=AT)
    assert not Seat.objects.filter(entry__number=4).exists()
    assert not Seat.objects.filter(juror=leaves).exists()
    assert Seat.objects.filter(juror=stays).exists()
    jury.open_scoring(edition=second, by=chief, at=AT)
    score_all(again(second), WORTH)
    with pytest.raises(Refusal, match="最后一轮"):
        counting.advance(edition=again(second), by=chief, at=AT)
    result = counting.count(edition=again(second), by=chief, at=AT).result
    assert result["certificate"]["chosen"] == ["1", "2"]
    assert len(result["rows"]) == 3
    decided = counting.decide(edition=again(second), by=chief, at=AT + timedelta(days=7))
    assert [one.round for one in decided.counts.all()] == [0, 1]


def test_who_voted_is_kept_and_what_was_voted_and_nothing_joins_them(balloting, judges, chief):
    for n, judge in enumerate(judges):
        vote(judge, "1" if n % 2 else "2")
    box = Box.objects.get()
    assert {name.name for name in Box._meta.get_fields()} == {"id", "edition", "round", "papers"}
    assert {name.name for name in Turnout._meta.get_fields()} == {"id", "juror", "round", "voted"}
    assert box.papers == sorted(box.papers)  # by drawn marks: no order of casting
    assert all(set(choices) <= {"1", "2"} for _mark, choices in box.papers)
    assert all(len(mark) == 64 for mark, _choices in box.papers)
    said = [act.body["facts"] for act in Act.objects.filter(kind="selection.voted")]
    assert all(set(facts) == {"round", "juror"} for facts in said)
    assert len(said) == 5
    file, root = polls.published(balloting, 0)
    tally = ballots.count(file, 2)
    assert (tally.ballots, tally.votes, tally.root) == (5, {"2": 3, "1": 2}, root)


def test_a_second_paper_another_s_and_a_forged_choice_are_refused(balloting, judges, chief):
    turnout = Turnout.objects.select_related("juror__edition").get(juror__person=judges[0])
    for who, choices in (
        (judges[1], ["1"]),
        (judges[0], ["9"]),
        (judges[0], ["1", "2", "3"]),
        (judges[0], ["1", "1"]),
        (judges[0], []),
    ):
        with pytest.raises(Refusal):
            papers.vote(turnout=turnout, choices=choices, by=who, at=AT)
    vote(judges[0], "1")
    with pytest.raises(Refusal, match="只有一票"):
        vote(judges[0], "2")
    assert len(Box.objects.get().papers) == 1
    with pytest.raises(Refusal, match="不到 67%"):
        counting.advance(edition=balloting, by=chief, at=AT)
    for judge in judges[1:]:
        vote(judge, "1")
    counting.advance(edition=balloting, by=chief, at=AT)
    with pytest.raises(Refusal, match="没有开放"):
        vote(judges[0], "1")


def test_a_judge_in_conflict_cannot_name_the_entry_and_its_share_is_of_the_others(
    balloting, judges, chief
):
    turnout = Turnout.objects.select_related("juror__edition").get(juror__person=judges[0])
    first = Entry.objects.get(number=1)
    papers.recuse(turnout=turnout, entry=first, why="曾共同办案", by=judges[0], at=AT)
    assert Conflict.objects.get().declared
    with pytest.raises(Refusal, match="不在本轮"):
        vote(judges[0], "1")
    vote(judges[0], "2")
    with pytest.raises(Refusal, match="不能再申报"):
        papers.recuse(turnout=turnout, entry=first, why="x", by=judges[0], at=AT)
    for judge in judges[1:]:
        vote(judge, "1")
    rows = counting.advance(edition=balloting, by=chief, at=AT).result["rows"]
    assert [(row["votes"], row["free"], row["final"]) for row in rows[:2]] == [
        (4, 4, 100.0),
        (1, 5, 20.0),
    ]


def test_each_category_has_its_own_quota_and_ranks(edition, nominees, judges, chief):
    kinds = [["文化", 2, 1], ["办案", 2, 1]]
    editions.change(edition=edition, rules=RULES | {"categories": kinds}, by=chief, at=AT)
    assert (again(edition).nominated, again(edition).chosen) == (4, 2)
    editions.open_nominations(edition=edition, by=chief, at=AT)
    with pytest.raises(Refusal, match="类别"):
        entries.enter(edition=again(edition), brand=nominees[0], category="别的", by=chief, at=AT)
    Edition.objects.update(stage="draft")
    edition = begin(again(edition), nominees, chief, ["办案", "办案", "文化", "文化"])
    assert list(Entry.objects.order_by("number").values_list("category", flat=True)) == ["文化", "文化", "办案", "办案"]  # fmt: skip
    for person in judges:
        jury.appoint(edition=edition, person=person, by=chief, at=AT)
    jury.seat(edition=edition, by=chief, at=AT)
    jury.open_scoring(edition=edition, by=chief, at=AT)
    score_all(again(edition), WORTH)
    result = counting.count(edition=again(edition), by=chief, at=AT).result
    assert result["certificate"]["chosen"] == ["1", "3"]
    assert [(row["category"], row["rank"]) for row in result["rows"]] == [
        ("文化", 1), ("文化", 2), ("办案", 1), ("办案", 2),
    ]  # fmt: skip


def test_too_many_of_one_category_are_refused(edition, nominees, chief):
    kinds = [["文化", 2, 1], ["办案", 2, 1]]
    editions.change(edition=edition, rules=RULES | {"categories": kinds}, by=chief, at=AT)
    with pytest.raises(Refusal, match="应为 1 至 2"):
        begin(edition, nominees, chief, ["办案", "办案", "办案", "文化"])


def test_the_public_votes_in_the_last_round_only(balloting, judges, chief):
    codes = voting.issue(edition=balloting, n=1, by=chief, at=AT)
    with pytest.raises(Refusal, match="没有开放"):
        voting.cast(edition=balloting, code=codes[0], choices=["1"], source="a", at=AT)


def test_the_pages_of_rounds(client, balloting, judges, chief, city):
    turnout = Turnout.objects.get(juror__person=judges[0])
    other = Turnout.objects.get(juror__person=judges[1])
    url = f"/selection/papers/{turnout.pk}/"
    for stranger in (chief, factories.person("x", role="judge", office=city.elsewhere)):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
    client.force_login(judges[0])
    assert client.get(f"/selection/papers/{other.pk}/").status_code == 404
    assert "待投票" in client.get("/selection/sheets/").text
    assert "品牌0" in client.get(url).text
    file = Entry.objects.get(number=1).materials.get()
    assert client.get(f"/selection/files/{file.pk}/").status_code == 200
    assert client.post(url, {"x": 1}).status_code == 422
    assert client.post(url, {"choices": ["1", "2", "3"]}).status_code == 422
    bar = {"entry": Entry.objects.get(number=4).pk, "why": "同门"}
    assert client.post(f"{url}recuse/", {"why": "同门"}).status_code == 422
    assert client.post(f"{url}recuse/", bar).status_code == 303
    assert client.post(url, {"choices": ["1"]}).status_code == 303
    assert "您已投票" in client.get(url).text
    for judge in judges[1:]:
        vote(judge, "1", "2")
    client.force_login(chief)
    page = f"/selection/{balloting.pk}/"
    assert "5 位评委中 5 位已投票" in client.get(page).text
    assert client.post(f"{page}do/advance/").status_code == 303
    assert "未晋级" in client.get(page).text
    second = again(balloting)
    jury.seat(edition=second, by=chief, at=AT)
    jury.open_scoring(edition=second, by=chief, at=AT)
    assert client.get(f"{page}papers-0.jsonl").status_code == 404
    score_all(again(second), WORTH)
    counting.count(edition=again(second), by=chief, at=AT)
    client.logout()
    text = client.get(f"{page}notice/").text
    assert "评委无记名投票，5 位中 5 位投票" in text
    assert len(client.get(f"{page}papers-0.jsonl").content.splitlines()) == 5
    assert client.get(f"{page}papers-1.jsonl").status_code == 404


def test_a_last_round_by_ballot_is_shown_with_its_votes(client, edition, nominees, judges, chief):
    rules = RULES | {"rounds": [["定评", BALLOT, 2, [2]]], "public_percent": 0}
    editions.change(edition=edition, rules=rules, by=chief, at=AT)
    edition = begin(edition, nominees, chief)
    with pytest.raises(Refusal, match="没有评委"):
        jury.open_scoring(edition=edition, by=chief, at=AT)
    for person in judges:
        jury.appoint(edition=edition, person=person, by=chief, at=AT)
    with pytest.raises(Refusal, match="不用分配"):
        jury.seat(edition=edition, by=chief, at=AT)
    jury.open_scoring(edition=edition, by=chief, at=AT)
    for judge in judges:
        vote(judge, "1", "2")
    counting.count(edition=again(edition), by=chief, at=AT)
    text = client.get(f"/selection/{edition.pk}/notice/").text
    assert "5 位评委，5 位投票" in text
    assert "可投的评委" in text


def test_rounds_and_categories_are_typed_a_line_each(client, chief, edition):
    client.force_login(chief)
    url = f"/selection/{edition.pk}/change/"
    sent = {k: v for k, v in RULES.items() if v is not False} | {
        "criteria": "质效=60", "closes_on": "2026-09-30", "public_percent": 0,
        "categories": "文化=6/2\n办案=8/3", "rounds": "初选=投票 6 4/5\n复选=评分 3 2/3",
    }  # fmt: skip
    assert client.post(url, sent | {"rounds": "初选=抽签 6 4"}).status_code == 422
    assert (
        client.post(url, sent | {"rounds": "初选=投票 6 9/5\n复选=评分 3 2/3"}).status_code == 422
    )
    assert client.post(url, sent).status_code == 303
    found = again(edition)
    assert found.rounds == [["初选", BALLOT, 6, [4, 5]], ["复选", SCORES, 3, [2, 3]]]
    assert (found.nominated, found.chosen) == (14, 5)
    assert "初选=投票 6 4/5" in client.get(url).text
