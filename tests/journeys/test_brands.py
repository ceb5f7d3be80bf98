"""A brand's figure, from the count to the day on which the data no longer bear it."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.conftest import faults
from tests.web.cases import course
from tests.web.selection.conftest import branded

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_figure_turns_grey_when_its_case_is_corrected(sign_in, city, alice):
    chief = factories.person("chief", role="chief", office=city.office)
    case = course.case(city.office, chief, alice, organ=city.water, at="2026-07-01")
    brand = branded(city.office, "清河先锋", chief)

    page = sign_in(chief)
    page.goto(brand.get_absolute_url())
    page.get_by_text("加一个查得出的数字").click()
    page.get_by_label("数什么").select_option(label="立案")
    page.get_by_label("截至").first.fill(f"{case.opened_on:%Y-%m-%d}")
    page.locator("form[action$='/claim/']").get_by_role("button", name="保存").click()
    figure = page.locator(".claim")
    expect(figure).to_contain_text("与数据一致")
    page.get_by_role("link", name="看统计到的案卷").click()
    page.get_by_role("link", name=case.title).click()

    page.locator("li", has_text="立案").get_by_role("link", name="更正").first.click()
    page.get_by_label("日期", exact=True).fill("2026-08-02")
    page.get_by_label("理由").fill("立案决定书上是 8 月 2 日")
    page.get_by_role("button", name="更正").click()

    page.goto(brand.get_absolute_url())
    expect(figure).to_have_class("claim grey")
    expect(figure).to_contain_text("页面写的是 1，按同一口径现在查得 0")
    assert faults(page) == []
    page.get_by_role("link", name="看统计到的案卷").click()
    expect(page.get_by_text("品牌页上写的是 1，与现在查得的不一致。")).to_be_visible()
