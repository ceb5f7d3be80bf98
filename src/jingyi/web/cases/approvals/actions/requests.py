"""The chain of a request: asked, reviewed, checked again, decided; every opinion is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from jingyi.core import casefile, rulebook
from jingyi.core.procedure import Transition
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases import derive
from jingyi.web.cases.actions.steps import CaseChanged, record_event
from jingyi.web.cases.approvals import queries
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.approvals.models import Approval, Opinion
from jingyi.web.cases.models import Case
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger

Kind, Stage = Opinion.Kind, Approval.Stage


@transaction.atomic
def ask(
    *,
    case: Case,
    step: Transition,
    grounds: str,
    draft: str = "",
    until: date | None = None,
    facts: Mapping[str, Any],
    exhibit: Blob | None = None,
    exhibit_name: str = "",
    by: User,
    at: datetime,
) -> Approval:
    """Ask that `step` be decided.

    Raises:
        Http404: `by` may not act on the case.
        Refusal: the step needs no approval, is not open today, is asked for already, or nobody is
            there to review or decide it.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("office__parent")
        .get(pk=case.pk)
    )
    require_on(by, "case.step", case)
    _askable(case, step, timezone.localdate(at))
    superior = case.office.parent if step.decides == "superior" else None
    reviewed = queries.head_reviews(case.office, timezone.localdate(at))
    # whoever heads the department has said so by asking
    reviewed = reviewed and not queries.heads_of(case).filter(pk=by.pk).exists()
    approval = Approval.objects.create(
        case=case, office=case.office, superior=superior, step=step.id,
        stage=Stage.REVIEW if reviewed else Stage.DECISION, grounds=grounds.strip(),
        draft=draft.strip(), until=until, facts=dict(facts), exhibit=exhibit,
        exhibit_name=exhibit_name, by=by, at=at,
    )  # fmt: skip
    if not queries.next_people(approval):
        raise Refusal(
            "{stage}，但本院没有担任这一职务的人。请管理员在“机构”里登记，或者由检察长更改本院的报批程序。",
            stage=approval.get_stage_display(),
        )
    _say(approval, Kind.ASKED, grounds, by, at)
    return approval


@transaction.atomic
def review(*, approval: Approval, agrees: bool, text: str, by: User, at: datetime) -> Approval:
    """Give the department head's opinion; either way the chief procurator decides (R7)."""
    approval = _locked(approval, by, (Stage.REVIEW,))
    if not agrees:
        _needs(text, Refusal("不同意的，请写明理由。检察长会同时看到承办人和您的意见。"))
    approval.stage = Stage.DECISION
    return _say(approval, Kind.AGREED if agrees else Kind.DISAGREED, text, by, at)


@transaction.atomic
def recheck(*, approval: Approval, text: str, by: User, at: datetime) -> Approval:
    """Order that the matter be checked again before it is decided (R8)."""
    approval = _locked(approval, by, (Stage.DECISION, Stage.SUPERIOR))
    _needs(text, Refusal("请写明要复核什么。"))
    approval.stage = Stage.RECHECK
    return _say(approval, Kind.RECHECK, text, by, at)


@transaction.atomic
def rechecked(*, approval: Approval, text: str, by: User, at: datetime) -> Approval:
    """Answer an order to check again; the request goes back to who gave it."""
    approval = _locked(approval, by, (Stage.RECHECK,))
    _needs(text, Refusal("请写明复核的情况。"))
    above = approval.opinions.filter(kind=Kind.FORWARDED).exists()
    approval.stage = Stage.SUPERIOR if above else Stage.DECISION
    return _say(approval, Kind.RECHECKED, text, by, at)


