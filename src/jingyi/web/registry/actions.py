"""Writes of the registry: who holds which post."""

from datetime import date, datetime, timedelta

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Department, Post, Procuratorate


@transaction.atomic
def appoint(
    *,
    user: User,
    role: str,
    office: Procuratorate,
    department: Department | None = None,
    since: date,
    by: User,
    at: datetime,
) -> Post:
    """Give `user` a post in `office`.

    Raises:
        Refusal: the person already holds this post.
    """
    require(by, "registry.change", office)
    if Post.objects.filter(user=user, role=role, procuratorate=office, until=None).exists():
        raise Refusal("{name}已担任这一职务；如需变更部门，请先免去原职务。", name=user.name)
    post = Post.objects.create(
        user=user, role=role, procuratorate=office, department=department, since=since
    )
    _record("post.given", post, {"role": role, "since": since.isoformat()}, by, at)
    return post


@transaction.atomic
def relieve(*, post: Post, on: date, by: User, at: datetime) -> Post:
    """End a post: the day before `on` is its last."""
    require(by, "registry.change", post.procuratorate)
    post.until = on - timedelta(days=1)
    post.save(update_fields=["until"])
    _record("post.ended", post, {"role": post.role, "on": on.isoformat()}, by, at)
    return post


def _record(kind: str, post: Post, facts: dict[str, str], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind,
        subject=f"user:{post.user.username}",
        facts=facts,
        by=by,
        at=at,
        office=post.procuratorate,
    )
