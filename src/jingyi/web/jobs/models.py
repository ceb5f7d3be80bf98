"""Who is at work on the queue."""

from django.db import models


class Worker(models.Model):
    """A worker process, alive as long as it says so."""

    id = models.CharField(primary_key=True, max_length=64)
    seen_at = models.DateTimeField()
