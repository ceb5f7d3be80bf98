"""Requests: asked, planned, looked at, closed."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.web.cases.models import Case
from jingyi.web.cases.queries import cases_for
from jingyi.web.lab import queries, showing
from jingyi.web.lab.actions import asking
from jingyi.web.lab.forms.asking import AskForm, PointForm, ReasonForm, StandardForm
from jingyi.web.lab.forms.sampling import CommissionForm, HandForm, ReportForm
from jingyi.web.lab.limits import library
from jingyi.web.lab.models import Point, Request
from jingyi.web.lab.views.acting import done
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import holders


@needs("lab.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the requests, open ones first."""
    found = queries.requests_for(request.user).select_related("case", "incident", "by")
    found = found.order_by("closed_at", "-at")[:200]
    return render(request, "lab/requests.html", {"rows": showing.rows(found)})


@needs("lab.request")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a test: first by which limits, then what these limits ask."""
    about, today = _about(request), timezone.localdate()
    given = request.POST.get("standard") or request.GET.get("standard", "")
    if not library.has(given, about.office):
        tables = library.standards(about.office, today)
        form = StandardForm(request.GET if given else None, tables=tables)
        return render(request, "lab/ask.html", {"about": about, "first": form})
    table = library.standard(given, about.office)
    form = AskForm(request.POST or None, table=table)

    def take() -> str:
        data = dict(form.cleaned_data)
        asked = {name: data[name] for name in ("purpose", "question", "items", "level", "due_on")}
        made = asking.ask(
            about=about, standard=given, conditions=form.conditions(), **asked, by=request.user,
            at=timezone.now(),
        )  # fmt: skip
        return made.get_absolute_url()

    if request.method == "POST" and (answer := done(request, form, take)):
        return answer
    context = {"about": about, "form": form, "table": table}
    return render(request, "lab/ask.html", context, status=422 if form.errors else 200)


@needs("lab.read")
@require_safe
def request_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one request: what it asks, the plan, the samples, what was found."""
    return page(request, request_for(request, ref))


@needs("lab.sample")
@require_POST
def plan(request: HttpRequest, ref: str) -> HttpResponse:
    """Add a place to the plan."""
    found = request_for(request, ref)
    form = PointForm(request.POST, auto_id="point_%s")

    def take() -> str:
        asking.plan(request=found, **form.cleaned_data, by=request.user, at=timezone.now())
        return f"{found.get_absolute_url()}#plan"

    return done(request, form, take) or page(request, found, point=form)


@needs("lab.sample")
@require_POST
def unplan(request: HttpRequest, number: int) -> HttpResponse:
    """Take a place off the plan."""
    point = point_for(request, number)

    def take() -> str:
        asking.drop(point=point, by=request.user, at=timezone.now())
        return point.request.get_absolute_url()

    answer = done(request, None, take, point.request.get_absolute_url())
    assert answer is not None  # noqa: S101 -- without a form there always is one
    return answer


@needs("lab.request")
@require_POST
def close(request: HttpRequest, ref: str) -> HttpResponse:
    """Close a request."""
    found = request_for(request, ref)
    form = ReasonForm(request.POST, auto_id="close_%s")

    def take() -> str:
        reason = form.cleaned_data["reason"]
        asking.close(request=found, reason=reason, by=request.user, at=timezone.now())
        return found.get_absolute_url()

    return done(request, form, take) or page(request, found, close=form)


@needs("lab.request")
@require_POST
def reopen(request: HttpRequest, ref: str) -> HttpResponse:
    """Open a closed request again."""
    found = request_for(request, ref)

    def take() -> str:
        asking.reopen(request=found, by=request.user, at=timezone.now())
        return found.get_absolute_url()

    return done(request, None, take, found.get_absolute_url()) or page(request, found)


@needs("lab.read")
@require_safe
def about_case(request: HttpRequest, ref: str) -> HttpResponse:
    """Show on a case's page what was tested for it."""
    case = get_object_or_404(cases_for(request.user), ref=ref)
    found = queries.requests_for(request.user).filter(case=case)
    return render(request, "lab/about.html", _about_context(request, found, case, "case"))


@needs("lab.read")
@require_safe
def about_incident(request: HttpRequest, ref: str) -> HttpResponse:
    """Show on a lead's page what was tested for it."""
    incident = get_object_or_404(incidents_for(request.user), ref=ref)
    found = queries.requests_for(request.user).filter(incident=incident)
    return render(request, "lab/about.html", _about_context(request, found, incident, "lead"))


def page(request: HttpRequest, found: Request, **wrong: Any) -> HttpResponse:
    """Show a request, with the form that has errors in place of an empty one."""
    samples = found.samples.select_related("point", "first", "second", "twin").order_by("number")
    sent = {"samples": found.samples.select_related("point"), "items": found.items}
    forms = {
        "point": PointForm(auto_id="point_%s"),
        "close": ReasonForm(auto_id="close_%s"),
        "commission": CommissionForm(auto_id="sent_%s", initial={"sent_on": date.today()}, **sent),  # noqa: DTZ011 -- the page's day
        "report": ReportForm(auto_id="report_%s"),
        "hand": HandForm(auto_id="hand_%s", people=_others(request, found)),
    } | wrong
    standings = queries.standings(samples)
    context = {
        "wanted": found,
        "shown": showing.row(found),
        "limits": showing.limits(found),
        "points": found.points.all(),
        "samples": [(one, standings[one.pk]) for one in samples],
        "mine": queries.held_by(request.user, samples),
        "results": showing.results(found),
        "commissions": [showing.commission(one) for one in found.commissions.select_related("sample", "blob")],
        "forms": forms,
        "wrong": next(iter(wrong), ""),
        "may_sample": may(request.user, "lab.sample", found.office) and not found.closed_at,
        "may_ask": may(request.user, "lab.request", found.office),
    }  # fmt: skip
    status = 422 if any(form.errors for form in wrong.values()) else 200
    return render(request, "lab/request.html", context, status=status)


def request_for(request: HttpRequest, ref: str) -> Request:
    """Return a request that the person may see, or raise 404."""
    found = queries.requests_for(request.user).select_related("office", "case", "incident", "by")
    return get_object_or_404(found, ref=ref)


def point_for(request: HttpRequest, number: int) -> Point:
    """Return a place of a plan that the person may see, or raise 404."""
    found = Point.objects.filter(request__in=queries.requests_for(request.user))
    return get_object_or_404(found.select_related("request__office"), pk=number)


def _others(request: HttpRequest, found: Request) -> Any:
    return holders(found.office, "lab.sample").exclude(pk=request.user.pk).order_by("name")


def _about(request: HttpRequest) -> Case | Incident:
    if ref := request.GET.get("case"):
        return get_object_or_404(cases_for(request.user).select_related("office"), ref=ref)
    if ref := request.GET.get("lead"):
        return get_object_or_404(incidents_for(request.user).select_related("office"), ref=ref)
    raise Http404


def _about_context(request: HttpRequest, found: Any, about: Case | Incident, kind: str) -> dict[str, Any]:  # fmt: skip
    return {
        "rows": showing.rows(found.select_related("case", "incident", "by")[:50]),
        "about": about,
        "kind": kind,
        "may_ask": may(request.user, "lab.request", about.office),
    }
