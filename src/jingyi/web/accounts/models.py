"""People who sign in, and what the system has to tell them."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """One person. What they may do follows from their posts (`registry.Post`), not from flags."""

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=60)
    language = models.CharField(max_length=10, blank=True)

    REQUIRED_FIELDS = ["name"]

    def get_full_name(self):
        return self.name


class Notice(models.Model):
    """Something that happened and concerns one person; read on the page, sent by mail if set."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    sentence = models.JSONField()  # core.words.Sentence
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=120)  # the same notice is given once

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_given_once")]
        indexes = [models.Index(fields=["user", "read_at", "-at"])]


class SecondFactor(models.Model):
    """The phone that shows a person's codes; the secret is encrypted with a key outside the database."""

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    sealed = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)  # until then it is not asked for
    used = models.BigIntegerField(default=-1)  # the step of the last code: none is taken twice
    failures = models.IntegerField(
        default=0
    )  # wrong codes in a row, by somebody who has the password
    failed_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code for the day the phone is lost; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)


class SignIn(models.Model):
    """A session of a person: since when, on what, from where; ended by the person."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session = models.CharField(max_length=40, unique=True)  # its key
    agent = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=60, blank=True)  # network address
    at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-seen_at", "-pk")
