"""What an office sets itself: the department head's review, and who decides in the chief's stead."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.models import Chain, Delegation
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import people_of


@transaction.atomic
def set_chain(
    *,
    office: Procuratorate,
    head_reviews: bool,
    since: date,
    reason: str,
    by: User,
    at: datetime,
) -> Chain:
    """Say whether requests made from `since` on pass the department head first."""
    require(by, "case.decide", office)
    if since < timezone.localdate(at):
        raise Refusal("只能从今天或者以后起改变：已经报批的，按报批时的程序办完。")
    chain = Chain.objects.create(
        office=office, head_reviews=head_reviews, since=since, reason=reason, by=by, at=at
    )
    facts = {"head_reviews": head_reviews, "since": since.isoformat(), "reason": reason}
    _enter("approval.chain-set", office, facts, by, at)
    return chain


@transaction.atomic
def delegate(
    *,
    office: Procuratorate,
    to: User,
    since: date,
    until: date,
    reason: str,
    by: User,
    at: datetime,
) -> Delegation:
    """Name who decides requests in the chief procurator's stead, from a day until a day."""
    require(by, "case.decide", office)
    if until < since:
        raise Refusal("委托的最后一日 {until} 早于第一日 {since}。", until=until, since=since)
    if not people_of(office).filter(user=to).exclude(user=by).exists():
        raise Refusal("{name}不是本院的其他人员，不能受委托。", name=to.name)
    given = Delegation.objects.create(
        office=office, to=to, since=since, until=until, reason=reason, by=by, at=at
    )
    facts = {
        "to": to.username,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "reason": reason,
    }
    _enter("approval.delegated", office, facts, by, at)
    return given


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: User, at: datetime) -> Delegation:
    """End a delegation now; what was decided under it stands."""
    require(by, "case.decide", delegation.office)
    if delegation.ended_at is None:
        delegation.ended_at = at
        delegation.save(update_fields=["ended_at"])
        _enter(
            "approval.delegation-ended", delegation.office, {"to": delegation.to.username}, by, at
        )
    return delegation


def _enter(
    kind: str, office: Procuratorate, facts: dict[str, object], by: User, at: datetime
) -> None:
    ledger.append(
        kind=kind, subject=f"office:{office.code}", facts=facts, by=by, at=at, office=office
    )
