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
MOST_ATTEMPTS = 5


@transaction.atomic
def beat(*, worker: str, at: datetime) -> None:
    """Say that `worker` is alive at `at`."""
    Worker.objects.update_or_create(id=worker, defaults={"seen_at": at})


@transaction.atomic
def reap(*, at: datetime) -> int:
    """Hand the running tasks of dead workers back; return how many. Tasks are idempotent."""
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
    Worker.objects.filter(seen_at__lt=at - 10 * LEASE).delete()
    return back
