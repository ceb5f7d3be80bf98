"""The page of all components in a real Chromium: reachable by everyone, light, quiet, by keyboard."""

import gzip
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def quiet(page, live_server):
    """The page, which must ask nobody else, complain of nothing and be refused nothing."""
    strange, said = [], []
    page.on("request", lambda r: strange.append(r.url) if live_server.url not in r.url else None)
    page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    assert [url for url in strange if not url.startswith("data:")] == []
    assert said == []


def faults(page):
    found = Axe().run(page, options=WCAG)
    return [
        f"{one['id']}: {node['html'][:160]} {node['any'][:1]}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_passes_axe(quiet, live_server, width, scheme):
    quiet.set_viewport_size({"width": width, "height": 844})
    quiet.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    quiet.goto(f"{live_server.url}/ui/")

    assert faults(quiet) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_nothing_hangs_over_the_edge(quiet, live_server, width, language):
    quiet.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )
    quiet.set_viewport_size({"width": width, "height": 844})
    quiet.goto(f"{live_server.url}/ui/")

    assert quiet.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_would_tell(page, live_server):
    page.goto(f"{live_server.url}/ui/")
    page.evaluate("document.querySelector('h1').append(document.createElement('img'))")

    assert any("image-alt" in fault for fault in faults(page))


def test_the_frame_of_a_signed_in_person_passes_axe(quiet, live_server, client, alice):
    client.force_login(alice)
    session = client.cookies["sessionid"].value
    quiet.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    quiet.goto(f"{live_server.url}/ui/")

    expect(quiet.get_by_role("navigation", name="工作室").get_by_role("link").first).to_be_visible()
    quiet.get_by_text("Alice").click()
    assert faults(quiet) == []


def test_a_missing_page_passes_axe(page, live_server):
    page.goto(f"{live_server.url}/no/such/page/")

    assert faults(page) == []


def test_a_page_is_under_300_kb(quiet, live_server):
    sizes = []
    quiet.on("response", lambda response: sizes.append(response.body()))
    quiet.goto(f"{live_server.url}/ui/", wait_until="networkidle")

    assert len(sizes) > 5
    assert sum(len(gzip.compress(body)) for body in sizes) < 300_000


def test_keys_move_the_queue_and_the_question_mark_explains(quiet, live_server):
    quiet.goto(f"{live_server.url}/ui/")
    rows = quiet.locator("[data-keys-rows] > li")

    quiet.keyboard.press("j")
    expect(rows.nth(1)).to_have_class("here")
    expect(rows.nth(1).locator("a").first).to_be_focused()
    quiet.keyboard.press("k")
    expect(rows.nth(0)).to_have_class("here")

    quiet.keyboard.press("?")
    dialog = quiet.get_by_role("dialog")
    expect(dialog).to_contain_text("选中")
    assert faults(quiet) == []
    quiet.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_keys_are_off_while_one_writes(quiet, live_server):
    quiet.goto(f"{live_server.url}/ui/")
    quiet.locator("#fresh_where").press_sequentially("j?x")

    expect(quiet.locator("#fresh_where")).to_have_value("j?x")
    expect(quiet.get_by_role("dialog")).to_be_hidden()
    expect(quiet.locator("[data-keys-rows] > li").nth(0)).to_have_class("here")


def test_the_night_comes_at_once_and_stays(quiet, live_server):
    def paper():
        return quiet.evaluate("getComputedStyle(document.body).backgroundColor")

    quiet.emulate_media(color_scheme="light", reduced_motion="reduce")
    quiet.goto(f"{live_server.url}/ui/")
    day = paper()
    with quiet.expect_response(re.compile("/ui/look/")):
        quiet.get_by_role("button", name="深色").click()
    expect(quiet.get_by_role("button", name="浅色")).to_be_visible()
    night = paper()
    quiet.reload()

    assert night != day
    assert paper() == night
    expect(quiet.get_by_role("button", name="浅色")).to_be_visible()


def test_the_language_is_switched_by_a_button(quiet, live_server):
    quiet.goto(f"{live_server.url}/ui/")
    quiet.get_by_role("button", name="English").click()

    expect(quiet.get_by_role("heading", level=1)).to_have_text("All components")
    expect(quiet.get_by_role("button", name="中文")).to_be_visible()


