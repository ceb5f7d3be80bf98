"""Undo: put back exactly what was before. The decision stays on record, marked as undone."""

from datetime import datetime
from typing import Any

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.models import User
from jingyi.web.leads.actions import auditing
from jingyi.web.leads.actions.decisions import tell
from jingyi.web.leads.actions.record import OPEN, change, record
from jingyi.web.leads.actions.settle import settle
from jingyi.web.leads.models import Decision, Finding, Incident, Judgement
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

Kind = Decision.Kind
ACTS = {
    Kind.TAKE: "lead.take",
    Kind.ASSIGN: "lead.take",
    Kind.WATCH: "lead.take",
    Kind.DECLINE: "lead.decline",
    Kind.HAND_ON: "lead.transfer",
    Kind.MERGE: "lead.merge",
    Kind.SPLIT: "lead.merge",
    Kind.APART: "lead.merge",
    Kind.AUDIT_LEAD: "lead.audit",
    Kind.AUDIT_NOT: "lead.audit",
}
AUDITED = {Kind.AUDIT_LEAD, Kind.AUDIT_NOT}


@transaction.atomic
def undo(*, decision: Decision, by: User, at: datetime) -> Decision:
    """Undo the last decision about an incident.

    Raises:
        Refusal: it was undone already, something was decided since, or it is
            not of a kind that is undone here.
    """
    found = (
        Decision.objects.select_for_update().select_related("incident__office").get(pk=decision.pk)
    )
    incident = found.incident
    if found.kind not in ACTS:
        raise Refusal("“{kind}”不能在这里撤销。", kind=str(found.get_kind_display()))
    office = Procuratorate.objects.get(pk=found.before.get("office_id", incident.office_id))
    require(by, ACTS[found.kind], office)
    _is_last(found)
    _is_together(found)
    before = dict(found.before)
    moved, source = before.pop("findings", []), before.pop("from", None)
    judged, groups = before.pop("judged", []), before.pop("groups", {})
    _unsay(judged)
    if found.kind == Kind.MERGE:
        target = incident.merged_into_id
        Finding.objects.filter(pk__in=moved).update(incident=incident)
        change(incident, **before)
        change(Incident.objects.get(pk=target))
        settle([incident.pk, target])
    elif found.kind == Kind.SPLIT:
        for finding in Finding.objects.filter(pk__in=moved):
            finding.incident_id, finding.group = source, groups[str(finding.pk)]
            finding.save(update_fields=["incident", "group"])
        change(incident, state=Incident.State.MERGED, merged_into_id=source)
        settle([source])
    else:
        if found.kind in AUDITED:
            auditing.unread(found)
        change(incident, **before)
        incident.refresh_from_db()
        if found.kind == Kind.DECLINE:
            tell(incident, "assessing", say("检察院正在核实您反映的问题。"), by=by, at=at)
    found.undone_at, found.undone_by = at, by
    found.save(update_fields=["undone_at", "undone_by"])
    if found.kind in AUDITED:
        settle([incident.pk])  # reports that joined since may make it a lead without the reader
    record(incident, "lead.undone", by=by, at=at, decision=found.pk, undone=found.kind)
    return found


@transaction.atomic
def unfile(*, case: str, by: User, at: datetime) -> list[Decision]:
    """Put incidents back on the desk when the case they were filed under is withdrawn."""
    undone = []
    for found in Decision.objects.filter(kind=Kind.FILE, to=case, undone_at=None):
        change(found.incident, **found.before)
        found.undone_at, found.undone_by = at, by
        found.save(update_fields=["undone_at", "undone_by"])
        record(found.incident, "lead.unfiled", by=by, at=at, case=case)
        undone.append(found)
    return undone


def _is_last(found: Decision) -> None:
    if found.undone_at:
        raise Refusal("这一处理已经撤销过了。")
    later = (
        found.incident.decisions.filter(pk__gt=found.pk, undone_at=None)
        .exclude(kind=Kind.NOTE)
        .select_related("by")
        .first()
    )
    if later:
        raise Refusal(
            "此后{who}又作了“{kind}”；请先撤销那一步。",
            who=later.by.name,
            kind=str(later.get_kind_display()),
        )


def _is_together(found: Decision) -> None:
    """Refuse to part reports that moved on, or whose incident has been decided since."""
    if found.kind not in {Kind.MERGE, Kind.SPLIT}:
        return
    holder = found.incident.merged_into if found.kind == Kind.MERGE else found.incident
    still = Finding.objects.filter(pk__in=found.before["findings"], incident=holder).count()
    if still != len(found.before["findings"]) or holder.state not in OPEN:
        raise Refusal(
            "这些反映此后又并入了别处，或者“{title}”已经作了处理；请先撤销那一步。",
            title=holder.title,
        )


def _unsay(judged: list[list[Any]]) -> None:
    """Put back what was said of these pairs before, if anything was."""
    for key, before in judged:
        if before is None:
            Judgement.objects.filter(pk=key).delete()
        else:
            Judgement.objects.filter(pk=key).update(same=before)
