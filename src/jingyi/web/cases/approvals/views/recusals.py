"""Recusal: the application, the decision with its reasons, and its reconsideration."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals import queries
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.approvals.actions import recusals as actions
from jingyi.web.cases.approvals.forms import AgainForm, RecusalDecisionForm, RecusalForm
from jingyi.web.cases.approvals.models import Recusal
from jingyi.web.cases.queries import who_may_handle
from jingyi.web.cases.views.case import case_for
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

Stage = Recusal.Stage


@needs("case.step")
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, ref: str) -> HttpResponse:
    """Enter an application for recusal."""
    found = case_for(request, ref)
    if not may_on(request.user, "case.step", found):
        raise Http404
    initial = {"asked_on": timezone.localdate(), "version": found.version, "own": ""}
    form = RecusalForm(request.POST or None, case=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.apply(
                case=found, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    context = {"case": found, "form": form}
    status = 422 if form.errors else 200
    return render(request, "cases/approvals/recuse.html", context, status=status)


@needs("case.read")
@require_safe
def recusal(request: HttpRequest, number: int) -> HttpResponse:
    """Show one recusal: what was asked, decided and asked again."""
    return _page(request, _found(request, number))


@needs("case.read")
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Decide an application, or its reconsideration."""
    found = _found(request, number)
    if not queries.recusals_waiting_for(request.user).filter(pk=found.pk).exists():
        raise Http404
    form = _deciding(found, request.POST)
    act = actions.reconsider if found.stage == Stage.AGAIN else actions.decide
    return _answered(request, found, form, act, "deciding")


@needs("case.step")
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Enter the request to reconsider."""
    found = _found(request, number)
    return _answered(request, found, AgainForm(request.POST), actions.ask_again, "asking")


def _answered(request: HttpRequest, found: Recusal, form: Any, act: Any, name: str) -> HttpResponse:
    if form.is_valid():
        try:
            act(recusal=found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return _page(request, found, **{name: form})


def _page(request: HttpRequest, found: Recusal, **bound: Any) -> HttpResponse:
    book = rulebook.approvals()
    waits = queries.recusals_waiting_for(request.user).filter(pk=found.pk).exists()
    initial = {"on": timezone.localdate(), "version": found.case.version}
    asks = found.stage == Stage.REFUSED and may_on(request.user, "case.step", found.case)
    context = {
        "recusal": found,
        "case": found.case,
        "capacity": book.capacities[found.capacity],
        "ground": book.grounds[found.ground],
        "deciding": _deciding(found) if waits else None,
        "asking": AgainForm(initial=initial) if asks else None,
        "due": queries.answer_by(found),
        "today": timezone.localdate(),
        **bound,
    }
    status = 422 if bound else 200
    return render(request, "cases/approvals/recusal.html", context, status=status)


def _deciding(found: Recusal, data: Any = None) -> RecusalDecisionForm:
    return RecusalDecisionForm(
        data,
        handlers=who_may_handle(found.case.office).exclude(pk=found.person_id),
        replaces=found.person_id == found.case.handler_id,
        initial={"on": timezone.localdate(), "version": found.case.version},
    )


def _found(request: HttpRequest, number: int) -> Recusal:
    seen = queries.recusals_for(request.user).select_related(
        "case__office",
        "case__handler",
        "person",
        "by",
        "decided_by",
        "reconsidered_by",
        "successor",
    )
    return get_object_or_404(seen, pk=number)
