"""What every decision shares: who may, whose turn, what was before, and the ledger."""

from datetime import datetime
from typing import Any

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

OPEN = {Incident.State.NEW, Incident.State.TAKEN, Incident.State.WATCHED}


def lock(incident: Incident, act: str, by: User, version: int | None) -> Incident:
    """Return the incident as it is now, locked; 404 for a stranger.

    Raises:
        Refusal: somebody changed it since `version` was shown.
    """
    now = Incident.objects.select_for_update().select_related("office").get(pk=incident.pk)
    require(by, act, now.office)
    if version is not None and now.version != version:
        last = now.decisions.order_by("-pk").select_related("by").first()
        raise Refusal(
            "这条线索刚被{who}改动过；请刷新后看清变化再操作。",
            who=last.by.name if last else "系统",
        )
    return now


def still_open(incident: Incident) -> None:
    """Refuse to decide again what has been decided."""
    if incident.state not in OPEN:
        raise Refusal(
            "这条线索已是“{state}”，不能再作此处理；如处理有误，请先撤销。",
            state=str(incident.get_state_display()),
        )


def change(incident: Incident, **values: Any) -> dict[str, Any]:
    """Set fields, count the version up, and return what they were before."""
    before = {name: getattr(incident, name) for name in values}
    for name, value in values.items():
        setattr(incident, name, value)
    incident.version += 1
    incident.save(update_fields=[*values, "version"])
    return before


def decide(
    incident: Incident, kind: str, *, before: dict[str, Any], by: User, at: datetime, **more: Any
) -> Decision:
    """Keep a decision and record it in the ledger."""
    decision = Decision.objects.create(
        incident=incident, kind=kind, before=before, by=by, at=at, **more
    )
    record(incident, f"lead.{kind}", by=by, at=at, decision=decision.pk, **_facts(more))
    return decision


def record(
    incident: Incident,
    kind: str,
    *,
    by: User | None,
    at: datetime,
    office: Procuratorate | None = None,
    **facts: Any,
) -> None:
    """Put one act about an incident into the ledger of its office, or of `office`."""
    ledger.append(
        kind=kind,
        subject=f"incident:{incident.ref}",
        facts=facts,
        by=by,
        at=at,
        office=office or incident.office,
    )


def _facts(more: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in more.items() if value and name != "note"}