@transaction.atomic
def committee(*, approval: Approval, on: date, text: str, by: User, at: datetime) -> Approval:
    """Record what the procuratorial committee thought of it; who decides stays the same."""
    approval = _locked(approval, by, (Stage.DECISION, Stage.SUPERIOR))
    _needs(text, Refusal("请写明检察委员会的意见。"))
    if on > timezone.localdate(at):
        raise Refusal("检察委员会的会议日期 {on} 还没有到，请核对。", on=on)
    return _say(approval, Kind.COMMITTEE, text, by, at, on=on)


@transaction.atomic
def approve(
    *,
    approval: Approval,
    on: date,
    until: date | None = None,
    number: str = "",
    text: str = "",
    uncounted: bool = False,
    by: User,
    at: datetime,
    version: int,
) -> Approval:
    """Approve: the step goes on file with every consequence, or the request up to the superior.

    Args:
        on: the day of the decision, which is the day the step takes effect.
        version: the case's version as the decider read it.

    Raises:
        CaseChanged: the case was changed since, or has gone to another office.
        StepClosed, NotCounted, Refusal: as `record_event`. Nothing has been written then.
    """
    approval = _locked(approval, by, (Stage.DECISION, Stage.SUPERIOR))
    case = approval.case
    if case.office_id != approval.office_id:
        raise CaseChanged(
            "案件已不在提请的检察院，这份报批不能再批准。请退回，由现在的承办院报批。"
        )
    if approval.superior_id and approval.stage == Stage.DECISION:
        approval.stage = Stage.SUPERIOR
        return _say(approval, Kind.FORWARDED, text, by, at, on=on)
    if approval.superior_id and until is None and _extends(approval):
        raise Refusal("上一级院批准延长的，请写明延长到哪一天为止。")
    event = record_event(
        case=case, kind=_step(approval).event, on=on, until=until,
        facts={**approval.facts, **({"number": number} if number else {})},
        exhibit=approval.exhibit, exhibit_name=approval.exhibit_name, uncounted=uncounted,
        by=by, at=at, version=version, warrant=f"approval:{approval.pk}",
    )  # fmt: skip
    approval.stage, approval.event, approval.decided_at = Stage.APPROVED, event, at
    return _say(approval, Kind.APPROVED, text, by, at, on=on)


@transaction.atomic
def send_back(*, approval: Approval, text: str, by: User, at: datetime) -> Approval:
    """Return a request: what was asked for is not decided."""
    approval = _locked(approval, by, (Stage.DECISION, Stage.SUPERIOR))
    _needs(text, Refusal("退回要写明理由：为什么不批准，或者还缺什么。"))
    approval.stage, approval.decided_at = Stage.RETURNED, at
    return _say(approval, Kind.RETURNED, text, by, at)


@transaction.atomic
def dissent(*, approval: Approval, text: str, by: User, at: datetime) -> Approval:
    """Keep on file that the proposer disagrees with what others said of it (R8)."""
    approval = _fresh(approval)
    if by.pk != approval.by_id:
        raise Refusal("只有提请的检察官可以附上不同意见。")
    if not approval.opinions.exclude(by=by).exists():
        raise Refusal("还没有人表示意见，还没有可以保留不同意见的意见或者决定。")
    _needs(text, Refusal("请写下不同意见。"))
    return _say(approval, Kind.DISSENT, text, by, at)


@transaction.atomic
def withdraw(*, approval: Approval, text: str, by: User, at: datetime) -> Approval:
    """Take one's own request back before it is decided; it stays on file."""
    approval = _fresh(approval)
    if by.pk != approval.by_id:
        raise Refusal("只有提请的检察官可以撤回报批。")
    if approval.stage not in Approval.OPEN:
        raise Refusal("已经有了结果（{stage}），不能再撤回。", stage=approval.get_stage_display())
    _needs(text, Refusal("请写明撤回的理由。"))
    approval.stage, approval.decided_at = Stage.WITHDRAWN, at
    return _say(approval, Kind.WITHDRAWN, text, by, at)


