"""The desk and an incident's page: what is shown, to whom, and what a click does."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from jingyi.web.intake.models import Source
from jingyi.web.leads import actions
from jingyi.web.leads.models import Decision, Incident
from tests import factories

pytestmark = pytest.mark.django_db
DESK = reverse("leads:desk")
RIVER = "东津河三号桥下游暗管夜间排放黑色污水，气味刺鼻，河里的鱼死了一片。"
MEAT = "南门市场有摊位卖变质猪肉，没有检疫章，臭味很大，吃了拉肚子。"
SILENT = "请问公积金提取需要哪些材料？谢谢。"


@pytest.fixture
def leads(city):
    """A river reported twice, bad meat once, and a question that is no lead."""
    now = timezone.now()
    for n, (title, text) in enumerate(
        [("三号桥排黑水", RIVER), ("三号桥又排黑水", RIVER), ("卖变质猪肉", MEAT), ("咨询", SILENT)]
    ):
        factories.report(
            city.office, title=title, text=text, at=now - timedelta(hours=n), reporter_key=f"k{n}"
        )
    actions.gather(office=city.office, at=now)
    Incident.objects.filter(title__contains="猪肉").update(
        domain="food-drug"
    )  # whatever triage said
    return {
        incident.reports: incident
        for incident in Incident.objects.filter(is_lead=True).order_by("pk")
    } | {"all": list(Incident.objects.all())}


def test_leads_are_queued_with_reasons_and_what_is_none_is_not(client, alice, leads):
    client.force_login(alice)

    page = client.get(DESK).text

    assert "三号桥" in page
    assert "卖变质猪肉" in page
    assert "公积金" not in page
    assert "2 人反映" in page
    assert "咨询" in client.get(DESK, {"kind": "all"}).text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "变质"}, {"卖变质猪肉"}),
        ({"q": "黑色污水"}, {"三号桥"}),
        ({"q": "黑色猪肉"}, set()),
        ({"domain": "food-drug"}, {"卖变质猪肉"}),
        ({"domain": "food-drug", "q": "污水"}, set()),
        ({"source": Source.HOTLINE}, {"卖变质猪肉", "三号桥"}),
        ({"source": Source.DEPUTY}, set()),
        ({"age": "older"}, set()),
        ({"age": "1"}, {"卖变质猪肉", "三号桥"}),
        ({"state": "declined"}, set()),
        ({"mine": "1"}, set()),
        ({"domain": "nonsense", "state": "x", "after": "forged"}, {"卖变质猪肉", "三号桥"}),
    ],
)
def test_filters_narrow_and_combine(client, alice, leads, asked, found):
    client.force_login(alice)

    page = client.get(reverse("leads:list_partial"), asked).text

    assert {title for title in ("卖变质猪肉", "三号桥") if title in page} == found


def test_an_empty_desk_says_what_to_do_next(client, alice, city):
    client.force_login(alice)

    assert reverse("intake:imports") in client.get(DESK).text


@pytest.mark.parametrize("n", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    client, alice, city, n, django_assert_max_num_queries
):
    now = timezone.now()
    for k in range(n):
        factories.report(
            city.office, title=f"第{k}处排污", text=RIVER.replace("三号桥", f"{k}号闸{k}村"), at=now
        )
    actions.gather(office=city.office, at=now)
    client.force_login(alice)

    with django_assert_max_num_queries(30):
        client.get(DESK)
    with django_assert_max_num_queries(50):
        client.get(Incident.objects.first().get_absolute_url())


def test_pages_go_on_where_the_last_one_ended(client, alice, city):
    Incident.objects.bulk_create(
        Incident(
            ref=f"zy-{n}",
            office=city.office,
            title=f"线索{n:03d}",
            is_lead=True,
            rank=(n % 7) / 7,
            first_at=timezone.now(),
            last_at=timezone.now(),
        )
        for n in range(120)
    )
    client.force_login(alice)
    seen, after = [], ""
    for _ in range(3):
        context = client.get(DESK, {"after": after}).context
        seen += [incident.ref for incident in context["rows"]]
        after = context["after"]

    assert (len(seen), len(set(seen)), after) == (120, 120, "")


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_a_stranger_finds_nothing_on_any_route(client, request, leads, who):
    river = leads[2]
    decision = actions.take(incident=river, by=request.getfixturevalue("alice"), at=timezone.now())
    client.force_login(request.getfixturevalue(who))
    routes = [
        reverse(f"leads:{name}", args=[river.ref]) for name in ("incident", "preview", "similar")
    ]
    posts = [reverse(f"leads:{name}", args=[river.ref]) for name in ("present", "split", "merge")]
    posts += [reverse("leads:step", args=[river.ref, kind]) for kind in ("take", "decline", "note")]
    posts += [reverse("leads:undo", args=[decision.pk])]

    assert {client.get(route).status_code for route in routes} == {404}
    assert {client.post(route).status_code for route in posts} == {404}
    assert "三号桥" not in client.get(DESK, {"state": "all", "kind": "all"}).text
    assert client.get(reverse("leads:geo"), {"state": "all"}).json()["features"] == []
    client.post(reverse("leads:bulk"), {"kind": "watch", "incident": river.ref})
    assert Decision.objects.count() == 1


def test_a_role_that_does_not_read_leads_is_told_there_is_no_desk(client, city):
    client.force_login(factories.person("deputy", role="deputy", office=city.office))

    assert client.get(DESK).status_code == 404


def test_declining_without_a_reason_comes_back_with_the_reason_why(client, alice, leads):
    client.force_login(alice)
    address = reverse("leads:step", args=[leads[2].ref, "decline"])

    refused = client.post(address, {"reason": ""})
    declined = client.post(address, {"reason": "no-harm", "note": "已现场查看"})

    assert (refused.status_code, declined.status_code) == (422, 303)
    assert "请选择一项理由" in refused.text
    assert "已现场查看" in client.get(leads[2].get_absolute_url()).text


def test_a_click_is_undone_by_a_click(client, alice, leads):
    client.force_login(alice)
    client.post(reverse("leads:step", args=[leads[2].ref, "take"]))
    decision = Decision.objects.get()
    assert reverse("leads:undo", args=[decision.pk]) in client.get(leads[2].get_absolute_url()).text

    client.post(reverse("leads:undo", args=[decision.pk]))

    leads[2].refresh_from_db()
    assert (leads[2].state, leads[2].handler) == ("new", None)


def test_bulk_shows_what_became_of_each(client, alice, leads):
    client.force_login(alice)
    refs = [leads[2].ref, leads[1].ref]
    actions.decline(incident=leads[1], reason="no-harm", by=alice, at=timezone.now())

    page = client.post(reverse("leads:bulk"), {"kind": "take", "incident": refs}).text
    missing = client.post(reverse("leads:bulk"), {"kind": "decline", "incident": refs})

    assert "未处理" in page
    assert "撤销" in page
    assert missing.status_code == 422


def test_who_else_looks_is_shown(client, alice, chief, leads):
    client.force_login(chief)
    client.post(reverse("leads:present", args=[leads[2].ref]))
    client.force_login(alice)

    assert "Chief" in client.get(DESK).text
    assert "Chief" in client.post(reverse("leads:present", args=[leads[2].ref])).text


def test_exports_run_nothing(client, alice, city):
    Incident.objects.create(
        ref="zy-1",
        office=city.office,
        title='=HYPERLINK("http://x")',
        is_lead=True,
        first_at=timezone.now(),
        last_at=timezone.now(),
    )
    client.force_login(alice)

    sheet = openpyxl.load_workbook(
        BytesIO(client.get(reverse("leads:export", args=["xlsx"])).content)
    ).active
    text = client.get(reverse("leads:export", args=["csv"])).content.decode("utf-8-sig")

    assert sheet.cell(2, 2).data_type == "s"
    assert "'=HYPERLINK" in text
    assert client.get(reverse("leads:export", args=["exe"])).status_code == 404


def test_anonymous_reports_are_blurred_for_whoever_need_not_know(client, alice, city):
    incident = Incident.objects.create(
        ref="zy-1",
        office=city.office,
        title="x",
        is_lead=True,
        lon=117.12345,
        lat=33.54321,
        first_at=timezone.now(),
        last_at=timezone.now(),
    )
    exact = [incident.lon, incident.lat]
    technician = factories.person("technician", role="technician", office=city.office)
    shown = []
    for who in (alice, technician):
        client.force_login(who)
        [feature] = client.get(reverse("leads:geo")).json()["features"]
        shown.append(feature["geometry"]["coordinates"])

    assert shown[0] == exact
    assert shown[1] != exact
    assert all(abs(a - b) < 0.011 for a, b in zip(shown[1], exact, strict=True))


def test_pages_are_in_english_too(client, alice, leads):
    client.force_login(alice)
    for address in (DESK, leads[2].get_absolute_url()):
        page = client.get(address, headers={"accept-language": "en"}).text
        assert 'lang="en"' in page
        assert "线索台" not in page
