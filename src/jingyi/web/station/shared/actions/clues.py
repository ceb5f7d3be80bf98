"""Clues from one side to the other. Each side signs for its own acts; neither can act for the other."""

from collections.abc import Iterable
from datetime import date, datetime, time
from hashlib import sha256

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Report, Source
from jingyi.web.leads.actions import decisions, gather
from jingyi.web.leads.models import Incident
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import may, require
from jingyi.web.registry.models import Organ, Procuratorate
from jingyi.web.registry.queries import holders, seated
from jingyi.web.station.access import may_in, require_in
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.models import Clue

ACT = "station.clue"
Way, State, Decision = Clue.Way, Clue.State, Clue.Decision
MOST_WAITING = 200  # reports triaged at once with an accepted clue; more are left to the queue


@transaction.atomic
def send(
    *, way: str, office: Procuratorate, organ: Organ, title: str, text: str, place: str = "",
    happened_on: date | None = None, incident: Incident | None = None, by: User, at: datetime,
) -> Clue:  # fmt: skip
    """Give the other side a clue.

    Raises:
        Http404: `by` does not act for the sender, or the organ is beyond the office.
        Refusal: nobody of the other side could sign for it.
    """
    clue = Clue(
        way=way, office=office, organ=organ, title=title.strip(), text=text.strip(),
        place=place.strip(), happened_on=happened_on, incident=incident, by=by, at=at,
    )  # fmt: skip
    _require(by, clue, sender=True)
    if not queries.within(organ, office):
        raise Http404
    if not (there := _people(clue, sender=False)):
        raise Refusal("对方还没有能签收线索的人，现在送不出去。请先请系统管理员登记对方的人员。")
    clue.save()
    _record(clue, "station.clue-sent", by, at, text=_digest(clue))
    if incident:
        words = f"已移送{organ.name}（线索移送 {clue.pk}）"
        decisions.note(incident=incident, text=words, by=by, at=at)
    _tell(clue, there, say("对方移送来一条线索，请签收：{title}", title=clue.title), "sent", at)
    return clue


@transaction.atomic
def take_back(*, clue: Clue, by: User, at: datetime) -> Clue:
    """Take a clue back; only until the other side has signed for it."""
    clue = _locked(clue, {State.SENT}, "对方已经签收，不能撤回；有变化请补送一条说明。")
    _require(by, clue, sender=True)
    clue.state = State.TAKEN_BACK
    return _saved(clue, "station.clue-taken-back", by, at)


@transaction.atomic
def receive(*, clue: Clue, by: User, at: datetime) -> Clue:
    """Sign for a clue; from now on it cannot be taken back."""
    clue = _locked(clue, {State.SENT}, "这条线索已经签收或者撤回。")
    _require(by, clue, sender=False)
    clue.state, clue.received_by, clue.received_at = State.RECEIVED, by, at
    told = say("对方已签收线索：{title}", title=clue.title)
    return _saved(clue, "station.clue-received", by, at, tell=told, sender=True)


@transaction.atomic
def confirm(*, clue: Clue, by: User, at: datetime) -> Clue:
    """Say, as the sender, that the receipt has come back."""
    clue = _locked(clue, {State.RECEIVED, State.DECIDED}, "对方还没有签收，没有回执可以确认。")
    _require(by, clue, sender=True)
    if clue.confirmed_at:
        raise Refusal("回执已经确认过。")
    clue.confirmed_by, clue.confirmed_at = by, at
    return _saved(clue, "station.clue-confirmed", by, at)


@transaction.atomic
def decide(*, clue: Clue, decision: str, reason: str, by: User, at: datetime) -> Clue:
    """Decide on a clue, with a reason. One accepted by the office goes on its lead desk.

    Raises:
        Refusal: it was not signed for, or is decided, or the reason lacks.
    """
    clue = _locked(clue, {State.RECEIVED}, "先签收，再决定；已经决定的不能再改。")
    _require(by, clue, sender=False)
    if not reason.strip():
        raise Refusal("请写明理由，对方要凭它处理。")
    clue.state, clue.decision, clue.reason = State.DECIDED, Decision(decision), reason.strip()
    clue.decided_by, clue.decided_at = by, at
    if clue.way == Way.TO_OFFICE and clue.decision == Decision.ACCEPTED:
        clue.report = _report(clue, by, at)
    told = say("对方对线索“{title}”作出了决定", title=clue.title)
    clue = _saved(clue, "station.clue-decided", by, at, tell=told, sender=True, decision=decision)
    if clue.report:
        follow(clue=clue, at=at)
    return clue


