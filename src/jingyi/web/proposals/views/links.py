"""Candidates on both sides, and their judging."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.cases.models import Suggestion
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.views.case import case_for
from jingyi.web.leads.queries import incidents_for
from jingyi.web.proposals import matching, queries
from jingyi.web.proposals.actions import linking
from jingyi.web.proposals.forms import JudgeForm
from jingyi.web.proposals.models import Link
from jingyi.web.proposals.views.items import item_for
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

KINDS = ("suggestion", "incident", "case")


@needs("proposals.assess")
@require_safe
def matches(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Show the candidates of a kind for an item."""
    found = item_for(request, number)
    if kind not in KINDS:
        raise Http404
    context = {
        "item": found,
        "kind": kind,
        "candidates": matching.for_item(request.user, found, kind),
        "judged": found.links.filter(undone_at=None).exclude(**{kind: None}).select_related(
            "suggestion__case", "incident", "case", "by"
        ),
        "verdicts": Link.Verdict.choices,
    }  # fmt: skip
    return render(request, "proposals/matches.html", context)


@needs("proposals.assess")
@require_POST
def judge(request: HttpRequest, number: int, kind: str, target: int) -> HttpResponse:
    """Keep a judgement."""
    found = item_for(request, number)
    cases = cases_for(request.user)
    among = {
        "suggestion": Suggestion.objects.filter(case__in=cases),
        "incident": incidents_for(request.user),
        "case": cases,
    }
    if kind not in among:
        raise Http404
    thing = get_object_or_404(among[kind], pk=target)
    form = JudgeForm(request.POST)
    if form.is_valid():
        try:
            score = float(request.POST.get("score") or 0)
        except ValueError:
            score = 0.0
        try:
            linking.judge(
                item=found, target=thing, **form.cleaned_data, score=score, by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            messages.error(request, said(refusal.sentence))
    back = request.POST.get("back", "")
    where = back if back.startswith("/") and not back.startswith("//") else found.get_absolute_url()
    return HttpResponseRedirect(where, status=303)


@needs("proposals.assess")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take a judgement back."""
    own = Link.objects.filter(item__in=queries.items_for(request.user))
    link = get_object_or_404(own.select_related("item__session__office"), pk=number)
    try:
        linking.undo(link=link, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(link.item.get_absolute_url(), status=303)


@needs("case.read")
@require_safe
def for_case(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the items a case is linked with, and those that may be of its matter."""
    case = case_for(request, ref)
    return _for(request, case, "case")


@needs("lead.read")
@require_safe
def for_incident(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the same of a lead."""
    incident = get_object_or_404(incidents_for(request.user), ref=ref)
    return _for(request, incident, "incident")


def _for(request: HttpRequest, target: object, kind: str) -> HttpResponse:
    links = Link.objects.filter(
        **{kind: target}, undone_at=None, item__in=queries.items_for(request.user)
    ).exclude(verdict=Link.Verdict.NO)
    context = {
        "target": target,
        "kind": kind,
        "links": links.select_related("item__session"),
        "candidates": [c for c in matching.for_target(request.user, target) if c.offered],
        "verdicts": Link.Verdict.choices,
    }
    part = "#panel" if request.htmx else ""
    return render(request, f"proposals/for_target.html{part}", context)
