"""The pages of the station: its forms, and what a stranger finds on every address."""

import re

import pytest
from django.urls import reverse

import jingyi.web.cases.urls  # noqa: F401 -- registers the file numbers of addresses
from jingyi.web.station.actions import links, papers, replies, requests
from jingyi.web.station.models import Draft, Matter, Seen
from jingyi.web.station.urls import urlpatterns
from tests import factories
from tests.web.cases import course
from tests.web.intake.reporting import photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_august")]
AUGUST = course.noon("2026-08-10")
SECRET = "举报人住在三号桥边"


@pytest.fixture
def in_august(time_machine):
    time_machine.move_to(AUGUST, tick=False)


def signed_in(client, user):
    client.force_login(user)
    return client


def test_a_matter_is_received_replied_to_and_signed_in_its_pages(client, sent, people):
    where = {name: reverse(f"station:{name}", args=[sent.pk]) for name in ("matter", "receive", "begin", "receipt")}  # fmt: skip
    signed_in(client, people["liaison"])
    assert "待签收" in client.get(reverse("station:matters")).text
    assert client.get(where["receipt"]).status_code == 404
    assert "2026-10-08" in client.get(where["receive"], {"on": "2026-08-01"}).text
    assert client.post(where["receive"], {"on": "2026-08-11"}).status_code == 422
    assert client.post(where["receive"], {"on": "2026-08-03"}).status_code == 303
    assert "封堵暗管" in client.get(where["matter"]).text
    assert "Liaison" in client.get(where["receipt"]).text

    assert client.post(where["begin"]).status_code == 303
    draft = Draft.objects.get()
    page = reverse("station:draft", args=[draft.pk])
    said = {
        "said_1": "done", "text_1": "8月8日封堵。", "amount_1": "3", "unit_1": "处",
        "said_2": "partly", "text_2": "已立案。", "version": 1,
    }  # fmt: skip
    assert client.post(page, said | {"unit_1": ""}).status_code == 422
    assert client.post(page, said).status_code == 303
    attach = reverse("station:attach", args=[draft.pk, 1])
    assert client.post(attach, {"kind": "after"}).status_code == 422
    given = {"kind": "after", "caption": "封堵后", "file": photo()}
    assert client.post(attach, given).status_code == 303
    assert "IMG_0001.jpg" in client.get(page).text
    file = draft.lines.get(duty=1).files.get()
    response = client.get(reverse("station:file", args=[file.pk]))
    assert "attachment" in response["Content-Disposition"]

    act = {
        name: reverse("station:act", args=[draft.pk, name])
        for name in ("submit", "approve", "sign", "return", "erase")
    }
    assert client.post(act["erase"]).status_code == 404
    draft.refresh_from_db()
    client.post(page, said | {"version": draft.version, "then": "submit"})
    client.post(act["sign"])  # a liaison does not sign
    signed_in(client, people["reviewer"]).post(act["return"], {"words": "补数量"})
    assert "补数量" in client.get(page).text
    signed_in(client, people["liaison"]).post(act["submit"])
    signed_in(client, people["reviewer"]).post(act["approve"])
    signed_in(client, people["leader"]).post(act["sign"])
    draft.refresh_from_db()
    assert draft.state == "signed"
    assert "8月8日封堵。（3处）" not in client.get(reverse("station:print", args=[draft.pk])).text
    assert "（3 处）" in client.get(reverse("station:print", args=[draft.pk])).text


def test_what_the_organ_sees_holds_nothing_of_the_file(client, case, received, people, chief):
    lead = case.incidents.get()
    lead.title = SECRET
    lead.save()
    course.step(case, "followup.done", "2026-08-05", chief, facts={"found": "内部判断：可能拖延"})
    signed_in(client, people["leader"])
    for name in ("matters", "papers", "seen"):
        text = client.get(reverse(f"station:{name}")).text
        assert SECRET not in text
    text = client.get(reverse("station:matter", args=[received.pk])).text
    assert "封堵暗管" in text
    for hidden in (SECRET, "内部判断", case.ref, lead.ref):
        assert hidden not in text


