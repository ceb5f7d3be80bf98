"""The days of a case's fact are set right, with the reason."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jingyi.core import domains, rulebook
from jingyi.core.basis import Facts
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions import steps
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.basis.days import days_of
from jingyi.web.cases.models import Case
from jingyi.web.ledger import actions as ledger


@transaction.atomic
def date_facts(
    *, case: Case, facts: Facts, reason: str, by: User, at: datetime, version: int
) -> Case:
    """Set the days of the fact right; other statutes may hold then.

    Raises:
        Http404: `by` may not take steps in this case.
        CaseChanged: the case was changed since it was read.
        MayNotOpen: no statute had opened the domain by then.
        Refusal: no reason is given, or the first day lies ahead.
    """
    case = steps.locked(case, version)
    require_on(by, "case.step", case)
    steps.not_ahead(facts.began, None, at)
    if not reason.strip():
        raise Refusal("请写明更正事实日期的理由：适用的法律会随之改变。")
    last = facts.last(timezone.localdate(at))
    domains.may_open(rulebook.domain(case.domain), case.track, case.office.level, fact_on=last)
    was = days_of(case)
    case.fact_from, case.fact_to = facts.began, facts.ended
    case.version += 1
    case.save(update_fields=["fact_from", "fact_to", "version"])
    ledger.append(
        kind="case.facts-dated",
        subject=f"case:{case.ref}",
        facts={"was": was, **days_of(case), "reason": reason.strip()},
        by=by,
        at=at,
        office=case.office,
    )
    return case
