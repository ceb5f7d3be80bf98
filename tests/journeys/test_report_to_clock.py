"""The main promise: a report from a phone becomes a lead, a case, and a date with its reasons."""

import gzip
import re

import pytest
from playwright.sync_api import expect

from jingyi.web.cases.models import Case
from jingyi.web.jobs.worker import work
from jingyi.web.leads.models import Incident
from jingyi.web.ledger import queries as ledger
from tests.journeys.conftest import faults

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PUBLIC = [
    "/",
    "/report/what/",
    "/report/where/",
    "/report/photos/",
    "/report/who/",
    "/progress/",
    "/me/sign-in/",
]
BLACK_WATER = (
    "东津河三号桥下游有暗管，夜里排放黑色污水，气味刺鼻，河里死了一片鱼，好几个村都受影响。"
)


def report_from_a_phone(open_page, how):
    """Answer the four questions without scripts; return the receipt code."""
    page = open_page(width=390, height=844, scripts=False)
    page.goto("/")
    page.get_by_role("link", name="开始举报").click()
    page.get_by_label("发生了什么事").fill(how)
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("在什么地方").fill("东津河三号桥")
    page.get_by_label("属于哪个区县").select_option(label="东津区")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("匿名").check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="核对后提交")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    code = page.locator(".confirmation").inner_text()
    return re.search(r"(?:[2-9A-Z]{4}\s?){6}", code).group()


def step(page, name, **fields):
    """Take one of the open steps of the case that is shown."""
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile(f"^{name}")).first.click()
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.locator("main form .button").first.click()
    page.wait_for_url(re.compile(r"/cases/\d{4}-\d+/(\?.*)?$"))


def test_from_a_report_to_a_clock(open_page, sign_in, bob, city):
    from tests import factories

    chief = factories.person("eastchief", role="chief", office=city.east)
    organ = factories.organ("dj-water", "东津区水利局", city.east.region, "eco-env")
    code = report_from_a_phone(open_page, BLACK_WATER)
    report_from_a_phone(open_page, BLACK_WATER.replace("夜里", "昨晚又"))
    work(until_empty=True)
    incident = Incident.objects.get()
    assert (incident.reports, incident.is_lead, incident.domain) == (2, True, "eco-env")

    prosecutor = sign_in(bob)
    prosecutor.goto("/leads/")
    assert faults(prosecutor) == []
    prosecutor.get_by_role("link", name=re.compile("暗管")).first.click()
    prosecutor.wait_for_url(f"**/leads/{incident.ref}/")
    prosecutor.keyboard.press("1")
    expect(prosecutor.locator(".identity")).to_contain_text("评估中")
    assert faults(prosecutor) == []

    decides = sign_in(chief)
    decides.goto(incident.get_absolute_url())
    decides.get_by_role("link", name="决定立案").click()
    decides.get_by_label("行政公益诉讼").check()
    decides.get_by_label("办案领域").select_option("eco-env")
    decides.get_by_label("案由").fill("督促整治东津河排污行政公益诉讼案")
    decides.get_by_label("负有监督管理职责的行政机关").select_option(label=organ.name)
    decides.get_by_label("承办人").select_option("bob")
    decides.get_by_label("检察长决定立案之日").fill("2026-07-20")
    decides.get_by_role("button", name="决定立案").click()
    decides.wait_for_url(re.compile(r"/cases/2026-\d+/"))
    case = Case.objects.get()

    prosecutor.goto(case.get_absolute_url())
    assert faults(prosecutor) == []
    step(prosecutor, "送达立案决定书", 日期="2026-07-21")
    step(prosecutor, "制定调查方案", 日期="2026-07-22")
    step(prosecutor, "调查终结", 日期="2026-07-29")
    decides.goto(case.get_absolute_url())
    step(
        decides,
        "决定提出检察建议",
        日期="2026-07-30",
        要求履行的职责="封堵暗管\n查处违法排污",
    )
    prosecutor.goto(case.get_absolute_url())
    step(prosecutor, "送达检察建议书", 日期="2026-08-01")

    strip = prosecutor.locator("main")
    expect(strip).to_contain_text("2026-10-08")
    prosecutor.get_by_text("行政机关依法履职并书面回复检察建议的期限").first.click()
    expect(strip).to_contain_text("第二十一条第二款")
    expect(strip).to_contain_text("国庆节")
    reporter = open_page(width=390, height=844, scripts=False)
    reporter.goto("/progress/")
    reporter.get_by_label("回执码").fill(code)
    reporter.get_by_role("button", name="查询").click()
    expect(reporter.locator("main")).to_contain_text("检察")
    expect(reporter.get_by_text("与检察院通信")).to_be_visible()
    assert ledger.verify().problem is None


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_public_pages_fit_pass_axe_and_are_light(open_page, city, language, width):
    page = open_page(width=width, height=844)
    page.set_extra_http_headers({"accept-language": language})
    weight = []
    page.on("response", lambda r: weight.append(len(gzip.compress(r.body()))) if r.ok else None)
    for path in PUBLIC:
        weight.clear()
        page.goto(path, wait_until="networkidle")
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert sum(weight) < 300_000, path
