"""Who sees what on the map, and that a page without scripts holds the same."""

import json
from datetime import date

import pytest
from django.urls import reverse

from jingyi.web.places import queries
from tests import factories
from tests.web.places.conftest import a_layer, a_place
from tests.web.places.test_register import zone_of

pytestmark = pytest.mark.django_db


def codes(user):
    return set(queries.places_for(user).values_list("code", flat=True))


@pytest.mark.usefixtures("river", "memorial")
def test_one_sees_the_places_of_ones_offices_and_of_those_above(alice, bob, charlie, city):
    a_place("far", city.elsewhere)

    assert codes(alice) == {"zhi", "martyrs"}
    assert codes(bob) == {"zhi", "martyrs"}  # the city's river flows through the district too
    assert codes(charlie) == {"far"}


def test_a_sister_districts_place_is_not_on_ones_map(city, memorial):
    west = factories.person("west", role="prosecutor", office=city.west)

    assert codes(west) == set()


def test_the_map_and_its_list_open(client, alice, river, memorial, base):
    client.force_login(alice)
    page = client.get(reverse("places:map"), {"show": "places", "domain": "eco-env"})

    assert page.status_code == 200
    assert reverse("places:layers") in page.text
    assert f"{reverse('places:geo')}?domain=eco-env" in page.text
    assert "沚河" in page.text
    assert "烈士陵园" in page.text


def test_filters_of_the_desk_travel_with_the_map(client, alice):
    client.force_login(alice)
    page = client.get(reverse("places:map"), {"source": "hotline", "q": "黑臭"})

    assert '<input type="hidden" name="source" value="hotline">' in page.text
    assert '<input type="hidden" name="q" value="黑臭">' in page.text


def test_a_tab_nobody_offered_is_the_first_tab(client, alice):
    client.force_login(alice)

    assert client.get(reverse("places:map"), {"show": "nothing"}).status_code == 200


def test_places_are_narrowed_by_region_and_kind(client, alice, river, memorial):
    client.force_login(alice)
    url = reverse("places:geo")

    def found(**wanted):
        return {f["properties"]["code"] for f in client.get(url, wanted).json()["features"]}

    assert found(region="990102") == {"martyrs"}
    assert found(region="990100") == {"zhi", "martyrs"}
    assert found(kind="river") == {"zhi"}


def test_layers_are_listed_lowest_first_and_a_known_one_is_not_sent_again(client, bob, city):
    a_layer(city.office, "道路", kind="road", order=3)
    below = a_layer(city.office, "区县", order=1)
    client.force_login(bob)
    listed = client.get(reverse("places:layers")).json()["layers"]
    first = client.get(listed[0]["url"])

    assert [layer["kind"] for layer in listed] == ["district", "road"]
    assert first.json() == below.features
    again = client.get(listed[0]["url"], headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_a_place_has_a_page(client, bob, memorial):
    client.force_login(bob)
    page = client.get(memorial.get_absolute_url())

    assert page.status_code == 200
    assert "陵园" in page.text
    assert "150" in page.text


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["places:map", "places:geo", "places:layers"])
@pytest.mark.usefixtures("river", "base")
def test_pages_open_in_both_languages(client, alice, name, language):
    client.force_login(alice)

    assert client.get(reverse(name), headers={"accept-language": language}).status_code == 200


def test_a_stranger_finds_nothing(client, charlie, river, memorial, base):
    client.force_login(charlie)

    assert client.get(reverse("places:geo")).json()["features"] == []
    assert client.get(reverse("places:layers")).json() == {"layers": []}
    assert "沚河" not in client.get(reverse("places:map"), {"show": "places"}).text
    for url in (river.get_absolute_url(), memorial.get_absolute_url(), base.get_absolute_url()):
        assert client.get(url).status_code == 404


def test_who_reads_places_only_is_not_sent_to_rooms_that_are_shut(client, admin, river):
    client.force_login(admin)
    page = client.get(reverse("places:map"))

    assert page.status_code == 200
    assert "沚河" in page.text  # the first list one may read
    assert "data-leads" not in page.text
    assert "data-cases" not in page.text
    assert reverse("places:layers_admin") in page.text


@pytest.mark.parametrize("name", ["places:map", "places:geo", "places:layers"])
def test_a_role_that_does_not_read_places_finds_no_such_page(client, city, name):
    client.force_login(factories.person("volunteer", role="volunteer", office=city.office))

    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", ["places:map", "places:geo", "places:layers"])
def test_who_is_not_signed_in_is_asked_to(client, name):
    assert client.get(reverse(name)).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(
    client, alice, city, count, django_assert_max_num_queries
):
    for n in range(count):
        a_place(f"p{n}", city.east, keeper=city.water)
    client.force_login(alice)

    with django_assert_max_num_queries(10):
        client.get(reverse("places:map"), {"show": "places"})


def test_nothing_of_a_place_can_break_out_of_the_page(client, alice, city):
    a_place("evil", city.office, name="<script>alert(1)</script>")
    client.force_login(alice)
    page = client.get(reverse("places:map"), {"show": "places"}).text

    assert "<script>alert" not in page
    looks = page.split('<script id="map-looks" type="application/json">')[1].split("</script>")[0]
    assert json.loads(looks)["eco-env"]["glyph"]


def test_the_day_travels_to_zones_incidents_cases_and_the_list(client, alice, memorial):
    zone_of(memorial, valid_from=date(2020, 1, 1), valid_to=date(2024, 12, 31))
    client.force_login(alice)
    page = client.get(reverse("places:map"), {"on": "2024-12-31", "show": "places"})
    assert f"{reverse('places:zones')}?on=2024-12-31" in page.text
    assert f"{reverse('leads:geo')}?on=2024-12-31" in page.text
    assert "until=2024-12-31" in page.text
    assert "保护范围 · 2020-01-01 起" in page.text
    later = client.get(reverse("places:map"), {"on": "2025-01-01", "show": "places"})
    assert "2020-01-01 起" not in later.text
    assert client.get(reverse("places:map"), {"on": "2025-13-01"}).status_code == 200


def test_zones_follow_the_filters_of_the_map(client, alice, river, memorial):
    zone_of(memorial)
    zone_of(river)
    client.force_login(alice)

    def found(**wanted):
        answer = client.get(reverse("places:zones"), wanted).json()["features"]
        return {one["properties"]["place"] for one in answer}

    assert found() == {"zhi", "martyrs"}
    assert found(region="990102") == {"martyrs"}
    assert found(kind="river") == {"zhi"}


def test_the_sheet_to_print_says_its_day_and_its_filters(client, alice, charlie, memorial):
    client.force_login(alice)
    page = client.get(reverse("places:print"), {"domain": "eco-env", "on": "2024-05-01"})
    assert "截至 2024-05-01" in page.text
    assert "生态环境" in page.text
    assert "建设控制地带" in page.text
    client.logout()
    assert client.get(reverse("places:print")).status_code in {302, 404}


def test_one_place_and_three_ask_as_often(client, alice, city, django_assert_max_num_queries):
    client.force_login(alice)
    client.get(reverse("places:map"))
    for n in range(3):
        zone_of(a_place(f"p{n}", city.office))
        with django_assert_max_num_queries(14):
            client.get(reverse("places:map"), {"show": "places"})
