"""Reads of the leads room; each starts from what a person may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jingyi.core.triage.incidents import Same
from jingyi.core.triage.place import WIDE
from jingyi.web.accounts.models import User
from jingyi.web.leads.belonging import Part, compared, parts_of
from jingyi.web.leads.models import (
    Audit,
    AuditItem,
    Decision,
    Finding,
    Incident,
    Judgement,
    Presence,
)
from jingyi.web.leads.sampling import rules
from jingyi.web.leads.search import searched
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for

__all__ = ["searched"]
State = Incident.State
HERE = timedelta(seconds=60)  # a page pings every 20 s
JUST = timedelta(seconds=30)
NEAR = 0.01  # degrees: about a kilometre


def incidents_for(user: User) -> QuerySet[Incident]:
    """Return the incidents of the offices `user` reads, and those these offices handed on."""
    offices = offices_for(user, "lead.read")
    return Incident.objects.filter(Q(office__in=offices) | Q(received_from__in=offices))


def waiting_for(user: User) -> QuerySet[Incident]:
    """Return the incidents that `user` has taken and not yet decided."""
    return incidents_for(user).filter(handler=user, state=State.TAKEN).order_by("-rank", "-pk")


def fresh_for(user: User, since: datetime) -> QuerySet[Incident]:
    """Return new leads first reported since a moment, best first."""
    new = incidents_for(user).filter(is_lead=True, state=State.NEW, first_at__gte=since)
    return new.order_by("-rank", "-pk")


def findings_of(incident: Incident) -> QuerySet[Finding]:
    """Return what was reported, latest first. The caller has checked who asks."""
    return (
        incident.findings.select_related("report__sender")
        .prefetch_related("report__attachments")
        .order_by("-report__received_at", "-pk")
    )


def present_at(incident: Incident, *, but: User) -> QuerySet[Presence]:
    """Return who else has the incident open now."""
    recent = incident.present.filter(seen_at__gte=timezone.now() - HERE).exclude(user=but)
    return recent.select_related("user")


def decisions_of(incident: Incident) -> QuerySet[Decision]:
    """Return what was decided, latest first, also about what was merged into it."""
    return (
        Decision.objects.filter(Q(incident=incident) | Q(incident__merged_into=incident))
        .select_related("by", "undone_by", "incident")
        .order_by("-pk")
    )


def just_decided(incident: Incident, user: User) -> Decision | None:
    """Return what `user` decided a moment ago and may want to take back."""
    recent = timezone.now() - JUST
    mine = incident.decisions.filter(by=user, at__gte=recent, undone_at=None)
    return mine.exclude(kind__in=[Decision.Kind.NOTE, Decision.Kind.FILE]).order_by("-pk").first()


def audits_for(user: User) -> QuerySet[Audit]:
    """Return the samples of the offices `user` may audit, the latest first."""
    offices = offices_for(user, "lead.audit")
    return Audit.objects.filter(office__in=offices).select_related("office", "by").order_by("-pk")


def audit_to_show(user: User) -> Audit | None:
    """Return the sample whose result stands on the desk: the latest, of the highest office."""
    return audits_for(user).order_by("office__path", "-pk").first()


def put_aside(office: Procuratorate) -> QuerySet[Incident]:
    """Return what triage put aside and nobody has decided. The caller has checked who asks."""
    return Incident.objects.filter(office=office, is_lead=False, state=State.NEW)


def items_of(audit: Audit) -> list[AuditItem]:
    """Return what is to be read, in the order of the tickets."""
    return list(audit.items.select_related("incident", "decision__by").order_by("order"))


@dataclass(frozen=True, slots=True)
class Layer:
    """One stratum of a sample, as the page shows it."""

    above: float
    below: float
    size: int
    drawn: int
    read: int
    leads: int


def strata_of(audit: Audit, items: list[AuditItem]) -> list[Layer]:
    """Return the strata with what was read of each."""
    layers, above = [], 0.0
    for n, (rule, size) in enumerate(zip(rules().strata, audit.sizes, strict=False)):
        here = [item for item in items if item.stratum == n]
        read = [item.decision for item in here if item.decision]
        leads = sum(one.kind == Decision.Kind.AUDIT_LEAD for one in read)
        below = min(rule.below, 1.0)
        layers.append(Layer(above, below, size, len(here), len(read), leads))
        above = below
    return layers


def just_audited(audit: Audit, user: User) -> AuditItem | None:
    """Return what `user` read a moment ago and may want to take back."""
    recent = timezone.now() - JUST
    mine = audit.items.filter(decision__by=user, decision__at__gte=recent)
    return mine.select_related("decision", "incident").order_by("-decision").first()


def near(incident: Incident, user: User) -> QuerySet[Incident]:
    """Return other incidents within about a kilometre, nearest first."""
    if incident.lon is None or (incident.radius_m or 0) > WIDE:
        return Incident.objects.none()
    around = incidents_for(user).exclude(pk=incident.pk).exclude(state=State.MERGED)
    around = around.exclude(radius_m__gt=WIDE)  # somewhere in a county is near nothing
    return around.filter(
        lon__range=(incident.lon - NEAR, incident.lon + NEAR),
        lat__range=(incident.lat - NEAR, incident.lat + NEAR),
    ).order_by(
        (F("lon") - incident.lon) * (F("lon") - incident.lon)
        + (F("lat") - incident.lat) * (F("lat") - incident.lat)
    )


@dataclass(frozen=True, slots=True)
class Similar:
    """Another incident, how alike the two are, and why."""

    incident: Incident
    same: Same
    parts: tuple[Part, ...]


def said_apart(incident: Incident) -> set[int]:
    """Return the incidents of which people said that they are not this one."""
    own = incident.findings.values("report")
    said = Judgement.objects.filter(same=False)
    pairs = said.filter(one__in=own).values_list("other__finding__incident", flat=True)
    back = said.filter(other__in=own).values_list("one__finding__incident", flat=True)
    return {*pairs, *back} - {incident.pk, None}


def similar_to(incident: Incident, user: User, most: int = 5) -> list[Similar]:
    """Return the incidents most like this one, with the evidence for each pair."""
    own = incident.findings.order_by("-rank", "pk").first()
    if own is None:
        return []
    candidates = (
        incidents_for(user)
        .filter(office=incident.office, domain=incident.domain)
        .exclude(pk=incident.pk)
        .exclude(pk__in=said_apart(incident))
        .exclude(state=State.MERGED)
        .order_by("-last_at")[:200]
    )
    found = []
    for other in candidates.prefetch_related("findings"):
        first = next(iter(other.findings.all()), None)
        same = compared(own, first) if first else None
        if same is not None:
            found.append(Similar(other, same, parts_of(same)))
    found.sort(key=lambda one: -one.same.score)
    return [one for one in found[:most] if one.same.score >= 0.05]
