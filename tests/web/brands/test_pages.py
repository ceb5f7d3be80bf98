"""The room in the browser's place: strangers, the life, claims that turn grey, the matrix."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jingyi.core import brands as core
from jingyi.core.refusal import Refusal
from jingyi.web.brands import actions, queries
from jingyi.web.brands.models import Brand, Claim
from jingyi.web.cases.models import Case, Event
from jingyi.web.leads.models import Incident
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.factories import AT
from tests.web.brands.conftest import texts

DAY = AT.date()
PAGES = ["/brands/{0}/", "/brands/{0}/change/", "/brands/{0}/mark.jpg"]


def leads(office, n, domain="eco-env"):
    return [
        Incident.objects.create(
            ref=f"L{office.pk}-{i}", office=office, title="暗管排污", is_lead=True, domain=domain,
            first_at=AT - timedelta(days=i), last_at=AT,
        )
        for i in range(n)
    ]  # fmt: skip


def claimed(brand, by, **values):
    given = {"count": "leads", "words": "", "as_of": DAY} | values
    return actions.claim(brand=brand, by=by, at=AT, **given)


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_strangers_find_nothing(request, client, who, brand, chief):
    one = claimed(brand, chief)
    client.force_login(request.getfixturevalue(who))
    assert brand.name not in client.get("/brands/").text
    assert brand.name not in client.get("/brands/matrix/").text
    assert [client.get(page.format(brand.pk)).status_code for page in PAGES] == [404] * 3
    for what in ("decide", "claim", "quote", "keep", "mark", "represent"):
        assert client.post(f"/brands/{brand.pk}/{what}/").status_code == 404
    assert client.post(f"/brands/claims/{one.pk}/withdraw/").status_code == 404


def test_who_may_read_may_not_decide(client, alice, brand):
    client.force_login(alice)
    assert client.get(f"/brands/{brand.pk}/").status_code == 200
    assert client.post(f"/brands/{brand.pk}/decide/").status_code == 404
    assert client.post(f"/brands/{brand.pk}/nothing/").status_code == 404


def test_a_brand_is_entered_changed_and_goes_through_its_life(client, chief, department):
    client.force_login(chief)
    sent = {k: v for k, v in texts().items() if k not in {"sections", "channels"}}
    sent |= {"department": department.pk, "channels": "门户网站、公众号", "team": "九人"}
    assert client.post("/brands/new/", sent | {"name": ""}).status_code == 422
    answer = client.post("/brands/new/", sent)
    assert answer.status_code == 303
    brand = Brand.objects.get()
    assert brand.channels == ["门户网站", "公众号"]
    assert brand.sections == {"team": "九人"}

    assert client.post("/brands/new/", sent).status_code == 422  # the name is taken
    url = f"/brands/{brand.pk}/change/"
    assert client.post(url, sent | {"version": 1, "slogan": "新口号"}).status_code == 303
    late = client.post(url, sent | {"version": 1, "slogan": "旧口号"})
    assert late.status_code == 422
    assert "刚刚被别人修改过" in late.text

    step = {"decide-to": "creating", "decide-on": DAY, "decide-reason": "党组会议决定"}
    assert client.post(f"/brands/{brand.pk}/decide/", step).status_code == 303
    page = client.get(f"/brands/{brand.pk}/").text
    assert "党组会议决定" in page
    assert "Chief" in page
    assert Entry.objects.filter(kind="brand.decided", subject=f"brand:{brand.pk}").count() == 1


def test_a_merger_needs_another_living_brand(brand, department, chief):
    other = actions.create(department=department, texts=texts("古墙新语"), by=chief, at=AT)
    to = {"reason": "同质", "on": DAY, "by": chief, "at": AT}
    actions.decide(brand=brand, to="creating", **to)
    for wrong in (None, brand):
        with pytest.raises(Refusal, match="另一个"):
            actions.decide(brand=brand, to="joined", into=wrong, **to)
    actions.decide(brand=brand, to="joined", into=other, **to)
    brand.refresh_from_db()
    assert (brand.stage, brand.joined_to) == ("joined", other)


def test_a_claim_is_counted_and_turns_grey_when_the_data_change(client, city, brand, chief):
    made = leads(city.office, 3) + leads(city.east, 2, "heritage")
    leads(city.elsewhere, 4)
    assert claimed(brand, chief).figure == 5
    assert claimed(brand, chief, domain="heritage").figure == 2
    assert claimed(brand, chief, as_of=DAY - timedelta(days=1)).figure == 3
    assert claimed(brand, chief, since=DAY).figure == 2
    client.force_login(chief)
    page = client.get(f"/brands/{brand.pk}/").text
    assert page.count("与数据一致") == 4
    assert "不再成立" not in page

    made[0].is_lead = False  # found to be none
    made[0].save()
    page = client.get(f"/brands/{brand.pk}/").text
    assert "页面写的是 5，按同一口径现在查得 4" in page
    assert page.count("不再成立。") == 2
    assert page.count("claim grey") == 2  # the whole, and those since that day


def test_what_comes_after_the_day_of_a_claim_does_not_move_it(city, brand, chief):
    leads(city.office, 2)
    claimed(brand, chief)
    Incident.objects.create(
        ref="later", office=city.office, title="后来的", is_lead=True,
        first_at=AT + timedelta(days=3), last_at=AT + timedelta(days=3),
    )  # fmt: skip
    assert queries.claims_of(brand)[0].doubt is None


def test_a_figure_from_outside_names_its_document(client, brand, chief):
    client.force_login(chief)
    url = f"/brands/{brand.pk}/quote/"
    sent = {"quote-words": "被报道", "quote-figure": 12, "quote-as_of": DAY}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"quote-source": "宣传处通报〔2026〕3号"}).status_code == 303
    page = client.get(f"/brands/{brand.pk}/").text
    assert "系统外数字" in page
    assert "宣传处通报〔2026〕3号" in page
    with pytest.raises(Refusal, match="哪份文件"):
        actions.quote(brand=brand, words="x", figure=1, source=" ", as_of=DAY, by=chief, at=AT)

    one = Claim.objects.get()
    assert client.post(f"/brands/claims/{one.pk}/withdraw/").status_code == 303
    assert "系统外数字" not in client.get(f"/brands/{brand.pk}/").text


def test_days_to_come_are_refused(brand, chief):
    tomorrow = DAY + timedelta(days=2)
    with pytest.raises(Refusal):
        claimed(brand, chief, as_of=tomorrow)
    with pytest.raises(Refusal):
        claimed(brand, chief, since=DAY, as_of=date(2020, 1, 1))
    with pytest.raises(Refusal):
        actions.keep(brand=brand, on=tomorrow, what="回访", by=chief, at=AT)
    with pytest.raises(Refusal):
        actions.decide(brand=brand, to="creating", reason="x", on=tomorrow, by=chief, at=AT)


def test_a_mark_is_a_picture_from_the_vault(client, alice, brand, picture):
    client.force_login(alice)
    url = f"/brands/{brand.pk}/mark/"
    wrong = SimpleUploadedFile("a.png", b"no picture")
    assert client.post(url, {"mark-file": wrong}).status_code == 422
    assert client.get(f"/brands/{brand.pk}/mark.jpg").status_code == 404
    assert client.post(url, {"mark-file": picture}).status_code == 303
    answer = client.get(f"/brands/{brand.pk}/mark.jpg")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")


def test_a_representative_case_must_be_there(client, alice, brand):
    client.force_login(alice)
    answer = client.post(f"/brands/{brand.pk}/represent/", {"represent-refs": "nix-1"})
    assert answer.status_code == 422
    assert "nix-1" in answer.text


@pytest.mark.parametrize("n", [1, 3])
def test_lists_ask_no_more_for_more(client, alice, department, n, django_assert_max_num_queries):
    for i in range(n):
        actions.create(department=department, texts=texts(f"品牌{i}"), by=alice, at=AT)
    client.force_login(alice)
    for url in ("/brands/", "/brands/matrix/"):
        with django_assert_max_num_queries(14):
            assert "品牌0" in client.get(url).text


def test_the_matrix_drills_and_points_at_faults(client, alice, department, brand):
    actions.create(
        department=department, by=alice, at=AT,
        texts=texts("河畔卫队", focuses=["culture"], channels=[]),
    )  # fmt: skip
    actions.keep(brand=brand, on=DAY, what="回访", by=alice, at=AT)
    client.force_login(alice)
    page = client.get("/brands/matrix/").text
    assert f"?department={department.pk}&amp;focus=culture" in page
    assert "focus=people" not in page  # an empty cell leads nowhere
    assert "渠道单一" in page
    assert page.count("同质") == 2
    drilled = client.get(f"/brands/?department={department.pk}&focus=culture").text
    assert "河畔卫队" in drilled
    assert "河畔卫士" not in drilled
    assert "style=" not in page
    found = client.get("/brands/?fault=channel").text
    assert "河畔卫士" not in found


def test_a_reader_sees_no_forms(client, city, brand):
    client.force_login(factories.person("tech", role="technician", office=city.office))
    page = client.get(f"/brands/{brand.pk}/").text
    assert f"/brands/{brand.pk}/keep/" not in page
    assert "/change/" not in page


@pytest.mark.parametrize("count", ["leads", "cases", "suggestions", "suits"])
def test_the_rows_behind_a_figure_are_as_many_as_it_says_on_its_day(client, brand, chief, count):
    if count not in core.book().counts:
        pytest.skip(count)
    office = brand.office
    leads(office, 3)
    for n, on in enumerate([DAY - timedelta(days=9), DAY, DAY + timedelta(days=2)]):
        made = Case.objects.create(
            ref=f"2026-90{n:02}", office=office, title=f"某案{n}", handler=chief, track="civil",
            domain="eco-env", state="filed", opened_on=on,
        )  # fmt: skip
        Event.objects.create(case=made, kind="case.sued", on=on, place=0, by=chief, at=AT)
    as_of = DAY - timedelta(days=1)
    one = claimed(brand, chief, count=count, as_of=as_of)
    client.force_login(chief)
    page = client.get(f"/brands/claims/{one.pk}/rows/")
    assert page.context["total"] == one.figure == len(page.context["rows"])
    if count in {"cases", "suits"}:
        assert one.figure == 1
        assert "某案0" in page.text
        assert "某案1" not in page.text
    assert f"/brands/claims/{one.pk}/rows/" in client.get(brand.get_absolute_url()).text


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_strangers_do_not_see_the_rows_behind_a_figure(request, client, who, brand, chief):
    one = claimed(brand, chief)
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/brands/claims/{one.pk}/rows/").status_code == 404
