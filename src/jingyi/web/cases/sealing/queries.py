"""Who is inside a sealed case. Below the room's other reads: they ask here."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case
from jingyi.web.cases.sealing.models import Sealing
from jingyi.web.registry.models import Post, Procuratorate


def kept_from(user: User, case: str = "pk") -> Exists:
    """Return the condition that a row's case is sealed and `user` is outside its group.

    Args:
        case: the row's field that holds the case's key.
    """
    standing = Sealing.objects.filter(case=OuterRef(case), lifted_at=None)
    return Exists(standing.exclude(group__readers=user))


def is_kept_from(user: User, case: Case) -> bool:
    """Tell whether the case is sealed and `user` is outside its group."""
    return Sealing.objects.filter(case=case, lifted_at=None).exclude(group__readers=user).exists()


def sealing_of(case: Case) -> Sealing | None:
    """Return the sealing that stands, with its people."""
    found = Sealing.objects.filter(case=case, lifted_at=None)
    return found.select_related("by", "group").prefetch_related("group__readers").first()


def who_may_join(office: Procuratorate) -> QuerySet[User]:
    """Return who may be let in: who reads the office's cases, there or in an office above it."""
    roles = [role.id for role in rulebook.roles().values() if "case.read" in role.may]
    numbers = [int(part) for part in office.path.strip("/").split("/")]
    today = timezone.localdate()
    there = Post.objects.filter(
        Q(until=None) | Q(until__gte=today),
        since__lte=today,
        procuratorate__in=numbers,
        role__in=roles,
    )
    return User.objects.filter(pk__in=there.values("user"), is_active=True).order_by("name", "pk")
