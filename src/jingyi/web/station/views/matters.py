"""The organ's matters: what was sent, one of them, its receipt, and help from elsewhere."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.cases import derive, strip
from jingyi.web.cases.verification.queries import duties_of
from jingyi.web.registry.access import needs
from jingyi.web.station import help as helping
from jingyi.web.station import queries
from jingyi.web.station.access import may_in
from jingyi.web.station.actions import matters as actions
from jingyi.web.station.forms import ReceiveForm
from jingyi.web.station.models import Matter, Seen
from jingyi.web.ui.templatetags.ui import said

PAGE = 50


@needs("station.read")
@require_safe
def matters(request: HttpRequest) -> HttpResponse:
    """List what was sent to one's organ: to be signed for first, then by the clock."""
    found = queries.matters_for(request.user)
    page = Paginator(found.order_by("received_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    rows = [(matter, queries.shown(matter)) for matter in page]
    context = {"page": page, "rows": rows, "on_paper": queries.on_paper(request.user)[:PAGE]}
    return render(request, "station/matters.html", context)


@needs("station.read")
@require_POST
def open_served(request: HttpRequest, suggestion: int) -> HttpResponse:
    """Open in the station what was served on paper."""
    found = get_object_or_404(queries.on_paper(request.user), pk=suggestion)
    made = actions.open_served(suggestion=found, by=request.user, at=timezone.now())
    return HttpResponseRedirect(made.get_absolute_url(), status=303)


@needs("station.read")
@require_safe
def matter(request: HttpRequest, number: int) -> HttpResponse:
    """Show one matter: its duties, its clock with reasons, and what colleagues have prepared."""
    found = matter_for(request, number)
    actions.note(found, Seen.Part.MATTER, by=request.user, at=timezone.now())
    return render(request, "station/matter.html", page_of(request, found))


@needs("station.receive")
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, number: int) -> HttpResponse:
    """Sign for a suggestion; `?on=` shows first which day its period would end on."""
    found = matter_for(request, number)
    today = timezone.localdate()
    asked = parse_date(request.GET.get("on", "")) or found.suggestion.served_on or today
    form = ReceiveForm(request.POST if request.method == "POST" else None, initial={"on": asked})
    if request.method == "POST" and form.is_valid():
        try:
            actions.receive(
                matter=found, on=form.cleaned_data["on"], by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    context = {"matter": found, "shown": queries.shown(found), "form": form, "asked": asked}
    context["effects"] = effects(found, asked)
    return render(request, "station/receive.html", context, status=422 if form.errors else 200)


@needs("station.read")
@require_safe
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """Show the receipt of service as a sheet to be printed."""
    found = matter_for(request, number)
    if not found.received_at:
        raise Http404
    context = {"matter": found, "shown": queries.shown(found), "clocks": clocks(found)}
    return render(request, "station/receipt.html", context)


@needs("station.read")
@require_safe
def elsewhere(request: HttpRequest, number: int, duty: int) -> HttpResponse:
    """Show how duties like this one were carried out elsewhere, without names."""
    found = matter_for(request, number)
    if not 1 <= duty <= len(found.suggestion.asks):
        raise Http404
    context = {
        "matter": found,
        "duty": duty,
        "words": found.suggestion.asks[duty - 1],
        "found": helping.elsewhere(found, duty),
    }
    part = "#found" if request.htmx else ""
    return render(request, f"station/elsewhere.html{part}", context)


def matter_for(request: HttpRequest, number: int) -> Matter:
    """Return a matter of one's own organ, or 404."""
    return get_object_or_404(queries.matters_for(request.user), pk=number)


def clocks(found: Matter) -> list[strip.Shown]:
    """Return the organ's clocks, once it was served."""
    return queries.clocks_of(found.suggestion.case) if found.suggestion.served_on else []


def effects(found: Matter, on: Any) -> Any:
    """Return the clocks that service on that day would start for the organ."""
    law = derive.law_of(found.suggestion.case)
    track = "urgent" if found.suggestion.urgent else ""
    started = strip.effects("suggestion.served", on, track, law, timezone.localdate())
    return [(rule, counted) for rule, counted in started if rule.party == "organ"]


def page_of(request: HttpRequest, found: Matter) -> dict[str, Any]:
    """Return what the page of a matter shows."""
    user, organ = request.user, found.organ
    return {
        "matter": found,
        "shown": queries.shown(found),
        "clocks": clocks(found),
        "duties": duties_of(found.suggestion) if found.received_at else [],
        "draft": queries.draft_of(found),
        "sent": found.drafts.filter(state="signed"),
        "requests": found.requests.select_related("by", "decided_by"),
        "papers": queries.papers_for(user).filter(
            case=found.suggestion.case, organ=organ, replaced_by=None
        ),
        "may": {
            name: may_in(user, f"station.{name}", organ) for name in ("receive", "draft", "sign")
        },
    }
