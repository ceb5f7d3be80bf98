"""Talent in the browser's place: strangers, evidence, mentors on both sides, plans, studios; no ranking."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.brands.contests.models import Contest
from jingyi.web.brands.exchange import actions as exchange
from jingyi.web.brands.talent import actions, queries
from jingyi.web.brands.talent.models import Mentorship, Studio, Task, Training
from jingyi.web.brands.typical import actions as writing
from jingyi.web.cases.models import Event
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.factories import AT
from tests.web.brands.typical.conftest import closed

DAY = AT.date()


@pytest.fixture
def dora(city):
    """Another prosecutor of Alice's office."""
    return factories.person("dora", role="prosecutor", office=city.office)


@pytest.fixture
def case(city, alice):
    return closed(city.office, alice)


@pytest.fixture
def task(case, alice):
    return actions.tell(kind="hard-case", case=case, what="跨三县取证", on=DAY, by=alice, at=AT)


@pytest.fixture
def mentorship(alice, dora):
    return actions.propose(mentor=alice, learner=dora, goal="学会听证", by=alice, at=AT)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_strangers_find_nothing(request, client, who, mentorship, chief):
    alice, task = mentorship.mentor, request.getfixturevalue("task")
    line = actions.plan(person=alice, skill="court", what="旁听", due_on=DAY, by=alice, at=AT)
    office = task.case.office
    studio = actions.found(
        office=office, name="清流工作室", purpose="x", founded_on=DAY, by=chief, at=AT
    )
    member = actions.join(studio=studio, person=alice, does="组长", since=DAY, by=chief, at=AT)
    client.force_login(request.getfixturevalue(who))
    page = client.get("/brands/talent/").text
    assert "Alice" not in page
    assert "清流工作室" not in page
    base = "/brands/talent/"
    for route in (f"{alice.pk}/", f"studios/{studio.pk}/"):
        assert client.get(base + route).status_code == 404
    for route in (
        f"{alice.pk}/tell/", f"{alice.pk}/propose/", f"{alice.pk}/plan/", f"tasks/{task.pk}/confirm/",
        f"mentors/{mentorship.pk}/agree/", f"mentors/{mentorship.pk}/end/", f"trainings/{line.pk}/",
        "studios/new/", f"studios/{studio.pk}/join/", f"studios/{studio.pk}/honour/",
        f"studios/members/{member.pk}/leave/",
    ):  # fmt: skip
        assert client.post(base + route).status_code == 404, route


def test_a_task_needs_a_file_that_shows_it(case, alice, dora):
    told = {"what": "x", "on": DAY, "at": AT}
    with pytest.raises(Refusal, match="看不出"):
        actions.tell(kind="hard-case", case=case, by=dora, **told)
    with pytest.raises(Refusal, match="看不出"):
        actions.tell(kind="hearing", case=case, by=alice, **told)
    event = Event.objects.create(
        case=case, kind="public-hearing.held", on=DAY, place=90, by=dora, at=AT
    )
    assert actions.tell(kind="hearing", case=case, by=dora, **told).event == event
    with pytest.raises(Refusal, match="已经登记"):
        actions.tell(kind="hearing", case=case, by=dora, **told)
    Event.objects.filter(pk=event.pk).update(undone_at=AT, undone_by=dora, undone_reason="记错")
    with pytest.raises(Refusal, match="看不出"):
        actions.tell(kind="hearing", case=case, by=alice, **told)


def test_a_typical_case_written_is_evidence_and_its_link(client, case, alice, chief):
    made = writing.begin(case=case, by=alice, at=AT)
    offers = {kind.id: list(cases) for kind, cases in queries.offered(alice)}
    assert offers["typical"] == [case]
    one = actions.tell(kind="typical", case=case, what="执笔", on=DAY, by=alice, at=AT)
    assert one.typical == made
    assert not {kind.id: list(cases) for kind, cases in queries.offered(alice)}["typical"]
    actions.confirm(task=one, by=chief, at=AT)
    client.force_login(chief)
    page = client.get(f"/brands/talent/{alice.pk}/").text
    assert made.get_absolute_url() in page
    assert "案例写作" in page