def test_who_looked_is_written_down(client, received, people, alice):
    page = reverse("station:matter", args=[received.pk])
    signed_in(client, people["liaison"]).get(page)
    assert "Liaison" not in client.get(reverse("station:seen")).text.split("<main")[-1]
    assert "检察建议及职责" in signed_in(client, people["leader"]).get(reverse("station:seen")).text
    assert "检察建议及职责" in signed_in(client, alice).get(reverse("station:seen")).text
    assert Seen.objects.filter(by=people["liaison"]).count() == 1


def test_what_was_served_on_paper_is_opened_here(client, served_case, people):
    signed_in(client, people["liaison"])
    assert "以纸质送达" in client.get(reverse("station:matters")).text
    suggestion = served_case.suggestions.get()
    client.post(reverse("station:open_served", args=[suggestion.pk]))
    assert Matter.objects.get().received_on == suggestion.served_on
    assert "起草回复" in client.get(Matter.objects.get().get_absolute_url()).text


def test_the_office_sends_makes_a_link_and_closes_it(client, decided, people, alice):
    signed_in(client, alice)
    client.post(reverse("station:send", args=[decided.pk]))
    matter = Matter.objects.get()
    page = client.post(reverse("station:make_link", args=[matter.pk]), {"for_whom": "值班室"})
    address = re.search(r'id="address">([^<]+)<', page.text)[1]

    client.logout()
    assert "检察文书" in client.get(address).text
    assert client.get(address).status_code == 200  # looking does not use it up
    assert client.post(address).url == reverse("station:sealed")
    assert "封堵暗管" in client.get(reverse("station:sealed")).text
    assert client.get(address).status_code == 404
    given = {"on": "2026-08-10", "name": "值班员老陈"}
    assert client.post(reverse("station:sealed"), given).status_code == 303
    assert "值班员老陈" in client.get(reverse("station:sealed")).text
    decided.refresh_from_db()
    assert str(decided.served_on) == "2026-08-10"

    signed_in(client, alice)
    assert "值班室" in client.get(reverse("station:of_case", args=[decided.case.ref])).text
    client.post(reverse("station:revoke", args=[matter.links.get().pk]))
    assert matter.links.get().revoked_at


def test_a_paper_is_written_rewritten_and_signed(client, received, people, alice):
    case = received.suggestion.case
    signed_in(client, alice)
    write = reverse("station:write", args=[case.ref])
    given = {"organ": case.organ.code, "kind": "facts", "title": "事实确认书", "held_on": "2026-08-09", "text": "暗管三处"}  # fmt: skip
    assert client.get(write).status_code == 200
    assert client.post(write, given | {"text": ""}).status_code == 422
    first = client.post(write, given).url
    again = client.post(f"{first}again/", given | {"text": "暗管四处"}).url
    assert "取代" in client.get(first).text
    digest = re.search(r'name="digest" value="(\w+)"', client.get(again).text)[1]
    client.post(f"{again}sign/", {"side": "office", "digest": digest})
    signed_in(client, people["leader"])
    client.post(f"{again}sign/", {"side": "organ", "digest": digest})
    assert "双方已签字" in client.get(reverse("station:papers")).text


def test_an_objection_is_made_and_answered_in_its_pages(client, received, people, alice):
    ask = reverse("station:ask", args=[received.pk])
    signed_in(client, people["leader"])
    assert client.post(ask, {"kind": "objection", "reason": ""}).status_code == 422
    given = {"kind": "objection", "reason": "不属我局管辖", "file": photo()}
    assert client.post(ask, given).status_code == 303
    asked = received.requests.get()
    assert client.get(reverse("station:request_file", args=[asked.pk])).status_code == 200
    signed_in(client, alice)
    assert "异议" in client.get(reverse("station:requests")).text
    page = reverse("station:request", args=[asked.pk])
    assert client.post(page, {"accepted": "no", "answer": ""}).status_code == 422
    assert client.post(page, {"accepted": "no", "answer": "三定规定写明"}).status_code == 303
    assert (
        "三定规定写明" in signed_in(client, people["leader"]).get(received.get_absolute_url()).text
    )


