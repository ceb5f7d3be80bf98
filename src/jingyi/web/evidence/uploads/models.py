"""A file on its way in."""

import uuid

from django.conf import settings
from django.db import models

from jingyi.web.evidence.models import Blob


class Upload(models.Model):
    """A file being sent by one person; how much has come is what lies on disk."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)  # what the sender says it will be
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")  # once whole
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        app_label = "evidence"
        indexes = [models.Index(fields=["until"], name="upload_until")]
