"""What people do: enter a reply duty by duty, verify, settle what is left, visit again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from jingyi.core import rulebook
from jingyi.core import verification as core
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions import steps
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.models import Case, Suggestion
from jingyi.web.cases.verification import queries
from jingyi.web.cases.verification.access import WARRANT
from jingyi.web.cases.verification.models import Answer, Finding, LookBack, Verification
from jingyi.web.cases.verification.proofs import Given, keep
from jingyi.web.leads.models import Incident
from jingyi.web.ledger import actions as ledger

PASSED, FAILED = "verification.passed", "verification.failed"


@dataclass(frozen=True, slots=True)
class Line:
    """What a reply says of one duty; `said` is one of `Answer.Said`."""

    duty: int
    said: str
    text: str = ""
    proofs: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one duty; `kind` is one of `Finding.Kind`."""

    duty: int
    kind: str
    reason: str
    amount: Decimal | None = None
    unit: str = ""
    proofs: tuple[Given, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Visit:
    """How a round was made: on which day, where, by whom and by which methods."""

    on: date
    methods: Sequence[str]
    place: str
    first: User
    second: User


@transaction.atomic
def take_reply(
    *,
    suggestion: Suggestion,
    on: date,
    lines: Sequence[Line],
    warrant: str = "",
    by: User,
    at: datetime,
) -> list[Answer]:
    """Keep what the organ replied on each duty; the first reply also enters that step.

    Nothing is closed by it: what was done is found by a verification.

    Args:
        warrant: what let somebody outside the office do it, such as "station:7".

    Raises:
        Refusal: a duty that the suggestion does not have, is told of twice or is left out of the
            first reply; a day before its service or to come. Nothing has been written then.
    """
    case = steps.locked_as_it_is(suggestion.case)
    if not warrant:
        require_on(by, "case.step", case)
    steps.not_ahead(on, None, at)
    _after_service(suggestion, on)
    first = suggestion.replied_on is None
    _refuse_unsaid(suggestion, lines, whole=first)
    made = []
    for line in lines:
        answer = Answer.objects.create(
            case=case, suggestion=suggestion, duty=line.duty,
            words=_words(suggestion, line.duty), said=line.said, text=line.text.strip(),
            on=on, by=by, at=at,
        )  # fmt: skip
        for given in line.proofs:
            keep(given, at=at, answer=answer)
        made.append(answer)
    said = {str(one.duty): one.said for one in made}
    facts = {"on": on.isoformat(), "suggestion": suggestion.number, "said": said}
    _record("reply.itemised", case, {**facts, "warrant": warrant}, by, at)
    if first:
        steps.record_event(
            case=case, kind="suggestion.replied", on=on, facts={"found": _replied(made)},
            warrant=warrant or f"reply:{suggestion.pk}", by=by, at=at, version=case.version,
        )  # fmt: skip
    return made


@transaction.atomic
def verify(
    *,
    suggestion: Suggestion,
    visit: Visit,
    found: Sequence[Found],
    by: User,
    at: datetime,
    version: int,
) -> Verification:
    """Enter one round: a finding for every duty still open. It passes only if all are settled.

    Raises:
        Refusal: a duty left out or looked at twice, the same person twice, a day before the service
            or an earlier round, a measurement without its unit. Nothing has been written then.
        CaseChanged, StepClosed: as for any step.
    """
    case = steps.locked(suggestion.case, version)
    require_on(by, "case.step", case)
    rounds = queries.rounds_of(suggestion)
    duties = [duty.core for duty in queries.duties_of(suggestion, rounds)]
    _refuse_unfit(suggestion, visit, rounds)
    _refuse_incomplete(core.still_open(duties), found)
    settled = {(one.duty, _words(suggestion, one.duty)): one.kind for one in found}
    before = [{(f.duty, f.words): f.kind for f in one.findings.all()} for one in rounds]
    passed = core.passes(core.duties(suggestion.asks, [*before, settled]))
    number = len(rounds) + 1
    event = steps.record_event(
        case=case, kind=PASSED if passed else FAILED, on=visit.on,
        facts={"found": _told(suggestion, found), "round": number},
        warrant=f"{WARRANT}{suggestion.pk}:{number}", by=by, at=at, version=version,
    )  # fmt: skip
    made = Verification.objects.create(
        case=case, suggestion=suggestion, round=number, on=visit.on, methods=list(visit.methods),
        first=visit.first, second=visit.second, place=visit.place.strip(), passed=passed,
        event=event, by=by, at=at,
    )  # fmt: skip
    for one in found:
        finding = Finding.objects.create(
            verification=made, duty=one.duty, words=_words(suggestion, one.duty), kind=one.kind,
            reason=one.reason.strip(), amount=one.amount, unit=one.unit,
        )  # fmt: skip
        for given in one.proofs:
            keep(given, at=at, finding=finding)
    return made


@transaction.atomic
def settle_left(
    *,
    suggestion: Suggestion,
    ground: str,
    reason: str,
    on: date,
    by: User,
    at: datetime,
    version: int,
) -> Verification:
    """Let the chief procurator pass what is left open, on a ground of the rulebook, for a reason.

    The findings stay as they are; the decision is a round of its own, without any.

    Raises:
        Refusal: no round was made yet, nothing is open, or the ground is not a listed one.
    """
    case = steps.locked(suggestion.case, version)
    require_on(by, "case.decide", case)
    rounds = queries.rounds_of(suggestion)
    duties = [duty.core for duty in queries.duties_of(suggestion, rounds)]
    if not rounds or core.passes(duties) or rounds[-1].passed:
        raise Refusal("没有需要决定的职责：还没有核实过，或者已经全部了结。")
    if ground not in grounds(case):
        raise Refusal("这不是列明的事由。请从规则库列出的事由里选择。")
    if not reason.strip():
        raise Refusal("请写明理由：哪些职责没有整改到位，为什么仍然可以认定公益已受保护。")
    if on < rounds[-1].on:
        raise Refusal("{on} 早于上一轮核实之日 {last}。", on=on, last=rounds[-1].on)
    title = str(rulebook.states(case.track).grounds[ground].title)
    words = f"检察长依据“{title}”认定：{reason.strip()}"
    event = steps.record_event(
        case=case, kind=PASSED, on=on, facts={"found": words},
        warrant=f"{WARRANT}{suggestion.pk}:{len(rounds) + 1}", by=by, at=at, version=version,
    )  # fmt: skip
    last = rounds[-1]
    return Verification.objects.create(
        case=case, suggestion=suggestion, round=len(rounds) + 1, on=on, methods=[],
        first=last.first, second=last.second, place=last.place, passed=True, event=event,
        ground=ground, reason=reason.strip(), by=by, at=at,
    )  # fmt: skip


def grounds(case: Case) -> Mapping[str, object]:
    """Return the grounds on which the rulebook lets a verified case end, with their titles."""
    known = rulebook.states(case.track)
    found = {}
    for step in known.steps.values():
        needs = [set(need.any) for need in step.needs]
        if step.event == "case.terminated" and {PASSED} in needs:
            names = set().union(*needs) & set(known.grounds)
            found |= {name: known.grounds[name].title for name in sorted(names)}
    return found


@transaction.atomic
def look_back(
    *, visit: LookBack, on: date, outcome: str, found: str, proofs: Sequence[Given] = (),
    incident: Incident | None = None, by: User, at: datetime, version: int,
) -> LookBack:  # fmt: skip
    """Enter a visit after closing: held, or relapsed, which lets the chief reopen the case.

    Args:
        incident: the new lead at the same place; it is joined to the case that it is a relapse of.

    Raises:
        Refusal: the visit was made or is no longer asked for, nothing is said to have been found.
    """
    visit = LookBack.objects.select_for_update(of=("self",)).select_related("case").get(pk=visit.pk)
    case = visit.case
    require_on(by, "case.step", case)
    if visit.state != LookBack.State.PLANNED:
        raise Refusal("这次回头看{state}，不用再登记。", state=visit.get_state_display())
    if not found.strip():
        raise Refusal("请写明回头看查明的情况。")
    facts = {"outcome": outcome, "found": found.strip()}
    event = steps.record_event(  # the schedule marks the visit as made by it
        case=case, kind="lookback.done", on=on, facts=facts, by=by, at=at, version=version
    )
    visit.refresh_from_db()
    if visit.event_id != event.pk:
        raise Refusal("请先登记在前的那一次回头看。")
    for given in proofs:
        keep(given, at=at, visit=visit)
    if outcome == LookBack.Outcome.RELAPSED:
        again = {"found": found.strip()}
        if incident:
            again["incident"] = incident.ref
            case.incidents.add(incident)
        steps.record_event(
            case=case, kind="lookback.relapsed", on=on, facts=again, by=by, at=at,
            version=event.case.version,
        )  # fmt: skip
    return visit


def _told(suggestion: Suggestion, found: Sequence[Found]) -> str:
    """Return the findings as the file's timeline and its documents read them."""
    kinds = dict(Finding.Kind.choices)
    return "\n".join(
        f"{one.duty}. {_words(suggestion, one.duty)}：{kinds[one.kind]}。{one.reason.strip()}"
        for one in found
    )


def _replied(made: Sequence[Answer]) -> str:
    return "\n".join(
        f"{one.duty}. {one.words}：{one.get_said_display()}。{one.text}" for one in made
    )


def _refuse_unsaid(suggestion: Suggestion, lines: Sequence[Line], *, whole: bool) -> None:
    told = sorted(line.duty for line in lines)
    if not told or len(set(told)) != len(told):
        raise Refusal("请逐项填写答复：每一项职责只填一次。")
    left = [n for n in range(1, len(suggestion.asks) + 1) if n not in told]
    if whole and left:
        raise Refusal("第 {n} 项职责没有答复。第一次回复要逐项答复全部职责。", n=left[0])
    for line in lines:
        if not line.text.strip():
            raise Refusal("第 {n} 项没有写答复的内容。", n=line.duty)


def _words(suggestion: Suggestion, duty: int) -> str:
    if not 1 <= duty <= len(suggestion.asks):
        raise Refusal("检察建议没有第 {n} 项职责。", n=duty)
    return str(suggestion.asks[duty - 1])


def _after_service(suggestion: Suggestion, on: date) -> None:
    if suggestion.served_on is None or on < suggestion.served_on:
        raise Refusal("检察建议还没有送达，或者 {on} 早于送达之日。请核对日期。", on=on)


def _refuse_unfit(suggestion: Suggestion, visit: Visit, rounds: Sequence[Verification]) -> None:
    _after_service(suggestion, visit.on)
    if rounds and visit.on < rounds[-1].on:
        raise Refusal("{on} 早于上一轮核实之日 {last}。", on=visit.on, last=rounds[-1].on)
    if visit.first == visit.second:
        raise Refusal("核实由二人以上进行。请填写两名不同的人员。")
    if not set(visit.methods) <= set(Verification.Method.values) or not visit.methods:
        raise Refusal("请选择核实的方式。")
    if not visit.place.strip():
        raise Refusal("请写明核实的地点。")


def _refuse_incomplete(wanted: Sequence[core.Duty], found: Sequence[Found]) -> None:
    if not wanted:
        raise Refusal("各项职责都已了结，不用再核实。")
    if sorted(one.duty for one in found) != [duty.number for duty in wanted]:
        raise Refusal("每一项未了结的职责都要有一个结论，不多也不少。")
    for one in found:
        if not one.reason.strip():
            raise Refusal("第 {n} 项没有写明依据。请写看到了什么。", n=one.duty)
        if (one.amount is None) != (not one.unit):
            raise Refusal("第 {n} 项的数值和单位要一起填。", n=one.duty)


def _record(kind: str, case: Case, facts: dict[str, object], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"case:{case.ref}", facts=facts, by=by, at=at, office=case.office
    )