@pytest.fixture
def pages(case, received, people, alice):
    """Every address of the room about one matter of the water bureau."""
    draft = replies.begin(matter=received, by=people["liaison"], at=AUGUST)
    asked = requests.ask(
        matter=received, kind="extension", reason="汛期", by=people["leader"], at=AUGUST
    )
    paper = papers.write(
        case=case, organ=case.organ, kind="facts", title="东津河段确认书", text="暗管三处",
        held_on=AUGUST.date(), by=alice, at=AUGUST,
    )  # fmt: skip
    link, _ = links.make(matter=received, for_whom="值班室", by=alice, at=AUGUST)
    one, of = [received.pk], [case.ref]
    suggestion, drafted, asked_, written = [received.suggestion_id], [draft.pk], [asked.pk], [paper.pk]  # fmt: skip
    args = {
        "open_served": suggestion, "matter": one, "receive": one, "receipt": one,
        "elsewhere": [received.pk, 1], "ask": one, "begin": one, "draft": drafted,
        "print": drafted, "attach": [draft.pk, 1], "act": [draft.pk, "submit"], "file": [1],
        "detach": [1], "request": asked_, "take_back": asked_, "request_file": asked_,
        "paper": written, "sign": written, "write": of, "again": written, "of_case": of,
        "send": suggestion, "make_link": one, "revoke": [link.pk],
    }  # fmt: skip
    return {name: reverse(f"station:{name}", args=given) for name, given in args.items()}


LISTS = ("matters", "requests", "papers", "seen")


def test_every_address_is_tested_here(pages):
    assert {pattern.name for pattern in urlpatterns} == {*pages, *LISTS, "door", "sealed"}


@pytest.mark.parametrize("role", ["outsider", "bob", "charlie", "admin", "deputy", "volunteer"])
def test_a_stranger_finds_nothing(client, pages, role, request, city):
    if role in {"outsider", "bob", "charlie"}:
        stranger = request.getfixturevalue(role)
    else:
        name = "administrator" if role == "admin" else role
        stranger = factories.person(role, role=name, office=city.elsewhere)
    signed_in(client, stranger)
    for name, where in pages.items():
        assert client.get(where).status_code in {404, 405}, name
        assert client.post(where).status_code in {404, 405}, name
    for name in LISTS:
        assert "封堵暗管" not in client.get(reverse(f"station:{name}")).text, name
        assert "东津河段确认书" not in client.get(reverse(f"station:{name}")).text, name


def test_nobody_is_asked_to_sign_in(client, pages):
    for name, where in pages.items():
        assert client.get(where).status_code == 302, name
    assert client.get(reverse("station:sealed")).status_code == 404
    assert client.get(reverse("station:door", args=["guess"])).status_code == 404


def test_a_prosecutor_of_the_case_never_reads_a_draft(client, pages, alice):
    signed_in(client, alice)
    for name in ("matter", "receive", "begin", "draft", "print", "attach", "act", "ask"):
        assert client.get(pages[name]).status_code in {404, 405}, name
        assert client.post(pages[name]).status_code in {404, 405}, name


@pytest.mark.parametrize("n", [1, 3])
def test_a_long_list_reads_no_more(client, city, alice, chief, people, n, django_assert_max_num_queries):  # fmt: skip  # noqa: PLR0917
    from jingyi.web.station.actions import matters

    for _ in range(n):
        case = course.case(city.office, chief, alice, organ=city.water)
        course.served(case, chief)
        matters.open_served(suggestion=case.suggestions.get(), by=people["liaison"], at=AUGUST)
    signed_in(client, people["liaison"])
    with django_assert_max_num_queries(14):
        assert client.get(reverse("station:matters")).text.count("封堵暗管") == n
