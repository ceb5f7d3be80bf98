"""The clients in docs/examples run as they stand."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from jingyi.web.api import tokens
from jingyi.web.api.hooks import actions, jobs
from jingyi.web.places.models import Place
from tests.factories import AT

EXAMPLES = Path(__file__).parents[3] / "docs/examples"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key(alice):
    return tokens.make(person=alice, name="k", scopes=list(tokens.SCOPES), at=AT)


def ran(name, key, *words):
    env = os.environ | {"JINGYI_KEY": key}
    done = subprocess.run(
        [sys.executable, EXAMPLES / name, *words], env=env, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_places_are_written_as_one_file(live_server, alice, key):
    office = alice.posts.first().procuratorate
    Place.objects.create(
        code="p1", name="老码头", kind="relic", region=office.region, office=office, lon=122.9, lat=33.6,
        geometry={"type": "Point", "coordinates": [122.9, 33.6]},
    )  # fmt: skip
    made = json.loads(ran("places.py", key[0], live_server.url))
    assert [one["properties"]["name"] for one in made["features"]] == ["老码头"]


def test_a_report_is_handed_in_once_and_its_stage_told(live_server, key):
    words = (live_server.url, "eco-env", "33.61", "122.91", "桥下暗管排黑水", "17")
    first, second = ran("hand_in.py", key[0], *words), ran("hand_in.py", key[0], *words)
    assert first == second
    assert len(first.splitlines()) == 1
    assert " open " in first


def test_a_webhook_is_taken_and_its_signature_checked(alice, key, settings):
    settings.WEBHOOKS = ["http://127.0.0.1:0"]
    made = {"token": key[1], "url": "http://127.0.0.1:0/", "events": ["place.changed"], "by": alice}
    secret, hook = actions.make(at=AT, **made)
    env = os.environ | {"JINGYI_SECRET": secret}
    taker = subprocess.Popen(
        [sys.executable, EXAMPLES / "webhook.py", "0"], env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        hook.url = f"http://127.0.0.1:{taker.stdout.readline().strip()}/"
        hook.save()
        settings.WEBHOOKS = [hook.url.rstrip("/")]
        sent = actions.trial(hook=hook, at=timezone.now())
        jobs.tell.call()
        assert taker.stdout.readline().split(maxsplit=1)[0] == sent.key
    finally:
        taker.kill()
        taker.communicate()
