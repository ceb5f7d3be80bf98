"""From a river to a suggestion: sampled on a phone, held by a blank, measured again, confirmed, cited."""

import pytest
import time_machine
from playwright.sync_api import expect

from jingyi.web.lab.models import Sample, Worksheet
from tests import factories
from tests.journeys.conftest import faults
from tests.web.cases.conftest import case as _case
from tests.web.cases.documents.conftest import investigated as _investigated
from tests.web.cases.documents.conftest import proved as _proved
from tests.web.lab import bench

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
case, investigated, proved = _case, _investigated, _proved
TODAY = "2026-11-20"


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(f"{TODAY}T12:00:00+08:00", tick=True):
        yield


def press(page, name, kind="button"):
    with page.expect_navigation():
        page.get_by_role(kind, name=name, exact=True).first.click()


def taken(page, point, kind, seal, twin=""):
    """Take one sample on the phone; return its number."""
    page.goto(f"/lab/points/{point}/take/")
    page.get_by_label("种类").select_option(label=kind)
    if twin:
        page.get_by_label("平行样或者备样").select_option(twin)
    page.get_by_label("封签号").fill(seal)
    page.get_by_label("另一采样人").select_option("second")
    page.get_by_label("采样时间").fill(f"{TODAY}T09:30")
    page.get_by_label("样品温度").fill("4")
    press(page, "登记样品")
    return page.url.rstrip("/").rpartition("/")[2]


def controlled(page, kind, **figures):
    """Write one control down."""
    form = page.locator("#controls details").filter(has=page.get_by_text(kind, exact=True))
    form.get_by_text(kind, exact=True).click()
    for label, value in figures.items():
        form.get_by_label(label, exact=True).fill(value)
    with page.expect_navigation():
        form.get_by_role("button", name="登记质控").click()


def measured(page, blank):
    """Fill a worksheet from beginning to handing in; return its reference."""
    page.goto("/lab/")
    press(page, "开始检测", "link")
    page.get_by_label("仪器").select_option(index=1)
    page.get_by_label("都完好").check()
    press(page, "建立检测记录")
    for kind, figures in (
        ("校准核查", {"测得值": "0.99", "标称值": "1"}), ("方法空白", {"测得值": blank}),
    ):  # fmt: skip
        controlled(page, kind, **figures)
    # checks bracket the results: the first ones are placed before them
    boxes = page.locator("#results input[type=text]")
    for n, text in enumerate(("1.62", "1.58", "<0.025")):
        boxes.nth(n).fill(text)
    press(page, "保存结果")
    controlled(page, "加标回收", 未加标="1.60", 加标后="2.58", 加标量="1")
    controlled(page, "校准核查", 测得值="1.02", 标称值="1")
    return page.url


def test_from_a_river_to_a_cited_exceedance(sign_in, city, proved, alice, chief):
    people = {name: factories.person(name, role=role, office=city.office) for name, role in (
        ("second", "assistant"), ("analyst", "technician"), ("verifier", "technician"),
    )}  # fmt: skip
    bench.method(city.office, people["analyst"])
    device = bench.device(city.office, people["analyst"])
    device.checks.update(on=TODAY)

    desk = sign_in(alice)
    desk.goto(f"/cases/{proved.ref}/")
    desk.locator("#lab").get_by_role("link", name="申请检测").click()
    desk.wait_for_url("**/lab/requests/new/**")
    desk.get_by_label("按什么标准判断").select_option("gb3838-2002")
    press(desk, "下一步")
    desk.get_by_label("要弄清什么").fill("河水黑臭，氨氮是否超过Ⅲ类？")
    desk.get_by_label("氨氮", exact=True).check()
    desk.get_by_label("应当达到").select_option(label="Ⅲ类")
    assert faults(desk) == []
    press(desk, "提出申请")
    asked = desk.url
    desk.locator("#point_name").fill("三号桥下游")
    desk.locator("#point_matrix").select_option("surface-water")
    press(desk, "添加")

    phone = sign_in(alice, width=390, geolocation={"longitude": 117.1, "latitude": 33.9, "accuracy": 7}, permissions=["geolocation"])  # fmt: skip
    phone.goto("/lab/points/1/take/")
    assert faults(phone) == []
    phone.get_by_role("button", name="记下我现在的位置").click()
    expect(phone.locator("[data-said]")).to_contain_text("7 米")
    first = taken(phone, 1, "样品", "F-01")
    taken(phone, 1, "现场平行样", "F-02", first)
    taken(phone, 1, "全程序空白", "F-03")
    backup = taken(phone, 1, "备样", "F-04", first)
    phone.goto(f"/lab/s/{first}/label/")
    expect(phone.locator("main")).to_contain_text(first)
    assert "三号桥" not in phone.locator("main").inner_text()
    assert faults(phone) == []

    desk.goto(asked)
    desk.locator("#hand_to").select_option("analyst")
    press(desk, "移交样品")
    bench_ = sign_in(people["analyst"])
    bench_.goto("/lab/")
    bench_.get_by_label("都完好").check()
    press(bench_, "全部接收")
    sheet = measured(bench_, "0.041")
    expect(bench_.locator("#controls")).to_contain_text("不低于检出限")
    press(bench_, "提交复核")
    expect(bench_.locator("main")).to_contain_text("2 个结果被质控扣住")
    assert faults(bench_) == []
    other = sign_in(people["verifier"])
    other.goto(sheet)
    press(other, "复核通过")
    expect(other.locator("#results")).to_contain_text("无效")

    again = measured(bench_, "<0.025")
    press(bench_, "提交复核")
    other.goto(again)
    press(other, "复核通过")
    expect(other.locator("#results")).to_contain_text("初筛疑似超标")
    assert Worksheet.objects.filter(state="verified").count() == 2

    desk.goto(asked)
    expect(desk.locator("main")).to_contain_text("已复测")
    desk.locator("#sent").get_by_text("登记送检").first.click()
    desk.locator("#sent_sample").select_option(backup)
    desk.locator("#sent_body").fill("沚阳市环境监测中心")
    press(desk, "登记送检")
    desk.locator("#sent").get_by_text("登记报告").first.click()
    desk.locator("#report_number").fill("沚监2026-118")
    desk.locator("#report_cma").fill("211234567890")
    desk.locator("#report_issued_on").fill(TODAY)
    desk.get_by_label("超过限值", exact=True).check()
    desk.locator("#report_value").fill("1.58")
    desk.locator("#report_unit").fill("mg/L")
    desk.locator("#report_file").set_input_files(
        {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nreport"}
    )
    press(desk, "登记报告")
    expect(desk.locator("#sent")).to_contain_text("已确认超标")
    assert faults(desk) == []
    press(desk, "列为案件的证据")
    assert Sample.objects.count() == 4
    cited = proved.exhibits.get(kind="test-report")

    desk.goto(f"/cases/{proved.ref}/facts/new/?kind=harm")
    desk.locator("[name=text]").fill("东津河三号桥下游氨氮1.58毫克每升，超过地表水Ⅲ类标准。")
    desk.locator("[name=on]").fill(TODAY)
    desk.locator(f"[name=exhibits][value='exhibit:{cited.number}']").check()
    with desk.expect_navigation():
        desk.locator("main form button").last.click()
    desk.goto(f"/cases/{proved.ref}/documents/")
    press(desk, "起草检察建议书")
    sentence = desk.get_by_role("link", name="东津河三号桥下游氨氮1.58毫克每升")
    sentence.focus()
    expect(desk.locator(".sentence:focus .why")).to_contain_text("沚监2026-118")
