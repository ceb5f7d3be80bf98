"""Programs: a key may do what its scopes and its person may, is kept as a digest, and can be revoked."""

import json
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from owslib.ogcapi.features import Features

from jingyi.core.refusal import Refusal
from jingyi.web.api import tokens
from jingyi.web.api.models import Token
from jingyi.web.ledger.models import Entry
from jingyi.web.places.models import Place, Zone
from tests import factories
from tests.factories import AT
from tests.web.api.conftest import key

SQUARE = [[122.9, 33.6], [122.92, 33.6], [122.92, 33.62], [122.9, 33.62], [122.9, 33.6]]
AREA = {"type": "Polygon", "coordinates": [SQUARE]}
ITEMS = "/api/ogc/collections/{}/items"


@pytest.fixture
def places(city):
    made = []
    for n in range(3):
        area = json.loads(json.dumps(AREA))
        area["coordinates"][0] = [[x + n, y] for x, y in SQUARE]
        place = Place.objects.create(
            code=f"p{n}", name=f"遗址{n}", kind="relic", region=city.office.region, office=city.office,
            geometry=area, lon=122.91 + n, lat=33.61,
        )  # fmt: skip
        Zone.objects.create(place=place, kind="heritage-core", basis="公告", geometry=area,
                            valid_from=date(2020 + n, 1, 1))  # fmt: skip
        made.append(place)
    return made


def test_a_key_is_kept_as_a_digest_and_never_in_the_ledger(alice):
    made, token = tokens.make(person=alice, name="图层程序", scopes=["places.read"], at=AT)
    assert made not in json.dumps(list(Token.objects.values()), default=str)
    assert made not in str([entry.body for entry in Entry.objects.all()])
    assert tokens.known(made) == token
    assert tokens.known(made[:-1]) is None


@pytest.mark.parametrize("scopes", [[], ["everything"], ["places.read"]])
def test_a_key_gives_no_more_than_its_person_has(city, scopes):
    volunteer = factories.person("v", role="volunteer", office=city.office)
    with pytest.raises(Refusal):
        tokens.make(person=volunteer, name="x", scopes=scopes, at=AT)


def test_without_a_key_with_another_scope_or_a_revoked_one(client, alice, places):
    url = ITEMS.format("places")
    assert client.get(url).status_code == 401
    assert client.get(url, headers={"Authorization": "Bearer jy_x"}).status_code == 401
    assert client.get(url, headers=key(alice, "open311.read")).status_code == 403
    head = key(alice, "places.read")
    assert client.get(url, headers=head).status_code == 200
    tokens.revoke(token=Token.objects.first(), by=alice, at=AT)
    answer = client.get(url, headers=head)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_guessing_is_stopped(client, alice, places):
    url = ITEMS.format("places")
    codes = {
        client.get(url, headers={"Authorization": f"Bearer {n}"}).status_code for n in range(25)
    }
    assert codes == {401, 429}


def test_a_stranger_sees_none_of_another_city(client, city, places):
    head = key(factories.person("away", role="prosecutor", office=city.elsewhere), "places.read")
    for name in ("places", "zones"):
        assert client.get(ITEMS.format(name), headers=head).json()["features"] == []
    assert client.get(f"{ITEMS.format('places')}/p0", headers=head).status_code == 404


