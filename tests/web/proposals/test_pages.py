"""The pages of the room, walked by everybody: what each may open, and what none may read."""

import io
import re
from datetime import date

import pytest
from django.urls import reverse

import jingyi.web.cases.urls  # noqa: F401 -- registers the file numbers of addresses
from jingyi.web.proposals.actions import importing, joint, linking, material, steps
from jingyi.web.proposals.models import Item, Material
from jingyi.web.proposals.urls import urlpatterns
from tests import factories
from tests.web.cases import course
from tests.web.proposals.conftest import MARCH, read
from tests.web.proposals.test_importing import xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_december")]
DECEMBER = course.noon("2026-12-01")
SECRET_TEXT, SECRET_WHY = "密不公开的内容", "初步判断涉及某领导"


@pytest.fixture
def in_december(time_machine):
    time_machine.move_to(DECEMBER, tick=False)


def signed_in(client, user):
    client.force_login(user)
    return client


def step(client, item, kind, **values):
    given = {"words": "写明了", "on": "2026-12-01", **values}
    return client.post(reverse("proposals:step", args=[item.pk, kind]), given)


def test_an_item_from_file_to_outcome_in_its_pages(client, session, npc, alice, deputy):
    signed_in(client, npc)
    upload = reverse("proposals:upload", args=[session.pk])
    file = io.BytesIO(xlsx(3))
    file.name = "建议.xlsx"
    assert client.post(upload, {"file": ""}).status_code == 422
    where = client.post(upload, {"file": file}).url
    page = client.get(where)
    assert "导入 3 行" in page.text
    chosen = dict(re.findall(r'<select name="(\w+)".*?<option value="([^"]+)" selected', page.text, re.DOTALL))  # fmt: skip
    assert chosen["title"] == "案由"
    batch = client.post(where, chosen).url
    assert "新增 3 件" in client.get(batch).text
    item = session.items.get(number="1")

    assert client.get(reverse("proposals:items")).text.count("关于第") == 3
    assert step(client, item, "send").status_code == 303
    signed_in(client, alice)
    assert "可能的线索" in client.get(item.get_absolute_url()).text
    step(client, item, "register")
    assert step(client, item, "accept", words="").status_code == 422
    assert step(client, item, "accept").status_code == 303
    step(client, item, "answer", words="已作为线索核查")
    step(client, item, "tell", words="暗管已封堵")
    assign = reverse("proposals:assign", args=[item.pk])
    assert client.post(assign, {"organ": "", "on": ""}).status_code == 422
    client.post(assign, {"organ": "市水务局", "on": "2026-11-02", "difficult": "on"})
    assert "市水务局" in client.get(item.get_absolute_url()).text
    assert client.get(reverse("proposals:print", args=[item.pk])).status_code == 200
    assert client.get(reverse("proposals:export"))["Content-Type"].endswith("sheet")
    assert client.get(reverse("proposals:year_file", args=[2026])).status_code == 200
    assert "1" in client.get(reverse("proposals:year"), {"year": "2026"}).text


def test_a_deputy_on_a_phone(client, item, alice, deputy):
    proposer = item.proposers.get(user=deputy)
    signed_in(client, alice)
    given = {"proposer": proposer.pk, "kind": "hearing", "on": "2026-12-09", "place": "三楼听证室"}
    invite = reverse("proposals:invite", args=[item.pk])
    assert client.post(invite, given | {"place": ""}).status_code == 422
    assert client.post(invite, given).status_code == 303
    for kind in ("register", "accept", "answer"):
        step(client, item, kind)

    signed_in(client, deputy)
    mine = client.get(reverse("proposals:mine")).text
    assert "三楼听证室" in mine
    assert item.title in mine
    client.post(reverse("proposals:reply", args=[proposer.invitations.get().pk]), {"comes": "yes"})
    assert proposer.invitations.get().answer == "yes"
    rate = reverse("proposals:rate", args=[item.pk])
    assert client.post(rate, {"words": "好"}).status_code == 422
    assert client.post(rate, {"satisfaction": "mostly", "words": "好"}).status_code == 303
    assert "基本满意" in client.get(reverse("proposals:own", args=[item.pk])).text
    assert client.get(reverse("proposals:items")).status_code == 404


