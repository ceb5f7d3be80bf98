"""Reading a sample by the keyboard alone; the pages of the desk are free of faults axe can find."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from jingyi.web.leads import actions
from jingyi.web.leads.models import Audit, Incident
from tests import factories
from tests.journeys.conftest import faults

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
RIVER = "东津河三号桥下游暗管夜间排放黑色污水，气味刺鼻，河里的鱼死了一片。"


@pytest.fixture
def told(city, at):
    """A river reported twice, and six questions that are no lead."""
    for n in range(2):
        factories.report(city.office, title="三号桥排黑水", text=RIVER, at=at + timedelta(days=n))
    for n in range(6):
        factories.report(city.office, title=f"咨询{n}", text=f"请问第{n}小学几点放学？", at=at)
    actions.gather(office=city.office, at=at)


def press(page, key):
    """Press a key once the page's scripts have come."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def test_a_sample_is_read_by_keys_and_the_desk_tells_what_was_missed(sign_in, alice, city, told):
    page = sign_in(alice)
    page.goto(reverse("leads:desk"))
    page.get_by_role("link", name="抽一批来读").click()
    page.get_by_role("button", name="抽一批").click()
    expect(page.get_by_text("一件都还没有读")).to_be_visible()
    drawn = Audit.objects.get()
    first = page.locator("#item-h").inner_text()

    press(page, "y")
    expect(page.get_by_text("读过的（1 条）")).to_be_visible()
    press(page, "u")
    expect(page.locator("#item-h")).to_have_text(first)
    for n in range(drawn.items.count()):
        press(page, "n" if n else "y")
        expect(page.get_by_text(f"读过的（{n + 1} 条）")).to_be_visible()

    assert faults(page) == []
    page.goto(reverse("leads:desk"))
    expect(page.locator(".missed-line")).to_contain_text("估计漏掉 1–1 条线索")
    assert faults(page) == []


def test_an_incident_explains_its_rank_and_its_reports(sign_in, alice, told):
    page = sign_in(alice, width=390, height=844)
    page.goto(Incident.objects.get(reports=2).get_absolute_url())
    expect(page.get_by_role("heading", name="下一步查什么最有用")).to_be_visible()
    page.locator("#evidence > summary").click()
    expect(page.locator(".evidence")).to_have_count(2)
    expect(page.locator(".evidence .part").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(page) == []
