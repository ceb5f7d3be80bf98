"""A base map is loaded by the office itself; a file that cannot be drawn is refused by name."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.web.ledger.models import Entry
from jingyi.web.places import actions, geojson
from jingyi.web.places.models import Layer
from tests import factories
from tests.web.places.conftest import SQUARE, a_layer, collection

pytestmark = pytest.mark.django_db
POINT = {"type": "Point", "coordinates": [122.91234567, 33.61, 12.0]}


def upload(client, data, **values):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    form = {"office": "zy", "kind": "road", "name": "道路", "attribution": "自绘", "order": 5}
    form |= {"file": SimpleUploadedFile("roads.geojson", raw), **values}
    return client.post(reverse("places:layers_admin"), form)


def test_a_layer_is_loaded_made_small_and_recorded(client, admin, city):
    client.force_login(admin)
    answer = upload(client, collection(POINT, name="渡口", secret="no", rank=2))

    assert answer.status_code == 303
    layer = Layer.objects.get(office=city.office)
    assert layer.features["features"] == [
        {
            "type": "Feature",
            "properties": {"name": "渡口", "rank": 2},
            "geometry": {"type": "Point", "coordinates": [122.912346, 33.61]},
        }
    ]
    entry = Entry.objects.get()
    assert (entry.kind, entry.subject) == ("layer.loaded", f"layer:{layer.pk}")


def test_a_layer_of_the_same_name_is_replaced(client, admin, city):
    a_layer(city.office, "道路")
    client.force_login(admin)
    upload(client, collection(POINT))

    assert Layer.objects.get(name="道路").kind == "road"
    assert Entry.objects.get().kind == "layer.replaced"


def test_a_layer_is_removed(client, admin, city):
    layer = a_layer(city.east)
    client.force_login(admin)

    assert client.post(reverse("places:remove_layer", args=[layer.pk])).status_code == 303
    assert not Layer.objects.exists()
    assert Entry.objects.get().kind == "layer.removed"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        pytest.param(b"\xff\xfe nonsense", "JSON", id="not-json"),
        pytest.param({"type": "Feature"}, "FeatureCollection", id="one-feature"),
        pytest.param({"type": "FeatureCollection", "features": []}, "没有要素", id="empty"),
        pytest.param(
            {"type": "FeatureCollection", "features": [{"type": "Feature"}]},
            "第 1 个",
            id="shapeless",
        ),
        pytest.param(
            collection(POINT, {"type": "Polygon", "coordinates": [[[0, 0]]]}),
            "第 2 个",
            id="unclosed",
        ),
        pytest.param(
            collection({"type": "GeometryCollection", "geometries": []}),
            "GeometryCollection",
            id="mix",
        ),
        pytest.param(
            collection({"type": "Point", "coordinates": [500_000, 3_700_000]}),
            "不是经纬度",
            id="metres",
        ),
        pytest.param(
            {**collection(POINT), "crs": {"properties": {"name": "EPSG:4527"}}},
            "EPSG:4527",
            id="crs",
        ),
        pytest.param(b"{" * 200_000, "JSON", id="too-deep"),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_with_the_reason(client, admin, data, named):
    client.force_login(admin)
    page = upload(client, data)

    assert page.status_code == 422
    assert named in page.text
    assert not Layer.objects.exists()
    assert not Entry.objects.exists()


def test_too_large_a_file_is_refused():
    with pytest.raises(Refusal, match="8 MB"):
        geojson.read_layer(b" " * (geojson.MOST_BYTES + 1))


def test_too_many_features_are_refused(monkeypatch):
    monkeypatch.setattr(geojson, "MOST_FEATURES", 2)
    with pytest.raises(Refusal, match="3 个要素"):
        geojson.read_layer(json.dumps(collection(POINT, POINT, POINT)).encode())


def test_an_outline_that_crosses_itself_is_mended():
    bow = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
    read = geojson.read_layer(
        json.dumps(collection({"type": "Polygon", "coordinates": [bow]})).encode()
    )

    assert read["features"][0]["geometry"]["type"] == "MultiPolygon"


def test_an_administrator_of_one_office_cannot_change_anothers(client, admin, city, at):
    far = a_layer(city.elsewhere)
    client.force_login(admin)

    assert client.post(reverse("places:remove_layer", args=[far.pk])).status_code == 404
    assert upload(client, collection(POINT), office="lp").status_code == 422
    with pytest.raises(Http404):
        actions.remove_layer(layer=far, by=admin, at=at)
    assert Layer.objects.get() == far


def test_who_may_not_change_places_finds_no_such_page(client, alice, base):
    client.force_login(alice)

    assert client.get(reverse("places:layers_admin")).status_code == 404
    assert client.post(reverse("places:remove_layer", args=[base.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_layers_asks_as_much_for_three_as_for_one(
    client, admin, city, count, django_assert_max_num_queries
):
    for n in range(count):
        a_layer(city.east, f"图层{n}")
    client.force_login(admin)

    with django_assert_max_num_queries(10):
        assert client.get(reverse("places:layers_admin")).status_code == 200


def test_an_administrator_elsewhere_sees_no_layer_here(client, city, base):
    other = factories.person("other", role="administrator", office=city.elsewhere)
    client.force_login(other)

    assert "区县</th>" not in client.get(reverse("places:layers_admin")).text
    assert client.post(reverse("places:remove_layer", args=[base.pk])).status_code == 404
