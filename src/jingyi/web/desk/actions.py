"""Writes of the desk: the key of one's own calendar feed."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from jingyi.web.accounts.models import User
from jingyi.web.desk.models import Feed
from jingyi.web.ledger import actions as ledger


def hash_of(key: str) -> str:
    """Return what is stored of a key. It has 256 random bits, so one round is enough."""
    return sha256(key.encode()).hexdigest()


@transaction.atomic
def make_feed(*, by: User, at: datetime) -> str:
    """Give `by` a new secret key and return it; the former one no longer opens anything."""
    key = secrets.token_urlsafe(32)
    Feed.objects.update_or_create(user=by, defaults={"key_hash": hash_of(key), "made_at": at})
    ledger.append(kind="feed.made", subject=f"user:{by.username}", facts={}, by=by, at=at)
    return key


@transaction.atomic
def close_feed(*, by: User, at: datetime) -> bool:
    """Close the feed of `by`; tell whether there was one."""
    closed = bool(Feed.objects.filter(user=by).delete()[0])
    if closed:
        ledger.append(kind="feed.closed", subject=f"user:{by.username}", facts={}, by=by, at=at)
    return closed
