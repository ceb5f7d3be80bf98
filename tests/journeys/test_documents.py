"""A document in a real browser: facts to pages, a sentence changed and cited again, without scripts too."""

import pytest
import time_machine
from playwright.sync_api import expect

from jingyi.web.cases.documents.models import Document
from tests.journeys.conftest import faults
from tests.web.cases.conftest import case as _case
from tests.web.cases.documents.conftest import investigated as _investigated
from tests.web.cases.documents.conftest import proved as _proved

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
case, investigated, proved = _case, _investigated, _proved


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-20T12:00:00+08:00", tick=True):
        yield


def click(page, kind, name, at=0):
    """Click, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role(kind, name=name).nth(at).click()


def test_a_suggestion_is_drafted_changed_and_cited_again(sign_in, proved, alice):
    page = sign_in(alice)
    page.goto(f"/cases/{proved.ref}/documents/")
    assert faults(page) == []
    click(page, "button", "起草检察建议书")

    sentence = page.get_by_role("link", name="东津河下游三百米水体发黑，氨氮超标。")
    sentence.focus()
    why = page.locator(".sentence:focus .why")
    expect(why).to_be_visible()
    assert why.inner_text().splitlines()[:2] == [
        "公益受到侵害的事实", "证据1：现场勘验笔录.pdf",
    ]  # fmt: skip
    assert faults(page) == []

    click(page, "link", "改动文字")
    page.get_by_label("公益受到侵害的事实").nth(1).fill("东津河下游三百二十米水体发黑，氨氮超标。")
    click(page, "button", "另存一版")
    expect(page.get_by_text("1 句没有引注").first).to_be_visible()
    assert faults(page) == []
    click(page, "link", "重新引注")
    assert faults(page) == []
    click(page, "button", "引注成立")
    expect(page.get_by_text("每一句都有引注")).to_be_visible()
    click(page, "link", "与前一版比较", at=1)
    expect(page.locator("ins").first).to_be_visible()
    assert faults(page) == []
    assert Document.objects.get().latest == 3


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_read_well_wide_and_on_a_phone_without_scripts(sign_in, proved, alice, width):
    page = sign_in(alice, width=width, height=900)
    page.goto(f"/cases/{proved.ref}/documents/")
    click(page, "button", "起草检察建议书")

    sizes = page.evaluate("""() => {
        const area = document.querySelector(".type-area"), style = getComputedStyle(area);
        return {wide: document.documentElement.scrollWidth, view: innerWidth,
                cells: area.getBoundingClientRect().width / parseFloat(style.fontSize),
                size: parseFloat(style.fontSize)}}""")
    assert sizes["wide"] <= sizes["view"]
    if width == 1280:
        assert sizes["cells"] == pytest.approx(28, abs=0.1)
    else:
        assert sizes["size"] >= 16
    bare = page.context.browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state(),
        viewport={"width": width, "height": 900},
    ).new_page()  # fmt: skip
    bare.goto(page.url)
    bare.get_by_role("link", name="岸边").or_(bare.locator(".sentence").nth(6)).first.hover()
    expect(bare.locator(".sentence:hover .why")).to_be_visible()
    bare.context.close()
