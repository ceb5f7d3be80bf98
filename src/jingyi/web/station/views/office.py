"""The procuratorate's side: sending a suggestion, one-time links, and who saw what."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.models import Suggestion
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.views.case import case_for
from jingyi.web.registry.access import needs
from jingyi.web.station import queries
from jingyi.web.station.actions import links, matters
from jingyi.web.station.forms import LinkForm
from jingyi.web.station.models import Link, Paper, Request, Seen
from jingyi.web.ui.templatetags.ui import said

PAGE = 100


@needs("case.read")
@require_safe
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what of a case is in the organ's station; a part of the case's page."""
    case = case_for(request, ref)
    suggestions = case.suggestions.select_related("organ", "matter").order_by("decided_on", "pk")
    matters_here = queries.matters_of(request.user).filter(suggestion__case=case)
    context = {
        "case": case,
        "suggestions": suggestions,
        "links": Link.objects.filter(matter__in=matters_here).select_related("matter"),
        "requests": Request.objects.filter(matter__in=matters_here).select_related("matter"),
        "papers": Paper.objects.filter(case=case, replaced_by=None).prefetch_related("signatures"),
        "may_step": may_on(request.user, "case.step", case),
        "now": timezone.now(),
    }
    part = "#panel" if request.htmx else ""
    return render(request, f"station/of_case.html{part}", context)


@needs("case.step")
@require_POST
def send(request: HttpRequest, suggestion: int) -> HttpResponse:
    """Send a suggestion to the station of its organ."""
    own = Suggestion.objects.filter(case__in=cases_for(request.user))
    found = get_object_or_404(own.select_related("case__office", "organ"), pk=suggestion)
    try:
        matters.send(suggestion=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    else:
        messages.success(request, _("已送到工作站，等行政机关签收。"))
    return HttpResponseRedirect(found.case.get_absolute_url(), status=303)


@needs("case.step")
@require_http_methods(["GET", "HEAD", "POST"])
def make_link(request: HttpRequest, number: int) -> HttpResponse:
    """Make a one-time link; its address is shown this once."""
    matter = get_object_or_404(queries.matters_of(request.user), pk=number)
    form = LinkForm(request.POST if request.method == "POST" else None)
    context = {"matter": matter, "case": matter.suggestion.case, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            link, key = links.make(
                matter=matter, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            context["link"] = link
            context["address"] = request.build_absolute_uri(reverse("station:door", args=[key]))
    response = render(request, "station/link.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@needs("case.step")
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Close a link."""
    own = Link.objects.filter(matter__in=queries.matters_of(request.user))
    found = get_object_or_404(own.select_related("matter__suggestion__case__office"), pk=number)
    links.revoke(link=found, by=request.user, at=timezone.now())
    return HttpResponseRedirect(found.matter.suggestion.case.get_absolute_url(), status=303)


@needs("desk.read")
@require_safe
def seen(request: HttpRequest) -> HttpResponse:
    """Show who looked at what: to the office that sent it, and to the leader of the organ."""
    ours = queries.seen_by_office(request.user).values("pk")
    theirs = queries.seen_by_organ(request.user).values("pk")
    found = Seen.objects.filter(Q(pk__in=ours) | Q(pk__in=theirs)).select_related(
        "matter__suggestion", "matter__organ", "by", "link"
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "station/seen.html", {"page": page})
