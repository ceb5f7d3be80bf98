"""The map in a real browser: the office's own vectors, marks that open, the list beside it."""

from datetime import UTC, datetime
from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from jingyi.web.leads.models import Incident
from jingyi.web.places.models import Zone
from tests import factories
from tests.journeys.conftest import faults
from tests.web.places.conftest import a_layer, a_place

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AT = datetime(2026, 8, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def here(city):
    """A base map, a relic and two incidents side by side."""
    a_layer(city.office)
    wall = a_place("wall", city.office, name="古城墙")
    wide = {
        "type": "Polygon",
        "coordinates": [[[122.8, 33.5], [123, 33.5], [123, 33.7], [122.8, 33.7], [122.8, 33.5]]],
    }
    for since, until in (("2010-01-01", "2026-07-01"), ("2026-07-02", None)):
        Zone.objects.create(
            place=wall, kind="heritage-control", geometry=wide, basis=f"公告{since}",
            valid_from=since, valid_to=until,
        )  # fmt: skip
    for n, title in enumerate(("城墙根下倾倒垃圾", "城墙塌了一段")):
        Incident.objects.create(
            ref=f"zy-{n}",
            office=city.office,
            title=title,
            domain="heritage",
            is_lead=True,
            lead=0.9,
            rank=0.8,
            lon=122.903 + n * 0.014,
            lat=33.603 + n * 0.014,
            reports=n + 1,
            reporters=n + 1,
            first_at=AT,
            last_at=AT,
        )
    return city


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_marks_open_and_the_page_is_sound(sign_in, alice, width, height):
    page = sign_in(alice, width=width, height=height)
    page.goto("/map/")
    page.locator(".base-district").first.wait_for(state="attached")
    page.locator(".leaflet-marker-icon.mark").first.wait_for()

    expect(page.locator(".leaflet-marker-icon.mark")).to_have_count(2)
    expect(page.locator("path.area-relic")).to_have_count(1)
    page.get_by_role("button", name="城墙塌了一段").click(timeout=5_000)
    page.locator(".leaflet-popup").get_by_text("2 人反映").wait_for()
    expect(page.locator(".leaflet-popup")).to_have_css("opacity", "1")  # axe looks at colours
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.locator(".bubble-title").get_by_text("城墙塌了一段").click()
    page.wait_for_url("**/leads/zy-1/")

    page.go_back()
    page.locator(".leaflet-marker-icon.mark").first.wait_for()
    page.get_by_label("线索", exact=True).uncheck()
    expect(page.locator(".leaflet-marker-icon.mark")).to_have_count(0)


@pytest.mark.usefixtures("here")
def test_the_list_beside_the_map_points_at_its_marks(sign_in, alice):
    page = sign_in(alice)
    page.goto("/map/")
    page.locator(".leaflet-marker-icon.mark").first.wait_for()
    page.locator("[data-map-list] li").first.hover()

    page.locator(".spot-ring").wait_for(state="attached")


@pytest.mark.usefixtures("here")
def test_without_scripts_the_same_is_a_list(open_page, client, alice, live_server):
    client.force_login(alice)
    page = open_page(scripts=False)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto("/map/?show=places")

    expect(page.get_by_role("link", name="古城墙")).to_be_visible()
    page.goto("/map/")
    page.get_by_role("link", name="打开列表").click()
    expect(page.get_by_text("城墙塌了一段").first).to_be_visible()


@pytest.mark.usefixtures("here")
def test_a_zone_opens_and_the_slider_shows_an_earlier_day(sign_in, alice):
    page = sign_in(alice)
    page.goto("/map/")
    drawn = page.locator("[data-map]")
    expect(drawn).to_have_attribute("data-drawn", "yes")
    expect(drawn).to_have_attribute("data-zones", "1")
    box = drawn.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 40)
    expect(page.locator(".leaflet-popup")).to_contain_text("公告2026-07-02")
    assert faults(page) == []

    page.get_by_label("建设控制地带").uncheck()
    expect(drawn).to_have_attribute("data-zones", "0")
    page.get_by_label("建设控制地带").check()

    slider = page.get_by_role("slider")
    slider.evaluate("one => { one.value -= 60; one.dispatchEvent(new Event('input')); }")
    expect(page.locator(".leaflet-marker-icon.mark")).to_have_count(0)  # both came in August
    with page.expect_navigation():
        slider.evaluate("one => one.dispatchEvent(new Event('change'))")
    expect(page.locator("[data-map]")).to_have_attribute("data-drawn", "yes")
    assert "on=2026-06-04" in page.url
    expect(page.get_by_label("截至哪一天")).to_have_value("2026-06-04")
    expect(page.locator("[data-map-list] li a")).to_have_count(0)


@pytest.mark.usefixtures("here")
def test_heat_and_measure(sign_in, alice):
    page = sign_in(alice)
    page.goto("/map/")
    expect(page.locator("[data-map]")).to_have_attribute("data-drawn", "yes")
    page.get_by_label("热度").select_option("heritage")
    painted = (
        "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(Boolean)"
    )
    assert page.locator("canvas.heat").evaluate(painted)
    page.get_by_label("热度").select_option("")
    expect(page.locator("canvas.heat")).to_have_count(0)

    page.get_by_role("button", name="量距离和面积").click()
    box = page.locator("[data-map]").bounding_box()
    for x, y in ((200, 200), (300, 200), (300, 300)):
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(300)  # two clicks at once are a double click
    shown = page.locator("[data-map-measured]")
    expect(shown).to_contain_text("·")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    page.keyboard.press("Backspace")
    expect(shown).not_to_contain_text("·")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()


@pytest.mark.usefixtures("here")
def test_the_sheet_is_one_page_with_legend_and_scale(sign_in, alice):
    page = sign_in(alice)
    page.goto("/map/print/")
    expect(page.locator("[data-map]")).to_have_attribute("data-drawn", "yes")
    expect(page.locator("[data-map-ratio]")).to_contain_text("1 : ")
    assert faults(page) == []
    made = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(made.pages) == 1
    width, height = made.pages[0].mediabox[2:]
    assert width > height
    text = normalize("NFKC", made.pages[0].extract_text())  # Chromium writes some signs as radicals
    for words in ("比例尺约", "建设控制地带", "截至 2026-08-03"):
        assert words in text
    assert "打印或存为" not in text


@pytest.mark.usefixtures("here")
def test_a_zone_is_drawn_on_the_map_of_its_form(sign_in, city):
    admin = factories.person("admin", role="administrator", office=city.office)
    page = sign_in(admin)
    page.goto("/map/wall/zones/new/")
    drawn = page.locator("[data-map]")
    expect(drawn).to_have_attribute("data-drawn", "yes")
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    for x, y in ((200, 100), (300, 100), (300, 200), (200, 200)):
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(300)  # two clicks at once are a double click
    page.get_by_role("button", name="撤回一点").click()
    assert faults(page) == []
    page.get_by_label("划定的依据").fill("公告")
    page.get_by_label("生效日").first.fill("2026-08-01")
    with page.expect_navigation():
        page.get_by_role("button", name="保存").click()
    expect(page.locator("ol.timeline")).to_contain_text("公告")  # the history came, too
    zone = Zone.objects.get(basis="公告")
    assert len(zone.geometry["coordinates"][0]) == 4  # a triangle, closed
    assert zone.origin["datum"] == "wgs84"
