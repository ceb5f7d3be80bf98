"""The key of a person's calendar feed."""

from django.conf import settings
from django.db import models


class Feed(models.Model):
    """A secret address under which a calendar program reads one person's clocks."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed")
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
