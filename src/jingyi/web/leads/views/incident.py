"""One incident: what happened, why it ranks there, who said so, what was decided."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.triage import whereabouts
from jingyi.core.triage.place import WIDE
from jingyi.core.words import Sentence
from jingyi.web.leads import actions, belonging, queries, standing
from jingyi.web.leads.actions.record import OPEN
from jingyi.web.leads.forms import FORMS
from jingyi.web.leads.models import Incident
from jingyi.web.leads.parties import parties_of
from jingyi.web.ledger.queries import history_of
from jingyi.web.registry.access import may, needs

SOME = 5  # reports read for what they say of the place


def find(request: HttpRequest, ref: str) -> Incident:
    """Return an incident this person may see, or 404."""
    seen = queries.incidents_for(request.user).select_related(
        "office", "handler", "region", "merged_into", "received_from"
    )
    return get_object_or_404(seen, ref=ref)


@needs("lead.read")
@require_safe
def incident(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one incident whole."""
    found = find(request, ref)
    actions.present(incident=found, by=request.user, at=timezone.now())
    return render(request, "leads/incident.html", context_of(request, found))


def context_of(request: HttpRequest, found: Incident, form=None, kind: str = "") -> dict:
    """Return what the incident's page shows; `form` is one that was sent back with errors."""
    forms = {
        name: one(office=found.office, initial={"version": found.version})
        for name, one in FORMS.items()
    }
    if form is not None:
        forms[kind] = form
    findings = queries.findings_of(found)
    return {
        "incident": found,
        "findings": findings,
        "decisions": queries.decisions_of(found),
        "history": history_of(f"incident:{found.ref}"),
        "just_done": queries.just_decided(found, request.user),
        "near": queries.near(found, request.user)[:6],
        "present": queries.present_at(found, but=request.user),
        "asked": _asked(found),
        "parties": parties_of(findings),
        "shares": standing.explained(found.facts),
        "gains": standing.next_exhibits(found.facts)[:5],
        "forms": forms,
        "form": form,
        "open_form": kind,
        "undecided": found.state in OPEN,
        "may_decide": may(request.user, "lead.take", found.office),
    }


def _asked(found: Incident) -> Sentence | None:
    """Return what to ask the reporters about the place, where nothing can be put on the map."""
    if found.lat is not None and (found.radius_m or 0) <= WIDE:
        return None
    told = [
        f"{report.place_words}\n{report.title}\n{report.text}"
        for report in (finding.report for finding in queries.findings_of(found)[:SOME])
    ]
    return whereabouts.missing("\n".join(told), found.office.region_id)


@needs("lead.read")
@require_safe
def preview(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the short form beside the queue."""
    found = find(request, ref)
    context = {
        "incident": found,
        "findings": queries.findings_of(found)[:5],
        "present": queries.present_at(found, but=request.user),
    }
    page = "leads/preview.html" + ("#preview" if request.htmx else "")
    return render(request, page, context)


@needs("lead.read")
@require_safe
def similar(request: HttpRequest, ref: str) -> HttpResponse:
    """Offer incidents that may be the same, with the evidence for each pair."""
    found = find(request, ref)
    alike = queries.similar_to(found, request.user)
    return render(request, "leads/parts/similar.html", {"incident": found, "alike": alike})


@needs("lead.read")
@require_POST
def present(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that one is still here; answer who else is."""
    found = find(request, ref)
    actions.present(incident=found, by=request.user, at=timezone.now())
    others = queries.present_at(found, but=request.user)
    return render(request, "leads/parts/present.html", {"present": others})


@needs("lead.read")
@require_safe
def evidence(request: HttpRequest, ref: str) -> HttpResponse:
    """Show why each report belongs here: what speaks for it and against, and by how much."""
    found = find(request, ref)
    context = {"incident": found, "belongs": belonging.evidence_of(found)}
    return render(request, "leads/parts/evidence.html", context)
