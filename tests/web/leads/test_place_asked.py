"""An incident that nobody can put on the map says what to ask."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jingyi.web.leads import actions
from jingyi.web.leads.models import Incident
from tests import factories

pytestmark = pytest.mark.django_db
ASKED = "可以问反映人"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("夜里有人偷排黑色污水，气味刺鼻，鱼死了一片。", "没有说到具体地点"),
        ("三号桥下游有人偷排黑色污水，气味刺鼻，鱼死了一片。", None),
    ],
)
def test_the_page_asks_for_the_place_that_is_missing(client, alice, city, text, asked):
    factories.report(city.office, text=text)
    actions.gather(office=city.office, at=timezone.now())
    client.force_login(alice)

    page = client.get(reverse("leads:incident", args=[Incident.objects.get().ref])).text

    assert (ASKED in page) is bool(asked)
    assert asked is None or asked in page


def test_what_is_on_the_map_is_not_asked(client, alice, city):
    factories.report(city.office, text="夜里有人偷排黑色污水，气味刺鼻。", lon=117.1, lat=33.9)
    actions.gather(office=city.office, at=timezone.now())
    client.force_login(alice)

    assert (
        ASKED not in client.get(reverse("leads:incident", args=[Incident.objects.get().ref])).text
    )
