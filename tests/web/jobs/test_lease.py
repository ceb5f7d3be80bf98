"""A killed worker loses nothing: the next one takes over what it had in hand."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from jingyi.web.jobs import actions
from jingyi.web.jobs.worker import work
from tests.web.jobs import tasks

WORK = (
    "import django; django.setup(); from jingyi.web.jobs.worker import work; work(until_empty=True)"
)


@pytest.mark.django_db(transaction=True)
def test_what_is_queued_is_run_in_order(tmp_path):
    for n in range(3):
        tasks.write_line.enqueue(str(tmp_path / "lines"), str(n))

    work(until_empty=True)

    assert (tmp_path / "lines").read_text().split() == ["0", "1", "2"]


def running(worker):
    """A task that `worker` has in hand."""
    task = DBTaskResult.objects.get()
    task.claim(worker)
    return task


@pytest.mark.django_db(transaction=True)
def test_a_living_worker_keeps_its_task_and_a_dead_one_gives_it_back(tmp_path):
    now = timezone.now()
    tasks.write_line.enqueue(str(tmp_path / "lines"), "x")
    task = running("one")
    actions.beat(worker="one", at=now)

    assert actions.reap(at=now + actions.LEASE / 2) == 0
    assert actions.reap(at=now + actions.LEASE + timedelta(seconds=1)) == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY


@pytest.mark.django_db(transaction=True)
def test_a_task_that_kills_every_worker_is_given_up(tmp_path):
    tasks.write_line.enqueue(str(tmp_path / "lines"), "x")
    task = running("one")
    task.worker_ids = [f"w{n}" for n in range(actions.MOST_ATTEMPTS)]
    task.save()

    assert actions.reap(at=timezone.now()) == 0
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED


def fails(task, wrong, attempts):
    task.worker_ids = [f"w{n}" for n in range(attempts)]
    task.save()
    task.set_failed(wrong)
    return actions.reap(at=task.finished_at)


@pytest.mark.django_db(transaction=True)
def test_what_passes_is_tried_again_later_and_a_defect_is_not(tmp_path):
    tasks.write_line.enqueue(str(tmp_path / "lines"), "x")
    task = running("one")

    assert fails(task, ValueError("a defect"), 1) == 0
    assert fails(task, OperationalError("away"), 1) == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.READY
    assert "away" in task.traceback  # why, for the operator
    assert task.run_after - timezone.now() > timedelta(seconds=8)
    assert not DBTaskResult.objects.ready().exists()  # not before its time
    assert fails(task, OperationalError("away"), actions.MOST_ATTEMPTS) == 0
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED


@pytest.mark.slow
def test_a_worker_really_killed_in_the_middle_is_replaced(tmp_path):
    """Two processes over one database file; the first is killed by the task it runs."""
    env = {
        **os.environ,
        "JINGYI_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "jingyi.web.settings",
        "PYTHONPATH": os.pathsep.join([*sys.path, str(tmp_path)]),
    }

    def python(code):
        return subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, check=False
        )

    setup = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0); "
    mark = tmp_path / "mark"
    queued = python(
        f"{setup}from tests.web.jobs.tasks import die_once; die_once.enqueue({str(mark)!r})"
    )
    assert queued.returncode == 0, queued.stderr.decode()

    assert python(WORK).returncode == -9
    assert mark.read_text() == "died"
    forget = "import django; django.setup(); from jingyi.web.jobs.models import Worker; Worker.objects.all().delete()"
    assert python(forget).returncode == 0  # as if its lease had run out
    assert python(WORK).returncode == 0
    assert mark.read_text() == "done"
