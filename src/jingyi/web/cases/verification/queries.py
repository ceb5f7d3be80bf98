"""Reads: the duties with what was replied and found, the visits, the closed cases nearby."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from jingyi.core import contradictions, lookback, photo, verification_book
from jingyi.core import verification as core
from jingyi.core.triage.place import WIDE
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case, Event, Suggestion
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.verification.access import VERIFIED, current
from jingyi.web.cases.verification.models import Answer, Finding, LookBack, Proof, Verification
from jingyi.web.cases.verification.schedule import CLOSING
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import NEAR

State = LookBack.State
LATER = frozenset({"lookback.done", "lookback.relapsed"})


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty: where it stands, what was replied, what each round found. Newest last."""

    core: core.Duty
    answers: list[Answer]
    findings: list[Finding]

    @property
    def last(self) -> Finding | None:
        return self.findings[-1] if self.findings else None


def rounds_of(suggestion: Suggestion) -> list[Verification]:
    """Return the rounds that stand, the oldest first, with findings and proofs."""
    found = Prefetch("findings", Finding.objects.prefetch_related("proofs__blob__derivatives"))
    return list(
        suggestion.verifications.filter(event__undone_at=None)
        .select_related("first", "second", "event")
        .prefetch_related(found)
        .order_by("round", "pk")
    )


def duties_of(suggestion: Suggestion, rounds: Sequence[Verification] | None = None) -> list[Duty]:
    """Return every duty of a suggestion with its history."""
    rounds = rounds_of(suggestion) if rounds is None else rounds
    each = [{(f.duty, f.words): f.kind for f in one.findings.all()} for one in rounds]
    answers = list(
        suggestion.answers.select_related("by")
        .prefetch_related("proofs__blob__derivatives")
        .order_by("on", "pk")
    )
    findings = [_of(finding, one) for one in rounds for finding in one.findings.all()]
    return [
        Duty(
            duty,
            [one for one in answers if (one.duty, one.words) == (duty.number, duty.words)],
            [one for one in findings if (one.duty, one.words) == (duty.number, duty.words)],
        )
        for duty in core.duties(suggestion.asks, each)
    ]


def _of(finding: Finding, one: Verification) -> Finding:
    finding.verification = one  # already read
    return finding


def proofs_of(case: Case) -> QuerySet[Proof]:
    """Return every file shown for an answer, a finding or a visit of a case."""
    of = Q(answer__case=case) | Q(finding__verification__case=case) | Q(visit__case=case)
    return Proof.objects.filter(of).select_related("blob")


def address(suggestion: Suggestion) -> str:
    """Return where the duties of a suggestion are shown."""
    return reverse("verification:duties", args=[suggestion.case.ref, suggestion.pk])


def place_of(case: Case, event: str) -> str:
    """Return the address where steps of a kind are entered with more than a word; "" for none."""
    if event in VERIFIED and (suggestion := current(case)):
        return reverse("verification:verify", args=[case.ref, suggestion.pk])
    if event in LATER and (visit := case.lookbacks.filter(state=State.PLANNED).first()):
        return reverse("verification:visit", args=[visit.pk])
    return ""


# ---------------------------------------------------------------- contradictions


def disagreements(
    suggestion: Suggestion, duties: Sequence[Duty]
) -> list[contradictions.Disagreement]:
    """Return where the last answer on each duty and what is shown for it disagree."""
    claims = [_claim(suggestion, duty) for duty in duties if duty.answers]
    return contradictions.contradictions(claims, verification_book.contradictions())


