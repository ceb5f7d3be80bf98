"""The wall: every number opens rows of which there are as many; strangers count nothing."""

import re
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingyi.web.desk.wall import flow, queries
from jingyi.web.leads.models import Incident
from tests import factories
from tests.factories import AT

State = Incident.State


@pytest.fixture
def leads(city):
    states = [State.NEW, State.TAKEN, State.WATCHED, State.DECLINED, State.MERGED]
    return [
        Incident.objects.create(
            ref=f"I{n}{lead:d}", office=city.office, title="暗管", is_lead=lead, state=state,
            domain="eco-env", first_at=AT, last_at=AT,
        )
        for n, state in enumerate(states)
        for lead in (True, False)
    ]  # fmt: skip


def counts(user):
    return {node.id: node.n for node in queries.flow(user)}


def test_the_flow_counts_what_is_there(city, alice, leads):
    found = counts(alice)
    assert found["all"] == 8
    assert (found["leads"], found["aside"]) == (4, 4)
    assert (found["waiting"], found["watched"], found["declined"]) == (2, 1, 1)


def test_every_number_of_leads_opens_as_many_rows(client, alice, leads):
    client.force_login(alice)
    for node in queries.flow(alice):
        page = client.get(node.url)
        assert page.status_code == 200
        if node.url.startswith("/leads/"):
            rows = set(re.findall(r"/leads/(I\d\d)/", page.text))
            assert len(rows) == node.n, node


def test_every_tile_leads_to_a_page(client, city, alice, leads):
    client.force_login(alice)
    for tile in queries.tiles(alice, AT.date()):
        for one in tile.figures:
            assert client.get(one.url).status_code == 200, one


def test_strangers_count_nothing(client, city, leads):
    away = factories.person("away", role="prosecutor", office=city.elsewhere)
    assert set(counts(away).values()) == {0}
    for role in ("volunteer", "administrator"):
        client.force_login(factories.person(role, role=role, office=city.office))
        for page in ("/today/wall/", "/today/wall.xlsx"):
            assert client.get(page).status_code == 404


def test_the_page_the_screen_and_the_file(client, alice, leads, django_assert_max_num_queries):
    client.force_login(alice)
    with django_assert_max_num_queries(60):
        page = client.get("/today/wall/").text
    assert "<svg" in page
    assert "截至" in page
    assert 'http-equiv="refresh"' in client.get("/today/wall/?screen=1").text
    sheet = ZipFile(BytesIO(client.get("/today/wall.xlsx").getvalue()))
    assert "公益诉讼线索" in sheet.read("xl/worksheets/sheet1.xml").decode()


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=8))
def test_the_drawing_stays_in_its_frame(numbers):
    first = flow.Node("a", "a", sum(numbers), 0, "")
    parts = [flow.Node(f"n{k}", "n", n, 1, "", "a") for k, n in enumerate(numbers)]
    drawn = flow.draw([first, *parts])
    for bar in drawn.bars:
        assert 0 <= bar.x <= drawn.width
        assert bar.y + bar.high <= drawn.height + flow.LEAST * len(numbers)
    ends = sorted((bar.y, bar.y + bar.high) for bar in drawn.bars if bar.node.column == 1)
    assert all(one[1] <= two[0] for one, two in pairwise(ends))
    assert len(drawn.ribbons) == sum(n > 0 for n in numbers)
