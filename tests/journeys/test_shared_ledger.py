"""An organ shares a file of its ledger; the calendar warns; a clue goes over and becomes a lead."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.conftest import faults
from tests.web.station.shared.conftest import as_csv

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def pressed(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def both(city, sign_in):
    """The water bureau's liaison on a telephone without scripts, and a prosecutor at a desk."""
    liaison = factories.person("tang", role="liaison", organ=city.water)
    prosecutor = factories.person("lin", role="prosecutor", office=city.office)
    return sign_in(liaison, width=390, height=844, scripts=False), sign_in(prosecutor)


def test_a_file_becomes_a_calendar_that_the_office_sees_the_least_of(both):
    liaison, prosecutor = both
    liaison.goto("/shared/files/")
    liaison.get_by_label("文件").set_input_files(
        {"name": "台账.csv", "mimeType": "text/csv", "buffer": as_csv()}
    )
    pressed(liaison, "查看文件")
    expect(liaison.get_by_label("送达日")).to_have_value("送达日期")
    pressed(liaison, "确认导入")
    liaison.get_by_role("link", name="看义务日历").click()
    expect(liaison.locator("main")).to_contain_text("王小明")

    prosecutor.goto("/shared/")
    expect(prosecutor.locator("main")).to_contain_text("王**")
    expect(prosecutor.locator("main")).not_to_contain_text("王小明")
    for address in ("/shared/", "/shared/rows/", "/shared/report/", "/shared/print/"):
        prosecutor.goto(address)
        assert faults(prosecutor) == [], address


def test_an_organs_clue_is_signed_for_accepted_and_taken(both):
    liaison, prosecutor = both
    liaison.goto("/shared/clues/new/to-office/")
    liaison.get_by_label("标题").fill("东津河暗管排污")
    liaison.get_by_label("情况").fill("东津河边有暗管排黑水，气味刺鼻，疑似电镀厂夜间偷排。")
    pressed(liaison, "送出")
    address = liaison.url

    prosecutor.goto(address)
    assert faults(prosecutor) == []
    pressed(prosecutor, "签收")
    prosecutor.get_by_label("受理", exact=True).check()
    prosecutor.get_by_label("理由").fill("属于本院管辖")
    pressed(prosecutor, "决定并通知对方")
    expect(prosecutor.locator("main")).to_contain_text("已登记为检察院的线索")
    prosecutor.locator(".facts a").click()
    expect(prosecutor.locator("#clues")).to_contain_text("东津河暗管排污")

    liaison.goto(address)
    pressed(liaison, "确认收到回执")
    expect(liaison.locator("main")).to_contain_text("移送方确认回执")
    expect(liaison.locator(".facts a")).to_have_count(0)
