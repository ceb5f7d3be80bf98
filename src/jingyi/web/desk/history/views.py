"""A place's history as a part of its page, and what came back by place and by who answers for it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jingyi.web.desk.history import queries
from jingyi.web.places.queries import places_for
from jingyi.web.registry.access import needs

BY = {"place": queries.by_place, "keeper": queries.by_keeper}


@needs("place.read")
@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Show what happened at a place in order of time, and what came back after its cases ended."""
    place = get_object_or_404(places_for(request.user), code=code)
    on = timezone.localdate()
    after, memory = queries.after_at(place, request.user, on)
    context = {
        "place": place,
        "entries": queries.history(place, request.user),
        "after": after,
        "memory": memory,
        "most": queries.MOST,
        "near": queries.near_m(),
    }
    part = "part" if "HX-Request" in request.headers else "page"
    return render(request, f"desk/history/{part}.html", context)


@needs("place.read")
@require_safe
def recurrence(request: HttpRequest) -> HttpResponse:
    """Show what came back over the years, by place or by the organ that answers for places."""
    by = request.GET.get("by", "")
    by = by if by in BY else "place"
    rows = BY[by](request.user, timezone.localdate())
    return render(
        request, "desk/history/recurrence.html", {"rows": rows, "by": by, "near": queries.near_m()}
    )
