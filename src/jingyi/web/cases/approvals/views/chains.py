"""An office's own chain of approval, and who decides in the chief procurator's stead."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals import queries
from jingyi.web.cases.approvals.actions import chains as actions
from jingyi.web.cases.approvals.forms import ChainForm, DelegationForm
from jingyi.web.cases.approvals.models import Delegation
from jingyi.web.registry.access import needs
from jingyi.web.registry.models import Procuratorate
from jingyi.web.ui.templatetags.ui import said


@needs("case.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: HttpRequest, code: str) -> HttpResponse:
    """Show an office's chain and delegations; POST changes the chain."""
    return _set(request, code, ChainForm, "chain", actions.set_chain)


@needs("case.decide")
@require_POST
def delegate(request: HttpRequest, code: str) -> HttpResponse:
    """Name a delegate."""
    return _set(request, code, DelegationForm, "delegation", actions.delegate)


@needs("case.decide")
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a delegation."""
    own = queries.own_offices(request.user, "case.decide")
    found = get_object_or_404(Delegation.objects.filter(office__in=own), pk=number)
    actions.end_delegation(delegation=found, by=request.user, at=timezone.now())
    return HttpResponseRedirect(_address(found.office), status=303)


def _set(request: HttpRequest, code: str, shape: Any, name: str, act: Any) -> HttpResponse:
    own = queries.own_offices(request.user, "case.decide")
    found = get_object_or_404(Procuratorate.objects.filter(pk__in=own), code=code)
    today = timezone.localdate()
    reviewed = queries.head_reviews(found, today)
    given = {"chain": ChainForm(initial={"head_reviews": reviewed, "since": today})}
    given["delegation"] = DelegationForm(office=found, initial={"since": today})
    if request.method == "POST":
        more = {"office": found} if shape is DelegationForm else {}
        form = given[name] = shape(request.POST, **more)
        if form.is_valid():
            try:
                act(office=found, **form.cleaned_data, by=request.user, at=timezone.now())
            except Refusal as refusal:
                form.add_error(None, said(refusal.sentence))
            else:
                return HttpResponseRedirect(_address(found), status=303)
    context = {
        "office": found,
        **given,
        "reviewed": reviewed,
        "source": rulebook.approvals().source,
        "chains": found.chains.select_related("by").order_by("-pk")[:20],
        "delegations": found.delegations.select_related("to", "by").order_by("-pk")[:20],
        "today": today,
    }
    wrong = any(form.errors for form in given.values())
    return render(request, "cases/approvals/office.html", context, status=422 if wrong else 200)


def _address(office: Procuratorate) -> str:
    return reverse("approvals:office", args=[office.code])