def test_material_and_joint_papers_in_their_pages(client, served_case, alice, chief, session, npc):  # noqa: PLR0917
    course.verified(served_case, alice, chief, "2026-10-09", ("fixed", "好"), ("not", "未处罚"))
    signed_in(client, alice)
    listing = client.get(reverse("proposals:materials")).text
    draft = re.search(r'href="([^"]+material/new/[^"]+)"', listing)[1].replace("&amp;", "&")
    assert "查处违法排污" in client.get(draft).text
    assert client.post(draft, {"title": ""}).status_code == 422
    page = client.post(draft, {"title": "素材", "text": "建议统一排查"}).url
    client.post(f"{page}rewrite/", {"title": "素材二", "text": "建议统一排查"})
    assert client.post(f"{page}hand/", {"to": ""}).status_code == 422
    client.post(f"{page}hand/", {"to": "王委员", "on": "2026-12-01"})
    item = importing.type_in(session=session, read=read("99"), by=npc, at=DECEMBER)
    client.post(f"{page}tabled/", {"item": item.pk})
    assert Material.objects.get().state == "tabled"
    assert "由检察建议转化" in client.get(item.get_absolute_url()).text

    new = reverse("proposals:new_joint")
    assert client.post(new, {"office": "zy", "title": ""}).status_code == 422
    paper = client.post(new, {"office": served_case.office.code, "title": "办法", "text": "第一条"}).url  # fmt: skip
    signed_in(client, chief)
    digest = re.search(r'name="digest" value="(\w+)"', client.get(paper).text)[1]
    client.post(f"{paper}sign/", {"digest": digest})
    signed_in(client, npc)
    client.post(f"{paper}return/", {"reason": "第二条不妥"})
    assert "第二条不妥" in client.get(paper).text


def test_candidates_are_judged_in_their_page(client, item, served_case, alice):
    served_case.title = "督促整治东津河三号桥暗管排污行政公益诉讼案"
    served_case.save()
    signed_in(client, alice)
    page = reverse("proposals:matches", args=[item.pk, "case"])
    assert served_case.title in client.get(page).text
    judge = reverse("proposals:judge", args=[item.pk, "case", served_case.pk])
    client.post(judge, {"verdict": "same", "reason": "同一处排口", "back": "//evil.example/"})
    assert "同一处排口" in client.get(item.get_absolute_url()).text
    assert item.title in client.get(reverse("proposals:for_case", args=[served_case.ref])).text
    client.post(reverse("proposals:undo_link", args=[item.links.get().pk]))
    assert item.links.get().undone_at


@pytest.fixture
def pages(item, served_case, alice, chief, npc, deputy, session, city):  # noqa: PLR0917
    """Every address of the room, about an item with secrets, and what hangs on it."""
    Item.objects.filter(pk=item.pk).update(text=SECRET_TEXT)
    item.refresh_from_db()
    steps.take(item=item, kind="register", by=alice, at=MARCH)
    steps.take(item=item, kind="decline", words=SECRET_WHY, by=alice, at=MARCH)
    link = linking.judge(item=item, target=served_case, verdict="same", by=alice, at=MARCH)
    made = steps.invite(
        proposer=item.proposers.get(user=deputy), kind="hearing", on=date(2026, 12, 9), place="厅",
        by=alice, at=MARCH,
    )  # fmt: skip
    batch = importing.take_in(
        session=session,
        read=[read("50")],
        blob=_blob(),
        name="x.xlsx",
        columns={},
        by=npc,
        at=MARCH,
    )
    written = material.draft(
        office=city.office, ground="partly", suggestions=[served_case.suggestions.get()],
        title="素材", text="正文", by=alice, at=MARCH,
    )  # fmt: skip
    paper = joint.write(office=city.office, title="办法", text="第一条", by=alice, at=MARCH)
    incident = served_case.incidents.get()
    one = [item.pk]
    args = {
        "item": one, "print": one, "step": [item.pk, "answer"], "undo": one, "assign": one,
        "invite": one, "type_in": [session.pk], "upload": [session.pk],
        "preview": [session.pk, batch.blob_id], "batch": [batch.pk], "undo_batch": [batch.pk],
        "matches": [item.pk, "case"], "judge": [item.pk, "case", served_case.pk],
        "undo_link": [link.pk], "for_case": [served_case.ref], "for_incident": [incident.ref],
        "material": [written.pk], "material_act": [written.pk, "drop"], "joint": [paper.pk],
        "joint_act": [paper.pk, "sign"], "own": one, "rate": one, "reply": [made.pk],
    }  # fmt: skip
    return {name: reverse(f"proposals:{name}", args=given) for name, given in args.items()}


