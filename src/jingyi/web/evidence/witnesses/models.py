"""Other offices that witness our ledger, or whose ledger we witness, and what was seen."""

from django.conf import settings
from django.db import models

from jingyi.web.ledger.models import SignedHead

USER = settings.AUTH_USER_MODEL


class Peer(models.Model):
    """Another Jingyi. `address`: where our heads are sent; without one we only hear it."""

    name = models.CharField(max_length=120)
    key = models.CharField(max_length=64, unique=True)  # its Ed25519 public key, hex
    address = models.URLField(max_length=300, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # when it last took a head of ours
    failed = models.JSONField(null=True)  # why it did not, last; a Sentence

    class Meta:
        ordering = ["name", "pk"]


class Sighting(models.Model):
    """A head of a peer as we saw it. `agrees` False: its ledger is not what it was."""

    peer = models.ForeignKey(Peer, models.PROTECT, related_name="sightings")
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    signed_at = models.CharField(
        max_length=40
    )  # as the peer wrote it: it is part of what is signed
    signature = models.CharField(max_length=128)
    seen_at = models.DateTimeField()
    agrees = models.BooleanField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["peer", "agrees", "-size"], name="sighting_last")]


class Countersignature(models.Model):
    """A peer's word that it saw a head of ours."""

    peer = models.ForeignKey(Peer, models.PROTECT, related_name="countersignatures")
    head = models.ForeignKey(SignedHead, models.PROTECT, related_name="countersignatures")
    seen_at = models.CharField(max_length=40)
    signature = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["peer", "head"], name="countersigned_once")]
