"""Recusal: applied for, decided within its days, looked at again once; a handler is replaced."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions.steps import record_event
from jingyi.web.cases.approvals import queries
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.approvals.models import Recusal
from jingyi.web.cases.models import Case
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import may
from jingyi.web.registry.queries import holders

Stage = Recusal.Stage
DECISIONS = ("recusal.decided", "recusal.reconsidered")


@transaction.atomic
def apply(
    *,
    case: Case,
    capacity: str,
    person: User | None,
    name: str = "",
    own: bool,
    applicant: str = "",
    ground: str,
    text: str,
    asked_on: date,
    by: User,
    at: datetime,
    version: int,
) -> Recusal:
    """Enter an application for recusal received on `asked_on`; its clock starts.

    Raises:
        Http404: `by` may not act on the case.
        Refusal: nobody is named, the person's recusal is asked for or granted already, or a
            self-recusal is entered by somebody else.
    """
    require_on(by, "case.step", case)
    found = rulebook.approvals().capacities[capacity]
    if found.staff and person is None:
        raise Refusal("请选择申请谁回避：{who}是本院人员。", who=found.title)
    name = person.name if person else name.strip()
    if not name:
        raise Refusal("请写明申请谁回避：{who}的姓名或者单位。", who=found.title)
    if own and person and person.pk != by.pk:
        raise Refusal("自行回避由本人提出。当事人申请的，请写明申请人。")
    if not own and not applicant.strip():
        raise Refusal("请写明是谁申请回避；本人提出的，请选“自行回避”。")
    same = case.recusals.filter(person=person, name=name)
    if same.exclude(stage__in=[Stage.REFUSED, Stage.UPHELD]).exists():
        raise Refusal("{name}在本案的回避正在办理，或者已经决定回避。", name=name)
    recusal = Recusal.objects.create(
        case=case, capacity=capacity, person=person, name=name, own=own,
        applicant=applicant.strip(), ground=ground, text=text.strip(), asked_on=asked_on,
        body=found.body, by=by, at=at,
    )  # fmt: skip
    _record(recusal, "recusal.requested", asked_on, by=by, at=at, version=version)
    return _told(recusal, by, at)


@transaction.atomic
def decide(
    *,
    recusal: Recusal,
    grants: bool,
    reason: str,
    on: date,
    successor: User | None = None,
    by: User,
    at: datetime,
    version: int,
) -> Recusal:
    """Grant or refuse an application; a handler who stands aside is replaced by `successor`."""
    recusal = _locked(recusal, by, Stage.WAITING)
    _needs(reason, Refusal("请写明决定回避或者驳回的理由，通知申请人时要用。"))
    _after(on, recusal.asked_on)
    recusal.stage = Stage.GRANTED if grants else Stage.REFUSED
    recusal.decided_on, recusal.decided_by, recusal.reason = on, by, reason.strip()
    _record(recusal, "recusal.decided", on, by=by, at=at, version=version)
    if grants:
        _take_off(recusal, successor, by, at)
    return _told(recusal, by, at)


@transaction.atomic
def ask_again(
    *, recusal: Recusal, text: str, on: date, by: User, at: datetime, version: int
) -> Recusal:
    """Enter the request to reconsider a refusal; there is one, once."""
    require_on(by, "case.step", recusal.case)
    recusal = _fresh(recusal)
    if recusal.stage != Stage.REFUSED:
        raise Refusal(
            "只有驳回申请的决定可以复议，且只能复议一次：现为“{stage}”。",
            stage=recusal.get_stage_display(),
        )
    _needs(text, Refusal("请写明申请复议的理由。"))
    _after(on, recusal.decided_on)
    recusal.stage, recusal.again_on, recusal.again_text = Stage.AGAIN, on, text.strip()
    _record(recusal, "recusal.reconsideration-requested", on, by=by, at=at, version=version)
    return _told(recusal, by, at)


@transaction.atomic
def reconsider(
    *,
    recusal: Recusal,
    grants: bool,
    reason: str,
    on: date,
    successor: User | None = None,
    by: User,
    at: datetime,
    version: int,
) -> Recusal:
    """Decide the reconsideration: the refusal stands, or the person stands aside after all."""
    recusal = _locked(recusal, by, Stage.AGAIN)
    _needs(reason, Refusal("请写明复议决定的理由。"))
    _after(on, recusal.again_on)
    recusal.stage = Stage.OVERTURNED if grants else Stage.UPHELD
    recusal.reconsidered_on, recusal.reconsidered_by = on, by
    recusal.reconsidered_reason = reason.strip()
    _record(recusal, "recusal.reconsidered", on, by=by, at=at, version=version)
    if grants:
        _take_off(recusal, successor, by, at)
    return _told(recusal, by, at)


def _take_off(recusal: Recusal, successor: User | None, by: User, at: datetime) -> None:
    """Give the case another handler where it was the handler who stands aside."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=recusal.case_id)
    if recusal.person_id != case.handler_id:
        return
    if successor is None:
        raise Refusal("回避的是承办人，请同时指定新的承办人。")
    if successor.pk == recusal.person_id or not may(successor, "case.step", case.office):
        raise Refusal("{name}不能承办本案，请另选承办人。", name=successor.name)
    if queries.stands_aside(successor, case):
        raise Refusal("{name}已在本案回避，请另选承办人。", name=successor.name)
    was = case.handler
    Case.objects.filter(pk=case.pk).update(handler=successor, version=F("version") + 1)
    recusal.successor = successor
    ledger.append(
        kind="case.handler-changed", subject=f"case:{case.ref}",
        facts={"was": was.username, "is": successor.username, "recusal": recusal.pk},
        by=by, at=at, office=case.office,
    )  # fmt: skip


