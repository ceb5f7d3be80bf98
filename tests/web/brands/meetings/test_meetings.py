"""Meetings in the browser's place: strangers, measures carried until done, guidance, sealed minutes."""

import io
from datetime import timedelta

import docx
import pytest
from django.db import IntegrityError, transaction

from jingyi.core.refusal import Refusal
from jingyi.web.brands.meetings import actions
from jingyi.web.brands.meetings.models import Guidance, Measure, Meeting, Review, Word
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.factories import AT

DAY = AT.date()
LATER = AT + timedelta(days=40)


def convened(city, by, at=AT, title="九月推进会"):
    return actions.convene(
        office=city.office, title=title, on=at.date(), place="三楼", chair="周检", by=by, at=at
    )


def planned(meeting, department, owner, what="补测三个断面"):
    return actions.plan(
        meeting=meeting, department=department, what=what, owner=owner,
        due_on=DAY + timedelta(days=20), by=owner, at=AT,
    )  # fmt: skip


def spoken(meeting, department, by, version=0, at=AT):
    return actions.speak(
        meeting=meeting, department=department, highlights="整治见效", problems="取样偏少",
        version=version, by=by, at=at,
    )  # fmt: skip


@pytest.fixture
def meeting(city, chief):
    return convened(city, chief)


@pytest.fixture
def measure(meeting, department, alice):
    return planned(meeting, department, alice)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_strangers_find_nothing(request, client, who, measure):
    meeting, department, chief = measure.meeting, measure.department, measure.meeting.by
    said = actions.guide(
        office=meeting.office, giver="省院", document="", text="聚焦", on=DAY, by=chief, at=AT
    )
    client.force_login(request.getfixturevalue(who))
    page = client.get("/brands/meetings/")
    assert meeting.title not in page.text
    assert measure.what not in page.text
    assert "省院" not in page.text
    here = f"/brands/meetings/{meeting.pk}/"
    assert client.get(here).status_code == client.get(f"{here}minutes.docx").status_code == 404
    for route in (
        "close/", "guide/", f"departments/{department.pk}/speak/", f"departments/{department.pk}/plan/",
        f"measures/{measure.pk}/finish/", f"measures/{measure.pk}/carry/", f"guidance/{said.pk}/",
    ):  # fmt: skip
        assert client.post(here + route).status_code == 404
    assert client.get("/brands/meetings/new/").status_code == 404


def test_a_measure_goes_from_meeting_to_meeting_until_it_is_done(client, city, measure, chief):
    meeting, department, alice = measure.meeting, measure.department, measure.owner
    spoken(meeting, department, alice)
    actions.close(meeting=meeting, by=chief, at=AT)
    second = convened(city, chief, LATER, "十月推进会")
    review = Review.objects.get(meeting=second)
    assert (review.measure, review.was_due_on) == (measure, measure.due_on)
    spoken(second, department, alice, at=LATER)
    with pytest.raises(Refusal, match="1 项结转"):
        actions.close(meeting=second, by=chief, at=LATER)

    going = {"review": review, "why": "汛期水位高", "by": alice, "at": LATER}
    with pytest.raises(Refusal, match="不能早于"):
        actions.carry(due_on=DAY + timedelta(days=30), **going)  # before the meeting
    actions.carry(due_on=DAY + timedelta(days=60), **going)
    actions.close(meeting=second, by=chief, at=LATER)

    third = convened(city, chief, LATER, "十一月推进会")
    assert Review.objects.get(meeting=third).was_due_on == DAY + timedelta(days=60)
    client.force_login(chief)
    page = client.get(f"/brands/meetings/{third.pk}/").text
    assert "尚待交代" in page
    actions.finish(measure=measure, on=LATER.date(), how="三个断面都测了", by=alice, at=LATER)
    spoken(third, department, alice, at=LATER)
    actions.close(meeting=third, by=chief, at=LATER)
    fourth = convened(city, chief, LATER, "十二月推进会")
    assert not fourth.reviews.exists()
    with pytest.raises(Refusal, match="已经登记"):
        actions.finish(measure=measure, on=LATER.date(), how="又做", by=alice, at=LATER)


def test_one_meeting_of_an_office_is_open_at_a_time(city, meeting, chief):
    with pytest.raises(Refusal, match="还有一次"):
        convened(city, chief)
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(office=city.office, title="x", on=DAY, chair="x", by=chief, at=AT)


def test_the_minutes_are_sealed_and_a_closed_meeting_does_not_change(client, measure, chief):
    meeting, department, alice = measure.meeting, measure.department, measure.owner
    client.force_login(chief)
    here = f"/brands/meetings/{meeting.pk}/"
    assert client.post(f"{here}close/").status_code == 422  # nobody spoke
    spoken(meeting, department, alice)
    draft = docx.Document(io.BytesIO(client.get(f"{here}minutes.docx").content))
    assert any("草稿" in p.text for p in draft.paragraphs)
    assert client.post(f"{here}close/").status_code == 303

    sealed = client.get(f"{here}minutes.docx").content
    told = "\n".join(p.text for p in docx.Document(io.BytesIO(sealed)).paragraphs)
    for words in (
        "整治见效",
        "取样偏少",
        "补测三个断面",
        "Alice",
        "2026年9月21日",
        "九月推进会纪要",
    ):
        assert words in told
    assert "草稿" not in told
    actions.finish(measure=measure, on=LATER.date(), how="测了", by=alice, at=LATER)
    assert client.get(f"{here}minutes.docx").content == sealed
    page = client.get(here).text
    assert "/speak/" not in page
    assert "/plan/" not in page
    for again in (
        lambda: spoken(meeting, department, alice, 1),
        lambda: planned(meeting, department, alice),
        lambda: actions.close(meeting=meeting, by=chief, at=AT),
    ):
        with pytest.raises(Refusal, match="已经结束"):
            again()
    closed = Entry.objects.get(kind="meeting.closed", subject=f"meeting:{meeting.pk}")
    meeting.refresh_from_db()
    assert meeting.minutes_id in str(closed.body)


