"""Reads about offices. Every other room asks here what a person's offices are."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.registry.models import Organ, Post, Procuratorate


def posts_of(user: User) -> list[Post]:
    """Return the posts `user` holds today; remembered on the user for one request."""
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_posts_today"):
        today = timezone.localdate()
        user._posts_today = list(  # noqa: SLF001 -- a per-request memory, dies with the request
            Post.objects.filter(user=user, since__lte=today)
            .filter(Q(until=None) | Q(until__gte=today))
            .select_related("procuratorate__region", "organ", "department")
        )
    return user._posts_today  # noqa: SLF001


def acts_of(user: User) -> set[str]:
    """Return every act that some post of `user` allows, e.g. ``"lead.decline"``."""
    roles = rulebook.roles()
    return {act for post in posts_of(user) for act in roles[post.role].may}


def offices_for(user: User, act: str | None = None) -> QuerySet[Procuratorate]:
    """Return the procuratorates `user` may see: the subtrees of the posts that allow `act`."""
    roles = rulebook.roles()
    scope = Q(pk=None)
    for post in posts_of(user):
        if post.procuratorate and (act is None or act in roles[post.role].may):
            scope |= Q(path__startswith=post.procuratorate.path)
    return Procuratorate.objects.filter(scope)


def organs_for(user: User) -> QuerySet[Organ]:
    """Return the organs within the regions of the offices `user` may see."""
    codes = offices_for(user).values_list("region__code", flat=True)
    scope = Q(pk=None)
    for code in codes:
        scope |= Q(region__code__startswith=code.rstrip("0").ljust(2, "0"))
    return Organ.objects.filter(scope)


def seats_for(user: User, act: str) -> QuerySet[Organ]:
    """Return the organs in which a post of `user` itself allows `act`; no organ is above another."""
    roles = rulebook.roles()
    own = [post.organ_id for post in posts_of(user) if post.organ and act in roles[post.role].may]
    return Organ.objects.filter(pk__in=own)


def seated(organ: Organ, act: str) -> QuerySet[User]:
    """Return who in `organ` holds a post that allows `act` today."""
    return _holding(act, organ=organ).distinct()


def holders(office: Procuratorate, act: str) -> QuerySet[User]:
    """Return who in `office` itself holds a post that allows `act` today."""
    return _holding(act, procuratorate=office).distinct()


def anywhere(act: str) -> QuerySet[User]:
    """Return who holds a post that allows `act` today, in whatever office: for what concerns all."""
    return _holding(act).distinct()


def _holding(act: str, **where: object) -> QuerySet[User]:
    """Return who holds a post there that allows `act` today; one post meets all of it."""
    today = timezone.localdate()
    roles = [role.id for role in rulebook.roles().values() if act in role.may]
    return User.objects.filter(
        Q(posts__until=None) | Q(posts__until__gte=today),
        posts__role__in=roles,
        posts__since__lte=today,
        is_active=True,
        **{f"posts__{name}": value for name, value in where.items()},
    )


def as_tree(offices: QuerySet[Procuratorate]) -> list[tuple[int, Procuratorate]]:
    """Return offices in tree order with their depth, the topmost visible one at 0."""
    found = sorted(offices.select_related("region"), key=lambda o: _numbers(o.path))
    top = min((office.path.count("/") for office in found), default=0)
    return [(office.path.count("/") - top, office) for office in found]


def _numbers(path: str) -> list[int]:
    return [int(part) for part in path.strip("/").split("/")]


def people_of(office: Procuratorate) -> QuerySet[Post]:
    """Return the posts held in `office` today."""
    today = timezone.localdate()
    return (
        office.posts.filter(since__lte=today)
        .filter(Q(until=None) | Q(until__gte=today))
        .select_related("user", "department")
        .order_by("department_id", "role", "user__name")
    )


def organs_of(office: Procuratorate) -> QuerySet[Organ]:
    """Return the organs of the office's own region."""
    return office.region.organs.order_by("name")
