"""Typical cases in the browser's place: strangers, candidates, versions, covered copies, selections."""

import io

import docx
import pytest

from jingyi.core.refusal import Refusal
from jingyi.core.typical.book import book
from jingyi.web.brands.typical import actions, queries
from jingyi.web.brands.typical.models import Draft, Entry, Published, Typical
from jingyi.web.cases.models import Event
from jingyi.web.evidence.redaction import actions as redacting
from jingyi.web.leads.models import Incident
from jingyi.web.ledger.models import Entry as Line
from tests import factories
from tests.factories import AT
from tests.web.brands.typical.conftest import closed

DAY = AT.date()
WHOLE = {name: f"张建国{'字' * section.least}" for name, section in book().sections.items()}


@pytest.fixture
def typical(case, alice):
    return actions.begin(case=case, by=alice, at=AT)


def covered(typical, by):
    """Return the newest version with 张建国 and the firm covered."""
    one = actions.cover(typical=typical, by=by, at=AT)
    redacting.choose(redaction=one, words=["张建国", "永利洗涤有限公司"], boxes=[], lines={})
    redacting.ask(redaction=one)
    return redacting.make(redaction=one, at=AT)


def whole(typical, by):
    return actions.write(typical=typical, title="暗管案", sections=WHOLE, version=1, by=by, at=AT)


def entered(typical, by):
    typical.refresh_from_db()
    return actions.enter(
        typical=typical, selection="第三批典型案例", organiser="省院", on=DAY, by=by, at=AT
    )


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_strangers_find_nothing(request, client, who, typical, case):
    one = actions.cover(typical=typical, by=typical.by, at=AT)
    client.force_login(request.getfixturevalue(who))
    page = client.get("/brands/typical/").text
    assert case.title not in page
    assert case.ref not in page
    here = f"/brands/typical/{typical.pk}/"
    for route in ("", "write/", "v1/", "v1.docx", f"cover/{one.pk}/", f"cover/{one.pk}/copy/"):
        assert client.get(here + route).status_code == 404
    for route in ("write/", "cover/", f"cover/{one.pk}/make/", "enter/", "entries/1/"):
        assert client.post(here + route).status_code == 404
    assert client.post("/brands/typical/begin/", {"case": case.ref}).status_code == 404


def test_who_may_only_read_changes_nothing(client, city, typical):
    client.force_login(factories.person("tech", role="technician", office=city.office))
    here = f"/brands/typical/{typical.pk}/"
    assert client.get(here).status_code == 200
    assert "/write/" not in client.get(here).text
    for route in ("write/", "cover/", "enter/"):
        assert client.post(here + route).status_code == 404
    assert client.post("/brands/typical/published/").status_code == 404


def test_candidates_are_closed_cases_with_reasons_and_gaps(client, city, alice, case):
    running = closed(city.office, alice, "还在办的案", state="awaiting")
    poor = closed(city.office, alice, "没有几步的案", steps=("case.filed",))
    actions.publish(
        office=city.office, title="已有一案", source="省院", on=DAY, text=poor.title * 3, by=alice, at=AT
    )  # fmt: skip
    found = queries.candidates(queries.closed_for(alice))
    assert [one.key for one in found] == [case.ref, poor.ref]
    client.force_login(alice)
    page = client.get("/brands/typical/").text
    assert running.ref not in page
    assert page.index(case.ref) < page.index(poor.ref)
    assert "最接近“已有一案”" in page
    assert "卷里没有“结案后回头看”的记录。" in page
    assert "办案效果：经核实整改到位。" in page


def test_what_was_undone_does_not_count(alice, case):
    def share():
        return queries.candidates(queries.closed_for(alice))[0].parts["effect"].share

    before = share()
    Event.objects.filter(case=case, kind="verification.passed").update(
        undone_at=AT, undone_by=alice, undone_reason="记错"
    )
    assert share() < before


def test_several_organs_of_one_harm_are_a_point(city, alice, case):
    other = closed(city.office, alice, "同一损害", organ=city.water)
    case.organ = city.market
    case.save()
    one = Incident.objects.create(
        ref="L1", office=city.office, title="黑水", first_at=AT, last_at=AT
    )
    for each in (case, other):
        each.incidents.add(one)
    assert all("many-organs" in told.points for told in queries.told(queries.closed_for(alice)))


def test_a_draft_begins_from_the_file_and_keeps_its_versions(client, alice, case):
    client.force_login(alice)
    assert client.post("/brands/typical/begin/", {"case": case.ref}).status_code == 303
    typical = Typical.objects.get()
    here = f"/brands/typical/{typical.pk}/"
    page = client.get(here).text
    assert "经暗管排放废水" in page
    assert "2026年9月1日，决定立案。" in page
    assert "草稿没有写“典型意义”。" in page
    assert client.post("/brands/typical/begin/", {"case": case.ref}).headers["Location"] == here

    sent = {"version": 1, "title": "暗管案", "significance": "有意义"}
    assert client.post(f"{here}write/", sent | {"title": ""}).status_code == 422
    assert client.post(f"{here}write/", sent).status_code == 303
    late = client.post(f"{here}write/", sent)
    assert late.status_code == 422
    assert "刚刚被别人修改过" in late.text
    assert Draft.objects.count() == 2
    assert "经暗管排放废水" in client.get(f"{here}v1/").text
    assert "经暗管排放废水" not in client.get(here).text
    paper = docx.Document(io.BytesIO(client.get(f"{here}v1.docx").content))
    assert any("经暗管排放废水" in p.text for p in paper.paragraphs)


