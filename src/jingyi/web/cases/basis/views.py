"""The statutes behind a case, by the days of its fact; the domains, and what opens them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core import rulebook
from jingyi.core.basis import Facts, basis_of
from jingyi.core.domains import LEVELS
from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.basis import actions
from jingyi.web.cases.basis.days import facts_of
from jingyi.web.cases.basis.forms import DateFactsForm
from jingyi.web.cases.models import Case, Track
from jingyi.web.cases.views.case import case_for
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said


@needs("case.read")
@require_safe
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what a case may cite for the days of its fact: a page, or a panel of the case's page."""
    found = case_for(request, ref)
    part = "#panel" if request.htmx else ""
    return render(request, f"cases/basis/case.html{part}", _held(request, found))


@needs("case.step")
@require_http_methods(["GET", "POST"])
def dates(request: HttpRequest, ref: str) -> HttpResponse:
    """Set the days of the fact right."""
    found = case_for(request, ref)
    initial = {"fact_from": found.fact_from, "fact_to": found.fact_to, "version": found.version}
    form = DateFactsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.date_facts(case=found, **given, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(reverse("basis:case", args=[found.ref]), status=303)
    context = {"case": found, "form": form}
    return render(request, "cases/basis/dates.html", context, status=422 if form.errors else 200)


@needs("case.read")
@require_safe
def domains(request: HttpRequest) -> HttpResponse:
    """List the domains: what opens each, for which procedure, from when, how sure that is."""
    shown = [
        {
            "domain": domain,
            "tracks": [
                (
                    Track(name).label,
                    domain.procedures[name],
                    [basis for basis in domain.bases if basis.procedure == name],
                )
                for name in domain.procedures
            ],
            "least": LEVELS[domain.limit.level] if domain.limit else None,
            "wider": rulebook.domain(domain.part_of).title if domain.part_of else None,
        }
        for domain in rulebook.every_domain()
    ]
    context = {"shown": shown, "drafts": rulebook.proposed_domains()}
    return render(request, "cases/basis/domains.html", context)


def _held(request: HttpRequest, found: Case) -> dict[str, Any]:
    today = timezone.localdate()
    known = facts_of(found)
    return {
        "case": found,
        "known": known,
        "basis": basis_of(
            rulebook.domain(found.domain),
            found.track,
            rulebook.statutes(),
            known or Facts(found.opened_on, found.opened_on),
            rulebook.instruments(),
            today,
        ),
        "may_date": may_on(request.user, "case.step", found),
    }
