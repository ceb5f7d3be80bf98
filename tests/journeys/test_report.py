"""The public's report in a real browser: with and without scripts, there and back."""

import re

import pytest
from playwright.sync_api import expect

from jingyi.web.intake.models import Identity, Report
from tests.journeys.conftest import faults
from tests.web.intake.reporting import TEXT, photo

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
ONE_MORE = "昨夜又排了一次。"


@pytest.fixture(autouse=True)
def _only_intake(settings):
    settings.JINGYI_AFTER_REPORTS = []


@pytest.fixture
def base_map(city):
    """A district to click on."""
    from jingyi.web.places.models import Layer

    ring = [[117.0, 33.8], [117.3, 33.8], [117.3, 34.0], [117.0, 34.0], [117.0, 33.8]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"name": "东津区"}, "geometry": shape}
    return Layer.objects.create(
        office=city.office,
        kind=Layer.Kind.DISTRICT,
        name="区县",
        features={"type": "FeatureCollection", "features": [feature]},
        order=1,
    )


def onward(page):
    page.get_by_role("button", name="下一步").click()


def tell_what(page):
    page.goto("/")
    page.get_by_role("link", name="开始举报").click()
    page.get_by_label("发生了什么事").fill(TEXT)
    onward(page)


def test_without_scripts_a_report_gets_its_receipt_and_the_receipt_opens_its_mailbox(
    open_page, sign_in, bob, city
):
    page = open_page(**PHONE, scripts=False)
    page.goto("/report/")
    onward(page)
    page.get_by_role("link", name="请写下发生了什么事").click()
    expect(page.locator("[name=text]")).to_be_focused()
    tell_what(page)
    expect(page.locator("[data-pin]")).to_be_hidden()
    page.get_by_label("在什么地方").fill("三号桥下游")
    page.get_by_label("属于哪个区县").select_option(label="东津区")
    onward(page)
    file = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
    page.get_by_label("有照片吗").set_input_files([file])
    onward(page)
    expect(page.get_by_label("匿名")).to_be_checked()
    expect(page.get_by_label("姓名", exact=True)).to_be_hidden()
    page.get_by_label("留下姓名和电话").check()
    page.get_by_label("姓名", exact=True).fill("马某某")
    onward(page)
    page.locator("dd", has_text="下游 东津区").get_by_role("link", name="更改").click()
    page.get_by_label("在什么地方").fill("三号桥上游")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="提交").click()
    code = re.search(r"(?:[2-9A-Z]{4}\s?){6}", page.locator(".code").inner_text()).group()

    report = Report.objects.get()
    assert (report.place_words, report.anonymous) == ("三号桥上游", False)
    assert Identity.objects.get().report == report
    page.get_by_role("button", name="我已记下").click()
    page.get_by_label("回执码").fill(code.lower())
    page.get_by_role("button", name="查询").click()
    page.get_by_label("要说的话").fill(ONE_MORE)
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".mailbox")).to_contain_text(ONE_MORE)
    with page.expect_navigation():
        page.get_by_role("button", name="离开此页").click()
    page.go_back()
    expect(page.locator("body")).not_to_contain_text(ONE_MORE)

    staff = sign_in(bob)
    staff.goto(f"/reports/{report.ref}/")
    expect(staff.locator("main")).to_contain_text(ONE_MORE)
    expect(staff.locator("main")).not_to_contain_text("马某某")
    image = staff.locator(".photos img")
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate("image => image.naturalWidth")
    assert faults(staff) == []
    staff.get_by_label("为什么要看举报人身份").fill("需要核实现场位置")
    staff.get_by_role("button", name="查看身份").click()
    expect(staff.locator("#who")).to_contain_text("马某某")
    staff.goto(f"/reports/{report.ref}/")
    expect(staff.locator("main")).not_to_contain_text("马某某")
    expect(staff.locator(".timeline")).to_contain_text("需要核实现场位置")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_scripts_a_click_or_the_phone_gives_the_place_and_every_page_passes_axe(
    open_page, base_map, scheme
):
    page = open_page(
        **PHONE,
        color_scheme=scheme,
        permissions=["geolocation"],
        geolocation={"longitude": 117.1, "latitude": 33.9, "accuracy": 30},
    )
    tell_what(page)
    page.locator("[data-pin] .base-district").wait_for()
    page.locator("[data-pin]").click(position={"x": 180, "y": 120})
    expect(page.locator("[data-said]")).to_contain_text("已记下这个点")
    expect(page.locator("[name=lon]")).not_to_have_value("")
    assert 116.5 < float(page.locator("[name=lon]").input_value()) < 117.8
    page.get_by_role("button", name="用我现在的位置").click()
    expect(page.locator("[name=lon]")).to_have_value("117.100000")
    assert faults(page) == []
    page.get_by_label("属于哪个区县").select_option(label="东津区")
    for step in ("photos", "who", "check"):
        onward(page)
        page.wait_for_url(f"**/{step}/")  # loaded, its sheets too: axe looks at colours
        assert faults(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/receipt/")
    assert faults(page) == []
    expect(page.locator(".code")).to_be_visible()

    report = Report.objects.get()
    assert (report.lon, report.lat, report.accuracy_m) == (117.1, 33.9, 30)
    assert report.anonymous
