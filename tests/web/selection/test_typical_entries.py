"""A typical case stands in a selection by its covered copy; its outcome goes back. Conflicts found by pairs and authors; confidence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jingyi.core.judging import certificate, scores
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.brands.talent.models import Mentorship
from jingyi.web.brands.typical import actions as writing
from jingyi.web.brands.typical.models import Entry as CaseEntry
from jingyi.web.brands.typical.models import Published
from jingyi.web.selection import queries
from jingyi.web.selection.actions import counting, editions, entries, jury
from jingyi.web.selection.models import Edition, Entry, Seat
from tests import factories
from tests.factories import AT
from tests.web.brands.typical.conftest import closed
from tests.web.brands.typical.test_typical import covered, whole
from tests.web.selection.conftest import nominate, score_all


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: AT)


def again(edition):
    return Edition.objects.get(pk=edition.pk)


@pytest.fixture
def typical(city, alice):
    fact = ("永利洗涤有限公司张建国经暗管排放废水。", [["water-law", "第三条"]])
    case = closed(city.office, alice, title="督促整治永利洗涤有限公司暗管案", facts=[fact])
    made = writing.begin(case=case, by=alice, at=AT)
    whole(made, alice)
    made.refresh_from_db()
    return made


@pytest.fixture
def opened(edition, chief):
    return editions.open_nominations(edition=edition, by=chief, at=AT)


def test_only_a_covered_one_is_listed_and_only_its_copy_goes_along(opened, typical, alice, chief):
    assert queries.cases_to_enter(chief, opened) == []
    with pytest.raises(Refusal, match="遮盖"):
        entries.enter_case(edition=opened, typical=typical, by=chief, at=AT)
    covered(typical, alice)
    assert queries.cases_to_enter(chief, opened) == [typical]
    made = entries.enter_case(edition=opened, typical=typical, by=chief, at=AT)
    assert queries.cases_to_enter(chief, opened) == []
    assert (made.state, made.materials.get().blob) == ("sent", made.case.copy)
    assert "张建国" not in made.statement + made.title
    assert "永利" not in made.statement + made.title
    with pytest.raises(Refusal, match="已经参加"):
        entries.enter_case(edition=opened, typical=typical, by=chief, at=AT)
    with pytest.raises(Refusal, match="只提交遮盖副本"):
        entries.write(entry=made, statement="x", effect="y", by=chief, at=AT)


def test_one_returned_is_told_and_comes_again_with_a_new_version(opened, typical, alice, chief):
    covered(typical, alice)
    first = entries.enter_case(edition=opened, typical=typical, by=chief, at=AT)
    entries.answer(entry=first, accept=False, why="法律点不清", by=chief, at=AT)
    told = CaseEntry.objects.get()
    assert (told.outcome, told.note) == ("returned", "法律点不清")
    second = entries.enter_case(edition=opened, typical=typical, by=chief, at=AT)
    entries.withdraw(entry=second, by=chief, at=AT)
    assert set(CaseEntry.objects.values_list("outcome", flat=True)) == {"returned"}


def test_the_outcome_comes_back_to_the_case(opened, typical, nominees, judges, chief):
    covered(typical, typical.by)
    mine = entries.enter_case(edition=opened, typical=typical, by=chief, at=AT)
    entries.answer(entry=mine, accept=True, why="", by=chief, at=AT)
    for brand in nominees[:2]:
        entries.answer(entry=nominate(opened, brand, chief), accept=True, why="", by=chief, at=AT)
    edition = editions.close_nominations(edition=opened, by=chief, at=AT)
    for person in judges:
        jury.appoint(edition=edition, person=person, by=chief, at=AT)
    jury.seat(edition=edition, by=chief, at=AT)
    jury.open_scoring(edition=edition, by=chief, at=AT)
    mine.refresh_from_db()
    score_all(again(edition), {1: 60, 2: 50, 3: 40} | {mine.number: 90})
    counting.count(edition=again(edition), by=chief, at=AT)
    counting.decide(edition=again(edition), by=chief, at=AT + timedelta(days=7))
    assert CaseEntry.objects.get().outcome == "chosen"
    assert Published.objects.get().title == mine.title


def test_its_pages(client, opened, typical, bob, city):
    alice, chief = typical.by, User.objects.get(username="chief")
    covered(typical, alice)
    page = f"/selection/{opened.pk}/"
    for stranger in (bob, alice, factories.person("s", role="judge", office=city.elsewhere)):
        client.force_login(stranger)
        sent = client.post(f"{page}enter-case/", {"typical": typical.pk})
        assert sent.status_code == 404
    client.force_login(chief)
    assert "典型案例参评" in client.get(page).text
    assert client.post(f"{page}enter-case/", {"typical": 999}).status_code == 404
    assert client.post(f"{page}enter-case/", {"typical": typical.pk}).status_code == 303
    made = Entry.objects.get()
    at = f"/selection/entries/{made.pk}/"
    text = client.get(at).text
    assert "张建国" not in text
    assert client.post(f"{at}write/", {"write-statement": "x"}).status_code == 422
    file = client.get(f"/selection/files/{made.materials.get().pk}/")
    assert file.headers["Content-Disposition"].endswith('.docx"')


def agreed(mentor, learner, office):
    Mentorship.objects.create(
        office=office, mentor=mentor, learner=learner, goal="x", by=mentor, at=AT,
        mentor_agreed_at=AT, learner_agreed_at=AT, ended_on=AT.date(), ended_why="期满",
    )  # fmt: skip


@pytest.mark.parametrize("mentors", [True, False])
@pytest.mark.usefixtures("nominated")
def test_a_mentor_or_learner_of_an_author_is_barred(city, judges, alice, mentors):
    entry = Entry.objects.get(number=1)
    entry.hands.add(alice)
    other = judges[0]
    agreed(*((other, alice) if mentors else (alice, other)), city.office)
    assert "师徒" in str(queries.kinship(entry, other))
    assert queries.kinship(entry, judges[1]) is None
    assert queries.kinship(Entry.objects.get(number=2), other) is None


@pytest.mark.usefixtures("nominated")
def test_a_relation_that_was_only_proposed_is_none(city, judges, alice):
    entry = Entry.objects.get(number=1)
    entry.hands.add(alice)
    Mentorship.objects.create(
        office=city.office, mentor=judges[0], learner=alice, goal="x", by=alice, at=AT
    )
    assert queries.kinship(entry, judges[0]) is None


@pytest.mark.usefixtures("nominated")
def test_who_wrote_with_others_is_barred(opened_case, judges):
    entry = Entry.objects.get(number=1)
    entry.hands.add(judges[0])
    assert "撰写" in str(queries.kinship(entry, judges[0]))
    typical_entry, author = opened_case
    assert "撰写" in str(queries.kinship(typical_entry, author))


@pytest.fixture
def opened_case(city, chief, typical):
    """Return an entry of a typical case of which a judge from elsewhere wrote a version."""
    author = factories.person("writer", role="judge", office=city.elsewhere)
    draft = typical.drafts.get(n=typical.latest)
    type(draft).objects.filter(pk=draft.pk).update(by=author)
    covered(typical, chief)
    copy = typical.drafts.get(n=typical.latest)
    from_case = CaseEntry.objects.create(
        draft=copy, selection="x", organiser="y", on=AT.date(), by=chief, at=AT,
        copy=queries.typical.copy_of(copy).copy,
    )  # fmt: skip
    made = Entry(case=from_case, heading="案", edition=Edition.objects.get(), by=chief, at=AT)
    made.save()
    return made, author


def test_confidence_is_shown_and_counted_once_without_the_unsure(client, scoring, chief):
    score_all(scoring, {1: 90, 2: 80, 3: 79, 4: 60})
    seat = Seat.objects.filter(entry__number=3).first()
    points = dict.fromkeys(seat.points, 99)
    Seat.objects.filter(pk=seat.pk).update(confidence="low", points=points)
    result = counting.count(edition=scoring, by=chief, at=AT).result
    by_entry = {row["entry"]: row["confidence"] for row in result["rows"]}
    assert by_entry["3"] == [2, 0, 1]
    assert by_entry["1"] == [3, 0, 0]
    said = next(one for one in result["certificate"]["removals"] if one["kind"] == "unsure")
    assert (said["in"], said["out"]) == (["2"], ["3"])
    assert "去掉评委没把握的评分表" in client.get(f"/selection/{scoring.pk}/notice/").text


def test_where_an_entry_had_only_unsure_scores_nothing_is_counted_without_them():
    table = scores.Scores.of([("a", "j", "c", 5.0), ("b", "j", "c", 6.0), ("b", "k", "c", 4.0)])
    share = scores.shares(table, {})
    unsure = table.entry == 0
    kinds = {one.kind for one in certificate.certify(table, share, 1, unsure=unsure).removals}
    assert certificate.UNSURE not in kinds
