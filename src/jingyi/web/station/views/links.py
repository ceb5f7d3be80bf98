"""A one-time link: a door that opens once, and the one matter behind it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jingyi.core.refusal import Refusal
from jingyi.web.registry.access import public
from jingyi.web.station import queries
from jingyi.web.station.actions import links, matters
from jingyi.web.station.forms import NamedReceiveForm
from jingyi.web.station.models import Link, Seen
from jingyi.web.station.views.matters import clocks, effects
from jingyi.web.ui.templatetags.ui import said

KEPT = "station_link"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, key: str) -> HttpResponse:
    """Ask before opening: a mail program that looks ahead must not use the link up."""
    now = timezone.now()
    if request.method != "POST":
        if links.waiting(key, at=now) is None:
            raise Http404
        return render(request, "station/door.html")
    link = links.open_once(key, at=now)
    if link is None:
        raise Http404
    request.session.cycle_key()
    request.session[KEPT] = link.pk
    return HttpResponseRedirect(reverse("station:sealed"), status=303)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sealed(request: HttpRequest) -> HttpResponse:
    """Show the one matter, and take its receipt."""
    now = timezone.now()
    link = Link.objects.filter(pk=request.session.get(KEPT)).select_related("by").first()
    if link is None or not links.still_open(link, at=now):
        raise Http404
    matter = get_object_or_404(queries.every_matter(), pk=link.matter_id)
    matters.note(matter, Seen.Part.MATTER, link=link, at=now)
    today = timezone.localdate()
    form = NamedReceiveForm(
        request.POST if request.method == "POST" else None,
        initial={"on": matter.suggestion.served_on or today, "name": link.for_whom},
    )
    if request.method == "POST" and form.is_valid():
        try:
            matters.receive(matter=matter, **form.cleaned_data, link=link, by=link.by, at=now)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(reverse("station:sealed"), status=303)
    context = {
        "matter": matter,
        "shown": queries.shown(matter),
        "clocks": clocks(matter),
        "effects": () if matter.suggestion.served_on else effects(matter, today),
        "form": None if matter.received_at else form,
        "until": link.until,
    }
    return render(request, "station/sealed.html", context, status=422 if form.errors else 200)
