"""A river of the city, a memorial of its eastern district, and a base map."""

import pytest

from jingyi.web.places.models import Layer, Place
from tests import factories

SQUARE = [[122.9, 33.6], [122.92, 33.6], [122.92, 33.62], [122.9, 33.62], [122.9, 33.6]]


def a_place(code, office, **values):
    return Place.objects.create(
        code=code,
        name=values.pop("name", f"{code}遗址"),
        kind=values.pop("kind", "relic"),
        region=office.region,
        office=office,
        geometry=values.pop("geometry", {"type": "Polygon", "coordinates": [SQUARE]}),
        lon=122.91,
        lat=33.61,
        radius_m=150,
        **values,
    )


def collection(*geometries, **properties):
    features = [
        {"type": "Feature", "properties": properties, "geometry": geometry}
        for geometry in geometries
    ]
    return {"type": "FeatureCollection", "features": features}


def a_layer(office, name="区县", **values):
    return Layer.objects.create(
        office=office,
        kind=values.pop("kind", "district"),
        name=name,
        features=collection({"type": "Polygon", "coordinates": [SQUARE]}, name="东津区"),
        attribution="虚构",
        **values,
    )


@pytest.fixture
def river(city):
    line = {"type": "LineString", "coordinates": SQUARE[:3]}
    return a_place("zhi", city.office, name="沚河", kind="river", geometry=line, keeper=city.water)


@pytest.fixture
def memorial(city):
    return a_place("martyrs", city.east, name="烈士陵园", kind="memorial", aliases=["陵园"])


@pytest.fixture
def base(city):
    return a_layer(city.office)


@pytest.fixture
def admin(city):
    return factories.person("admin", role="administrator", office=city.office)
