"""Selections: the list, one with its stages, its rules."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.judging import book, rounds
from jingyi.core.refusal import Refusal
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.selection import forms, polls, queries, results
from jingyi.web.selection.actions import counting, editions, jury, voting
from jingyi.web.selection.models import Edition
from jingyi.web.ui.templatetags.ui import said

STEPS = {
    "open": editions.open_nominations,
    "close": editions.close_nominations,
    "seat": jury.seat,
    "scoring": jury.open_scoring,
    "advance": counting.advance,
    "count": counting.count,
    "decide": counting.decide,
}


@needs("selection.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the selections."""
    stages = book.book().stages
    rows = [(one, stages[one.stage].title) for one in queries.editions_for(request.user)]
    acts = acts_of(request.user)
    context = {
        "rows": rows,
        "may_run": "selection.run" in acts,
        "sheets": queries.seats_for(request.user).filter(void_why="", scored_at=None, entry__edition__stage="scoring").count(),
        "papers": queries.papers_for(request.user).filter(voted=False).count(),
    }  # fmt: skip
    return render(request, "selection/list.html", context)


@needs("selection.run")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draw up the rules of a selection."""
    offices = offices_for(request.user, "selection.run").order_by("path")
    begun = forms.RulesForm.begun(None) | {"office": offices.first()}
    form = forms.RulesForm(request.POST or None, initial=begun, offices=offices)
    if request.method == "POST" and form.is_valid():
        try:
            made = editions.create(
                office=form.cleaned_data["office"], rules=form.rules(),
                by=request.user, at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return render(
        request, "selection/rules.html", {"form": form}, status=422 if form.errors else 200
    )


@needs("selection.run")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Rewrite the rules of a selection that has not opened."""
    found = run_by(request, number)
    form = forms.RulesForm(request.POST or None, initial=forms.RulesForm.begun(found))
    if request.method == "POST" and form.is_valid():
        try:
            editions.change(edition=found, rules=form.rules(), by=request.user, at=timezone.now())
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    context = {"form": form, "edition": found}
    return render(request, "selection/rules.html", context, status=422 if form.errors else 200)


@needs("selection.read")
@require_safe
def edition(request: HttpRequest, number: int) -> HttpResponse:
    """Show a selection: where it stands, its rules, its entries, what can be done."""
    found = get_object_or_404(queries.editions_for(request.user), pk=number)
    return page(request, found)


@needs("selection.run")
@require_POST
def take(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Take a step of a selection."""
    found = run_by(request, number)
    if what not in STEPS:
        raise Http404
    try:
        STEPS[what](edition=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return page(request, found, problem=refusal)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("selection.run")
@never_cache
@require_POST
def vouchers(request: HttpRequest, number: int) -> HttpResponse:
    """Make vouchers and show them, this once: there is nothing to go back to."""
    found = run_by(request, number)
    form = forms.VoucherForm(request.POST)
    try:
        n = form.cleaned_data["n"] if form.is_valid() else 0
        codes = voting.issue(edition=found, n=n, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return page(request, found, problem=refusal)
    return render(request, "selection/vouchers.html", {"edition": found, "codes": codes})


def run_by(request: HttpRequest, number: int) -> Edition:
    """Return a selection that the person runs, or 404."""
    found = get_object_or_404(queries.editions_for(request.user), pk=number)
    if not may(request.user, "selection.run", found.office):
        raise Http404
    return found


def page(request: HttpRequest, found: Edition, *, problem: Refusal | None = None) -> HttpResponse:
    """Draw a selection's page; with a problem, as 422."""
    stages = book.book().stages
    order = list(stages)
    runs = may(request.user, "selection.run", found.office)
    mine = (
        queries.entries_for(request.user)
        .filter(edition=found)
        .order_by("number", "brand__name", "heading")
    )
    entering = found.stage == "nomination" and "brands.change" in acts_of(request.user)
    context: dict[str, Any] = {
        "edition": found,
        "stages": [(s.title, order.index(n) - order.index(found.stage)) for n, s in stages.items()],
        "runs": runs,
        "decides": may(request.user, "selection.decide", found.office),
        "commitment": editions.commitment(found),
        "entries": mine,
        "standing": queries.standing(found) if runs else (),
        "total": sum(found.criteria.values()),
        "enter": forms.EnterForm(brands=queries.brands_to_enter(request.user, found), kinds=found.kinds) if entering else None,
        "cases": forms.CaseForm(cases=queries.cases_to_enter(request.user, found), kinds=found.kinds) if found.stage == "nomination" and "brands.enter" in acts_of(request.user) else None,
        "recounting": found.stage == "scoring" and found.counts.filter(round=found.round).exists(),
        "polling": queries.polling(found),
        "legs": [(n - found.round, leg) for n, leg in enumerate(found.legs)],
        "turnout": polls.turnout(found) if runs and found.leg.kind == rounds.BALLOT else None,
        "objections": found.objections.all() if runs else (),
        "reply": forms.ReplyForm() if runs else None,
        "struck": results.struck(found, _hours(found)) if runs and found.stage == "scoring" else (),
        "problem": problem.sentence if problem else None,
    }  # fmt: skip
    return render(request, "selection/edition.html", context, status=422 if problem else 200)


def _hours(found: Edition) -> int:
    """Return how many hours ago the selection opened."""
    return int((timezone.now() - found.opened_at).total_seconds() // 3600) + 1
