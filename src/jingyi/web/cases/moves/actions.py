"""What people do with moves: send, withdraw, receive, report, end. Both sides' ledgers have it."""

from datetime import date, datetime

from django.db import transaction

from jingyi.core import moves as core
from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions import steps
from jingyi.web.cases.models import Case, Event
from jingyi.web.cases.moves import queries
from jingyi.web.cases.moves.models import JurisdictionMove, MoveReport
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import may, require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import holders

State = JurisdictionMove.State
LEFT, CAME, CAME_FOR_SUIT = "case.transferred", "case.received", "case.received-for-suit"


@transaction.atomic
def send(
    *,
    case: Case,
    kind: str,
    asks: Procuratorate,
    to: Procuratorate,
    grounds: str,
    sent_on: date,
    due_on: date | None = None,
    number: str = "",
    exhibit: Blob | None = None,
    exhibit_name: str = "",
    by: User,
    at: datetime,
    version: int,
) -> JurisdictionMove:
    """Send a case to another procuratorate, or put it under supervision where it is.

    Args:
        asks: the office whose decision it is: the holder, or one above it.
        due_on: the last day set, where the kind of move has one.
        version: the case's version as it was read.

    Raises:
        Http404: `by` may not decide for the office `asks`.
        MoveClosed: the move is not open, or not to that office; with the article.
        Refusal: see the sentence. After any of these nothing has been written.
    """
    case = steps.locked(case, version)
    require(by, "case.decide", asks)
    rule = rulebook.moves()[0][kind]
    now = queries.holding(case, asks)
    titles = {name: one.title for name, one in rulebook.states(case.track).states.items()}
    core.check(rule, now, asks=queries.seen(asks), to=queries.seen(to), states=titles)
    steps.not_ahead(sent_on, due_on if rule.due else None, at)
    if sent_on < case.opened_on:
        raise Refusal("决定之日 {on} 早于立案之日 {filed}。", on=sent_on, filed=case.opened_on)
    if rule.due and due_on is None:
        raise Refusal("“{kind}”要写明办结或者报告的期限。", kind=rule.title)
    if not grounds.strip():
        raise Refusal("请写明“{kind}”的理由。", kind=rule.title)
    stays = rule.direction == "stays"
    event = None
    if not stays:
        event = _event(
            case,
            LEFT,
            sent_on,
            {"office": to.name, "move": kind, "note": grounds.strip().rstrip("。")},
            by=by,
            at=at,
            exhibit=exhibit,
            exhibit_name=exhibit_name,
        )
    move = JurisdictionMove.objects.create(
        case=case, kind=kind, sender=case.office, receiver=to, decider=asks,
        grounds=grounds.strip(), number=number, exhibit=exhibit, exhibit_name=exhibit_name,
        state=State.RUNNING if stays else State.SENT, sent_on=sent_on,
        due_on=due_on if rule.due else None, left_by=event, by=by, at=at,
    )  # fmt: skip
    _record("move.supervised" if stays else "move.sent", move, by, at)
    words = say("{title}：{ref}，请查收", title=rule.title, ref=case.ref)
    act = "case.step"
    _tell(move, holders(to, act), words, "sent", by=by, at=at)
    if asks != case.office or stays:
        _tell(
            move,
            [case.handler],
            say("{ref}：上级院决定“{kind}”", ref=case.ref, kind=rule.title),
            "decided",
            by=by,
            at=at,
        )
    return move


@transaction.atomic
def withdraw(*, move: JurisdictionMove, reason: str, by: User, at: datetime) -> JurisdictionMove:
    """Take a move back before it is received; the case stands as it did before."""
    move = _locked(move)
    require(by, "case.decide", move.decider)
    if move.state != State.SENT:
        raise Refusal(
            "只有尚未接收的移送可以撤回；现在是“{state}”。", state=move.get_state_display()
        )
    if not reason.strip():
        raise Refusal("请写明撤回的理由。")
    event = move.left_by
    event.case = steps.locked(move.case, move.case.version)
    steps.take_out(event, reason, by=by, at=at)
    steps.settle(event.case, at)
    steps.enter(kind="case.undone", event=event, more={"reason": reason}, by=by, at=at)
    _close(move, State.WITHDRAWN, reason, by, at)
    _record("move.withdrawn", move, by, at, reason=reason)
    words = say("{ref} 的移送已撤回", ref=move.case.ref)
    _tell(move, holders(move.receiver, "case.step"), words, "withdrawn", by=by, at=at)
    return move


