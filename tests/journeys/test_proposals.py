"""A file of 200 proposals becomes a case whose outcome its proposer reads; a suggestion, a proposal."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from jingyi.web.cases.models import Case
from jingyi.web.leads.models import Incident
from jingyi.web.proposals.actions import importing
from jingyi.web.proposals.models import Item
from tests import factories
from tests.journeys.conftest import faults
from tests.web.cases import course
from tests.web.proposals.test_importing import xlsx

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AT = "2026-08-03"
KINDS = (
    ("关于查处东津河暗管排污的建议", "东津河三号桥下游五十米处埋有暗管，每天夜里向河里排放黑色废水，气味刺鼻，近一个月多次出现死鱼，影响下游取水。"),
    ("关于制止西陵镇采石场非法采砂的建议", "西陵镇北山采石场没有采矿许可证，凌晨用抽砂船在河道内非法采砂，河岸已坍塌二十多米，威胁堤防安全。"),
    ("关于整顿老街食品作坊的建议", "老街十二号食品作坊无证经营，使用过期面粉和回收油加工糕点，批发给周边小学食堂，已有学生腹泻。"),
    ("关于保护汉代古井的建议", "县级文物保护单位汉代古井的保护范围内堆放建筑垃圾，井栏被撞裂，保护标志牌缺失，多次反映无人处理。"),
    ("关于治理化工园区废气的建议", "化工园区南侧企业夜间偷排废气，周边两个村的村民咳嗽、流泪，果树大片落叶，监测数据没有公开。"),
)  # fmt: skip


@pytest.fixture
def offices(city):
    """The congress's office with somebody in it, and a deputy."""
    organ = factories.organ("zy-npc", "沚阳市人大常委会", city.office.region)
    return (
        factories.person("npc", role="npc-office", organ=organ),
        factories.person("deputy", role="deputy", office=city.office),
    )


@pytest.fixture
def session(city, offices, alice):
    return importing.open_session(
        office=city.office, organ=offices[0].posts.get().organ, body="npc", name="六届五次会议",
        first_on=date(2026, 2, 1), last_on=date(2026, 2, 5), by=alice, at=course.noon(AT),
    )  # fmt: skip


def two_hundred():
    rows = {
        f"row_{n}": [str(n + 1), *KINDS[n], "Deputy", "水务局", "2026-03-01", "否"]
        for n in range(5)
    }  # fmt: skip
    plain = {
        f"row_{n}": [str(n + 1), f"关于第{n + 1}件事的建议", "建议完善社区养老服务。", "王委员", "民政局", "2026-03-01", "公开"]
        for n in range(5, 200)
    }  # fmt: skip
    return xlsx(200, **rows, **plain)


def step(page, title, button=None, words=""):
    """Take a step of an item on its page."""
    page.locator("summary", has_text=re.compile(f"^{title}$")).click()
    form = page.locator("details[open]").filter(has=page.locator("summary", has_text=title))
    if words:
        form.get_by_label("内容").fill(words)
    with page.expect_navigation():
        form.get_by_role("button", name=button or title, exact=True).click()


