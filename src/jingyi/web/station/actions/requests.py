"""What an organ asks of the procuratorate, and what it is told."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions import steps
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.evidence.models import Blob
from jingyi.web.station import queries
from jingyi.web.station.access import require_in
from jingyi.web.station.actions.matters import record
from jingyi.web.station.models import Matter, Request

State, Kind = Request.State, Request.Kind


@transaction.atomic
def ask(
    *, matter: Matter, kind: str, reason: str, until: date | None = None,
    blob: Blob | None = None, name: str = "", by: User, at: datetime,
) -> Request:  # fmt: skip
    """Object, or ask for more time or for a suspension. An objection is entered as a step at once.

    Raises:
        Refusal: the period for objecting is over, one of the kind waits already, or words lack.
    """
    require_in(by, "station.sign", matter.organ)
    if not reason.strip():
        raise Refusal("请写明理由。")
    if matter.requests.filter(kind=kind, state=State.WAITING).exists():
        raise Refusal("已有一件同类的申请等待答复。要改写，请先撤回那一件。")
    asked = Request(
        matter=matter, kind=kind, reason=reason.strip(), until=until, blob=blob, name=name[:200],
        by=by, at=at,
    )  # fmt: skip
    if kind == Kind.OBJECTION:
        asked.event = _object(matter, reason, by, at)
    asked.save()
    record(matter, "station.asked", {"kind": kind, "request": asked.pk}, by, at)
    handler = matter.suggestion.case.handler
    notify(
        user=handler, sentence=_told(kind, matter.organ.name),
        url=matter.suggestion.case.get_absolute_url(), key=f"station-asked:{asked.pk}", at=at,
    )  # fmt: skip
    return asked


def _told(kind: str, organ: str) -> Sentence:
    match kind:
        case Kind.OBJECTION:
            return say("{organ}对检察建议提出异议", organ=organ)
        case Kind.EXTENSION:
            return say("{organ}申请延长整改期限", organ=organ)
    return say("{organ}申请中止审查", organ=organ)


def _object(matter: Matter, reason: str, by: User, at: datetime):
    on, last = timezone.localdate(at), queries.period_of_objection(matter)
    if last and on > last:
        raise Refusal(
            "提出异议的期限已于 {last} 届满。仍有不同意见的，请在回复里逐项写明。", last=last
        )
    case = steps.locked_as_it_is(matter.suggestion.case)
    return steps.record_event(
        case=case, kind="suggestion.objected", on=on, facts={"found": reason.strip()},
        warrant=f"station:{matter.pk}", by=by, at=at, version=case.version,
    )  # fmt: skip


@transaction.atomic
def take_back(*, asked: Request, by: User, at: datetime) -> Request:
    """Take a request back before it is decided. An objection on file stays on file."""
    asked = _waiting(asked)
    require_in(by, "station.sign", asked.matter.organ)
    if asked.event_id:
        raise Refusal("异议已经登记入卷，不能撤回；不再坚持的，请在回复里说明。")
    asked.state = State.TAKEN_BACK
    asked.save(update_fields=["state"])
    record(asked.matter, "station.request-taken-back", {"request": asked.pk}, by, at)
    return asked


@transaction.atomic
def decide(*, asked: Request, accepted: bool, answer: str, by: User, at: datetime) -> Request:
    """Answer a request. Upholding a suggestion against an objection is entered as a step.

    What changes the case (amending or withdrawing, suspending the review) is a step of the case,
    decided by whoever the law names; to accept a request only says that it will be taken.
    """
    asked = _waiting(asked)
    case = steps.locked_as_it_is(asked.matter.suggestion.case)
    require_on(by, "case.step", case)
    if not answer.strip():
        raise Refusal("请写明答复的内容和依据。")
    asked.state = State.ACCEPTED if accepted else State.REFUSED
    asked.answer, asked.decided_by, asked.decided_at = answer.strip(), by, at
    asked.save()
    if asked.kind == Kind.OBJECTION and not accepted:
        steps.record_event(
            case=case, kind="objection.kept", on=timezone.localdate(at),
            facts={"found": answer.strip()}, by=by, at=at, version=case.version,
        )  # fmt: skip
    facts = {"request": asked.pk, "accepted": accepted}
    record(asked.matter, "station.request-decided", facts, by, at)
    notify(
        user=asked.by, sentence=say("检察院答复了您提出的申请"),
        url=asked.matter.get_absolute_url(), key=f"station-decided:{asked.pk}", at=at,
    )  # fmt: skip
    return asked


def _waiting(asked: Request) -> Request:
    asked = (
        Request.objects.select_for_update(of=("self",))
        .select_related("matter__organ", "matter__suggestion__case__office", "by")
        .get(pk=asked.pk)
    )
    if asked.state != State.WAITING:
        raise Refusal("这件申请已经办结：{state}。", state=asked.get_state_display())
    return asked
