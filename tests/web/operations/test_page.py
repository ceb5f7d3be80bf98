"""What machines and the operator are told, and who is told nothing."""

import json
import logging
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from jingyi.web.jobs.models import Worker
from jingyi.web.operations import queries
from jingyi.web.operations.backups import LAST
from jingyi.web.ui.logs import JsonLines
from tests import factories
from tests.web.jobs import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(city):
    return factories.person("keeper", role="administrator", office=city.office)


def test_a_process_that_lives_says_so_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(reverse("operations:health")).content == b"ok\n"


def test_a_node_is_ready_only_with_its_database_and_its_disk(
    client, settings, tmp_path, monkeypatch
):
    assert client.get(reverse("operations:ready")).json() == {
        "ready": True, "database": True, "storage": True,
    }  # fmt: skip
    settings.DATA = tmp_path / "gone"
    found = client.get(reverse("operations:ready"))
    assert (found.status_code, found.json()["storage"]) == (503, False)

    def away(*_):
        raise OperationalError

    monkeypatch.setattr(queries, "MigrationExecutor", away)
    assert client.get(reverse("operations:ready")).json()["database"] is False


def test_figures_are_for_whoever_has_the_token(client, settings):
    address = reverse("operations:metrics")
    assert client.get(address).status_code == 404
    assert client.get(address, headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "数token"
    assert client.get(address, headers={"Authorization": "Bearer x"}).status_code == 404
    settings.METRICS_TOKEN = "token"
    tasks.write_line.enqueue("nowhere", "x")
    text = client.get(address, headers={"Authorization": "Bearer token"}).text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert values['jingyi_jobs{state="waiting"}'] == "1"
    assert float(values["jingyi_job_oldest_waiting_seconds"]) >= 0
    assert {f"# TYPE {name.split('{')[0]} gauge" for name in values} <= set(text.splitlines())


def test_strangers_find_no_operators_page(client, alice):
    assert client.get(reverse("operations:page")).status_code == 302
    client.force_login(alice)
    assert client.get(reverse("operations:page")).status_code == 404


def test_the_operator_sees_what_needs_a_look(
    client, keeper, settings, django_assert_max_num_queries
):
    client.force_login(keeper)
    now = timezone.now()
    for n in range(3):
        tasks.write_line.enqueue("nowhere", str(n))
    with django_assert_max_num_queries(24):
        page = client.get(reverse("operations:page")).text
    assert "还没有备份" in page
    assert "没有后台进程在工作" in page

    Worker.objects.create(id="one", seen_at=now)
    note = {"at": (now - timedelta(days=3)).isoformat(), "file": "/b.zip", "bytes": 5}
    settings.DATA.joinpath(LAST).write_text(json.dumps(note))
    page = client.get(reverse("operations:page")).text
    assert "最近一次备份是 3 天以前" in page
    assert "没有后台进程在工作" not in page


def test_a_line_of_the_log_is_one_json_object_whatever_is_said():
    try:
        int("x\ny")
    except ValueError:
        record = logging.LogRecord(
            "jingyi", logging.ERROR, "f", 1, "第一行\n%s", ("forged",), sys.exc_info()
        )
    line = JsonLines().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert said["message"] == "第一行\nforged"
    assert "ValueError" in said["traceback"]
