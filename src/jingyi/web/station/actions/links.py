"""An address that opens one matter once. The address itself is told once and never kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.station.actions.matters import record
from jingyi.web.station.models import Link, Matter


@transaction.atomic
def make(*, matter: Matter, for_whom: str, by: User, at: datetime) -> tuple[Link, str]:
    """Make a link; return it with its key, which is not kept."""
    require_on(by, "case.step", matter.suggestion.case)
    if not for_whom.strip():
        raise Refusal("请写明发给谁。")
    key = secrets.token_urlsafe(24)
    link = Link.objects.create(
        matter=matter, key_hash=hash_of(key), for_whom=for_whom.strip(), by=by, at=at,
        until=at + timedelta(days=rulebook.station().link_days),
    )  # fmt: skip
    record(matter, "station.link-made", {"link": link.pk}, by, at)
    return link, key


@transaction.atomic
def revoke(*, link: Link, by: User, at: datetime) -> Link:
    """Close a link, whether it was opened or not."""
    require_on(by, "case.step", link.matter.suggestion.case)
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
    record(link.matter, "station.link-revoked", {"link": link.pk}, by, at)
    return link


def waiting(key: str, *, at: datetime) -> Link | None:
    """Return the link that a key opens, if it still opens one."""
    return Link.objects.filter(
        key_hash=hash_of(key), opened_at=None, revoked_at=None, until__gt=at
    ).first()


@transaction.atomic
def open_once(key: str, *, at: datetime) -> Link | None:
    """Open a link; of two who try at once, one succeeds."""
    link = waiting(key, at=at)
    if link is None:
        return None
    taken = Link.objects.filter(pk=link.pk, opened_at=None).update(opened_at=at)
    if not taken:
        return None
    link.opened_at = at
    record(link.matter, "station.link-opened", {"link": link.pk}, link.by, at)
    return link


def still_open(link: Link, *, at: datetime) -> bool:
    """Tell whether what a link opened may still be read."""
    hours = timedelta(hours=rulebook.station().link_hours)
    return bool(link.opened_at) and not link.revoked_at and at < link.opened_at + hours


def hash_of(key: str) -> str:
    """Return what is kept of a key."""
    return sha256(key.encode()).hexdigest()
