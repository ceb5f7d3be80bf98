"""Writes of the registry: who holds which post."""

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Department, Level, Post, Procuratorate, Region

OWN = ("own", "000000", "本院", "本辖区")  # office and region of a data folder that has none
FIRST_ROLES = ("administrator", "chief", "prosecutor")


@transaction.atomic
def found_office(*, at: datetime) -> Procuratorate:
    """Make the one office of an empty data folder; its name is changed by whoever it is for."""
    code, region_code, name, region_name = OWN
    region = Region.objects.get_or_create(
        code=region_code, defaults={"name": region_name, "level": Level.CITY}
    )[0]
    office = Procuratorate.objects.create(
        code=code, name=name, level=Level.CITY, region=region, path="/"
    )
    office.path = f"/{office.pk}/"
    office.save(update_fields=["path"])
    ledger.append(
        kind="office.founded", subject=f"office:{code}", facts={}, by=None, at=at, office=office
    )
    return office


@transaction.atomic
def first_person(*, at: datetime) -> tuple[User, str] | None:
    """Make the first account where there is none; return it with its password, kept nowhere."""
    if User.objects.exists():
        return None
    office = Procuratorate.objects.order_by("path").first() or found_office(at=at)
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user("admin", password=password, name="管理员")
    for role in FIRST_ROLES:
        post = Post.objects.create(
            user=user, role=role, procuratorate=office, since=timezone.localdate(at)
        )
        _record("post.given", post, {"role": role}, user, at)
    return user, password


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
