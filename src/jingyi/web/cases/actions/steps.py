"""What people do to a case's file: enter a step, correct it, take it out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from jingyi.core import casefile, rulebook
from jingyi.core.procedure import StepClosed
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases import derive
from jingyi.web.cases.actions.telling import tell_handler, tell_reporters
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.models import Case, Event, Suggestion
from jingyi.web.cases.verification import schedule
from jingyi.web.cases.verification.access import refuse_in_a_word, refuse_to_correct
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger


class CaseChanged(Refusal):
    """Somebody else has changed the case since it was read."""


class NotCounted(Refusal):
    """A clock that the step starts cannot be counted; may be entered without its last day."""


@transaction.atomic
def record_event(
    *,
    case: Case,
    kind: str,
    on: date,
    until: date | None = None,
    facts: Mapping[str, Any],
    exhibit: Blob | None = None,
    exhibit_name: str = "",
    uncounted: bool = False,
    warrant: str = "",
    by: User,
    at: datetime,
    version: int,
) -> Event:
    """Enter a step that was taken on `on`; move the state and count every clock anew.

    Args:
        kind: an event of rulebook/states.toml.
        until: the last day that the decision itself names, where the rule lets it.
        facts: plain JSON of what the step needs on file.
        uncounted: enter it even though a clock it starts has no last day yet.
        warrant: what was decided first, such as "approval:7"; it stands for the post's own act.
        version: the case's version as it was read.

    Raises:
        Http404: `by` may not take this step, or stands aside from the case.
        CaseChanged: the case was changed since.
        StepClosed: the step was not open on that day.
        NotCounted: a clock that it starts cannot be counted.
        Refusal: the day lies ahead. After any of these nothing has been written.
    """
    case = _locked(case, version)
    act = act_of(case, kind)
    if not warrant:
        require_on(by, act, case)
    _not_moved(case)
    refuse_in_a_word(case, kind, warrant)
    not_ahead(on, until, at)
    event = Event.objects.create(
        case=case,
        kind=kind,
        on=on,
        until=until,
        place=_next_place(case),
        facts=dict(facts),
        exhibit=exhibit,
        exhibit_name=exhibit_name,
        by=by,
        at=at,
    )
    settle(case, at)
    if not uncounted:
        refuse_uncounted(case, event)
    # a decision entered without a request has nobody's opinion on file: the ledger tells them apart
    more = {"warrant": warrant} if act == "case.decide" else None
    enter(kind=kind, event=event, more=more, by=by, at=at)
    tell_handler(event, by=by, at=at)
    tell_reporters(case, kind, by=by, at=at)
    return event


@transaction.atomic
def correct_event(
    *,
    event: Event,
    on: date,
    until: date | None = None,
    facts: Mapping[str, Any],
    exhibit: Blob | None = None,
    exhibit_name: str = "",
    reason: str,
    by: User,
    at: datetime,
    version: int,
) -> Event:
    """Put a right event in the place of a wrong one; both stay on file. Clocks are counted anew.

    Raises:
        Refusal: it was taken out before, no reason is given, or the file would no longer be a
            lawful course.
    """
    case = _locked(event.case, version)
    require_on(by, act_of(case, event.kind), case)
    _not_moved(case, event)
    refuse_to_correct(event)
    not_ahead(on, until, at)
    _take_out(event, reason, by, at)
    right = Event.objects.create(
        case=case,
        kind=event.kind,
        on=on,
        until=until,
        place=event.place,
        facts=dict(facts),
        exhibit=exhibit or event.exhibit,
        exhibit_name=exhibit_name or event.exhibit_name,
        by=by,
        at=at,
        corrects=event,
    )
    Suggestion.objects.filter(event=event).update(event=right)
    if event.kind == casefile.FILED:
        case.opened_on = on
    _settle_changed(case, at)
    was = {"reason": reason, "was_on": event.on.isoformat()}
    enter(kind="case.corrected", event=right, more=was, by=by, at=at)
    tell_handler(right, by=by, at=at)
    return right


@transaction.atomic
def undo_event(*, event: Event, reason: str, by: User, at: datetime, version: int) -> Event:
    """Take an event out, with the reason; it stays on file, struck through."""
    case = _locked(event.case, version)
    require_on(by, act_of(case, event.kind), case)
    _not_moved(case, event)
    if event.kind == casefile.FILED:
        raise Refusal("立案是本案的起点，不能撤销；日期有误请更正，不应立案请终结案件。")
    _take_out(event, reason, by, at)
    event.case = case
    _settle_changed(case, at)
    enter(kind="case.undone", event=event, more={"reason": reason}, by=by, at=at)
    tell_reporters(case, event.kind, by=by, at=at)
    return event


def act_of(case: Case, kind: str) -> str:
    """Return the act that a role must hold to enter an event of `kind`.

    Raises:
        StepClosed: this track knows no such step.
    """
    if kind == casefile.FILED:
        return "case.open"
    steps = rulebook.states(case.track).steps.values()
    acts = [step.who for step in steps if step.event == kind]
    if not acts:
        title = rulebook.events().get(kind, kind)
        raise StepClosed("{track}没有“{step}”这一步。", track=case.get_track_display(), step=title)
    return acts[0]


def _locked(case: Case, version: int) -> Case:
    found = Case.objects.select_for_update().select_related("office").get(pk=case.pk)
    if found.version != version:
        raise CaseChanged(
            "您打开之后，案件 {ref} 已有新的登记。请先看最新的时间线，再登记这一步。", ref=found.ref
        )
    return found


def locked_as_it_is(case: Case) -> Case:
    """Return the case locked, for an act that stands whatever was entered meanwhile."""
    return Case.objects.select_for_update().select_related("office").get(pk=case.pk)


def not_ahead(on: date, until: date | None, at: datetime) -> None:
    """Refuse a day that has not come yet, and a last day before the decision."""
    today = timezone.localdate(at)
    if on > today:
        raise Refusal(
            "{on} 还没有到（今天是 {today}）。只登记已经发生的事；想知道期限，请用“若某日送达”试算。",
            on=on,
            today=today,
        )
    if until and until <= on:
        raise Refusal("截止日 {until} 不晚于决定日 {on}。请核对决定书。", until=until, on=on)


def _take_out(event: Event, reason: str, by: User, at: datetime) -> None:
    if event.undone_at:
        raise Refusal("这一步已经撤销或者更正过了。请看最新的时间线。")
    if not reason.strip():
        raise Refusal("请写明更正或者撤销的理由：原来的登记会保留，理由随它一起留存。")
    event.undone_at, event.undone_by, event.undone_reason = at, by, reason.strip()
    event.save(update_fields=["undone_at", "undone_by", "undone_reason"])


def _next_place(case: Case) -> int:
    return (case.events.aggregate(last=Max("place"))["last"] or 0) + 1


# the moves between offices and the mergers write events of their own kinds
locked, take_out, next_place = _locked, _take_out, _next_place


def _not_moved(case: Case, event: Event | None = None) -> None:
    """Refuse to touch what a move or a merger wrote: it is taken back on its own page, if at all."""
    if event is None and rulebook.states(case.track).states[case.state].kind == "left":
        raise Refusal("案件已经移送或者并入另案，不再登记步骤；请看“管辖与并案”。")
    if event and any(hasattr(event, name) for name in ("left_with", "came_with", "merge")):
        raise Refusal("这一步随移送或者并案登记，不能在这里更正或者撤销；请到“管辖与并案”办理。")
    if event and (came := _came_after(case, event)):
        raise Refusal(
            "这一步登记在本院 {on} 接收案件之前，是{sender}的登记，本院不能更正或者撤销。"
            "确有错误的，请{sender}书面说明，作为证据封存后登记新的一步。",
            on=came.on,
            sender=came.came_with.sender.name,
        )


def _came_after(case: Case, event: Event) -> Event | None:
    """Return the receipt of the case from another office that was entered after `event`, if any."""
    received = case.events.filter(
        came_with__isnull=False, undone_at=None, place__gt=event.place
    ).select_related("came_with__sender")
    return received.order_by("-place").first()


def settle(case: Case, at: datetime) -> None:
    """Read the file anew and keep what follows from it."""
    derive.rewrite([case], on=timezone.localdate(at))
    case.version += 1
    case.save(update_fields=["version", "opened_on"])
    schedule.follow([case])


def _settle_changed(case: Case, at: datetime) -> None:
    """Read the file anew after something in it changed; what came later must still hold."""
    try:
        settle(case, at)
    except StepClosed as closed:
        raise StepClosed(
            "这样改了之后，其后的登记不再成立：{why}请先更正或者撤销那一步。", why=closed.sentence
        ) from None


def refuse_uncounted(case: Case, event: Event) -> None:
    """Refuse an event that starts a clock whose last day cannot be said.

    The office's own limits and the court's periods bind nobody here, so they hold nothing up.
    """
    started = [
        rule.id
        for rule in rulebook.clocks()
        if event.kind in rule.starts and rule.nature != "soft" and rule.party != "court"
    ]
    for clock in case.clocks.filter(rule__in=started, started_on=event.on, due_on=None):
        raise NotCounted(
            "“{rule}”的最后一日算不出来：{why}",
            rule=rulebook.clock(clock.rule).title,
            why=Sentence.from_json(clock.refusal),
        )


def enter(
    *, kind: str, event: Event, more: Mapping[str, Any] | None = None, by: User, at: datetime
) -> None:
    """Record in the ledger what was done to the file."""
    case = event.case
    ledger.append(
        kind=kind,
        subject=f"case:{case.ref}",
        facts={
            "event": event.kind,
            "on": event.on.isoformat(),
            "until": event.until.isoformat() if event.until else None,
            "place": event.place,
            "facts": event.facts,
            "exhibit": event.exhibit_id,
            "state": case.state,
            **(more or {}),
        },
        by=by,
        at=at,
        office=case.office,
    )
