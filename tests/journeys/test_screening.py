"""Two organs' tables become a lead in the browser, and its outcome the model's precision."""

import re

import pytest
from playwright.sync_api import expect

from jingyi.core.screening import book
from jingyi.core.screening.planting import plant
from jingyi.web.jobs.worker import work
from jingyi.web.leads.models import Incident
from tests.journeys.conftest import faults
from tests.web.screening.conftest import SLUG, as_csv

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def upload(page, model, name, rows):
    page.goto("/screening/sources/")
    page.get_by_role("link", name="上传文件").click()
    page.get_by_label("数据名称").fill(f"{name} 2026")
    page.get_by_label("数据来自哪个机关").fill("某局")
    page.get_by_label("文件").set_input_files(
        {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": as_csv(model, name, rows)}
    )
    with page.expect_navigation():
        page.get_by_role("button", name="取入").click()
    expect(page.get_by_role("heading", name=f"{name} 2026")).to_be_visible()


def test_from_two_tables_to_a_lead_and_back_as_precision(sign_in, city, alice):
    model = book.model(SLUG)
    tables, wanted = plant(model, 12, seed=5)
    page = sign_in(alice)
    for name, rows in tables.items():
        upload(page, model, name, rows)
    expect(page.get_by_text("全部相符")).to_be_visible()
    page.goto(f"/screening/models/{SLUG}/")
    page.get_by_role("link", name="选数据、运行").click()
    for table in model.sources:
        label = page.get_by_label(str(table.title), exact=True)
        value = label.locator("option", has_text=f"{table.name} 2026").get_attribute("value")
        label.select_option(value)
    with page.expect_navigation():
        page.get_by_role("button", name="下一步：核对各列").click()
    assert faults(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="预览").click()
    work(until_empty=True)
    page.reload()
    expect(page.locator(".figure")).to_have_text(str(len(wanted)))
    with page.expect_navigation():
        page.get_by_role("button", name="保存阈值，正式运行").click()
    expect(page.get_by_role("button", name="取消运行")).to_be_visible()
    work(until_empty=True)
    expect(page.locator(".figure")).to_have_text(str(len(wanted)))  # polled, not reloaded by hand
    expect(page.get_by_role("button", name="抽样")).to_be_visible()
    assert faults(page) == []
    for tick in page.get_by_role("checkbox").all()[1:]:
        tick.uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="把勾选的转为线索").click()
    page.get_by_role("link", name=re.compile("^zy-")).click()
    expect(page.get_by_role("heading", name="监督模型的命中")).to_be_visible()
    page.locator("summary", has_text="不予受理").first.click()
    page.locator("input[name=reason][value=untrue]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="不予受理", exact=True).last.click()
    assert Incident.objects.get().state == Incident.State.DECLINED
    page.goto(f"/screening/models/{SLUG}/")
    expect(page.get_by_text("0/1").first).to_be_visible()
    assert faults(page) == []
