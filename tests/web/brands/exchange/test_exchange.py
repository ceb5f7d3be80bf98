"""The exchange in the browser's place: strangers, links to cases and brands, questions answered."""

import pytest
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.brands.exchange import actions
from jingyi.web.brands.exchange.models import Note, Reply
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.factories import AT
from tests.web.brands.typical.conftest import closed


def posted(by, **values):
    given = {
        "kind": "question",
        "title": "暗管怎样取样",
        "text": "夜间怎样办",
        "refs": [],
        "brands": [],
    }
    return actions.post(seat=by.posts.get(), **given | values, by=by, at=AT)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_strangers_find_nothing(request, client, who, alice):
    note = posted(alice)
    one = actions.reply(note=note, text="用便携设备", by=alice, at=AT)
    client.force_login(request.getfixturevalue(who))
    assert note.title not in client.get("/brands/exchange/").text
    here = f"/brands/exchange/{note.pk}/"
    assert client.get(here).status_code == 404
    for route in ("reply/", "withdraw/", f"replies/{one.pk}/"):
        assert client.post(here + route).status_code == 404


def test_a_note_is_posted_linked_and_answered(client, city, brand, alice, chief):
    case = closed(city.office, alice)
    client.force_login(alice)
    sent = {
        "seat": alice.posts.get().pk, "kind": "question", "title": "暗管怎样取样", "text": "夜间",
        "refs": case.ref, "brands": [brand.pk],
    }  # fmt: skip
    url = "/brands/exchange/new/"
    assert client.post(url, sent | {"refs": "2026-9999"}).status_code == 422
    assert client.post(url, sent | {"seat": chief.posts.get().pk}).status_code == 422
    here = client.post(url, sent).headers["Location"]
    page = client.get(here).text
    assert case.get_absolute_url() in page
    assert brand.get_absolute_url() in page
    assert "等人解答" in client.get(f"/brands/exchange/?brand={brand.pk}&kind=question").text
    assert "暗管怎样取样" not in client.get("/brands/exchange/?kind=talk").text

    client.force_login(chief)
    assert client.post(f"{here}reply/", {"text": ""}).status_code == 422
    assert client.post(f"{here}reply/", {"text": "用便携设备"}).status_code == 303
    one = Reply.objects.get()
    assert client.post(f"{here}replies/{one.pk}/").status_code == 404  # not the chief's question
    client.force_login(alice)
    assert client.post(f"{here}replies/{one.pk}/").status_code == 303
    assert "问题已解答" in client.get("/brands/exchange/").text
    assert Entry.objects.filter(kind="note.settled").count() == 1


def test_a_linked_case_is_shown_to_whoever_may_read_it_and_nobody_else(client, city, alice, chief):
    case = closed(city.office, alice)
    note = posted(alice, refs=[case.ref])
    case.office = city.elsewhere
    case.save()
    client.force_login(chief)
    assert case.ref not in client.get(note.get_absolute_url()).text


def test_a_note_is_taken_back_by_its_writer_alone(client, alice, chief):
    note = posted(alice)
    client.force_login(chief)
    assert client.post(f"{note.get_absolute_url()}withdraw/").status_code == 404
    client.force_login(alice)
    assert client.post(f"{note.get_absolute_url()}withdraw/").status_code == 303
    assert client.get(note.get_absolute_url()).status_code == 404
    assert Note.objects.count() == 1
    with pytest.raises(Refusal, match="已经撤下"):
        actions.reply(note=note, text="x", by=chief, at=AT)


def test_only_a_reply_to_one_s_own_question_answers_it(alice):
    talk, other = posted(alice, kind="talk"), posted(alice)
    said = actions.reply(note=talk, text="x", by=alice, at=AT)
    for note in (talk, other):
        with pytest.raises(Http404):
            actions.settle(note=note, reply=said, by=alice, at=AT)


@pytest.mark.parametrize("n", [1, 3])
def test_pages_ask_no_more_for_more(client, city, alice, n, django_assert_max_num_queries):
    for i in range(n):
        note = posted(alice, title=f"第{i}篇")
        actions.reply(note=note, text=f"回{i}", by=factories.person(f"w{i}", role="assistant", office=city.office), at=AT)  # fmt: skip
        actions.reply(note=note, text=f"又{i}", by=alice, at=AT)
    client.force_login(alice)
    for url in ("/brands/exchange/", note.get_absolute_url()):
        with django_assert_max_num_queries(16):
            assert client.get(url).status_code == 200