def test_a_file_of_200_five_taken_up_one_case_and_the_proposer_is_told(  # noqa: PLR0917 -- who takes part
    sign_in, session, offices, city, alice, chief
):
    npc, deputy = offices
    office = sign_in(npc)
    office.goto("/proposals/sessions/")
    with office.expect_navigation():
        office.get_by_role("link", name="导入文件").click()
    office.get_by_label("文件").set_input_files(
        {"name": "建议.xlsx", "mimeType": "application/octet-stream", "buffer": two_hundred()}
    )
    with office.expect_navigation():
        office.get_by_role("button", name="上传并预览").click()
    expect(office.locator("main")).to_contain_text("导入 200 行")
    assert faults(office) == []
    with office.expect_navigation():
        office.get_by_role("button", name="导入 200 行").click()
    expect(office.locator("main")).to_contain_text("新增 200 件")

    desk = sign_in(alice)
    desk.goto("/proposals/")
    expect(desk.locator(".queue-title").first).to_contain_text(re.compile("^[1-5] "))
    first = list(Item.objects.order_by("-lead", "pk").values_list("number", flat=True)[:5])
    assert set(first) == set("12345")  # before the 195 that ask for services
    for item in Item.objects.filter(number__in=list("12345")).order_by("pk"):
        office.goto(item.get_absolute_url())
        step(office, "移送检察院")
        desk.goto(item.get_absolute_url())
        step(desk, "登记")
        step(desk, "评估后作为线索办理", words="公共利益受损，可能涉及违法。")
    assert Incident.objects.filter(findings__report__source="deputy").distinct().count() == 5

    item = Item.objects.get(number="1")
    incident = item.links.get().incident
    chiefs = sign_in(chief)
    chiefs.goto(f"/cases/open/?incident={incident.ref}")
    course.case(
        city.office, chief, alice, organ=city.water, incident=incident, decided_on=AT, at=AT
    )
    assert Case.objects.count() == 1
    desk.goto(item.get_absolute_url())
    expect(desk.locator("main")).to_contain_text("进展：已立案办理")
    step(desk, "答复", words="已作为公益诉讼线索立案办理。")
    step(desk, "向提出人反馈结果", words="暗管已经封堵，责任人已被处罚。")

    phone = sign_in(deputy, width=390)
    phone.goto("/proposals/mine/")
    phone.get_by_role("link", name=KINDS[0][0]).click()
    phone.wait_for_url("**/mine/*/")
    expect(phone.locator("main")).to_contain_text("已作为公益诉讼线索立案办理。")
    assert faults(phone) == []
    phone.get_by_label("满意", exact=True).check()
    phone.get_by_label("意见").fill("办得快。")
    with phone.expect_navigation():
        phone.get_by_role("button", name="提交评价").click()
    expect(phone.locator("main")).to_contain_text("您的评价：满意")


def test_suggestions_become_material_and_a_tabled_proposal(  # noqa: PLR0917 -- who takes part
    sign_in, session, offices, city, alice, chief
):
    for n, region in enumerate((city.office.region, city.east.region, city.west.region)):
        organ = factories.organ(f"eco-{n}", f"{region.name}生态环境局", region, "eco-env")
        case = course.case(city.office, chief, alice, organ=organ, decided_on="2026-06-01", at=AT)
        for kind, day in course.TO_SERVICE:
            facts = {"asks": ["查处违法排污"]} if kind == "suggestion.decided" else {}
            course.step(case, kind, day, chief, at=AT, facts=facts)
    desk = sign_in(alice)
    desk.goto("/proposals/material/")
    expect(desk.locator("main")).to_contain_text("同类问题在多个县区出现")
    with desk.expect_navigation():
        desk.get_by_role("link", name="起草素材").click()
    expect(desk.get_by_label("素材正文")).to_have_value(re.compile("检察建议3份"))
    with desk.expect_navigation():
        desk.get_by_role("button", name="保存").click()
    desk.locator("summary", has_text="送给代表或者委员").click()
    desk.get_by_label("送给哪位代表或者委员").fill("Deputy")
    with desk.expect_navigation():
        desk.locator("details[open]").get_by_role("button", name="保存").click()

    phone = sign_in(offices[1], width=390)
    phone.goto("/proposals/mine/")
    expect(phone.locator("main")).to_contain_text("检察院送来的建议素材")
    office = sign_in(offices[0])
    office.goto(f"/proposals/sessions/{session.pk}/type/")
    office.get_by_label("编号").fill("77")
    office.get_by_label("建议标题").fill("关于统一治理排污口的建议")
    office.get_by_label("建议内容").fill("建议统一排查、整治、管护。")
    office.get_by_label("提出人").fill("Deputy")
    with office.expect_navigation():
        office.get_by_role("button", name="保存").click()

    desk.reload()
    desk.locator("summary", has_text="登记已经提出").click()
    desk.get_by_label("提出的建议或者提案").select_option(label="77 关于统一治理排污口的建议")
    with desk.expect_navigation():
        desk.locator("details[open]").get_by_role("button", name="保存").click()
    item = Item.objects.get(number="77")
    assert item.links.count() == 3
    desk.goto(item.get_absolute_url())
    expect(desk.locator("main")).to_contain_text("由检察建议转化")
