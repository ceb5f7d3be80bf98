"""Reads about approvals and recusals. Every one starts from what a person may see."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.models import Approval, Chain, Delegation, Recusal
from jingyi.web.cases.models import Case
from jingyi.web.cases.sealing.queries import kept_from
from jingyi.web.registry.models import Post, Procuratorate
from jingyi.web.registry.queries import holders, offices_for, posts_of

Stage = Approval.Stage


def own_offices(user: User, act: str) -> set[int]:
    """Return the offices in which `user` itself holds the act; those below do not count."""
    roles = rulebook.roles()
    return {
        post.procuratorate_id
        for post in posts_of(user)
        if post.procuratorate_id and act in roles[post.role].may
    }


def delegations(on: date) -> QuerySet[Delegation]:
    """Return the delegations in force on a day."""
    return Delegation.objects.filter(since__lte=on, until__gte=on, ended_at=None)


def deciding_offices(user: User) -> set[int]:
    """Return the offices whose requests `user` decides: as chief procurator, or as a delegate."""
    today = timezone.localdate()
    given = delegations(today).filter(to=user).values_list("office", flat=True)
    return own_offices(user, "case.decide") | set(given)


def approvals_for(user: User) -> QuerySet[Approval]:
    """Return the requests `user` may see: of the cases one may read, one's own, or to be decided.

    The superior's people see the request that came to them, whatever else of that office they see.
    """
    deciding = deciding_offices(user)
    return Approval.objects.filter(
        Q(case__office__in=offices_for(user, "case.read"))
        | Q(superior__in=deciding, opinions__kind="forwarded")
        | Q(office__in=deciding),
        ~kept_from(user, "case"),
    ).distinct()


def waiting_for(user: User) -> QuerySet[Approval]:
    """Return the requests that wait for `user` as the next in the chain, oldest first."""
    review = Q(pk=None)
    roles = rulebook.roles()
    for post in posts_of(user):
        if post.procuratorate_id and "approval.review" in roles[post.role].may:
            here = Q(office=post.procuratorate_id)
            if post.department_id:
                here &= Q(case__department=None) | Q(case__department=post.department_id)
            review |= here
    deciding = deciding_offices(user)
    return (
        Approval.objects.filter(
            Q(stage=Stage.REVIEW) & review & ~Q(by=user)
            | Q(stage=Stage.DECISION, office__in=deciding)
            | Q(stage=Stage.SUPERIOR, superior__in=deciding)
            | Q(stage=Stage.RECHECK, by=user),
            ~kept_from(user, "case"),
        )
        .exclude(case__in=recused_cases(user))
        .select_related("case", "office", "by")
        .order_by("at", "pk")
    )


def may_answer(user: User, approval: Approval) -> bool:
    """Tell whether the request waits for `user`."""
    return waiting_for(user).filter(pk=approval.pk).exists()


def next_people(approval: Approval) -> list[User]:
    """Return whom the request waits for."""
    match approval.stage:
        case Stage.REVIEW:
            return list(heads_of(approval.case).exclude(pk=approval.by_id))
        case Stage.DECISION:
            return list(deciders_of(approval.office))
        case Stage.SUPERIOR if approval.superior:
            return list(deciders_of(approval.superior))
        case Stage.RECHECK:
            return [approval.by]
    return []


def heads_of(case: Case) -> QuerySet[User]:
    """Return who heads the case's department; of any, where the case has none."""
    today = timezone.localdate()
    roles = [role.id for role in rulebook.roles().values() if "approval.review" in role.may]
    posts = Post.objects.filter(
        Q(until=None) | Q(until__gte=today),
        procuratorate=case.office_id,
        role__in=roles,
        since__lte=today,
    )
    if case.department_id:
        posts = posts.filter(Q(department=None) | Q(department=case.department_id))
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("name")


def deciders_of(office: Procuratorate) -> QuerySet[User]:
    """Return the chief procurator and whoever decides in the chief's stead today."""
    given = delegations(timezone.localdate()).filter(office=office).values("to")
    chiefs = holders(office, "case.decide").values("pk")
    return User.objects.filter(Q(pk__in=chiefs) | Q(pk__in=given), is_active=True).order_by("name")


def head_reviews(office: Procuratorate, on: date) -> bool:
    """Tell whether a request of the office passes the department head first."""
    chain = Chain.objects.filter(office=office, since__lte=on).last()
    return chain.head_reviews if chain else rulebook.approvals().head_reviews


def recused_cases(user: User) -> QuerySet[Case]:
    """Return the cases `user` has been taken off."""
    return Case.objects.filter(recusals__person=user, recusals__stage__in=Recusal.OFF)


def stands_aside(user: User, case: Case) -> bool:
    """Tell whether `user` has been taken off the case by a recusal."""
    return Recusal.objects.filter(case=case, person=user, stage__in=Recusal.OFF).exists()


def is_out(user: User, case: Case) -> bool:
    """Tell whether `user` is off the case: by a recusal, or outside the group it is sealed to."""
    off = Recusal.objects.filter(case=OuterRef("pk"), person=user, stage__in=Recusal.OFF)
    return Case.objects.filter(Exists(off) | kept_from(user), pk=case.pk).exists()


def recusals_for(user: User) -> QuerySet[Recusal]:
    """Return the recusals of the cases `user` may read."""
    return Recusal.objects.filter(
        ~kept_from(user, "case"), case__office__in=offices_for(user, "case.read")
    )


def recusals_waiting_for(user: User) -> QuerySet[Recusal]:
    """Return the recusals `user` decides, or enters the committee's decision on, oldest first."""
    return (
        Recusal.objects.filter(
            Q(body="chief", case__office__in=deciding_chief(user))
            | Q(body="committee", case__office__in=own_offices(user, "recusal.committee")),
            ~kept_from(user, "case"),
            stage__in=[Recusal.Stage.WAITING, Recusal.Stage.AGAIN],
        )
        .exclude(person=user)
        .select_related("case", "by")
        .order_by("asked_on", "pk")
    )


def deciding_chief(user: User) -> set[int]:
    """Return the offices whose chief procurator `user` is: a recusal is not delegated."""
    return own_offices(user, "case.decide")


def answer_by(recusal: Recusal) -> date | None:
    """Return the last day to decide, or to decide again; None where nothing is to be decided."""
    asked = {
        Recusal.Stage.WAITING: ("recusal.decide", recusal.asked_on),
        Recusal.Stage.AGAIN: ("recusal.reconsider", recusal.again_on),
    }
    if recusal.stage not in asked:
        return None
    rule, since = asked[recusal.stage]
    clock = recusal.case.clocks.filter(rule=rule, started_on=since).first()
    return clock.due_on if clock else None