def test_an_open_case_is_no_typical_case(city, alice):
    running = closed(city.office, alice, "还在办的案", state="awaiting")
    with pytest.raises(Refusal, match="还没有办结"):
        actions.begin(case=running, by=alice, at=AT)


def test_a_selection_takes_only_a_whole_draft_that_is_covered(typical, alice, chief):
    with pytest.raises(Refusal, match="草稿没有写"):
        entered(typical, chief)
    whole(typical, alice)
    with pytest.raises(Refusal, match="还没有遮盖副本"):
        entered(typical, chief)
    typical.refresh_from_db()
    covered(typical, alice)
    made = entered(typical, chief)
    with pytest.raises(Refusal, match="结果还没有登记"):
        entered(typical, chief)
    typical.refresh_from_db()
    actions.write(typical=typical, title="改了", sections=WHOLE, version=2, by=alice, at=AT)
    actions.settle(entry=made, outcome="returned", on=DAY, note="再改", by=chief, at=AT)
    with pytest.raises(Refusal, match="还没有遮盖副本"):  # the new version has none
        entered(typical, chief)


def test_what_is_chosen_is_published_in_covered_words(client, typical, alice, chief):
    whole(typical, alice)
    typical.refresh_from_db()
    copy = covered(typical, alice)
    client.force_login(chief)
    here = f"/brands/typical/{typical.pk}/"
    sent = {"enter-selection": "第三批", "enter-organiser": "省院", "enter-on": DAY}
    assert client.post(f"{here}enter/", sent | {"enter-on": "2099-01-01"}).status_code == 422
    assert client.post(f"{here}enter/", sent).status_code == 303
    one = Entry.objects.get()
    key = f"settle{one.pk}"
    said = {f"{key}-outcome": "chosen", f"{key}-on": DAY, f"{key}-note": "写得清楚"}
    assert client.post(f"{here}entries/{one.pk}/", said | {f"{key}-outcome": "pending"}).status_code == 422  # fmt: skip
    assert client.post(f"{here}entries/{one.pk}/", said).status_code == 303
    assert client.post(f"{here}entries/{one.pk}/", said).status_code == 422  # once
    out = Published.objects.get()
    assert out.title == "暗管案"
    assert "张建国" not in out.text
    assert "典型意义" in out.text
    assert client.get(f"{here}cover/{copy.pk}/copy/").status_code == 200
    assert "写得清楚" in client.get(here).text
    assert Line.objects.filter(kind="typical.settled").count() == 1


def test_a_copy_is_covered_in_a_page(client, typical, alice):
    client.force_login(alice)
    here = f"/brands/typical/{typical.pk}/"
    work = client.post(f"{here}cover/").headers["Location"]
    page = client.get(work).text
    assert "13855501234" in page  # proposed
    assert "永利洗涤有限公司" in page
    assert client.post(work, {"more": ""}).status_code == 422
    assert client.post(work, {"more": "张建国\n13855501234"}).status_code == 303
    assert client.post(f"{work}make/").status_code == 422  # not looked at
    assert client.post(f"{work}make/", {"looked": "on"}).status_code == 303
    content = client.get(f"{work}copy/").content
    told = "\n".join(p.text for p in docx.Document(io.BytesIO(content)).paragraphs)
    assert "张建国" not in told
    assert "13855501234" not in told
    assert "暗管" in told


def test_published_ones_are_recorded_once(client, city, alice):
    client.force_login(alice)
    sent = {
        "office": city.office.pk,
        "title": "甲案",
        "source": "最高检第一批",
        "on": DAY,
        "text": "全文",
    }
    url = "/brands/typical/published/"
    assert client.post(url, sent | {"office": city.elsewhere.pk}).status_code == 422
    assert client.post(url, sent).status_code == 303
    assert client.post(url, sent).status_code == 422
    assert "最高检第一批" in client.get(url).text


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_asks_no_more_for_more(client, city, alice, n, django_assert_max_num_queries):
    for i in range(n):
        actions.begin(case=closed(city.office, alice, f"起草{i}"), by=alice, at=AT)
        closed(city.office, alice, f"候选{i}", facts=[("事实", [["water-law", "第三条"]])])
    client.force_login(alice)
    with django_assert_max_num_queries(34):
        page = client.get("/brands/typical/").text
    assert "候选0" in page
    assert "起草0" in page