def test_features_are_paged_narrowed_and_linked(client, alice, places):
    head = key(alice, "places.read")
    url, seen = f"{ITEMS.format('places')}?limit=2", []
    while url:
        page = client.get(url, headers=head).json()
        seen += [one["id"] for one in page["features"]]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert seen == ["p0", "p1", "p2"]
    assert page["numberMatched"] == 3
    near = client.get(f"{ITEMS.format('places')}?bbox=122,33,123,34", headers=head).json()
    assert [one["id"] for one in near["features"]] == ["p0"]
    zones = client.get(f"{ITEMS.format('zones')}?datetime=2021-06-01", headers=head).json()
    assert {one["properties"]["place"] for one in zones["features"]} == {"p0", "p1"}
    open_end = client.get(f"{ITEMS.format('zones')}?datetime=../2020-06-01", headers=head).json()
    assert len(open_end["features"]) == 1
    one = client.get(f"{ITEMS.format('places')}/p1", headers=head).json()
    assert one["properties"]["name"] == "遗址1"
    landing = client.get("/api/ogc/", headers=head).json()
    assert {link["rel"] for link in landing["links"]} >= {
        "self",
        "service-desc",
        "conformance",
        "data",
    }
    for link in landing["links"]:
        assert client.get(link["href"], headers=head).status_code == 200


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(
    st.dictionaries(
        st.sampled_from(["limit", "offset", "bbox", "datetime", "x"]),
        st.text(max_size=30),
        max_size=3,
    )
)
def test_whatever_is_asked_is_answered_or_refused(client, alice, places, asked):
    head = key(alice, "places.read")
    assert client.get(ITEMS.format("zones"), asked, headers=head).status_code in {200, 400}


def test_the_page_of_keys(client, city, alice, bob):
    client.force_login(alice)
    assert client.post("/api/keys/", {"name": "x"}).status_code == 422
    page = client.post("/api/keys/", {"name": "图层程序", "scopes": ["places.read"]})
    made = page.context["key"]
    assert made in page.text
    assert made not in client.get("/api/keys/").text
    token = Token.objects.get()
    client.force_login(bob)
    assert "图层程序" not in client.get("/api/keys/").text
    assert client.post(f"/api/keys/{token.pk}/revoke/").status_code == 404
    client.force_login(alice)
    assert client.post(f"/api/keys/{token.pk}/revoke/").status_code == 303
    assert tokens.known(made) is None
    client.force_login(factories.person("v", role="volunteer", office=city.office))
    assert client.get("/api/keys/").status_code == 404


def test_the_document_names_every_address_that_answers(client, alice, places):
    document = client.get("/api/openapi.json").json()
    head = key(alice, *tokens.SCOPES)
    for address, methods in document["paths"].items():
        if "get" in methods:
            filled = address.replace("{name}", "places").replace("{code}", "eco-env")
            answer = client.get(filled.replace("{id}", "p0"), headers=head)
            assert str(answer.status_code) in methods["get"]["responses"]
            assert answer.status_code == (
                404 if "{id}" in address and "ogc" not in address else 200
            )


@pytest.mark.django_db(transaction=True)
def test_the_client_inside_qgis_reads_the_features(live_server, alice, places):
    reads = Features(f"{live_server.url}/api/ogc/", headers=key(alice, "places.read"))
    assert any(name.endswith("/conf/core") for name in reads.conformance()["conformsTo"])
    assert reads.api()["openapi"].startswith("3.0")
    assert set(reads.feature_collections()) == {"places", "zones"}
    assert reads.collection("places")["id"] == "places"
    page = reads.collection_items("places", limit=2, bbox=[122, 33, 126, 34])
    assert [one["id"] for one in page["features"]] == ["p0", "p1"]
    assert page["numberMatched"] == 3
    assert reads.collection_item("places", "p2")["properties"]["name"] == "遗址2"


READS = """
import sys
import pyogrio
pyogrio.set_gdal_config_options({"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": sys.argv[2]})
print(*sorted(pyogrio.list_layers(sys.argv[1])[:, 0]))
for row in pyogrio.read_dataframe(sys.argv[1], layer="places", use_arrow=False).itertuples():
    print(row.name, round(row.geometry.centroid.x, 2))
"""


@pytest.mark.django_db(transaction=True)
def test_the_library_under_most_map_programs_reads_the_features(live_server, alice, places):
    pyogrio = pytest.importorskip("pyogrio")
    if "OAPIF" not in pyogrio.list_drivers():
        pytest.skip("this GDAL has no driver for OGC API - Features")
    made = tokens.make(person=alice, name="GDAL", scopes=["places.read"], at=AT)[0]
    address = f"OAPIF:{live_server.url}/api/ogc/"
    done = subprocess.run(  # in a process of its own: it would hold the lock the server needs
        [sys.executable, "-c", READS, address, made],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "places zones",
        "遗址0 122.91",
        "遗址1 123.91",
        "遗址2 124.91",
    ], done.stderr