def _report(clue: Clue, by: User, at: datetime) -> Report:
    """Take the clue in as a report of a partner organ: intake's own action."""
    on = clue.happened_on
    return reports.receive(
        office=clue.office, source=Source.ORGAN, title=f"{clue.organ.name}移送：{clue.title}"[:300],
        text=clue.text, place_words=clue.place,
        happened_at=timezone.make_aware(datetime.combine(on, time.min)) if on else None, key=f"clue:{clue.pk}", by=by, at=at,
    )[0]  # fmt: skip


def follow(*, clue: Clue, at: datetime) -> Clue:
    """Make a lead of an accepted clue, once triage has read it: whoever accepted it takes it up."""
    waiting = Report.objects.filter(office=clue.office, finding=None).count()
    if waiting <= MOST_WAITING:
        gather(office=clue.office, at=at)
    found = Incident.objects.filter(findings__report=clue.report).select_related("office").first()
    if found is None:
        return clue
    taker = clue.decided_by
    if found.state == Incident.State.NEW and may(taker, "lead.take", clue.office):
        decisions.take(incident=found, by=taker, at=at)
    clue.incident = found
    clue.save(update_fields=["incident"])
    return clue


@transaction.atomic
def answer(*, clue: Clue, text: str, by: User, at: datetime) -> Clue:
    """Tell the sender what came of a clue; a later answer replaces the one before."""
    clue = _locked(clue, {State.DECIDED}, "先作决定，再答复结果。")
    _require(by, clue, sender=False)
    if not text.strip():
        raise Refusal("请写明处理结果。")
    clue.answer, clue.answered_by, clue.answered_at = text.strip(), by, at
    told = say("对方答复了线索“{title}”的处理结果", title=clue.title)
    return _saved(clue, "station.clue-answered", by, at, tell=told, sender=True)


def acts_for(clue: Clue, user: User) -> set[str]:
    """Return what `user` may do with a clue as it stands."""
    out, inn = _may(user, clue, sender=True), _may(user, clue, sender=False)
    found = set()
    if clue.state == State.SENT:
        found |= {"take-back"} if out else set()
        found |= {"receive"} if inn else set()
    if clue.state == State.RECEIVED and inn:
        found.add("decide")
    if clue.state == State.DECIDED and inn:
        found.add("answer")
    if clue.received_at and not clue.confirmed_at and out:
        found.add("confirm")
    return found


# ---------------------------------------------------------------- the two sides


def _is_offices(clue: Clue, *, sender: bool) -> bool:
    return (clue.way == Way.TO_ORGAN) == sender


def _may(user: User, clue: Clue, *, sender: bool) -> bool:
    if _is_offices(clue, sender=sender):
        return may(user, ACT, clue.office)
    return may_in(user, ACT, clue.organ)


def _require(by: User, clue: Clue, *, sender: bool) -> None:
    if _is_offices(clue, sender=sender):
        require(by, ACT, clue.office)
    else:
        require_in(by, ACT, clue.organ)


def _people(clue: Clue, *, sender: bool) -> Iterable[User]:
    offices = _is_offices(clue, sender=sender)
    return list(holders(clue.office, ACT) if offices else seated(clue.organ, ACT))


def _locked(clue: Clue, states: set[str], otherwise: str) -> Clue:
    clue = (
        Clue.objects.select_for_update(of=("self",))
        .select_related("office", "organ", "by", "report", "decided_by")
        .get(pk=clue.pk)
    )
    if clue.state not in states:
        raise Refusal(otherwise)
    return clue


def _saved(
    clue: Clue, kind: str, by: User, at: datetime, *, tell: Sentence | None = None,
    sender: bool = True, **facts: object,
) -> Clue:  # fmt: skip
    clue.save()
    _record(clue, kind, by, at, **facts)
    if tell:
        _tell(clue, _people(clue, sender=sender), tell, kind, at)
    return clue


def _tell(clue: Clue, people: Iterable[User], words: Sentence, what: str, at: datetime) -> None:
    for user in people:
        key = f"clue:{clue.pk}:{what}:{at:%Y%m%d%H%M%S}"
        notify(user=user, sentence=words, url=clue.get_absolute_url(), key=key, at=at)


def _digest(clue: Clue) -> str:
    """Return what stands for the words of a clue in the ledger, which names no matter."""
    return sha256(f"{clue.title}\x1f{clue.text}".encode()).hexdigest()


def _record(clue: Clue, kind: str, by: User, at: datetime, **facts: object) -> None:
    ledger.append(
        kind=kind, subject=f"clue:{clue.pk}", by=by, at=at, office=clue.office,
        facts={"way": clue.way, "organ": clue.organ.code, **facts},
    )  # fmt: skip