def test_a_toast_leaves_by_itself(quiet, live_server):
    quiet.clock.install()
    quiet.goto(f"{live_server.url}/ui/")
    toast = quiet.locator("[data-toast]")

    quiet.clock.run_for(7000)
    expect(toast).to_be_visible()
    quiet.clock.run_for(2000)
    expect(toast).to_have_count(0)


def test_without_script_the_page_reads_and_the_theme_changes(browser, live_server):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/ui/")
    page.get_by_role("button", name="深色").click()

    expect(page.get_by_role("button", name="浅色")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("组件一览")
    context.close()


def shown(page, live_server, body):
    """Open a page of our scripts around `body`, at an address of the server."""
    scripts = "".join(
        f'<script type="module" src="/static/ui/js/{name}.js"></script>'
        for name in ("forms", "keys", "look", "toast")
    )
    html = f"<!doctype html><html><head><title>x</title>{scripts}</head><body>{body}</body></html>"
    page.route("**/sample/", lambda r: r.fulfill(body=html, content_type="text/html"))
    page.goto(f"{live_server.url}/sample/", wait_until="networkidle")


def test_one_leaves_quickly_and_cannot_be_followed_back(page, live_server):
    page.goto(f"{live_server.url}/ui/")
    shown(page, live_server, '<p>secret</p><a data-exit href="/ui/?left">leave</a>')
    page.get_by_text("leave").click()
    page.wait_for_url("**/ui/?left")
    page.go_back()

    expect(page).to_have_url(f"{live_server.url}/ui/")


def test_escape_three_times_leaves_too(page, live_server):
    shown(page, live_server, '<a data-exit href="/ui/?left">leave</a>')
    for _ in range(3):
        page.keyboard.press("Escape")

    page.wait_for_url("**/ui/?left")


def test_the_error_summary_has_the_focus(page, live_server):
    shown(page, live_server, '<div class="summary" tabindex="-1" data-focus>wrong</div>')

    expect(page.locator(".summary")).to_be_focused()


def test_a_form_is_sent_once_but_not_dead_for_ever(page, live_server):
    sent = []

    def answer(route):
        sent.append(route.request.method)
        route.fulfill(status=204)  # the page stays, as after a download

    page.route("**/slow/", answer)
    page.clock.install()
    shown(page, live_server, '<form method="post" action="/slow/"><button>send</button></form>')
    with page.expect_response("**/slow/"):
        page.get_by_text("send").dblclick()
    page.wait_for_timeout(200)
    assert sent == ["POST"]

    page.clock.run_for(3100)
    with page.expect_response("**/slow/"):
        page.get_by_text("send").click()
    assert sent == ["POST", "POST"]


def test_a_filter_is_applied_as_it_changes(page, live_server):
    select = '<select name="a" data-autosubmit><option>1</option><option>2</option></select>'
    shown(page, live_server, f'<form action="/ui/">{select}</form>')
    page.locator("select").select_option("2")

    page.wait_for_url("**/ui/?a=2")


def test_a_menu_closes_when_one_clicks_elsewhere(page, live_server):
    shown(page, live_server, '<p>else</p><details class="menu"><summary>me</summary>x</details>')
    menu = page.locator("details")
    page.get_by_text("me").click()
    expect(menu).to_have_attribute("open", "")
    page.get_by_text("else").click()
    expect(menu).not_to_have_attribute("open", "")


def test_a_thumb_hits_everything_on_a_public_page(page, live_server):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/no/such/page/")
    low = page.evaluate(
        """() => [...document.querySelectorAll("header a, header button, main .button, footer button")]
        .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44)
        .map((one) => one.outerHTML)"""
    )

    assert low == []
    expect(page.locator("main .button")).to_be_visible()


def test_a_fragment_that_fails_is_told_once(page, live_server):
    shown(page, live_server, '<div id="toasts" data-failed="could not be fetched"></div>')
    for _ in range(2):
        page.evaluate("document.dispatchEvent(new CustomEvent('htmx:responseError'))")

    expect(page.locator("[data-toast]")).to_have_text("could not be fetched")


def test_when_the_session_has_ended_the_whole_page_loads_anew(page, live_server, client, alice):
    client.force_login(alice)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"{live_server.url}/registry/", wait_until="networkidle")
    page.context.clear_cookies()
    page.evaluate("htmx.ajax('GET', '/me/notices/count/', 'h1')")

    page.wait_for_url("**/me/sign-in/?next=/registry/")