@transaction.atomic
def receive(
    *,
    move: JurisdictionMove,
    handler: User,
    received_on: date,
    uncounted: bool = False,
    by: User,
    at: datetime,
) -> JurisdictionMove:
    """Receive a case: it goes on here as the same file; the clocks that restart do so from today's.

    Raises:
        Http404: `by` may not receive for that office.
        NotCounted: a clock that begins anew has no last day yet, and `uncounted` is not said.
        Refusal: it is not waiting any more, the day is wrong, or `handler` handles no cases here.
    """
    move = _locked(move)
    require(by, "case.step", move.receiver)
    if move.state != State.SENT:
        raise Refusal("这件移送现在是“{state}”，不用接收。", state=move.get_state_display())
    if received_on < move.sent_on:
        raise Refusal("收到之日 {on} 早于移送之日 {sent}。", on=received_on, sent=move.sent_on)
    steps.not_ahead(received_on, None, at)
    if not may(handler, "case.step", move.receiver):
        raise Refusal("{name}在本院没有办案职务，不能承办。请另选承办人。", name=handler.name)
    case = steps.locked(move.case, move.case.version)
    before = case.handler
    case.office, case.department, case.handler = move.receiver, None, handler
    case.save(update_fields=["office", "department", "handler"])
    event = _event(case, _arrival(move), received_on, {"from": move.sender.name}, by=by, at=at)
    if not uncounted:
        steps.refuse_uncounted(case, event)
    move.state, move.received_on, move.came_by, move.received_by = (
        State.RECEIVED, received_on, event, by,
    )  # fmt: skip
    move.save()
    _record("move.received", move, by, at, handler=handler.username)
    words = say("{ref} 已由{office}接收", ref=case.ref, office=move.receiver.name)
    _tell(move, {before, move.by}, words, "received", by=by, at=at)
    _tell(move, [handler], say("{ref} 移送而来，由您承办", ref=case.ref), "handler", by=by, at=at)
    return move


@transaction.atomic
def report(*, move: JurisdictionMove, text: str, by: User, at: datetime) -> MoveReport:
    """Report to the superior that handed the case down or supervises it."""
    move = _locked(move)
    require(by, "case.step", move.receiver)
    if not move.rule.due or move.state not in {State.RUNNING, State.RECEIVED}:
        raise Refusal("这件移送现在不需要报告。")
    if not text.strip():
        raise Refusal("请写明办理的情况。")
    made = MoveReport.objects.create(move=move, text=text.strip(), by=by, at=at)
    _record("move.reported", move, by, at, text=made.text)
    words = say("{ref} 报告了办理情况", ref=move.case.ref)
    _tell(move, [move.by], words, f"report:{made.pk}", by=by, at=at)
    return made


@transaction.atomic
def end(*, move: JurisdictionMove, reason: str, by: User, at: datetime) -> JurisdictionMove:
    """End a supervision, or what was handed down, with what came of it.

    The case stays where it is; no more reports are due.

    Raises:
        Http404: `by` may not decide for the office that decided the move.
        Refusal: the move is not one that reports, is not running, or nothing is said of the result.
    """
    move = _locked(move)
    require(by, "case.decide", move.decider)
    if not move.rule.due or move.state not in {State.RUNNING, State.RECEIVED}:
        raise Refusal(
            "只有督办中的、已接收的交办可以办结；现在是“{state}”。", state=move.get_state_display()
        )
    if not reason.strip():
        raise Refusal("请写明“{kind}”的结果。", kind=move.rule.title)
    _close(move, State.ENDED, reason, by, at)
    _record("move.ended", move, by, at, reason=reason)
    words = say("{ref}：“{kind}”办结", ref=move.case.ref, kind=move.rule.title)
    _tell(move, [move.case.handler], words, "ended", by=by, at=at)
    return move


def _arrival(move: JurisdictionMove) -> str:
    """Return the event of the receipt: for suing if it is, or if it left while under review."""
    left = (move.left_by.facts or {}).get("state", "")
    return CAME_FOR_SUIT if move.rule.for_suit or left == "reviewing" else CAME


def _event(
    case: Case, kind: str, on: date, facts: dict[str, str], *, by: User, at: datetime,
    exhibit: Blob | None = None, exhibit_name: str = "",
) -> Event:  # fmt: skip
    event = Event.objects.create(
        case=case, kind=kind, on=on, place=steps.next_place(case),
        facts={**facts, "state": case.state}, exhibit=exhibit, exhibit_name=exhibit_name,
        by=by, at=at,
    )  # fmt: skip
    steps.settle(case, at)
    steps.enter(kind=kind, event=event, by=by, at=at)
    return event


def _locked(move: JurisdictionMove) -> JurisdictionMove:
    return (
        JurisdictionMove.objects.select_for_update(of=("self",))
        .select_related("case", "sender", "receiver", "decider", "left_by")
        .get(pk=move.pk)
    )


def _close(move: JurisdictionMove, state: str, reason: str, by: User, at: datetime) -> None:
    move.state, move.closed_by, move.closed_at, move.closed_reason = state, by, at, reason.strip()
    move.save()


def _record(kind: str, move: JurisdictionMove, by: User, at: datetime, **more: str) -> None:
    """Enter the act in the ledger once for each office concerned."""
    facts = {
        "case": move.case.ref, "kind": move.kind, "article": str(move.rule.source),
        "from": move.sender.code, "to": move.receiver.code, "decided_by": move.decider.code,
        "grounds": move.grounds, "sent_on": move.sent_on.isoformat(),
        "received_on": move.received_on.isoformat() if move.received_on else None,
        "due_on": move.due_on.isoformat() if move.due_on else None, **more,
    }  # fmt: skip
    codes = dict.fromkeys([move.sender.code, move.receiver.code, move.decider.code])
    ledger.append_many(ledger.Act(kind, f"move:{move.pk}", at, by, code, facts) for code in codes)


def _tell(move, people, words: Sentence, key: str, *, by: User, at: datetime) -> None:
    for user in people:
        if user != by:
            notify(
                user=user, sentence=words, url=move.get_absolute_url(),
                key=f"move:{move.pk}:{key}", at=at,
            )  # fmt: skip
