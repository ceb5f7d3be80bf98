"""The reading room in a real browser: a scan uploaded, read by the job, searched, noted, dated."""

import re

import pytest
import time_machine
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import expect

from jingyi.web.cases.reading import jobs
from jingyi.web.cases.reading.models import Note
from tests.engines.reading.scans import TEXT, scan
from tests.journeys.conftest import faults
from tests.web.cases.conftest import case as _case

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
case = _case


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-20T12:00:00+08:00", tick=True):
        yield


def click(page, kind, name, at=0):
    """Click, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role(kind, name=name).nth(at).click()


def test_a_scan_is_read_searched_noted_and_dated(sign_in, case, alice):
    page = sign_in(alice, height=1000)
    page.goto(f"/cases/{case.ref}/evidence/")
    click(page, "link", "上传证据")
    page.get_by_label("文件").set_input_files(
        {"name": "监测报告.pdf", "mimeType": "application/pdf", "buffer": scan(TEXT)}
    )
    click(page, "button", "封存并识读")
    expect(page.get_by_text("等待识读")).to_be_visible()
    (task,) = DBTaskResult.objects.all()
    jobs.read_file.call(*task.args_kwargs["args"])

    page.goto(f"/cases/{case.ref}/evidence/")
    assert faults(page) == []
    page.keyboard.press("/")
    page.keyboard.type("围墙通向河道")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert faults(page) == []
    click(page, "link", re.compile("监测报告.pdf，第 1 页"))
    expect(page.locator("rect.mark-hit").first).to_be_attached()
    assert faults(page) == []

    edge = page.locator("svg.marks").bounding_box()
    hit = page.locator("rect.mark-hit").first.bounding_box()
    page.mouse.move(edge["x"] + 20, hit["y"] - 6)
    page.mouse.down()
    page.mouse.move(edge["x"] + edge["width"] - 20, hit["y"] + hit["height"] + 6, steps=4)
    page.mouse.up()
    page.get_by_role("textbox", name="批注").fill("暗管的走向")
    click(page, "button", "写批注")
    expect(page.get_by_text("暗管的走向")).to_be_visible()
    assert "通向河道" in Note.objects.get().quote.replace("\n", "")
    assert faults(page) == []

    page.goto(f"/cases/{case.ref}/chronology/")
    assert faults(page) == []
    page.get_by_label("发生了什么").first.fill("监测单位采样。")
    click(page, "button", "列入大事记")
    row = page.locator(".chronology li", has_text="监测单位采样。")
    expect(row.get_by_role("link", name="监测报告.pdf，第 1 页")).to_be_visible()


def test_a_page_reads_on_a_phone_and_without_scripts(sign_in, case, alice):
    from tests.web.cases.reading.conftest import TEXTS, add_read

    add_read(case, alice, texts=TEXTS)
    page = sign_in(alice, width=390, scripts=False)
    page.goto(f"/cases/{case.ref}/reading/exhibit-1/1/")
    click(page, "link", "下一页")
    page.get_by_label("从这一行").select_option(index=2)
    page.get_by_role("textbox", name="批注").fill("暗管")
    click(page, "button", "写批注")

    assert Note.objects.get().quote == TEXTS[1][1]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
