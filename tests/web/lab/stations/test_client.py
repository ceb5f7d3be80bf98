"""The client that the room's page prints, run as it stands there."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from jingyi.web.lab.stations import actions
from jingyi.web.lab.stations.models import Reading
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(__file__).parents[4] / "docs" / "rooms" / "stations.md"


def test_the_printed_client_is_heard(live_server):
    city = factories.city()
    by = factories.person("analyst", role="technician", office=city.office)
    now = timezone.now()
    station = actions.set_up(
        office=city.office, code="S1", name="三号桥站", standard="gb3838-2002",
        conditions={"body": "river"}, level=2, minutes=60, by=by, at=now,
    )  # fmt: skip
    key, secret = actions.give_key(station=station, by=by, at=now)
    names = {}
    exec(re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1], names)
    at = (now - timedelta(hours=1)).isoformat()
    reading = {"item": "氨氮", "at": at, "value": "0.4", "unit": "mg/L"}
    answer = names["send"](f"{live_server.url}/lab/stations/feed/", key.name, secret, [reading])
    assert answer == {"new": 1, "known": 0, "refused": []}
    assert Reading.objects.get().number == 0.4
