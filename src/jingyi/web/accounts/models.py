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
