"""The frame: only the rooms one may enter, one's own theme and language, and no way out of the site."""

import pytest
from django.urls import reverse

from jingyi.web.ui import frame

LOOK = "/ui/look/"


def rooms_of(client):
    response = client.get(reverse("ui:components"))
    return [room["label"] for room in response.context["frame"]["rooms"]]


def test_a_visitor_sees_no_room(client):
    assert rooms_of(client) == []


@pytest.mark.django_db
def test_the_rail_shows_rooms_by_act(client, alice, settings):
    settings.JINGYI_RAIL = [
        {"label": "登记", "url": "registry:home", "glyph": "机", "act": "registry.read"},
        {"label": "账本", "url": "evidence:ledger", "glyph": "账", "act": "no.such.act"},
        {"label": "尚无", "url": "nowhere:home", "glyph": "无", "act": "registry.read"},
    ]
    client.force_login(alice)

    assert rooms_of(client) == ["登记"]


@pytest.mark.django_db
def test_the_room_one_is_in_is_marked(client, alice):
    client.force_login(alice)
    page = client.get(reverse("registry:home"))

    assert [room["label"] for room in page.context["frame"]["rooms"] if room["here"]] == ["登记"]
    assert 'aria-current="page"' in page.text


@pytest.mark.django_db
def test_the_frame_costs_few_queries(client, alice, django_assert_max_num_queries):
    client.force_login(alice)
    with django_assert_max_num_queries(4):
        client.get(reverse("ui:components"))


def test_a_theme_is_kept_in_a_cookie_and_rendered_by_the_server(client):
    response = client.post(LOOK, {"theme": "dark", "next": "/ui/?x=1"})

    assert response.status_code == 303
    assert response["location"] == "/ui/?x=1"
    assert 'media="screen" data-dark' in client.get("/ui/").text
    client.post(LOOK, {"theme": "light"})
    assert 'media="not all" data-dark' in client.get("/ui/").text


def test_without_a_choice_the_readers_system_decides(client):
    assert 'media="screen and (prefers-color-scheme: dark)" data-dark' in client.get("/ui/").text


def test_the_rail_stays_folded(client):
    client.post(LOOK, {"rail": "narrow"})

    assert 'data-rail="narrow"' in client.get("/ui/").text


@pytest.mark.parametrize("value", ["pink", "", '"><script>'])
def test_an_unknown_theme_is_not_kept(client, value):
    client.post(LOOK, {"theme": value})
    assert "theme" not in client.cookies

    client.cookies["theme"] = value
    assert frame.chosen(client.get("/ui/").wsgi_request, "theme", frame.THEMES) == "auto"


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_nobody_is_sent_away(client, next_page):
    assert client.post(LOOK, {"theme": "dark", "next": next_page})["location"] == "/"


def test_the_look_is_changed_by_post_only(client):
    assert client.get(LOOK).status_code == 405


def test_the_language_follows_the_browser_and_can_be_switched(client):
    assert '<html lang="en"' in client.get("/ui/", headers={"accept-language": "en-GB,en"}).text
    assert '<html lang="zh-Hans"' in client.get("/ui/", headers={"accept-language": "zh-CN"}).text

    response = client.post(reverse("ui:language"), {"language": "en", "next": "/ui/"})

    assert response["location"] == "/ui/"
    assert '<html lang="en"' in client.get("/ui/", headers={"accept-language": "zh-CN"}).text


def test_htmx_may_not_evaluate_and_carries_the_token(client):
    html = client.get("/ui/").text

    assert '"allowEval": false' in html
    assert '"includeIndicatorStyles": false' in html
    assert "X-CSRFToken" in html