def _blob():
    from jingyi.web.evidence.actions import seal

    return seal(chunks=[xlsx(1)], media_type="", at=MARCH)


LISTS = {"items": [], "export": [], "sessions": [], "new_session": [], "materials": [],
         "new_material": [], "joints": [], "new_joint": [], "year": [], "year_file": [2026], "mine": []}  # fmt: skip


def test_every_address_is_tested_here(pages):
    assert {pattern.name for pattern in urlpatterns} == {*pages, *LISTS}


def strangers(request, city, name):
    if name in {"bob", "charlie", "cppcc"}:
        return request.getfixturevalue(name)
    if name == "liaison":
        return factories.person("liaison", role="liaison", organ=city.water)
    return factories.person("other", role=name, office=city.elsewhere)


@pytest.mark.parametrize("name", ["bob", "charlie", "cppcc", "liaison", "deputy", "prosecutor", "administrator"])  # fmt: skip
def test_a_stranger_finds_nothing(client, pages, name, request, city):
    joint_too = {"joint", "joint_act"} if name == "cppcc" else set()  # it signs them as well
    signed_in(client, strangers(request, city, name))
    for page, where in pages.items():
        if page not in joint_too:
            assert client.get(where).status_code in {404, 405}, page
            assert client.post(where).status_code in {404, 405}, page
    for page, args in LISTS.items():
        response = client.get(reverse(f"proposals:{page}", args=args))
        if response.status_code == 200 and "html" in response["Content-Type"]:
            for secret in (SECRET_TEXT, SECRET_WHY, "暗管排污的建议"):
                assert secret not in response.text, page


@pytest.mark.parametrize(("name", "hidden"), [("npc", (SECRET_WHY,)), ("deputy", (SECRET_WHY,))])
def test_nobody_of_another_side_reads_what_is_kept_back(client, pages, name, hidden, request):
    signed_in(client, request.getfixturevalue(name))
    opened = 0
    for page, where in {**pages, **{p: reverse(f"proposals:{p}", args=a) for p, a in LISTS.items()}}.items():  # fmt: skip
        response = client.get(where)
        if response.status_code == 200 and "html" in response["Content-Type"]:
            opened += 1
            for secret in hidden:
                assert secret not in response.text, page
    assert opened >= 2


def test_nobody_is_asked_to_sign_in(client, pages):
    for page, where in pages.items():
        assert client.get(where).status_code == 302, page


@pytest.mark.parametrize("n", [1, 3])
def test_a_long_list_reads_no_more(client, session, npc, n, django_assert_max_num_queries):
    importing.take_in(
        session=session, read=[read(str(k)) for k in range(n)], blob=_blob(), name="x", columns={},
        by=npc, at=MARCH,
    )  # fmt: skip
    signed_in(client, npc)
    with django_assert_max_num_queries(22):
        assert client.get(reverse("proposals:items")).text.count("暗管排污的建议") == n
