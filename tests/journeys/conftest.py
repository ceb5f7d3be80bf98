"""A browser that asks nobody but us, in a year whose rest days are announced."""

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
NOW = "2026-08-03T09:00:00+08:00"


@pytest.fixture(autouse=True)
def _present():
    """A Monday whose two months end on National Day."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def open_page(browser, live_server, browser_context_args):
    """Open a page of a given size, with or without scripts; what it asks and says is watched."""
    strange, said, contexts = [], [], []

    def make(*, width=1280, height=900, scripts=True, **more):
        context = browser.new_context(
            **browser_context_args,
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((live_server.url, "data:", "blob:"))
                else strange.append(r.url)
            ),
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "response",
            lambda r: said.append(f"{r.status} {r.url}") if r.status >= 400 else None,
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert strange == []
    assert [text for text in said if not text.startswith("422 ")] == []


@pytest.fixture
def sign_in(open_page):
    """Sign somebody in by the page, as people do."""

    def enter(person, **looks):
        page = open_page(**looks)
        page.goto("/me/sign-in/")
        page.get_by_label("用户名").fill(person.username)
        page.get_by_label("密码").fill("a long pass phrase")
        page.get_by_role("button", name="登录").click()
        page.wait_for_url("**/today/")
        return page

    return enter


def faults(page):
    """What axe finds wrong on the page, in words, once its style sheets have come."""
    page.wait_for_load_state("load")
    found = Axe().run(page, options=WCAG)
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]
