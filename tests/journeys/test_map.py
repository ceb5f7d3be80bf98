"""The map in a real browser: the office's own vectors, marks that open, the list beside it."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from jingyi.web.leads.models import Incident
from tests.journeys.conftest import faults
from tests.web.places.conftest import a_layer, a_place

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
AT = datetime(2026, 8, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def here(city):
    """A base map, a relic and two incidents side by side."""
    a_layer(city.office)
    a_place("wall", city.office, name="古城墙")
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
