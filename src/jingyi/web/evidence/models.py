"""The vault's index of files."""

from django.conf import settings
from django.db import models


class Blob(models.Model):
    """A file's original bytes, kept once under its SHA-256 and never changed."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    sm3 = models.CharField(max_length=64, blank=True)  # "" until the sweep has counted an old file
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    sealed_at = models.DateTimeField()
    photo_hash = models.BigIntegerField(null=True)  # core.photo, signed; null for what is no photo
    checked_at = models.DateTimeField(null=True)  # by the sweep, last
    failed_at = models.DateTimeField(
        null=True
    )  # found changed or missing; not served until it is whole

    class Meta:
        indexes = [
            models.Index(fields=["checked_at", "sha256"], name="blob_checked"),
            models.Index(
                fields=["failed_at"],
                condition=models.Q(failed_at__isnull=False),
                name="blob_failed",
            ),
        ]


class Derivative(models.Model):
    """A copy made from an original for showing: without metadata, smaller, redacted."""

    CLEAN, THUMB = "clean", "thumb"  # of a photograph; "page-3" and "thumb-3" of a file's pages
    REDACTED = "redacted"  # for publishing; there may be several
    TRANSCRIPT = "transcript"  # what was read on a file's pages

    parent = models.ForeignKey(Blob, models.PROTECT, related_name="derivatives")
    kind = models.CharField(max_length=20)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="derived_from")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "kind"],
                condition=~models.Q(kind="redacted"),
                name="one_of_each_kind",
            ),
            models.UniqueConstraint(fields=["parent", "kind", "blob"], name="each_copy_once"),
        ]


class Sweep(models.Model):
    """One round over every sealed file. Where it stands is in each file's `checked_at`."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    files = models.IntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    wrong = models.IntegerField(default=0)
    cleaned = models.IntegerField(default=0)  # leftovers of writes that a killed process began
    unlisted = models.IntegerField(
        null=True
    )  # files in the folder that no row names; null: a bucket


class Withheld(models.Model):
    """A subject of the ledger whose acts only its readers see, with whatever is below it.

    `case:2026-0007` also covers `exhibit:2026-0007/…`: everything that has the same number.
    """

    number = models.CharField(max_length=40)  # what follows the colon in the subject
    readers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(ended_at__isnull=True),
                name="withheld_once",
            )
        ]


# folders of their own; Django looks for models here
from jingyi.web.evidence.custody.models import Link, Metadata  # noqa: E402, F401 -- they refer to Blob above
from jingyi.web.evidence.redaction.models import Redaction  # noqa: E402, F401 -- as above
from jingyi.web.evidence.uploads.models import Upload  # noqa: E402, F401 -- as above
from jingyi.web.evidence.witnesses.models import Peer  # noqa: E402, F401 -- as above
