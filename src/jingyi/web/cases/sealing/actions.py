"""Sealing a case, letting people in and out, lifting the seal; reads and what leaves are on record."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.sealing.marking import watermark
from jingyi.web.cases.sealing.models import Sealing
from jingyi.web.cases.sealing.queries import who_may_join
from jingyi.web.evidence.models import Withheld
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import may

SEALS = "case.decide"  # the chief procurator's


@transaction.atomic
def seal_case(
    *, case: Case, reason: str, members: Iterable[User], by: User, at: datetime
) -> Sealing:
    """Keep a case to `members`, whoever handles it, and whoever seals it.

    Raises:
        Http404: `by` may not seal it.
        Refusal: no reason, sealed already, or one of the people may not read the office's cases.
    """
    require_on(by, SEALS, case)
    if not reason.strip():
        raise Refusal("密封案件必须写明理由；理由会记入账本。")
    inside = _allowed(case, {*members, by, case.handler})
    try:
        with transaction.atomic():
            group = Withheld.objects.create(number=case.ref)
            made = Sealing.objects.create(
                case=case, group=group, reason=reason.strip(), by=by, at=at
            )
    except IntegrityError as twice:
        raise Refusal("这件案件已经密封；要改知悉范围，请在知悉范围里改。") from twice
    group.readers.set(inside)
    _record(
        made,
        "sealing.begun",
        by=by,
        at=at,
        reason=made.reason,
        readers=[u.username for u in inside],
    )
    return made


@transaction.atomic
def set_group(*, case: Case, members: Iterable[User], by: User, at: datetime) -> Sealing:
    """Say anew who is inside. Whoever handles the case stays, and somebody who can lift the seal.

    Raises:
        Http404: `by` is outside, or may not decide.
        Refusal: not sealed, the group would lack a person it needs, or has one who may not be in it.
    """
    require_on(by, SEALS, case)
    found = _standing(case)
    inside = _allowed(case, {*members, case.handler})
    if not any(may(user, SEALS, case.office) for user in inside):
        raise Refusal("知悉范围里至少要有一名能解除密封的检察长。")
    before = {user.username for user in found.group.readers.all()}
    found.group.readers.set(inside)
    after = {user.username for user in inside}
    facts = {"admitted": sorted(after - before), "removed": sorted(before - after)}
    _record(found, "sealing.changed", by=by, at=at, **facts)
    return found


@transaction.atomic
def lift(*, case: Case, reason: str, by: User, at: datetime) -> Sealing:
    """End the sealing: the case is again what its office reads.

    Raises:
        Http404: `by` is outside, or may not decide.
        Refusal: not sealed, or no reason.
    """
    require_on(by, SEALS, case)
    found = _standing(case)
    if not reason.strip():
        raise Refusal("解除密封必须写明理由；理由会记入账本。")
    found.lifted_at, found.lifted_by, found.lifted_reason = at, by, reason.strip()
    found.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    found.group.ended_at = at
    found.group.save(update_fields=["ended_at"])
    _record(found, "sealing.lifted", by=by, at=at, reason=found.lifted_reason)
    return found


def record_read(*, sealing: Sealing, page: str, by: User, at: datetime) -> None:
    """Put on record that somebody inside opens a page of a sealed case, before it is shown."""
    _record(sealing, "sealing.read", by=by, at=at, page=page)


@transaction.atomic
def record_sealed_export(*, cases: QuerySet[Case], by: User, at: datetime) -> Sentence | None:
    """Put on record each sealed case that leaves in a list; return the list's mark, if any did."""
    found = Sealing.objects.filter(case__in=cases, lifted_at=None).select_related("case__office")
    gone = list(found.order_by("pk"))
    for sealing in gone:
        _record(sealing, "sealing.exported", by=by, at=at)
    return watermark(by, at) if gone else None


def _standing(case: Case) -> Sealing:
    found = Sealing.objects.select_for_update(of=("self",)).select_related("case__office", "group")
    sealing = found.filter(case=case, lifted_at=None).first()
    if sealing is None:
        raise Refusal("这件案件没有密封。")
    return sealing


def _allowed(case: Case, people: set[User]) -> list[User]:
    allowed = set(who_may_join(case.office).values_list("pk", flat=True))
    for user in people:
        if user.pk not in allowed:
            raise Refusal("{who} 无权阅看本院案件，不能列入知悉范围。", who=user.name)
    return sorted(people, key=lambda user: user.username)


def _record(sealing: Sealing, kind: str, *, by: User, at: datetime, **facts: object) -> None:
    case = sealing.case
    ledger.append(
        kind=kind, subject=f"case:{case.ref}", facts=facts, by=by, at=at, office=case.office
    )
