"""From an incident to a case: the offer on the incident's page, the form, the chief's decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core import domains, rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.cases import actions, evaluation, queries
from jingyi.web.cases.actions.opening import OPENABLE
from jingyi.web.cases.basis.days import told_days
from jingyi.web.cases.forms import ReasonForm
from jingyi.web.cases.models import Proposal, Track
from jingyi.web.cases.opening_forms import FilingForm, OpenForm
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.access import may, needs
from jingyi.web.ui.templatetags.ui import said


@needs("case.read")
@require_safe
def for_incident(request: HttpRequest, ref: str) -> HttpResponse:
    """Offer to open a case from an incident, on its lawful grounds; or link the case it became."""
    incident = get_object_or_404(incidents_for(request.user).select_related("office"), ref=ref)
    cases = list(queries.cases_for(request.user).filter(incidents=incident).order_by("pk"))
    context = {
        "incident": incident,
        "cases": cases,
        "divides": incident.state == Incident.State.FILED and all(one.organ_id for one in cases),
        "proposals": queries.proposals_for(request.user).filter(incidents=incident).order_by("-pk"),
        "may_open": may(request.user, "case.open", incident.office),
        "may_propose": may(request.user, "case.propose", incident.office),
        "grounds": _grounds(incident) if incident.state in OPENABLE else [],
        "apart": rulebook.moves()[1].source,
        "papers": incident.state == Incident.State.DECLINED or incident.received_from_id,
        "clocks": evaluation.clocks(incident, on=timezone.localdate()),
    }
    part = "#offer" if request.htmx else ""
    return render(request, f"cases/for_incident.html{part}", context)


def _grounds(incident: Incident) -> list[tuple[str, Any, Any]]:
    """Return (track, opening or None, refusal or None) for the domains triage thinks possible."""
    found = []
    if not incident.domain:
        return []
    domain = rulebook.domain(incident.domain)
    for track in Track:
        try:
            opening = domains.may_open(
                domain, track, incident.office.level, fact_on=timezone.localdate(incident.last_at)
            )
        except domains.MayNotOpen as refusal:
            found.append((track, None, refusal.sentence))
        else:
            found.append((track, opening, None))
    return found


@needs("case.read")
@require_http_methods(["GET", "POST"])
def open_case(request: HttpRequest) -> HttpResponse:
    """Open a case from `?incident=REF…` (the chief procurator), or propose it (a prosecutor)."""
    refs = request.GET.getlist("incident")
    incidents = list(
        incidents_for(request.user).filter(ref__in=refs).select_related("office").order_by("pk")
    )
    if not incidents or len(incidents) != len(set(refs)):
        raise Http404
    office = incidents[0].office
    decides = may(request.user, "case.open", office)
    if not decides and not may(request.user, "case.propose", office):
        raise Http404
    handlers = queries.who_may_handle(office)
    form = OpenForm(
        request.POST or None,
        user=request.user,
        office=office,
        handlers=handlers,
        decides=decides,
        initial=_first_thoughts(request, incidents, handlers),
    )
    if request.method == "POST" and form.is_valid():
        act = actions.open_from_incident if decides else actions.propose
        try:
            made = act(incidents=incidents, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            words = _("已立案。") if decides else _("已提请检察长决定。")
            messages.success(request, words)
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    context = {
        "form": form,
        "incidents": incidents,
        "office": office,
        "decides": decides,
        "apart": rulebook.moves()[1].source,
        "already": queries.cases_for(request.user)
        .filter(incidents__in=incidents)
        .select_related("organ")
        .distinct()
        .order_by("pk"),
    }
    return render(request, "cases/open.html", context, status=422 if form.errors else 200)


def _first_thoughts(
    request: HttpRequest, incidents: list[Incident], handlers: Any
) -> dict[str, Any]:
    first = incidents[0]
    own = request.user if handlers.filter(pk=request.user.pk).exists() else first.handler
    domain = rulebook.domain(first.domain) if first.domain else None
    told = told_days(incidents)
    return {
        "track": next(iter(domain.procedures)) if domain else Track.ADMINISTRATIVE,
        "domain": first.domain,
        "title": first.title,
        "handler": own.username if own else "",
        "decided_on": timezone.localdate(),
        "fact_from": told.began,
        "fact_to": told.ended,
    }


@needs("case.read")
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """List the proposals to file, those that wait first."""
    found = queries.proposals_for(request.user).select_related("by", "office", "case")
    waiting = Proposal.State.WAITING
    context = {
        "waiting": found.filter(state=waiting).order_by("at", "pk"),
        "decided": found.exclude(state=waiting).order_by("-decided_at", "-pk")[:100],
    }
    return render(request, "cases/proposals.html", context)


@needs("case.read")
@require_safe
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Show a proposal; to the chief procurator, with the two decisions."""
    return _proposal(request, _found(request, number))


@needs("case.open")
@require_POST
def file_proposal(request: HttpRequest, number: int) -> HttpResponse:
    """File the case as proposed."""
    found = _found(request, number)
    form = FilingForm(request.POST)
    if form.is_valid():
        try:
            case = actions.file_proposal(
                proposal=found, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(case.get_absolute_url(), status=303)
    return _proposal(request, found, filing=form)


@needs("case.open")
@require_POST
def return_proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Send a proposal back, with the reason."""
    return _worded(request, number, "returning", actions.return_proposal, "reason")


@needs("case.propose")
@require_POST
def dissent(request: HttpRequest, number: int) -> HttpResponse:
    """Keep the proposer's dissent on file."""
    return _worded(request, number, "dissenting", actions.dissent, "text")


def _worded(request: HttpRequest, number: int, name: str, act: Any, argument: str) -> HttpResponse:
    found = _found(request, number)
    form = ReasonForm(request.POST)
    if form.is_valid():
        words = {argument: form.cleaned_data["reason"]}
        try:
            act(proposal=found, **words, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return _proposal(request, found, **{name: form})


def _found(request: HttpRequest, number: int) -> Proposal:
    related = ("office", "organ", "department", "handler", "by", "decided_by", "case")
    return get_object_or_404(
        queries.proposals_for(request.user).select_related(*related), pk=number
    )


def _proposal(request: HttpRequest, found: Proposal, **forms: Any) -> HttpResponse:
    waits = found.state == Proposal.State.WAITING
    if waits and may(request.user, "case.open", found.office):
        forms.setdefault("filing", FilingForm(initial={"decided_on": timezone.localdate()}))
        forms.setdefault("returning", ReasonForm())
    if not waits and request.user == found.by and not found.dissent:
        forms.setdefault("dissenting", ReasonForm())
    wrong = any(form.errors for form in forms.values())
    context = {
        "proposal": found,
        "domain": rulebook.domain(found.domain),
        "incidents": found.incidents.order_by("pk"),
        **forms,
    }
    return render(request, "cases/proposal.html", context, status=422 if wrong else 200)
