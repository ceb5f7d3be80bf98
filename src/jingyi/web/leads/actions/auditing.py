"""The audit of what triage put aside: draw a sample, and say of each whether it is a lead."""

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Count, Q
from django.utils.timezone import localtime

from jingyi.core import audit as core
from jingyi.core.audit import Read
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.leads.actions.record import OPEN, change, decide, lock
from jingyi.web.leads.models import Audit, AuditItem, Decision, Incident
from jingyi.web.leads.sampling import rules
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger import queries as ledger_queries
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

Kind, State = Decision.Kind, Incident.State


@transaction.atomic
def draw(*, office: Procuratorate, by: User, at: datetime) -> Audit:
    """Draw a sample of what triage put aside and nobody has decided.

    The seed is made of the office, the day and the ledger's root; the draw
    itself is then written into the ledger, with a digest of the list.

    Raises:
        Refusal: the last sample is not read yet, or nothing is put aside.
    """
    require(by, "lead.audit", office)
    Procuratorate.objects.select_for_update().get(pk=office.pk)
    waiting = AuditItem.objects.filter(audit__office=office, decision=None).count()
    if waiting:
        raise Refusal("上一次抽查还有 {n} 条没有读；读完再抽新的。", n=waiting)
    put_aside = Incident.objects.filter(office=office, is_lead=False, state=State.NEW)
    held = {ref: (pk, lead) for pk, ref, lead in put_aside.values_list("pk", "ref", "lead")}
    day, (_size, root) = localtime(at).date(), ledger_queries.head()
    sown = core.seed(office=office.code, day=day.isoformat(), root=root)
    drawn = core.draw(rules(), {ref: lead for ref, (_pk, lead) in held.items()}, sown)
    listed = "\n".join(f"{ref} {lead:.6f}" for ref, (_pk, lead) in sorted(held.items()))
    made = Audit.objects.create(
        office=office,
        day=day,
        root=root,
        digest=sha256(listed.encode()).hexdigest(),
        sizes=list(drawn.sizes),
        found=_on_the_desk(office),
        by=by,
        at=at,
    )
    AuditItem.objects.bulk_create(
        AuditItem(
            audit=made, incident_id=held[ref][0], order=n, stratum=stratum, score=held[ref][1]
        )
        for n, (ref, stratum) in enumerate(drawn.chosen)
    )
    recount(made)
    ledger.append(
        kind="audit.drawn",
        subject=f"audit:{made.pk}",
        facts={
            "day": day.isoformat(),
            "root": root,
            "digest": made.digest,
            "sizes": made.sizes,
            "read": len(drawn.chosen),
            "found": made.found,
        },
        by=by,
        at=at,
        office=office,
    )
    return made


@transaction.atomic
def judge(*, item: AuditItem, lead: bool, by: User, at: datetime) -> Decision:
    """Say whether an incident that was put aside is a lead; if so, it comes onto the desk.

    Raises:
        Refusal: it has been read by then.
    """
    now = AuditItem.objects.select_for_update().select_related("incident").get(pk=item.pk)
    incident = lock(now.incident, "lead.audit", by, None)
    if now.decision_id:
        raise Refusal("这一条已经有人读过了；要改判断，请先撤销。")
    moved = lead and incident.state in OPEN
    before = change(incident, is_lead=True) if moved else {}
    kind = Kind.AUDIT_LEAD if lead else Kind.AUDIT_NOT
    now.decision = decide(incident, kind, before=before, by=by, at=at)
    now.save(update_fields=["decision"])
    recount(Audit.objects.get(pk=now.audit_id))
    return now.decision


def recount(audit: Audit) -> None:
    """Keep what the sample says so far of the leads that were missed."""
    told = audit.items.values("stratum").annotate(
        read=Count("decision"),
        leads=Count("decision", filter=Q(decision__kind=Kind.AUDIT_LEAD)),
    )
    by_stratum = {one["stratum"]: one for one in told}
    strata = [
        Read(size, found["read"], found["leads"])
        for size, found in (
            (size, by_stratum.get(n, {"read": 0, "leads": 0})) for n, size in enumerate(audit.sizes)
        )
    ]
    missed = core.missed(strata, found=audit.found, confidence=rules().confidence)
    audit.missed = asdict(missed)
    audit.save(update_fields=["missed"])


def unread(decision: Decision) -> None:
    """Take back what a reader said: the incident waits to be read again."""
    item = AuditItem.objects.select_related("audit").get(decision=decision)
    item.decision = None
    item.save(update_fields=["decision"])
    recount(item.audit)


def _on_the_desk(office: Procuratorate) -> int:
    """Return how many leads triage found, but for those that people declined."""
    leads = Incident.objects.filter(office=office, is_lead=True).exclude(
        state__in=[State.MERGED, State.DECLINED]
    )
    return leads.count()