def _claim(suggestion: Suggestion, duty: Duty) -> contradictions.Claim:
    answer, case = duty.answers[-1], suggestion.case
    later = [one for one in duty.findings if one.verification.on >= answer.on]
    shown = [_shown(proof) for proof in answer.proofs.all()]
    for finding in later:  # what was measured on site is held against the reply as well
        measured = f"{finding.amount.normalize():f}{finding.unit}" if finding.unit else ""
        words = f"{measured} {finding.reason}" if measured else finding.reason
        shown.append(contradictions.Shown(f"核实{finding.verification.round}", "verified", words))
    last = later[-1] if later else None
    return contradictions.Claim(
        duty=duty.core.number,
        demand=duty.core.words,
        said=answer.said,
        text=answer.text,
        replied_on=answer.on,
        served_on=suggestion.served_on,
        where=_where(case),
        shown=tuple(shown),
        found=last.kind if last else "",
        found_on=last.verification.on if last else None,
    )


def _shown(proof: Proof) -> contradictions.Shown:
    return contradictions.Shown(
        name=proof.name,
        kind=proof.kind,
        caption=proof.caption,
        taken_on=timezone.localdate(proof.taken_at) if proof.taken_at else proof.dated_on,
        where=(proof.lon, proof.lat) if proof.lon is not None and proof.lat is not None else None,
        fingerprint=photo.unsigned(proof.fingerprint) if proof.fingerprint else None,
    )


# ---------------------------------------------------------------- visits


def lookbacks_for(user: User) -> QuerySet[LookBack]:
    """Return the visits of the cases `user` may see that are still asked for, soonest first."""
    found = LookBack.objects.filter(case__in=cases_for(user)).exclude(state=State.DROPPED)
    return found.select_related("case__organ", "case__handler", "case__office").order_by(
        "due_on", "pk"
    )


def in_box(visits: QuerySet[LookBack], box: str, *, on: date) -> QuerySet[LookBack]:
    """Return the visits of one heading: overdue, due (within a month), later, or done."""
    planned = visits.filter(state=State.PLANNED)
    month = lookback.add_months(on, 1)
    match box:
        case "overdue":
            return planned.filter(due_on__lt=on)
        case "due":
            return planned.filter(due_on__gte=on, due_on__lte=month)
        case "later":
            return planned.filter(due_on__gt=month)
        case "done":
            return visits.filter(state=State.DONE).order_by("-done_on", "-pk")
    return planned


# ---------------------------------------------------------------- relapses


def near_case(case: Case, user: User) -> list[tuple[Case, lookback.Near]]:
    """Return the closed cases near one, that it may be a relapse of."""
    organ = case.organ.code if case.organ else ""
    return _near(lookback.Matter(case.ref, case.domain, case.opened_on, organ, _where(case)), user)


def near_incident(incident: Incident, user: User) -> list[tuple[Case, lookback.Near]]:
    """Return the closed cases near a lead, that it may be a relapse of."""
    if incident.lon is None or incident.lat is None or (incident.radius_m or 0) > WIDE:
        return []
    on = timezone.localdate(incident.last_at)
    where = (incident.lon, incident.lat)
    return _near(lookback.Matter(incident.ref, incident.domain, on, "", where), user)


def _near(new: lookback.Matter, user: User) -> list[tuple[Case, lookback.Near]]:
    if new.where is None:
        return []
    lon, lat = new.where
    around = Q(lon__range=(lon - NEAR, lon + NEAR), lat__range=(lat - NEAR, lat + NEAR))
    cases = cases_for(user).filter(around, domain=new.domain).select_related("organ")
    ended = Event.objects.filter(case__in=cases, kind__in=CLOSING, undone_at=None)
    closed = dict(ended.order_by("on", "place").values_list("case", "on"))
    known = {case.ref: case for case in cases if case.pk in closed}
    matters = [
        lookback.Matter(c.ref, c.domain, closed[c.pk], c.organ.code if c.organ else "", _where(c))
        for c in known.values()
    ]
    near = lookback.near(new, matters, verification_book.lookback())
    return [(known[one.closed.ref], one) for one in near]


def _where(case: Case) -> contradictions.Point | None:
    return (case.lon, case.lat) if case.lon is not None and case.lat is not None else None
