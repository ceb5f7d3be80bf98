"""Opening a case: a prosecutor proposes, the chief procurator decides (办案规则第二十八至三十条)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone

from jingyi.core import casefile, domains, rulebook
from jingyi.core.basis import Facts
from jingyi.core.refusal import Refusal
from jingyi.core.triage.place import WIDE
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions import steps
from jingyi.web.cases.basis.days import days_of, told_days
from jingyi.web.cases.models import Case, Event, Proposal, Track
from jingyi.web.leads import actions as leads
from jingyi.web.leads.models import Incident
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import may, require
from jingyi.web.registry.models import Department, Organ, Procuratorate
from jingyi.web.registry.queries import holders

OPENABLE = (Incident.State.NEW, Incident.State.TAKEN, Incident.State.WATCHED)


@transaction.atomic
def open_from_incident(
    *,
    incidents: Sequence[Incident],
    track: str,
    domain: str,
    organ: Organ | None,
    department: Department | None,
    handler: User,
    title: str,
    decided_on: date,
    defendant: str = "",
    number: str = "",
    uncounted: bool = False,
    facts: Facts | None = None,
    by: User,
    at: datetime,
) -> Case:
    """File a case on the chief procurator's decision of `decided_on`.

    The incidents become filed, and whoever reported is told so.

    Args:
        incidents: of one office; several where they are one matter.
        number: the official number of the decision (文号), given elsewhere.
        uncounted: file it even though a clock has no last day yet.
        facts: the days of the fact; those on which it was reported, if not given.

    Raises:
        Http404: `by` may not file cases in that office.
        MayNotOpen: the law does not open the domain to this track, office or time.
        Refusal: see the sentence. After any of these nothing has been written.
    """
    office = _office_of(incidents)
    require(by, "case.open", office)
    steps.not_ahead(decided_on, None, at)
    facts = _days(facts, incidents, at)
    _check(incidents, track, domain, organ, office, facts, at)
    if not may(handler, "case.step", office):
        raise Refusal("{name}在本院没有办案职务，不能承办。请另选承办人。", name=handler.name)
    case = Case.objects.create(
        ref=_next_ref(decided_on.year),
        office=office,
        department=department,
        track=track,
        domain=domain,
        title=title,
        state=rulebook.states(track).first,
        organ=organ,
        defendant=defendant,
        handler=handler,
        opened_on=decided_on,
        fact_from=facts.began,
        fact_to=facts.ended,
        **_where(incidents),
        version=0,
    )
    case.incidents.set(incidents)
    _file(case, decided_on, number, uncounted, by, at)
    _tell_about_case(case, by, at)
    return case


def _file(  # noqa: PLR0917
    case: Case, decided_on: date, number: str, uncounted: bool, by: User, at: datetime
) -> None:
    """Begin the case's file with the decision, and let its incidents become filed."""
    event = Event.objects.create(
        case=case,
        kind=casefile.FILED,
        on=decided_on,
        place=1,
        facts={"number": number} if number else {},
        by=by,
        at=at,
    )
    steps.settle(case, at)
    if not uncounted:
        steps.refuse_uncounted(case, event)
    incidents = list(case.incidents.order_by("pk"))
    fresh = [one for one in incidents if one.state != Incident.State.FILED]
    leads.file(incidents=fresh, case=case.ref, by=by, at=at)
    filed = {
        "track": case.track,
        "domain": case.domain,
        "organ": case.organ.code if case.organ else "",
        "handler": case.handler.username,
        "incidents": [incident.ref for incident in incidents],
        **days_of(case),
    }
    steps.enter(kind=casefile.FILED, event=event, more=filed, by=by, at=at)


def _where(incidents: Sequence[Incident]) -> dict[str, float | None]:
    """Return the place of the earliest incident, if it is known well enough to show."""
    first = min(incidents, key=lambda incident: incident.pk)
    sharp = (first.radius_m or 0) <= WIDE
    return {"lon": first.lon if sharp else None, "lat": first.lat if sharp else None}