def test_only_another_person_who_trains_confirms(client, task, alice, dora, chief):
    client.force_login(dora)
    url = f"/brands/talent/tasks/{task.pk}/confirm/"
    assert client.post(url).status_code == 404
    client.force_login(chief)
    assert client.post(url).status_code == 303
    assert client.post(url).status_code == 422
    task.refresh_from_db()
    assert task.confirmed_by == chief
    own = closed(task.case.office, chief)
    mine = actions.tell(kind="hard-case", case=own, what="x", on=DAY, by=chief, at=AT)
    with pytest.raises(Refusal, match="由别人确认"):
        actions.confirm(task=mine, by=chief, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=mine.pk).update(confirmed_by=chief, confirmed_at=AT)


def test_the_map_counts_people_and_ranks_nobody(client, city, task, dora, chief):
    department = city.office.departments.create(name="第五检察部")
    for one in (task.person, dora, chief):
        one.posts.update(department=department)
    other = actions.tell(
        kind="hard-case", case=closed(city.office, dora), what="x", on=DAY, by=dora, at=AT
    )

    def counted():
        _skills, rows = queries.skills_map(chief)
        return dict(rows[0].counts)["investigation"]

    assert counted() == 0  # not confirmed yet
    for one in (task, other):
        actions.confirm(task=one, by=chief, at=AT)
    assert counted() == 2
    client.force_login(chief)
    page = client.get("/brands/talent/").text
    link = f"?skill=investigation&amp;department={department.pk}"
    assert link in page
    found = client.get(f"/brands/talent/?skill=investigation&department={department.pk}").text
    assert found.index("Alice") < found.index("Dora")  # by name
    assert f"/brands/talent/{chief.pk}/" not in found


def test_a_mentorship_holds_when_both_sides_agreed(client, mentorship, alice, dora, chief):
    assert not mentorship.agreed
    client.force_login(chief)  # trains, but agrees for nobody
    assert client.post(f"/brands/talent/mentors/{mentorship.pk}/agree/").status_code == 404
    with pytest.raises(Http404):
        actions.agree(mentorship=mentorship, by=chief, at=AT)
    client.force_login(dora)
    assert "待学员同意" in client.get(f"/brands/talent/{dora.pk}/").text
    assert client.post(f"/brands/talent/mentors/{mentorship.pk}/agree/").status_code == 303
    mentorship.refresh_from_db()
    assert mentorship.agreed
    with pytest.raises(Refusal, match="已经有"):
        actions.propose(mentor=alice, learner=dora, goal="x", by=dora, at=AT)
    with pytest.raises(Refusal, match="同一个人"):
        actions.propose(mentor=dora, learner=dora, goal="x", by=dora, at=AT)
    url = f"/brands/talent/mentors/{mentorship.pk}/end/"
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {f"end{mentorship.pk}-why": "期满"}).status_code == 303
    assert "期满" in client.get(f"/brands/talent/{alice.pk}/").text


def test_whoever_trains_proposes_and_both_are_asked(client, alice, dora, chief):
    client.force_login(chief)
    url = f"/brands/talent/{dora.pk}/propose/"
    sent = {"propose-side": "learner", "propose-other": alice.pk, "propose-goal": "学会听证"}
    assert client.post(url, sent | {"propose-other": ""}).status_code == 422
    assert client.post(url, sent).status_code == 303
    one = Mentorship.objects.get()
    assert (one.mentor, one.learner) == (alice, dora)
    assert (one.mentor_agreed_at, one.learner_agreed_at) == (None, None)
    client.force_login(alice)
    assert client.post(url, sent).status_code == 404  # not her page, and she trains nobody


def test_a_plan_is_done_by_a_task_or_told(client, task, mentorship, alice, dora):
    client.force_login(alice)
    url = f"/brands/talent/{dora.pk}/plan/"
    later = AT.date() + timedelta(days=4000)
    sent = {"plan-skill": "court", "plan-what": "旁听三次", "plan-due_on": later}
    assert client.post(url, sent).status_code == 404  # the learner has not agreed
    actions.agree(mentorship=mentorship, by=dora, at=AT)
    assert client.post(url, sent).status_code == 303
    line = Training.objects.get()
    with pytest.raises(Refusal, match="依据"):
        actions.train(training=line, task=None, how=" ", by=dora, at=AT)
    client.force_login(dora)
    at = f"/brands/talent/trainings/{line.pk}/"
    assert client.post(at, {f"train{line.pk}-task": task.pk}).status_code == 422  # Alice's
    assert client.post(at, {f"train{line.pk}-how": "旁听三次并写了体会"}).status_code == 303
    assert "旁听三次并写了体会" in client.get(f"/brands/talent/{dora.pk}/").text
    assert client.post(at, {f"train{line.pk}-how": "又"}).status_code == 422


