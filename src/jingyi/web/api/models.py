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