@transaction.atomic
def propose(
    *,
    incidents: Sequence[Incident],
    track: str,
    domain: str,
    organ: Organ | None,
    department: Department | None,
    handler: User,
    title: str,
    grounds: str,
    defendant: str = "",
    facts: Facts | None = None,
    by: User,
    at: datetime,
) -> Proposal:
    """Propose to the chief procurator that a case be filed.

    Raises:
        MayNotOpen: the law does not open the domain to this track, office or time.
        Refusal: an incident is filed, or proposed, already.
    """
    office = _office_of(incidents)
    require(by, "case.propose", office)
    facts = _days(facts, incidents, at)
    _check(incidents, track, domain, organ, office, facts, at)
    if Proposal.objects.filter(incidents__in=incidents, state=Proposal.State.WAITING).exists():
        raise Refusal("这条线索已经提请立案，正等待检察长决定。")
    proposal = Proposal.objects.create(
        office=office,
        track=track,
        domain=domain,
        title=title,
        organ=organ,
        defendant=defendant,
        department=department,
        handler=handler,
        grounds=grounds,
        fact_from=facts.began,
        fact_to=facts.ended,
        by=by,
        at=at,
    )
    proposal.incidents.set(incidents)
    _enter("case.proposed", proposal, by, at)
    for chief in holders(office, "case.open"):
        notify(
            user=chief,
            sentence=say("{who}提请立案，等待您决定", who=by.name),
            url=proposal.get_absolute_url(),
            key=f"proposal:{proposal.pk}",
            at=at,
        )
    return proposal


@transaction.atomic
def file_proposal(
    *,
    proposal: Proposal,
    decided_on: date,
    number: str = "",
    uncounted: bool = False,
    by: User,
    at: datetime,
) -> Case:
    """File the case as proposed."""
    proposal = _waiting(proposal)
    require(by, "case.open", proposal.office)
    case = open_from_incident(
        incidents=list(proposal.incidents.all()),
        track=proposal.track,
        domain=proposal.domain,
        organ=proposal.organ,
        department=proposal.department,
        handler=proposal.handler,
        title=proposal.title,
        decided_on=decided_on,
        defendant=proposal.defendant,
        number=number,
        uncounted=uncounted,
        facts=Facts(proposal.fact_from, proposal.fact_to) if proposal.fact_from else None,
        by=by,
        at=at,
    )
    proposal.case = case
    _decide(proposal, Proposal.State.FILED, by, at)
    return case


@transaction.atomic
def return_proposal(*, proposal: Proposal, reason: str, by: User, at: datetime) -> Proposal:
    """Send a proposal back with what is missing; whoever proposed may record dissent."""
    proposal = _waiting(proposal)
    require(by, "case.open", proposal.office)
    if not reason.strip():
        raise Refusal("退回要写明理由：还缺什么，或者为什么不立案。")
    proposal.reason = reason.strip()
    _decide(proposal, Proposal.State.RETURNED, by, at)
    return proposal


@transaction.atomic
def dissent(*, proposal: Proposal, text: str, by: User, at: datetime) -> Proposal:
    """Keep on file that the proposer disagrees with the decision (办案规则第八条). Written once.

    Raises:
        Refusal: it is not theirs to write, nothing is decided yet, or it is written already.
    """
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if by != proposal.by:
        raise Refusal("只有提请立案的检察官可以附上不同意见。")
    if proposal.state == Proposal.State.WAITING:
        raise Refusal("检察长还没有决定，还没有可以保留不同意见的决定。")
    if proposal.dissent:
        raise Refusal("不同意见已经附卷，不能改写。")
    if not text.strip():
        raise Refusal("请写下不同意见。")
    proposal.dissent = text.strip()
    proposal.save(update_fields=["dissent"])
    _enter("proposal.dissent", proposal, by, at)
    return proposal


def _office_of(incidents: Sequence[Incident]) -> Procuratorate:
    offices = {incident.office_id for incident in incidents}
    if len(offices) != 1:
        raise Refusal("一个案件的线索须属于同一个检察院。请先移送，再立案。")
    return incidents[0].office


