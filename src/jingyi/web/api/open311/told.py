"""What is said of a request and of what became of it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from jingyi.web.api.models import Sent
from jingyi.web.intake.actions.reports import STAGES
from jingyi.web.intake.models import Report
from jingyi.web.leads.models import Incident
from jingyi.web.ledger.queries import history_of
from jingyi.web.ui.templatetags.ui import said, title_of

CLOSED = (Incident.State.DECLINED, Incident.State.FILED)
# a receipt's stage in the words that FixMyStreet's clients know
STATUS = {
    "received": "open",
    "assessing": "investigating",
    "filed": "in_progress",
    "urging": "in_progress",
    "done": "fixed",
    "declined": "no_further_action",
}


def service(domain: Any) -> dict[str, Any]:
    """Return a statutory domain as a service."""
    return {
        "service_code": domain.slug, "service_name": title_of(domain), "description": "",
        "metadata": False, "type": "realtime", "keywords": "", "group": "",
    }  # fmt: skip


def mine(request: HttpRequest) -> QuerySet[Sent]:
    """Return what was handed in with the request's key."""
    return Sent.objects.filter(token=request.token).select_related("report__finding__incident", "report__receipt")  # fmt: skip


def told(sent: Sent) -> dict[str, Any]:
    """Return a request as the standard shows it."""
    report = sent.report
    finding = getattr(report, "finding", None)
    incident = finding.incident if finding else None
    closed = incident is not None and incident.state in CLOSED
    return {
        "service_request_id": report.ref,
        "status": "closed" if closed else "open",
        "status_notes": said(report.receipt.told),
        "service_code": finding.domain if finding else "",
        "description": report.text,
        "requested_datetime": report.received_at.isoformat(),
        "updated_datetime": (incident.last_at if incident else report.received_at).isoformat(),
        "address": report.place_words,
        "lat": report.lat,
        "long": report.lon,
    }


def updates(reports: list[Report]) -> list[dict[str, Any]]:
    """Return each stage and each letter of these reports, oldest first."""
    by_subject = {f"report:{one.ref}": one for one in reports}
    rows = []
    kinds = ("report.received", "reporter.told")
    for entry in history_of(*by_subject).filter(kind__in=kinds):
        stage = entry.body["facts"].get("stage", "received")
        words = said(STAGES[stage]) if stage in STAGES else ""
        rows.append(_update(f"s{entry.index}", by_subject[entry.subject], entry.at, words, STATUS.get(stage, "open")))  # fmt: skip
    for report in reports:
        for one in report.messages.all():
            row = _update(f"m{one.pk}", report, one.at, one.text, "")
            rows.append(row | {"from": "reporter" if one.from_reporter else "office"})
    return sorted(rows, key=lambda row: (row["updated_datetime"], row["update_id"]))


def _update(key: str, report: Report, at: Any, words: str, status: str) -> dict[str, Any]:
    return {
        "update_id": key, "service_request_id": report.ref, "status": status,
        "updated_datetime": at.isoformat(), "description": words,
    }  # fmt: skip