def _askable(case: Case, step: Transition, on: date) -> None:
    """Refuse a step that needs no approval, or that the case is not ready for."""
    if step.decides not in rulebook.approvals().decides:
        raise Refusal(
            "“{step}”由{who}决定，不必报批，直接登记即可。", step=step.title, who=step.decider
        )
    if step.decides == "superior" and case.office.parent is None:
        raise Refusal("本院在系统里没有上一级检察院，不能报请。请管理员在“机构”里登记。")
    if case.approvals.filter(step=step.id, stage__in=Approval.OPEN).exists():
        raise Refusal("“{step}”已经报批，正在等待决定。请看那一份。", step=step.title)
    law = derive.law_of(case)
    standing = casefile.stand(law, derive.history(case.events.filter(undone_at=None)), on=on)
    found = next(one for one in casefile.steps_now(law, standing) if one.transition.id == step.id)
    if not found.open:
        raise Refusal("现在不能报批“{step}”：{why}。", step=step.title, why=found.reasons[0])


def _step(approval: Approval) -> Transition:
    return rulebook.states(approval.case.track).steps[approval.step]


def _extends(approval: Approval) -> bool:
    return _step(approval).event == "review.extended.superior"


def _needs(text: str, otherwise: Refusal) -> None:
    if not text.strip():
        raise otherwise


def _fresh(approval: Approval) -> Approval:
    found = Approval.objects.select_for_update(of=("self",))
    return found.select_related("case__office", "office", "superior", "by").get(pk=approval.pk)


def _locked(approval: Approval, by: User, stages: tuple[str, ...]) -> Approval:
    """Return the request as it stands, if it is there and `by` is who it waits for."""
    found = _fresh(approval)
    require_seen = queries.approvals_for(by).filter(pk=found.pk).exists()
    if not require_seen or queries.stands_aside(by, found.case):
        raise Refusal("您不能办理这份报批。")
    if found.stage not in stages:
        raise Refusal(
            "您打开之后，这份报批已经到了下一步：{stage}。请先看最新的意见。",
            stage=found.get_stage_display(),
        )
    if not queries.may_answer(by, found):
        raise Refusal("这份报批现在不由您办理：{stage}。", stage=found.get_stage_display())
    return found


def _say(
    approval: Approval,
    kind: Opinion.Kind,
    text: str,
    by: User,
    at: datetime,
    *,
    on: date | None = None,
) -> Approval:
    """Keep an opinion, in the ledger too, and tell whoever is next."""
    approval.save()
    deciding = kind in {Kind.RECHECK, Kind.FORWARDED, Kind.APPROVED, Kind.RETURNED}
    delegated = deciding and not queries.own_offices(by, "case.decide")
    said = Opinion.objects.create(
        approval=approval, kind=kind, text=text.strip(), on=on, delegated=delegated, by=by, at=at
    )
    ledger.append(
        kind=f"approval.{kind}",
        subject=f"case:{approval.case.ref}",
        facts={
            "approval": approval.pk,
            "step": approval.step,
            "stage": approval.stage,
            "text": said.text,
            "on": on.isoformat() if on else None,
            "delegated": delegated,
        },
        by=by,
        at=at,
        office=approval.office,
    )
    title = _step(approval).title
    told = say("{ref} 报批“{step}”，等待您办理", ref=approval.case.ref, step=title)
    for person in queries.next_people(approval):
        _tell(person, told, approval, said, by)
    if by.pk != approval.by_id and approval.stage != Stage.RECHECK:
        result = say("{ref} 报批“{step}”有了新的意见", ref=approval.case.ref, step=title)
        _tell(approval.by, result, approval, said, by)
    return approval


def _tell(person: User, sentence: Sentence, approval: Approval, said: Opinion, by: User) -> None:
    if person.pk != by.pk:
        notify(
            user=person, sentence=sentence, url=approval.get_absolute_url(),
            key=f"approval:{approval.pk}:{said.pk}:{person.pk}", at=said.at,
        )  # fmt: skip
