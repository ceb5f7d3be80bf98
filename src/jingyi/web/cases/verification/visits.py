"""Visits after closing (回头看): which are due, what one found, and what may be a relapse."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core import verification_book
from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import may_on, require_on
from jingyi.web.cases.verification import actions, queries
from jingyi.web.cases.verification.forms import VisitForm, VisitsFilter
from jingyi.web.cases.verification.models import LookBack
from jingyi.web.cases.verification.proofs import Given, Kind
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

PAGE = 50


@needs("case.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the visits that closed cases are due for, soonest first."""
    today = timezone.localdate()
    form = VisitsFilter(request.GET)
    box = form.cleaned_data["box"] if form.is_valid() else ""
    found = queries.in_box(queries.lookbacks_for(request.user), box, on=today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "box": box, "rules": verification_book.lookback()}
    return render(request, "cases/verification/visits.html", context)


@needs("case.read")
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, number: int) -> HttpResponse:
    """Show a visit; enter what it found. A relapse lets the chief procurator reopen the case."""
    found = get_object_or_404(queries.lookbacks_for(request.user), pk=number)
    case = found.case
    planned = found.state == LookBack.State.PLANNED
    enters = planned and may_on(request.user, "case.step", case)
    if request.method == "POST":
        require_on(request.user, "case.step", case)
    form = VisitForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={"on": timezone.localdate(), "version": case.version},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        proofs = [Given(file, Kind.PHOTO, given["found"]) for file in given.pop("photos") if file]
        try:
            actions.look_back(
                visit=found, **given, proofs=proofs, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, _("回头看已登记。"))
            return HttpResponseRedirect(reverse("verification:visit", args=[found.pk]), status=303)
    context = {
        "visit": found,
        "case": case,
        "form": form if enters else None,
        "rule": verification_book.lookback().rule(case.domain),
        "proofs": found.proofs.select_related("blob"),
        "others": case.lookbacks.exclude(pk=found.pk).exclude(state=LookBack.State.DROPPED),
    }
    status = 422 if form.errors else 200
    return render(request, "cases/verification/visit.html", context, status=status)


@needs("case.read")
@require_safe
def near_incident(request: HttpRequest, ref: str) -> HttpResponse:
    """Say which closed cases a lead may be a relapse of; a part of the lead's page."""
    incident = get_object_or_404(incidents_for(request.user), ref=ref)
    context = {"incident": incident, "near": queries.near_incident(incident, request.user)}
    part = "#near" if request.htmx else ""
    return render(request, f"cases/verification/near.html{part}", context)
