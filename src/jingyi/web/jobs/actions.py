"""Durable jobs: what a dead worker had in hand is given to the next one.

The queue is django-tasks-db. It leaves a killed worker's task RUNNING for
ever; the lease here is what it lacks.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from jingyi.web.jobs.models import Worker

LEASE = timedelta(seconds=30)
DAY = timedelta(days=1)
FIRST_WAIT = timedelta(seconds=5)  # doubled with every attempt: 10 s, 20 s, 40 s, 80 s
MOST_ATTEMPTS = 5
# what may pass by itself; anything else is a defect, and a second try would find it again
PASSING = (
    "django.db.utils.OperationalError",
    "django.db.utils.InterfaceError",
    "jingyi.web.evidence.bucket.Unreachable",
    "builtins.ConnectionError",
    "builtins.TimeoutError",
)


@transaction.atomic
def beat(*, worker: str, at: datetime) -> None:
    """Say that `worker` is alive at `at`."""
    Worker.objects.update_or_create(id=worker, defaults={"seen_at": at})


@transaction.atomic
def reap(*, at: datetime) -> int:
    """Hand back the running tasks of dead workers, and those that something passing stopped.

    Return how many. A task's own record keeps why it failed last. Tasks are idempotent.
    """
    alive = set(Worker.objects.filter(seen_at__gt=at - LEASE).values_list("id", flat=True))
    back = 0
    for task in DBTaskResult.objects.select_for_update().filter(status=TaskResultStatus.RUNNING):
        if task.worker_ids and task.worker_ids[-1] in alive:
            continue
        given_up = len(task.worker_ids) >= MOST_ATTEMPTS
        task.status = TaskResultStatus.FAILED if given_up else TaskResultStatus.READY
        task.finished_at = at if given_up else None
        task.save(update_fields=["status", "finished_at"])
        back += not given_up
    back += _retry(at)
    Worker.objects.filter(seen_at__lt=at - 10 * LEASE).delete()
    return back


def _retry(at: datetime) -> int:
    """Queue again what a passing fault stopped, each time after twice as long a wait."""
    back = 0
    stopped = DBTaskResult.objects.select_for_update().filter(
        status=TaskResultStatus.FAILED, exception_class_path__in=PASSING, finished_at__gt=at - DAY
    )
    for task in stopped.order_by("finished_at", "pk"):
        if len(task.worker_ids) < MOST_ATTEMPTS:
            task.status = TaskResultStatus.READY
            task.run_after = at + FIRST_WAIT * 2 ** len(task.worker_ids)
            task.finished_at = None
            task.save(update_fields=["status", "run_after", "finished_at"])
            back += 1
    return back
