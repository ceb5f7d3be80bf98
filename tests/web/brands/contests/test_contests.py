"""Contests in the browser's place: blind on both sides, a third reader, marks once, no ranking."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.talent import book
from jingyi.web.brands.contests import actions
from jingyi.web.brands.contests.models import Contest, Reading
from jingyi.web.brands.talent import actions as talent
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.factories import AT

LATER = AT + timedelta(days=8)
DUE = AT.date() + timedelta(days=7)


def people(city, names):
    return [factories.person(name, role="prosecutor", office=city.office) for name in names]


@pytest.fixture
def readers(city):
    return people(city, ["ruth", "rosa", "rita", "rolf"])


@pytest.fixture
def contest(city, chief, readers):
    return actions.start(
        office=city.office, title="检察建议文书", task="写一份检察建议", due_on=DUE,
        readers=readers[:3], by=chief, at=AT,
    )  # fmt: skip


@pytest.fixture
def paper(contest, alice):
    return actions.hand_in(contest=contest, text="建议依法履职", by=alice, at=AT)


def assigned(contest, by):
    return actions.assign(contest=contest, by=by, at=LATER)


def marked(reading, mark):
    return actions.mark(reading=reading, mark=mark, note=f"评{mark}", by=reading.reader, at=LATER)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_strangers_find_nothing(request, client, who, paper, chief):
    contest = paper.contest
    assigned(contest, chief)
    one = Reading.objects.first()
    client.force_login(request.getfixturevalue(who))
    assert contest.title not in client.get("/brands/contests/").text
    here = f"/brands/contests/{contest.pk}/"
    assert client.get(here).status_code == 404
    for route in ("paper/", "enlist/", "assign/", "release/"):
        assert client.post(here + route).status_code == 404
    for send in (client.get, client.post):
        assert send(f"/brands/contests/readings/{one.pk}/").status_code == 404
    assert client.get("/brands/contests/new/").status_code == 404


def test_a_reader_sees_a_code_and_an_author_no_reader(client, contest, paper, chief):
    alice = paper.author
    assigned(contest, chief)
    one = Reading.objects.first()
    client.force_login(one.reader)
    page = client.get(f"/brands/contests/readings/{one.pk}/").text
    assert paper.code in page
    assert "建议依法履职" in page
    assert "Alice" not in page
    assert "Alice" not in client.get(f"/brands/contests/{contest.pk}/").text
    client.force_login(chief)
    page = client.get(f"/brands/contests/{contest.pk}/").text
    assert "Alice" not in page.replace("Alice</option>", "")  # anybody may be asked to read
    client.force_login(alice)  # her own paper, but not as its readers see it
    assert client.get(f"/brands/contests/readings/{one.pk}/").status_code == 404
    for each in Reading.objects.all():
        marked(each, 80)
    assert "评80" not in client.get(f"/brands/contests/{contest.pk}/").text  # not out yet
    actions.release(contest=contest, by=chief, at=LATER)
    page = client.get(f"/brands/contests/{contest.pk}/").text
    assert "评80" in page
    assert all(each.reader.name not in page for each in Reading.objects.all())
    told = str(list(Entry.objects.filter(kind__startswith="contest.").values("kind", "body")))
    assert "handed-in" in told
    assert alice.name not in told
    for kind in ("contest.handed-in", "contest.marked"):  # the ledger does not tell either
        assert {one.body.get("by") for one in Entry.objects.filter(kind=kind)} <= {None, ""}


def test_a_third_reads_when_two_differ_by_more_than_the_threshold(contest, paper, chief):
    assigned(contest, chief)
    one, other = Reading.objects.order_by("place")
    marked(one, 90)
    marked(other, 90 - book().threshold - 1)
    third = Reading.objects.get(place=3)
    assert third.reader not in {one.reader, other.reader, paper.author}
    with pytest.raises(Refusal, match="1 份答卷没有评完"):
        actions.release(contest=contest, by=chief, at=LATER)
    marked(third, 88)
    actions.release(contest=contest, by=chief, at=LATER)
    with pytest.raises(Refusal, match="不能再改"):
        marked(one, 60)


def test_two_who_agree_need_no_third(contest, paper, chief):
    assigned(contest, chief)
    one, other = Reading.objects.order_by("place")
    marked(one, 90)
    marked(other, 90 - book().threshold)
    assert not Reading.objects.filter(place=3).exists()


def test_a_mentor_does_not_read_the_learner(contest, paper, readers, chief):
    alice = paper.author
    talent.propose(mentor=readers[0], learner=alice, goal="x", by=alice, at=AT)
    assigned(contest, chief)
    assert not Reading.objects.filter(reader=readers[0]).exists()
    one, other = Reading.objects.order_by("place")
    marked(one, 100)
    marked(other, 10)  # a third is needed and nobody is free
    assert not Reading.objects.filter(place=3).exists()
    actions.enlist(contest=contest, reader=readers[3], by=chief, at=LATER)
    assert Reading.objects.get(place=3).reader == readers[3]
    with pytest.raises(Refusal, match="交了卷"):
        actions.enlist(contest=contest, reader=alice, by=chief, at=LATER)


def test_papers_are_given_out_evenly(city, contest, chief):
    for i in range(9):
        one = factories.person(f"w{i}", role="assistant", office=city.office)
        actions.hand_in(contest=contest, text=f"答{i}", by=one, at=AT)
    assigned(contest, chief)
    counts = [Reading.objects.filter(reader=one).count() for one in contest.readers.all()]
    assert counts == [6, 6, 6]


def test_what_is_refused(city, paper, readers, chief):
    contest, alice = paper.contest, paper.author
    for text, by, at, words in (
        ("我叫 Ali ce 写的", alice, AT, "姓名"),
        ("答", alice, LATER, "截止"),
        ("答", readers[0], AT, "评卷人"),
    ):
        with pytest.raises(Refusal, match=words):
            actions.hand_in(contest=contest, text=text, by=by, at=at)
    with pytest.raises(Refusal, match="还没有到截止"):
        actions.assign(contest=contest, by=chief, at=AT)
    new = {"office": city.office, "title": "x", "task": "x", "by": chief, "at": AT}
    with pytest.raises(Refusal, match="三位"):
        actions.start(**new, due_on=DUE, readers=readers[:2])
    empty = actions.start(**new, due_on=DUE, readers=readers)
    with pytest.raises(Refusal, match="没有人交卷"):
        assigned(empty, chief)
    assigned(contest, chief)
    one = Reading.objects.first()
    with pytest.raises(Refusal, match="0 到 100"):
        marked(one, 101)


def test_a_contest_runs_in_pages(client, city, readers, alice, chief):
    client.force_login(chief)
    today = timezone.localdate()
    sent = {"office": city.office.pk, "title": "文书", "task": "写", "due_on": today, "readers": [one.pk for one in readers]}  # fmt: skip
    assert client.post("/brands/contests/new/", sent | {"readers": []}).status_code == 422
    assert client.post("/brands/contests/new/", sent).status_code == 303
    contest = Contest.objects.get()
    here = contest.get_absolute_url()
    assert client.post(f"{here}assign/").status_code == 422  # too early
    client.force_login(alice)
    assert client.post(f"{here}paper/", {"paper-text": ""}).status_code == 422
    assert client.post(f"{here}paper/", {"paper-text": "初稿"}).status_code == 303
    assert client.post(f"{here}paper/", {"paper-text": "定稿"}).status_code == 303
    assert contest.papers.get().text == "定稿"
    Contest.objects.update(due_on=today - timedelta(days=1))
    assert client.post(f"{here}paper/", {"paper-text": "又稿"}).status_code == 422
    assert client.post(f"{here}assign/").status_code == 404
    client.force_login(chief)
    assert client.post(f"{here}nothing/").status_code == 404
    assert client.post(f"{here}assign/").status_code == 303
    for one in Reading.objects.all():
        client.force_login(one.reader)
        assert contest.papers.get().code in client.get("/brands/contests/").text
        url = f"/brands/contests/readings/{one.pk}/"
        assert client.post(url, {"mark": 900, "note": "好"}).status_code == 422
        assert client.post(url, {"mark": 80, "note": "好"}).status_code == 303
    client.force_login(chief)
    assert ">80<" not in client.get(here).text
    assert client.post(f"{here}release/").status_code == 303
    assert client.post(f"{here}release/").status_code == 422
    assert client.post(f"{here}enlist/", {"enlist-reader": chief.pk}).status_code == 422


@pytest.mark.parametrize("n", [1, 3])
def test_pages_ask_no_more_for_more(client, city, contest, n, django_assert_max_num_queries):
    chief = contest.by
    for one in people(city, [f"w{i}" for i in range(n)]):
        actions.hand_in(contest=contest, text="答", by=one, at=AT)
    assigned(contest, chief)
    client.force_login(chief)
    for url in ("/brands/contests/", contest.get_absolute_url()):
        with django_assert_max_num_queries(20):
            assert contest.title in client.get(url).text
