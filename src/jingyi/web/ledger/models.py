"""The append-only log of acts, and its Merkle tree."""

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
    office = models.CharField(max_length=50, blank=True, db_index=True)  # the office's code


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


class SignedHead(models.Model):
    """What the office signed about its ledger at one moment: so many acts, with this root."""

    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    key = models.CharField(max_length=64)  # Ed25519 public key, hex
    signature = models.CharField(max_length=128)
    sm2_key = models.CharField(max_length=200, blank=True)  # DER, hex; where the office must
    sm2_signature = models.CharField(max_length=160, blank=True)  # over the same bytes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "size"], name="one_head_of_a_size")]