def _record(recusal: Recusal, kind: str, on: date, *, by: User, at: datetime, version: int) -> None:
    """Put the step on the case's file, where its clock starts or stops."""
    facts = {"recusal": recusal.pk, "found": f"{recusal.name}：{recusal.get_stage_display()}"}
    # who decides is told by the rulebook's capacity, not by the post alone (检委会)
    record_event(
        case=recusal.case, kind=kind, on=on, facts=facts, by=by, at=at, version=version,
        warrant=f"recusal:{recusal.pk}" if kind in DECISIONS else "",
    )  # fmt: skip


def _told(recusal: Recusal, by: User, at: datetime) -> Recusal:
    recusal.save()
    case = recusal.case
    ledger.append(
        kind=f"recusal.{recusal.stage}", subject=f"case:{case.ref}",
        facts={
            "recusal": recusal.pk, "name": recusal.name, "capacity": recusal.capacity,
            "ground": recusal.ground, "text": recusal.text, "reason": recusal.reason,
            "again": recusal.again_text, "reconsidered": recusal.reconsidered_reason,
        },
        by=by, at=at, office=case.office,
    )  # fmt: skip
    people, sentence = [], say("{ref} 的回避申请有了结果", ref=case.ref)
    if recusal.stage in {Stage.WAITING, Stage.AGAIN}:
        act = "case.decide" if recusal.body == "chief" else "recusal.committee"
        people = list(holders(case.office, act))
        sentence = say("{ref} 有回避申请，等待决定", ref=case.ref)
    else:
        people = [one for one in (recusal.person, recusal.by, recusal.successor) if one]
    for one in {person.pk: person for person in people}.values():
        if one.pk not in {by.pk, recusal.person_id if recusal.stage == Stage.WAITING else 0}:
            notify(
                user=one, sentence=sentence, url=recusal.get_absolute_url(),
                key=f"recusal:{recusal.pk}:{recusal.stage}:{one.pk}", at=at,
            )  # fmt: skip
    return recusal


def _needs(text: str, otherwise: Refusal) -> None:
    if not text.strip():
        raise otherwise


def _after(on: date, first: date | None) -> None:
    if first and on < first:
        raise Refusal("{on} 早于申请收到之日 {first}，请核对。", on=on, first=first)


def _fresh(recusal: Recusal) -> Recusal:
    found = Recusal.objects.select_for_update(of=("self",))
    return found.select_related("case__office", "person", "by").get(pk=recusal.pk)


def _locked(recusal: Recusal, by: User, stage: str) -> Recusal:
    found = _fresh(recusal)
    if found.stage != stage:
        raise Refusal(
            "这份回避申请已经到了：{stage}。请先看最新的记载。", stage=found.get_stage_display()
        )
    waits = queries.recusals_waiting_for(by).filter(pk=found.pk).exists()
    if not waits or queries.stands_aside(by, found.case):
        who = rulebook.approvals().capacities[found.capacity].decider
        raise Refusal("这份申请由{who}决定；被申请回避的人不能参加决定。", who=who)
    return found
