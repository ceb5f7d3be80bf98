"""The standing watch: a new lead in a zone tells the keepers, the organ no more than the place."""

from datetime import date

import pytest

from jingyi.web.accounts.models import Notice
from jingyi.web.leads import actions
from jingyi.web.leads.models import Incident
from jingyi.web.places.models import Place, Zone
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = "东津河三号桥下游暗管夜间排放黑色污水，气味刺鼻，河里的鱼死了一片。"


@pytest.fixture
def keepers(city):
    return (
        factories.person("keeper", role="administrator", office=city.office),
        factories.person("water", role="liaison", organ=city.water),
        factories.person("market", role="liaison", organ=city.market),
    )


@pytest.fixture
def zone(city):
    ring = [[122.9, 33.6], [122.92, 33.6], [122.92, 33.62], [122.9, 33.62], [122.9, 33.6]]
    area = {"type": "Polygon", "coordinates": [ring]}
    place = Place.objects.create(
        code="zhi", name="沚河", kind="river", region=city.office.region, office=city.office,
        geometry=area, lon=122.91, lat=33.61,
    )  # fmt: skip
    return Zone.objects.create(
        place=place, kind="river-management", basis="公告", organ=city.water, geometry=area,
        valid_from=date(2020, 1, 1),
    )  # fmt: skip


def test_a_new_lead_inside_tells_the_keepers_once(city, at, zone, keepers):
    keeper, water, market = keepers
    factories.report(city.office, text=TEXT, title="暗管排黑水", at=at, lon=122.91, lat=33.61)
    actions.gather(office=city.office, at=at)
    assert Incident.objects.get().is_lead
    mine = Notice.objects.get(user=keeper)
    assert mine.url.endswith("?place=zhi")
    theirs = Notice.objects.get(user=water)
    told = str(theirs.sentence)
    assert "沚河" in told
    assert theirs.url == ""
    assert not any(word in told for word in ("暗管", "黑", "鱼", Incident.objects.get().ref))
    assert not Notice.objects.filter(user=market).exists()
    actions.gather(office=city.office, at=at)
    assert Notice.objects.filter(key__startswith="zone:").count() == 2


@pytest.mark.parametrize("spot", [(122.95, 33.61), (None, None)])
def test_a_lead_elsewhere_tells_nobody(city, at, zone, keepers, spot):
    factories.report(city.office, text=TEXT, title="暗管", at=at, lon=spot[0], lat=spot[1])
    actions.gather(office=city.office, at=at)
    assert not Notice.objects.filter(key__startswith="zone:").exists()


def test_a_zone_that_ended_tells_nobody(city, at, zone, keepers):
    Zone.objects.update(valid_to=date(2021, 1, 1))
    factories.report(city.office, text=TEXT, title="暗管", at=at, lon=122.91, lat=33.61)
    actions.gather(office=city.office, at=at)
    assert not Notice.objects.filter(key__startswith="zone:").exists()
