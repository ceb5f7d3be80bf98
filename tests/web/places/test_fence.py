"""Spots against zones: on the day they bind, the line included, for whoever may read the map."""

from datetime import date

import pytest

from jingyi.web.places import fence
from jingyi.web.places.models import Zone
from tests import factories
from tests.web.places.conftest import SQUARE

DAY = date(2026, 8, 3)
MIDDLE, EDGE, NEAR = (122.91, 33.61), (122.92, 33.61), (122.921, 33.61)


@pytest.fixture
def zone(river, city):
    return Zone.objects.create(
        place=river, kind="river-management", basis="沚政公告〔2020〕1号", organ=city.water,
        geometry={"type": "Polygon", "coordinates": [SQUARE]},
        valid_from=date(2020, 3, 1), valid_to=date(2026, 8, 3),
    )  # fmt: skip


def test_in_on_and_near_on_the_last_day_and_not_after(zone):
    hits = fence.find(Zone.objects.all(), [MIDDLE, EDGE, NEAR, (0.0, 0.0)], on=DAY, within=200)
    assert [(hit.spot, hit.zone, hit.edge) for hit in hits] == [
        (0, zone.pk, False), (1, zone.pk, True), (2, zone.pk, False),
    ]  # fmt: skip
    assert [hit.metres for hit in hits] == pytest.approx([0, 0, 92.7], abs=0.5)
    assert not fence.find(Zone.objects.all(), [MIDDLE], on=date(2026, 8, 4))
    zone.place.retired_on = date(2026, 8, 1)
    zone.place.save()
    assert not fence.find(Zone.objects.all(), [MIDDLE], on=DAY)


def test_the_page_says_where_a_spot_lies(client, alice, zone):
    client.force_login(alice)
    url = "/map/at/?lon={}&lat={}&on=2026-08-03"
    page = client.get(url.format(*EDGE), headers={"HX-Request": "true"}).text
    assert "沚河" in page
    assert "正在界线上" in page
    assert "<html" not in page
    assert "距界线 93 米" in client.get(url.format(*NEAR)).text
    assert "不在任何法定区域内" in client.get(url.format(1, 1)).text
    for wrong in (
        "/map/at/",
        "/map/at/?lon=x&lat=1",
        "/map/at/?lon=500&lat=1",
        "/map/at/?lon=nan&lat=1",
    ):
        assert client.get(wrong).status_code == 404


def test_a_stranger_learns_nothing_of_a_zone(client, city, zone):
    url = f"/map/at/?lon={MIDDLE[0]}&lat={MIDDLE[1]}&on=2026-08-03"
    client.force_login(factories.person("away", role="prosecutor", office=city.elsewhere))
    assert "沚河" not in client.get(url).text
    client.force_login(factories.person("v", role="volunteer", office=city.office))
    assert client.get(url).status_code == 404
