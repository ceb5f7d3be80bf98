"""Imports of readings as durable jobs, and the age of nonces."""

from django.utils import timezone
from django_tasks import task

from jingyi.web.lab.stations import feed, importing
from jingyi.web.lab.stations.models import ResultFile


@task
def import_readings(file_id: int) -> None:
    """Take a file of readings in. Safe to run twice: it goes on from where it stands."""
    file = ResultFile.objects.select_related("office", "blob", "by").get(pk=file_id)
    if file.ended_at is None:
        importing.run(file)
    feed.forget(timezone.now())