def test_a_portfolio_hides_cases_its_reader_may_not_read(client, city, task, chief):
    task.case.office = city.elsewhere
    task.case.save()
    client.force_login(chief)
    page = client.get(f"/brands/talent/{task.person_id}/").text
    assert "您看不到的案件" in page
    assert task.case.ref not in page
    assert task.what not in page


def test_a_task_is_told_in_a_page(client, case, alice, dora):
    client.force_login(alice)
    url = f"/brands/talent/{alice.pk}/tell/"
    sent = {
        "tell-kind": "hard-case",
        "tell-case": "2026-9999",
        "tell-on": DAY,
        "tell-what": "取证难",
    }
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"tell-case": case.ref}).status_code == 303
    assert Entry.objects.filter(kind="talent.told", subject=f"person:{alice.pk}").count() == 1
    assert (
        client.post(f"/brands/talent/{dora.pk}/tell/", sent).status_code == 404
    )  # for oneself only


def test_a_studio_has_members_skills_and_honours(client, city, task, alice, chief):
    client.force_login(chief)
    sent = {
        "office": city.office.pk,
        "name": "清流工作室",
        "purpose": "办好水案",
        "founded_on": DAY,
    }
    assert client.post("/brands/talent/studios/new/", sent).status_code == 303
    assert client.post("/brands/talent/studios/new/", sent).status_code == 422
    studio = Studio.objects.get()
    here = studio.get_absolute_url()
    join = {"join-person": alice.pk, "join-does": "组长", "join-since": DAY}
    assert client.post(f"{here}join/", join).status_code == 303
    assert client.post(f"{here}join/", join).status_code == 422
    honour = {"honour-title": "优秀团队", "honour-on": DAY}
    assert client.post(f"{here}honour/", honour).status_code == 422  # without its document
    assert client.post(f"{here}honour/", honour | {"honour-source": "通报"}).status_code == 303
    actions.confirm(task=task, by=chief, at=AT)
    page = client.get(here).text
    assert all(words in page for words in ("优秀团队", "组长", "调查取证 · 1 项依据"))
    member = studio.members.get()
    assert client.post(f"/brands/talent/studios/members/{member.pk}/leave/").status_code == 303
    assert "1 项依据" not in client.get(here).text


@pytest.mark.parametrize("n", [1, 3])
def test_pages_ask_no_more_for_more(client, city, chief, n, django_assert_max_num_queries):
    for i in range(n):
        one = factories.person(f"p{i}", role="prosecutor", office=city.office)
        case = closed(city.office, chief, f"案{i}")
        made = actions.tell(kind="hard-case", case=case, what="x", on=DAY, by=chief, at=AT)
        assert made.pk
        actions.propose(mentor=chief, learner=one, goal="x", by=chief, at=AT)
        actions.found(
            office=city.office, name=f"室{i}", purpose="x", founded_on=DAY, by=chief, at=AT
        )
    client.force_login(chief)
    for url, most in (("/brands/talent/", 16), (f"/brands/talent/{chief.pk}/", 40)):
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


def test_a_portfolio_links_posts_and_contests_but_no_mark(client, city, alice, chief):
    note = exchange.post(
        seat=alice.posts.get(), kind="talk", title="怎样取样", text="x", refs=[], brands=[], by=alice, at=AT
    )  # fmt: skip
    contest = Contest.objects.create(
        office=city.office, title="文书练兵", task="x", due_on=DAY, full_marks=100, threshold=15,
        by=chief, at=AT, assigned_at=AT,
    )  # fmt: skip
    contest.papers.create(author=alice, code="ABCDEF", text="x", at=AT)
    client.force_login(chief)
    url = f"/brands/talent/{alice.pk}/"
    assert contest.title not in client.get(url).text  # the marks are not out: who wrote is not told
    Contest.objects.update(released_at=AT)
    page = client.get(url).text
    assert contest.get_absolute_url() in page
    assert note.get_absolute_url() in page
    assert "ABCDEF" not in page


def test_deputies_and_volunteers_are_not_among_the_talent(client, city, chief):
    one = factories.person("fang", role="deputy", office=city.office)
    client.force_login(chief)
    assert "Fang" not in client.get("/brands/talent/").text
    assert client.get(f"/brands/talent/{one.pk}/").status_code == 404
