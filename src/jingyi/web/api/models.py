"""Keys that programs come with, and what came through them."""

from django.conf import settings
from django.db import models

from jingyi.web.intake.models import Report

PERSON = settings.AUTH_USER_MODEL


class Token(models.Model):
    """A program's key: it may do what its scopes allow, and see what its person may see."""

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)


class Sent(models.Model):
    """A report that a program handed in: it may ask for its status, and for no other's."""

    token = models.ForeignKey(Token, models.PROTECT, related_name="sent")
    report = models.OneToOneField(Report, models.PROTECT, related_name="sent_by")
    at = models.DateTimeField()


class Hook(models.Model):
    """An address that is told when something happens that a key may read."""

    token = models.ForeignKey(Token, models.PROTECT, related_name="hooks")
    url = models.CharField(max_length=300)
    events = models.JSONField()  # of hooks/events.py
    sealed = models.BinaryField()  # the secret that what is sent is signed with, encrypted
    seen = models.BigIntegerField()  # entries of the ledger before this one were looked at
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why_ended = models.JSONField(null=True)  # a Sentence; None: its person ended it

    class Meta:
        ordering = ("-pk",)


class Delivery(models.Model):
    """One thing an address is told; tried until it is taken or given up."""

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries")
    entry = models.BigIntegerField(null=True)  # of the ledger; None is a trial
    key = models.CharField(max_length=40, unique=True)  # tried again, it is the same
    body = models.TextField()
    at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # None: taken, or given up
    status = models.IntegerField(default=0)  # of the last answer; 0: there was none
    problem = models.JSONField(null=True)  # a Sentence: why it was not taken
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["next_at"], name="delivery_due")]
        constraints = [models.UniqueConstraint(fields=["hook", "entry"], name="entry_told_once")]
