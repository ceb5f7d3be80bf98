"""Writes about people."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from jingyi.core.words import Sentence
from jingyi.web.accounts.models import Notice, User


def notify(*, user: User, sentence: Sentence, url: str, key: str, at: datetime) -> Notice:
    """Tell `user` once per `key`; by mail too where the office has a mail server."""
    notice, new = Notice.objects.get_or_create(
        user=user, key=key, defaults={"sentence": sentence.to_json(), "url": url, "at": at}
    )
    if new and settings.EMAIL_HOST and user.email:
        transaction.on_commit(lambda: _mail(user, sentence))
    return notice


def _mail(user: User, sentence: Sentence) -> None:
    # No link and no name of a case leaves the office by mail: the sentence is enough to look.
    send_mail("精益 Jingyi", str(sentence), None, [user.email], fail_silently=True)


def read_notices(*, by: User, at: datetime) -> int:
    """Mark every notice of `by` as read; return how many were new."""
    return Notice.objects.filter(user=by, read_at=None).update(read_at=at)


@transaction.atomic
def change_password(*, password: str, by: User) -> User:
    """Give `by` a new password; the caller has checked the old one."""
    by.set_password(password)
    by.save(update_fields=["password"])
    return by
