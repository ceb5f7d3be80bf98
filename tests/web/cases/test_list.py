"""The list: what it shows, narrows, pages, exports and counts."""

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from jingyi.web.cases import queries
from jingyi.web.cases.models import Case
from jingyi.web.ledger.models import Entry
from tests import factories
from tests.web.cases import course

pytestmark = pytest.mark.django_db
LIST = reverse("cases:list")


@pytest.fixture
def three(city, chief, alice, east_chief):
    """An administrative one with a suggestion, a civil one, and one of the county."""
    bea = factories.person("bea", role="prosecutor", office=city.east)
    one = course.case(city.office, chief, alice, organ=city.water, decided_on="2026-07-01")
    course.served(one, chief)
    two = course.case(
        city.office, chief, alice, track="civil", domain="food-drug", title="假药民事公益诉讼",
        decided_on="2026-08-03",
    )  # fmt: skip
    county = course.case(city.east, east_chief, bea, decided_on="2026-09-01", title="东津区垃圾")
    return one, two, county


def refs(text):
    return re.findall(r"\d{4}-\d{4}(?=</td>)", text)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_a_bounded_number_of_questions(
    client, city, chief, many, django_assert_max_num_queries
):
    client.force_login(chief)
    for _ in range(many):
        course.served(course.case(city.office, chief, chief, organ=city.water), chief)

    with django_assert_max_num_queries(20):
        text = client.get(LIST).text

    assert len(refs(text)) == many


def test_the_city_sees_the_county_and_not_the_other_way_round(client, alice, three):
    bea = factories.User.objects.get(username="bea")

    client.force_login(alice)
    assert len(refs(client.get(LIST).text)) == 3
    client.force_login(bea)
    assert refs(client.get(LIST).text) == [three[2].ref]


@pytest.mark.parametrize(
    ("wanted", "which"),
    [
        ({"track": "civil"}, [1]),
        ({"domain": "food-drug"}, [1]),
        ({"state": "awaiting"}, [0]),
        ({"office": "zy-dj"}, [2]),
        ({"organ": "zy-water"}, [0]),
        ({"handler": "bea"}, [2]),
        ({"q": "假药"}, [1]),
        ({"q": "2026-0003"}, [2]),
        ({"step": "suggestion.served"}, [0]),
        ({"since": "2026-08-03", "until": "2026-08-31"}, [1]),
        ({"due": "none"}, [1]),
        ({"track": "nonsense"}, [2, 1, 0]),  # a filter nobody offered narrows nothing
    ],
)
def test_the_filters(as_alice, three, wanted, which):
    response = as_alice.get(LIST, wanted)

    assert refs(response.text) == [three[i].ref for i in which]


def test_overdue_is_asked_of_the_day(three):
    def late(on):
        cases = queries.narrowed(Case.objects.all(), {"due": "overdue"}, on=on)
        return set(cases.values_list("ref", flat=True))

    # serving the county's filing decision: 8 September; the record with the superior: 6 August
    assert late(date(2026, 9, 8)) == {three[0].ref}
    assert late(date(2026, 9, 9)) == {three[0].ref, three[2].ref}


@pytest.mark.parametrize("sort", ["", "due"])
def test_paging_shows_every_case_once(three, sort):
    seen, after = [], ""
    while True:
        rows, after = queries.page_of(
            queries.for_rows(Case.objects.all(), on=date(2026, 9, 1)),
            sort=sort, after=after, size=1, on=date(2026, 9, 1),
        )  # fmt: skip
        seen += [row.ref for row in rows]
        if not after:
            break

    assert sorted(seen) == sorted(case.ref for case in three)
    first = three[0] if sort == "due" else three[2]
    assert seen[0] == first.ref


@pytest.mark.parametrize("after", ["x", "2026-07-01", "2026-13-41_3", "_", "2026-07-01_x"])
def test_a_broken_page_key_starts_anew(as_alice, three, after):
    assert len(refs(as_alice.get(LIST, {"after": after}).text)) == 3


def test_exports_hold_what_the_list_shows_and_are_recorded(as_alice, three):
    Case.objects.filter(pk=three[1].pk).update(title="=HYPERLINK(1)")

    text = b"".join(as_alice.get(reverse("cases:export", args=["csv"])).streaming_content)
    book = b"".join(
        as_alice.get(reverse("cases:export", args=["xlsx"]), {"track": "civil"}).streaming_content
    )

    table = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert [row[0] for row in table[1:]] == [case.ref for case in reversed(three)]
    assert table[2][1] == "'=HYPERLINK(1)"
    sheet = load_workbook(io.BytesIO(book)).active
    assert [cell.value for cell in sheet[2]][:2] == [three[1].ref, "=HYPERLINK(1)"]
    assert sheet["B2"].data_type == "s"
    facts = [entry.body["facts"] for entry in Entry.objects.filter(kind="cases.exported")]
    assert facts[1] == {"format": "xlsx", "rows": 1, "filters": {"track": "civil"}}


def test_the_map_gets_points_of_the_cases_one_may_see(as_alice, city, chief, alice):
    placed = course.incident(city.office, lon=117.1, lat=33.9)
    case = course.case(city.office, chief, alice, incident=placed)
    course.case(city.office, chief, alice)

    found = as_alice.get(reverse("cases:geo")).json()

    assert [feature["properties"]["ref"] for feature in found["features"]] == [case.ref]
    assert found["features"][0]["geometry"]["coordinates"] == [117.1, 33.9]
    assert found["features"][0]["properties"]["state_title"] == "立案调查"


def test_every_figure_opens_the_rows_it_counts(as_alice, three):
    text = as_alice.get(reverse("cases:figures")).text
    figures = re.findall(r'class="figure-n" href="([^"]+)">(\d+)<', text)
    figures += re.findall(r'href="(/cases/[^"]+)">.*?<span class="n">(\d+)<', text, re.DOTALL)

    assert len(figures) >= 10
    for address, number in figures:
        opened = as_alice.get(address.replace("&amp;", "&")).text
        assert re.search(rf"共 {number} 条", opened) or (number == "0" and "没有" in opened), (
            address
        )


def test_the_list_of_suggestions(as_alice, three):
    text = as_alice.get(reverse("cases:suggestions")).text

    assert three[0].ref in text
    assert "2026-08-01（周六）" in text


def test_a_place_is_blurred_for_whoever_may_not_read_reports(client, city, chief, alice):
    placed = course.incident(city.office, lon=117.1234, lat=33.9876)
    course.case(city.office, chief, alice, incident=placed)
    client.force_login(factories.person("tom", role="technician", office=city.office))

    feature = client.get(reverse("cases:geo")).json()["features"][0]

    assert feature["geometry"]["coordinates"] == [117.125, 33.985]


def test_the_region_of_the_map_narrows_the_list(as_alice, city, chief, alice):
    east = course.incident(city.office, region=city.east.region)
    there = course.case(city.office, chief, alice, incident=east)
    course.case(city.office, chief, alice)

    assert refs(as_alice.get(LIST, {"region": "990102"}).text) == [there.ref]
    assert refs(as_alice.get(LIST, {"region": "990103"}).text) == []
