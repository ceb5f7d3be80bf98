"""Satisfaction in the browser's place: the lawful moment, one answer, nobody told apart, no ranking."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.talent import book
from jingyi.web.brands.satisfaction import actions, queries
from jingyi.web.brands.satisfaction.models import Answered, Asked
from jingyi.web.cases.models import Event
from jingyi.web.intake.models import Receipt
from jingyi.web.ledger.models import Entry
from jingyi.web.proposals.models import Item, Session, Step
from tests import factories
from tests.factories import AT
from tests.web.brands.typical.conftest import STEPS, closed

DONE = (*STEPS, "case.terminated")


def scores(audience, mark=5):
    return {one.id: mark for one in book().questions.values() if audience in one.audiences}


def ended(city, by):
    return closed(city.office, by, steps=DONE)


def asked(case, by):
    return actions.ask(audience="organ", ref=case.ref, by=by, at=AT)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_strangers_find_nothing(request, client, who, city, chief):
    alice = chief
    _one, key = asked(ended(city, alice), chief)
    actions.answer(key=key, scores=scores("organ"), words="很好", at=AT)
    stranger = request.getfixturevalue(who)
    assert [one.n for one in queries.sums(stranger)] == [0, 0, 0]
    client.force_login(stranger)
    page = client.get("/brands/satisfaction/")
    assert page.status_code == 200
    assert client.post("/brands/satisfaction/").status_code == 404  # a prosecutor asks nobody


def test_nobody_elsewhere_asks_about_a_case(city, alice):
    case = ended(city, alice)
    there = factories.person("east-chief", role="chief", office=city.east)
    with pytest.raises(Refusal, match="请核对"):
        asked(case, there)


def test_an_organ_is_asked_only_after_the_case_is_closed(city, alice, chief):
    running = closed(city.office, alice, state="awaiting")
    with pytest.raises(Refusal, match="现在还不能"):
        asked(running, chief)
    Event.objects.create(case=running, kind="case.terminated", on=AT.date(), place=99, by=alice, at=AT)  # fmt: skip
    one, key = asked(running, chief)
    assert key not in str(Asked.objects.values())
    with pytest.raises(Refusal, match="不重复"):
        asked(running, chief)
    assert Entry.objects.filter(kind="satisfaction.asked", subject=one.subject).count() == 1


def test_a_reporter_is_asked_only_after_the_outcome_was_told(city, chief):
    report = factories.report(city.office)
    given = {"audience": "reporter", "ref": report.ref, "by": chief, "at": AT}
    with pytest.raises(Refusal, match="请核对"):  # no receipt, no way back
        actions.ask(**given)
    receipt = Receipt.objects.create(report=report, code_hash="x")
    with pytest.raises(Refusal, match="答复以后"):
        actions.ask(**given)
    receipt.stage = "filed"
    receipt.save()
    assert actions.ask(**given)[0].subject == f"report:{report.ref}"


def test_a_deputy_is_asked_after_an_answer_or_a_hearing(city, alice, chief):
    day = AT.date()
    session = Session.objects.create(
        office=city.office,
        organ=city.water,
        body="npc",
        name="第三次会议",
        first_on=day,
        last_on=day,
    )
    item = Item.objects.create(session=session, number="017", title="建议", at=AT)
    given = {"audience": "deputy", "by": chief, "at": AT}
    with pytest.raises(Refusal, match="现在还不能"):
        actions.ask(ref="017", **given)
    Step.objects.create(item=item, kind="answer", on=day, by=alice, at=AT)
    assert actions.ask(ref="017", **given)[0].subject == f"item:{item.pk}"
    case = ended(city, alice)
    with pytest.raises(Refusal, match="现在还不能"):
        actions.ask(ref=case.ref, **given)
    Event.objects.create(case=case, kind="public-hearing.held", on=day, place=98, by=alice, at=AT)
    assert actions.ask(ref=case.ref, **given)


def test_an_answer_is_given_once_and_tells_nobody(client, city, alice, chief):
    given = {"audience": "organ", "ref": ended(city, alice).ref, "by": chief}
    one, key = actions.ask(**given, at=timezone.now())
    url = f"/brands/satisfaction/form/{key}/"
    assert client.get(url).status_code == 200  # no account
    sent = dict.fromkeys(scores("organ"), "4") | {"words": "讲得清楚"}
    assert client.post(url, sent | {"told": ""}).status_code == 422
    assert client.post(url, sent).status_code == 303
    assert client.post(url, sent).status_code == client.get(url).status_code == 404
    said = Answered.objects.get()
    assert said.month.day == 1
    assert not {"case", "asked", "subject", "by", "at"} & {f.name for f in Answered._meta.fields}
    assert Entry.objects.filter(kind__startswith="satisfaction.").count() == 1  # the asking alone
    with pytest.raises(Refusal, match="用过"):
        actions.answer(key=key, scores=scores("organ"), words="", at=AT)
    assert Asked.objects.get(pk=one.pk).used


def test_what_is_refused(city, alice, chief):
    one, key = asked(ended(city, alice), chief)
    for wrong in ({}, scores("organ", 6), scores("organ") | {"other": 3}):
        with pytest.raises(Refusal, match="1 到 5"):
            actions.answer(key=key, scores=wrong, words="", at=AT)
    with pytest.raises(Refusal, match="过期"):
        actions.answer(key=key, scores=scores("organ"), words="", at=one.until + timedelta(seconds=1))  # fmt: skip
    with pytest.raises(Refusal, match="过期"):
        actions.answer(key="nothing", scores=scores("organ"), words="", at=AT)


def test_few_answers_show_only_their_number(client, city, alice, chief):
    client.force_login(chief)
    for n in range(book().least):
        page = client.get("/brands/satisfaction/").text
        assert "不方便说的话" not in page
        _one, key = asked(ended(city, alice), chief)
        actions.answer(key=key, scores=scores("organ", 5 if n else 2), words="不方便说的话", at=AT)
    page = client.get("/brands/satisfaction/").text
    assert "不方便说的话" in page
    organ = next(one for one in queries.sums(chief) if one.audience.id == "organ")
    assert {(one.share.n, one.share.content) for one in organ.questions} == {(5, 4)}
    assert organ.questions[0].low < 0.8 < organ.questions[0].high
    assert city.office.name not in page.split("<main")[1]  # no office beside another


def test_a_link_is_made_in_a_page_and_shown_once(client, city, alice, chief):
    case = ended(city, alice)
    client.force_login(chief)
    url = "/brands/satisfaction/"
    assert client.post(url, {"audience": "organ", "ref": "2026-9999"}).status_code == 422
    page = client.post(url, {"audience": "organ", "ref": case.ref})
    assert page.status_code == 200
    assert "/brands/satisfaction/form/" in page.text
    assert "/brands/satisfaction/form/" not in client.get(url).text
    assert client.get("/brands/satisfaction/thanks/").status_code == 200


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_asks_no_more_for_more(client, city, chief, n, django_assert_max_num_queries):
    alice = chief
    for _ in range(n):
        _one, key = asked(ended(city, alice), chief)
        actions.answer(key=key, scores=scores("organ"), words="", at=AT)
    client.force_login(chief)
    with django_assert_max_num_queries(14):
        assert client.get("/brands/satisfaction/").status_code == 200
