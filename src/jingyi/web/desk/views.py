"""My day, my clocks, and the feed that brings them to one's own calendar."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from jingyi.web.cases import queries as cases
from jingyi.web.desk import actions, queries
from jingyi.web.desk.calendar import calendar_of
from jingyi.web.desk.models import Feed
from jingyi.web.intake import letters
from jingyi.web.leads import queries as leads
from jingyi.web.registry.access import needs, public
from jingyi.web.registry.queries import acts_of
from jingyi.web.station.shared.calendar import event_of
from jingyi.web.station.shared.queries import own_dues

PAGE = 200


@needs("desk.read")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show what is late, due and waiting, and what has come in."""
    user, day = request.user, timezone.localdate()
    own = _own(request)
    clocks = queries.clocks_of(user, own=own)
    new = queries.come_in(user, day)
    to_answer = letters.waiting_for(user, on=day)
    waiting = {
        "proposals": list(cases.waiting_for(user)[: queries.MOST]),
        "returned": list(cases.returned_to(user)[: queries.MOST]),
        "taken": list(leads.waiting_for(user)[: queries.MOST]),
        "messages": list(queries.unread_messages(user)[: queries.MOST]),
        "letters": to_answer[: queries.NEWEST],
    }
    context = {
        "day": day,
        "own": own,
        "groups": {name: queries.due(clocks, name, on=day) for name in queries.SPANS},
        "waiting": waiting,
        "waits": any(waiting.values()),
        "more_letters": max(len(to_answer) - queries.NEWEST, 0),
        "new": list(new[: queries.NEWEST]),
        "new_total": new.count(),
        "notices": list(queries.unread_notices(user)[: queries.NEWEST]),
        "now": timezone.now(),
        "may_wall": "case.read" in acts_of(user),
    }
    return render(request, "desk/today.html", context)


@needs("desk.read")
@require_safe
def clocks(request: HttpRequest) -> HttpResponse:
    """List what is due, soonest first, and the address of the calendar feed."""
    day, own = timezone.localdate(), _own(request)
    asked = request.GET.get("due", "")
    first, last = queries.span(asked, day)
    clocks = queries.clocks_of(request.user, own=own)
    found = cases.due_between(clocks, first, last, on=day)
    rows = list(found[:PAGE])
    context = {
        "day": day,
        "own": own,
        "due": asked if asked in queries.SPANS else "",
        "rows": rows,
        "total": found.count() if len(rows) == PAGE else len(rows),
        "feed": Feed.objects.filter(user=request.user).first(),
        # shown once: only its hash is kept
        "address": request.session.pop("feed_address", ""),
        "now": timezone.now(),
    }
    return render(request, "desk/clocks.html", context)


@needs("desk.read")
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make a new secret address; the old one stops working."""
    key = actions.make_feed(by=request.user, at=timezone.now())
    request.session["feed_address"] = request.build_absolute_uri(reverse("desk:feed", args=[key]))
    return HttpResponseRedirect(reverse("desk:clocks"), status=303)


@needs("desk.read")
@require_POST
def close_feed(request: HttpRequest) -> HttpResponse:
    """Close the feed."""
    actions.close_feed(by=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("desk:clocks"), status=303)


@public
@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """Return the clocks of whoever holds the key; a calendar program cannot sign in."""
    found = Feed.objects.filter(key_hash=actions.hash_of(key)).select_related("user").first()
    if found is None or not found.user.is_active:
        raise Http404
    user = found.user
    rows = cases.due_between(queries.clocks_of(user, own=True), None, None, on=timezone.localdate())
    at, address = timezone.now(), request.build_absolute_uri
    with translation.override(user.language or translation.get_language()):
        own = [event_of(due, at, address) for due in own_dues(user, on=timezone.localdate())]
        text = calendar_of(rows, at=at, address=address, more=own)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="jingyi.ics"'
    response["Cache-Control"] = "private, max-age=900"
    return response


def _own(request: HttpRequest) -> bool:
    """Tell whether to show one's own cases only: as asked for, else whether one has any."""
    asked = request.GET.get("whose", "")
    return asked == "mine" if asked in {"mine", "office"} else queries.handles(request.user)
