"""The office's pages: patrols, one with its records and its way, coverage and effort."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.patrols import planner
from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.patrols import actions, forms, plot, queries
from jingyi.web.patrols.models import Plan
from jingyi.web.places.queries import places_for
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.ui.templatetags.ui import said

PAGE = 60


@needs("patrols.walk")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the patrols, the newest first."""
    rows = queries.plans_for(request.user).order_by("-on", "-pk")[:PAGE]
    context = {
        "rows": rows,
        "may_plan": "patrols.plan" in acts_of(request.user),
        "mine": queries.own(request.user).count(),
    }
    return render(request, "patrols/list.html", context)


@needs("patrols.plan")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan a patrol."""
    offices = offices_for(request.user, "patrols.plan").order_by("path")
    asked = request.GET.getlist("place")
    places = places_for(request.user).filter(retired_on=None).order_by("name")
    form = forms.PlanForm(
        request.POST or None, offices=offices, people=queries.walkers(request.user), places=places,
        initial={"office": offices.first(), "places": places.filter(code__in=asked)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.plan(
                office=given["office"], name=given["name"], on=given["on"], person=given["person"],
                hours=given["hours"], stops=form.stops(), by=request.user, at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return render(request, "patrols/new.html", {"form": form}, status=422 if form.errors else 200)


@needs("patrols.walk")
@require_safe
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Show a patrol: its stops, what was recorded, the way."""
    return _page(request, get_object_or_404(queries.plans_for(request.user), pk=number))


def _page(request: HttpRequest, found: Plan, wrong: dict[str, Any] | None = None) -> HttpResponse:
    stops = list(found.stops.select_related("place"))
    visits = list(found.visits.select_related("stop", "by", "photo", "report"))
    zones = queries.zones_of(found, visits)
    for visit in visits:
        visit.zones = zones.get(visit.pk, [])
    tracks = [track.points for track in found.tracks.all()]
    over = found.state in {Plan.State.DONE, Plan.State.CANCELLED}
    runs = may(request.user, "patrols.plan", found.office)
    context = {
        "plan": found,
        "stops": [(stop, [v for v in visits if v.stop_id == stop.pk]) for stop in stops],
        "loose": [v for v in visits if v.stop_id is None],
        "map": plot.way(stops, visits, tracks),
        "kilometres": sum(queries.length(points) for points in tracks) / 1000,
        "skew_limit": actions.SKEW,
        "cancel": forms.CancelForm() if runs and not over else None,
        "may_finish": found.person_id == request.user.pk and not over,
        "lead": forms.LeadForm() if may(request.user, "lead.take", found.office) else None,
        **(wrong or {}),
    }
    return render(request, "patrols/plan.html", context, status=422 if wrong else 200)


@needs("patrols.plan")
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel a patrol."""
    found = get_object_or_404(queries.plans_for(request.user), pk=number)
    form = forms.CancelForm(request.POST)
    if form.is_valid():
        try:
            actions.cancel(plan=found, why=form.cleaned_data["why"], by=request.user, at=timezone.now())  # fmt: skip
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return _page(request, found, {"cancel": form})


@needs("patrols.walk")
@require_POST
def finish(request: HttpRequest, number: int) -> HttpResponse:
    """Say that one's patrol is done."""
    found = get_object_or_404(queries.plans_for(request.user), pk=number)
    try:
        actions.finish(plan=found, by=request.user, at=timezone.now())
    except Refusal:
        raise Http404 from None
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("lead.take")
@require_POST
def to_lead(request: HttpRequest, number: int) -> HttpResponse:
    """Make a lead of a record."""
    visit = get_object_or_404(queries.visits_for(request.user), pk=number)
    form = forms.LeadForm(request.POST)
    problem = None
    if form.is_valid():
        try:
            actions.to_lead(visit=visit, domain=form.cleaned_data["domain"], by=request.user, at=timezone.now())  # fmt: skip
            return HttpResponseRedirect(visit.plan.get_absolute_url(), status=303)
        except Refusal as refusal:
            problem = refusal.sentence
    return _page(request, visit.plan, {"problem": problem, "lead": form})


@needs("patrols.plan")
@require_safe
def propose(request: HttpRequest) -> HttpResponse:
    """Propose the next patrol from risk, staleness and the way, and say what it leaves out."""
    offices = offices_for(request.user, "patrols.plan").select_related("region").order_by("path")
    office = offices.first()
    begun = {"lon": office.region.lon, "lat": office.region.lat, "hours": 4}
    form = forms.ProposeForm(request.GET if "hours" in request.GET else None, initial=begun)
    context: dict[str, Any] = {"form": form, "practice": planner.practice(), "office": office}
    if form.is_bound and form.is_valid():
        given, sites = form.cleaned_data, queries.sites(request.user, timezone.localdate())
        found = planner.propose(
            [site for _place, site in sites.values()], (given["lon"], given["lat"]), given["hours"]
        )
        context |= {
            "found": found, "hours": given["hours"], "people": queries.walkers(request.user),
            "legs": [(leg, sites[leg.site.id][0]) for leg in found.legs],
            "left": [(left, sites[left.site.id][0]) for left in found.left],
            "day": timezone.localdate(),
        }  # fmt: skip
    return render(request, "patrols/propose.html", context, status=422 if form.errors else 200)


@needs("patrols.read")
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Show which places were visited when, and the effort."""
    rows = queries.coverage(request.user, timezone.localdate())
    kilometres, hours = queries.effort(request.user)
    context = {"rows": rows, "kilometres": kilometres, "hours": hours, "map": plot.covered(rows)}
    return render(request, "patrols/coverage.html", context)


@needs("patrols.walk")
@require_safe
def photo(request: HttpRequest, number: int) -> HttpResponse:
    """Send a record's photo, the copy without metadata."""
    found = get_object_or_404(queries.photos_for(request.user), pk=number)
    copy = found.photo and found.photo.derivatives.filter(kind="clean").first()
    if not copy:
        raise Http404
    return HttpResponse(
        b"".join(vault.read(copy.blob_id, folder=Path(settings.VAULT))), content_type="image/jpeg"
    )
