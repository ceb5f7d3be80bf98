"""A patrol of the city's river, walked by a volunteer."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from jingyi.web.patrols import actions
from jingyi.web.places.models import Place
from tests import factories
from tests.factories import AT

KEY = "00000000-0000-4000-8000-00000000000{}"


def jpeg(colour="seagreen"):
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    out.seek(0)
    return out


@pytest.fixture
def place(city):
    return Place.objects.create(
        code="zhi", name="沚河一号桥", kind="river", region=city.office.region, office=city.office,
        geometry={"type": "Point", "coordinates": [122.91, 33.61]}, lon=122.91, lat=33.61,
    )  # fmt: skip


@pytest.fixture
def walker(city):
    return factories.person("walker", role="volunteer", office=city.office)


@pytest.fixture
def plan(city, alice, walker, place):
    stops = [
        {"place": place, "name": place.name, "lon": place.lon, "lat": place.lat},
        {"name": "老码头", "lon": 122.93, "lat": 33.62, "look_at": "石碑是否完好"},
    ]
    return actions.plan(
        office=city.office, name="沚河周巡", on=AT.date(), person=walker, hours=3, stops=stops,
        by=alice, at=AT,
    )  # fmt: skip


def visit(n=1, **values):
    return {
        "kind": "visit", "key": KEY.format(n), "finding": "problem", "note": "桥下有暗管排放黑色污水，气味刺鼻。",
        "lon": 122.9101, "lat": 33.6101, "accuracy": 8.0, "at": AT.timestamp(),
    } | values  # fmt: skip


def take(plan, by, record, *, skew=timedelta(), at=AT):
    return actions.take(plan=plan, record=record, skew=skew, by=by, at=at)
