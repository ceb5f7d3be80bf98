"""The stored ledger and the vault's index of files."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act, as it was recorded. Leaf number `index` of the ledger's tree."""

    index = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=60, db_index=True)  # "case.opened"
    subject = models.CharField(max_length=80, db_index=True)  # "case:2026-0007"
    body = models.JSONField()  # what is hashed, canonically: kind, subject, by, at, facts
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="entries"
    )
    office = models.ForeignKey("registry.Procuratorate", models.PROTECT, null=True)


class TreeNode(models.Model):
    """The hash of one complete subtree; level 0 are the leaves."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="tree_node_once")]


class Head(models.Model):
    """The ledger's size; one row, locked by whoever appends."""

    size = models.BigIntegerField(default=0)


class Blob(models.Model):
    """A file's original bytes, kept once under its SHA-256 and never changed."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    sealed_at = models.DateTimeField()


class Derivative(models.Model):
    """A copy made from an original for showing: without metadata, smaller, redacted."""

    parent = models.ForeignKey(Blob, models.PROTECT, related_name="derivatives")
    kind = models.CharField(max_length=20)  # "clean" | "thumb"
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="derived_from")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "kind"], name="one_of_each_kind")]