def test_a_page_speaks_plans_and_finishes(client, meeting, department, alice):
    client.force_login(alice)
    here = f"/brands/meetings/{meeting.pk}/"
    at = f"{here}departments/{department.pk}/"
    key = department.pk
    sent = {f"speak{key}-version": 0, f"speak{key}-highlights": "亮", f"speak{key}-problems": ""}
    assert client.post(f"{at}speak/", sent).status_code == 422
    sent |= {f"speak{key}-problems": "缺人"}
    assert client.post(f"{at}speak/", sent).status_code == 303
    late = client.post(f"{at}speak/", sent)
    assert late.status_code == 422
    assert "刚刚被别人修改过" in late.text
    assert Word.objects.get().version == 1

    plan = {f"plan{key}-what": "走访", f"plan{key}-due_on": DAY, f"plan{key}-owner": alice.pk}
    early = plan | {f"plan{key}-due_on": DAY - timedelta(days=1)}
    assert client.post(f"{at}plan/", early).status_code == 422
    assert client.post(f"{at}plan/", plan | {f"plan{key}-owner": 10**6}).status_code == 422
    assert client.post(f"{at}plan/", plan).status_code == 303
    assert client.post(f"{at}nothing/", plan).status_code == 404
    one = Measure.objects.get()
    assert one.owner == alice
    done = {f"finish{one.pk}-on": DAY, f"finish{one.pk}-how": "走访了三个社区"}
    assert client.post(f"{here}measures/{one.pk}/finish/", done).status_code == 303
    assert (
        client.post(f"{here}measures/{one.pk}/carry/", done).status_code == 404
    )  # not carried here
    assert "走访了三个社区" in client.get(here).text


def test_only_the_owner_or_the_organiser_finishes(client, city, meeting, measure):
    other = factories.person("dora", role="prosecutor", office=city.office)
    client.force_login(other)
    sent = {f"finish{measure.pk}-on": DAY, f"finish{measure.pk}-how": "做了"}
    url = f"/brands/meetings/{meeting.pk}/measures/{measure.pk}/finish/"
    assert client.post(url, sent).status_code == 404
    assert f"{url}" not in client.get(f"/brands/meetings/{meeting.pk}/").text


def test_guidance_is_recorded_answered_and_taken_along(client, city, measure, chief):
    meeting, department, alice = measure.meeting, measure.department, measure.owner
    actions.finish(measure=measure, on=DAY, how="测了", by=alice, at=AT)
    client.force_login(chief)
    here = f"/brands/meetings/{meeting.pk}/"
    assert "江淮省人民检察院" in client.get(here).text  # the superior is offered
    sent = {"guide-giver": "江淮省人民检察院", "guide-on": DAY, "guide-text": "要聚焦主责主业"}
    assert client.post(f"{here}guide/", sent | {"guide-text": ""}).status_code == 422
    assert client.post(f"{here}guide/", sent).status_code == 303
    spoken(meeting, department, alice)
    actions.close(meeting=meeting, by=chief, at=AT)
    assert "要聚焦主责主业" in client.get("/brands/meetings/").text
    second = convened(city, chief, LATER, "十月推进会")
    said = Guidance.objects.get()
    assert said.meeting == second  # not answered: taken along

    url = f"/brands/meetings/{second.pk}/guidance/{said.pk}/"
    early = {f"answer{said.pk}-on": DAY - timedelta(days=1), f"answer{said.pk}-text": "已调整"}
    assert client.post(url, early).status_code == 422
    assert client.post(url, early | {f"answer{said.pk}-on": DAY}).status_code == 303
    assert client.post(url, early | {f"answer{said.pk}-on": DAY}).status_code == 422  # once
    assert "已调整" in client.get(f"/brands/meetings/{second.pk}/").text
    assert Entry.objects.filter(kind="guidance.answered").count() == 1


def test_a_meeting_is_convened_in_a_page(client, city, chief):
    client.force_login(chief)
    sent = {"office": city.office.pk, "title": "九月推进会", "on": DAY, "chair": "周检"}
    assert client.post("/brands/meetings/new/", sent | {"office": city.elsewhere.pk}).status_code == 422  # fmt: skip
    assert client.post("/brands/meetings/new/", sent).status_code == 303
    again = client.post("/brands/meetings/new/", sent)
    assert again.status_code == 422
    assert "还有一次推进会没有结束" in again.text


@pytest.mark.parametrize("n", [1, 3])
def test_pages_ask_no_more_for_more(client, measure, n, django_assert_max_num_queries):
    meeting, department, alice = measure.meeting, measure.department, measure.owner
    city, chief = measure.meeting, measure.meeting.by
    for i in range(n):
        planned(meeting, department, alice, f"措施{i}")
        city.office.departments.create(name=f"部{i}")
        actions.guide(office=city.office, giver="省院", document="", text="x", on=DAY, by=chief, at=AT)  # fmt: skip
    client.force_login(chief)
    for url in ("/brands/meetings/", f"/brands/meetings/{meeting.pk}/"):
        with django_assert_max_num_queries(22):
            assert "措施0" in client.get(url).text
