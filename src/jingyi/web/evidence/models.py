"""The vault's index of files."""

from django.db import models


class Blob(models.Model):
    """A file's original bytes, kept once under its SHA-256 and never changed."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    sealed_at = models.DateTimeField()
    photo_hash = models.BigIntegerField(null=True)  # core.photo, signed; null for what is no photo


class Derivative(models.Model):
    """A copy made from an original for showing: without metadata, smaller, redacted."""

    parent = models.ForeignKey(Blob, models.PROTECT, related_name="derivatives")
    kind = models.CharField(max_length=20)  # "clean" | "thumb"
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="derived_from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "kind"], name="one_of_each_kind")]


# a folder of its own; Django looks for models here
from jingyi.web.evidence.uploads.models import Upload  # noqa: E402, F401 -- it refers to Blob above
