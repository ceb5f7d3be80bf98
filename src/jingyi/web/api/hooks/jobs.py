"""News looked for and sent by the worker, so that no page ever waits for a foreign machine."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from jingyi.web.api.hooks import actions
from jingyi.web.api.models import Delivery, Hook
from jingyi.web.ledger.models import Head

AT_ONCE = 50  # messages of one task
WAITING = Q(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])


def look(at: datetime) -> None:
    """Queue the sending where there is news or something is due; asked at each beat of a worker."""
    size = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    news = standing().filter(seen__lt=size).exists()
    if (news or due(at).exists()) and not DBTaskResult.objects.filter(WAITING, task_path=tell.module_path).exists():  # fmt: skip
        tell.enqueue()


@task
def tell() -> None:
    """Look at the ledger for every address, then send what is due. Safe to run twice."""
    now = timezone.now()
    for hook in standing():
        actions.collect(hook=hook, at=now)
    for delivery in due(now).select_related("hook__token__person")[:AT_ONCE]:
        actions.try_one(delivery=delivery, at=timezone.now())


def standing() -> QuerySet[Hook]:
    """Return the addresses that are told: not ended, of keys that stand and people who are here."""
    return Hook.objects.filter(ended_at=None, token__revoked_at=None, token__person__is_active=True)


def due(at: datetime) -> QuerySet[Delivery]:
    """Return the messages to be tried by now, longest due first."""
    found = Delivery.objects.filter(next_at__lte=at, hook__in=standing())
    return found.order_by("next_at", "pk")