def _days(facts: Facts | None, incidents: Sequence[Incident], at: datetime) -> Facts:
    """Return the days of the fact as given, or else as reported."""
    if facts:
        steps.not_ahead(facts.began, None, at)
    return facts or told_days(incidents)


def _check(  # noqa: PLR0917
    incidents: Sequence[Incident],
    track: str,
    domain: str,
    organ: Organ | None,
    office: Procuratorate,
    facts: Facts,
    at: datetime,
) -> None:
    """Ask the law whether this office may open such a case, and whether it is open already."""
    now = Incident.objects.select_for_update().filter(pk__in=[one.pk for one in incidents])
    for incident in now.order_by("pk"):
        _may_serve(incident, track, organ)
    last = facts.last(timezone.localdate(at))
    domains.may_open(rulebook.domain(domain), track, office.level, fact_on=last)
    if track == Track.CIVIL and organ:
        raise Refusal("民事公益诉讼针对违法行为人，不填行政机关；要督促行政机关的，请立行政案件。")


def _may_serve(incident: Incident, track: str, organ: Organ | None) -> None:
    """Refuse an incident that is decided, or that has a case against the same organ already.

    Where several organs answer for one harm, each has a case of its own (办案规则第六十九条).
    """
    if incident.state in OPENABLE:
        return
    if incident.state != Incident.State.FILED:
        raise Refusal(
            "线索 {ref} 的状态是“{state}”，不能据以立案。",
            ref=incident.ref,
            state=incident.get_state_display(),
        )
    cases = incident.cases.filter(track=track).order_by("pk")
    if organ:
        cases = cases.filter(Q(organ=organ) | Q(organ=None))
    if same := cases.first():
        raise Refusal(
            "线索 {ref} 已经据以立案 {case}。同一对象的同类违法行为应当作为一个案件办理；"
            "另有行政机关负有不同监督管理职责的，请选那个机关，分别立案（{source}）。",
            ref=incident.ref,
            case=same.ref,
            source=str(rulebook.moves()[1].source),
        )


def _next_ref(year: int) -> str:
    """Return the next file number of a year. The system's own: official numbers come from elsewhere."""
    of_year = Case.objects.filter(ref__startswith=f"{year}-")
    last = of_year.order_by(Length("ref").desc(), "-ref").first()
    return f"{year}-{int(last.ref.split('-')[1]) + 1 if last else 1:04d}"


def _waiting(proposal: Proposal) -> Proposal:
    found = Proposal.objects.select_for_update().select_related("office").get(pk=proposal.pk)
    if found.state != Proposal.State.WAITING:
        raise Refusal("这份提请已经决定过了：{state}。", state=found.get_state_display())
    return found


def _decide(proposal: Proposal, state: str, by: User, at: datetime) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, at
    proposal.save()
    _enter(f"proposal.{state}", proposal, by, at)
    if by != proposal.by:
        said = {
            Proposal.State.FILED: say("您提请的立案已获决定"),
            Proposal.State.RETURNED: say("您提请的立案已退回，请看理由"),
        }
        notify(
            user=proposal.by,
            sentence=said[state],
            url=proposal.get_absolute_url(),
            key=f"proposal:{proposal.pk}:decided",
            at=at,
        )


def _enter(kind: str, proposal: Proposal, by: User, at: datetime) -> None:
    ledger.append(
        kind=kind,
        subject=f"proposal:{proposal.pk}",
        facts={
            "track": proposal.track,
            "domain": proposal.domain,
            "title": proposal.title,
            "grounds": proposal.grounds,
            **days_of(proposal),
            "reason": proposal.reason,
            "dissent": proposal.dissent,
            "case": proposal.case.ref if proposal.case else "",
        },
        by=by,
        at=at,
        office=proposal.office,
    )


def _tell_about_case(case: Case, by: User, at: datetime) -> None:
    if case.handler != by:
        notify(
            user=case.handler,
            sentence=say("{ref} 已立案，由您承办", ref=case.ref),
            url=case.get_absolute_url(),
            key=f"case:{case.ref}:handler",
            at=at,
        )
