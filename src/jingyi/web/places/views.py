"""The map and the list beside it, one protected place, the layers of the base map."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Min, Prefetch
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import (
    condition,
    require_http_methods,
    require_POST,
    require_safe,
)

from jingyi.core import rulebook
from jingyi.core.ledger import canonical
from jingyi.core.places.book import book
from jingyi.web.places import actions, fence, queries
from jingyi.web.places.forms import LayerForm, MapFilter
from jingyi.web.places.models import Zone
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.ui import looks
from jingyi.web.ui.frame import address
from jingyi.web.ui.templatetags.ui import said, title_of

DAYS = timedelta(days=365 * 3)  # the slider goes back so far, or to the first zone
TRACKS = ("administrative", "civil")
LISTS = {  # what is beside the map: whose it is, the rows, and the page to open without scripts
    "leads": ("lead.read", "leads:list_partial", "leads:desk"),
    "cases": ("case.read", "cases:list", "cases:list"),
    "places": ("place.read", "", ""),
}


@needs("place.read")
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Show incidents, cases and protected places over the office's own layers."""
    asked = request.GET.copy()
    acts = acts_of(request.user)
    tabs = [name for name, (act, *_) in LISTS.items() if act in acts]
    show = asked.pop("show", tabs)[0]
    show = show if show in tabs else tabs[0]
    form = MapFilter(request.GET, regions=queries.regions_for(request.user))
    context = {
        "form": form,
        "kept": [(key, value) for key, value in asked.items() if key not in form.fields],
        "query": asked.urlencode(),
        "show": show,
        "tabs": tabs,
        "rows": _asking(LISTS[show][1], asked),
        "whole": _asking(LISTS[show][2], asked),
        "places": _listed(request) if show == "places" else (),
        "changes": "place.change" in acts,
        **_pictured(request, asked),
    }
    return render(request, "places/map.html", context)


@needs("place.read")
@require_safe
def print_page(request: HttpRequest) -> HttpResponse:
    """Show the same map on one sheet, with its legend, its scale, its day and its sources."""
    form = MapFilter(request.GET, regions=queries.regions_for(request.user))
    chosen = [
        dict(form.fields[name].choices).get(request.GET[name], "")
        for name in ("domain", "region")
        if request.GET.get(name)
    ]
    context = {"chosen": [words for words in chosen if words], **_pictured(request, request.GET)}
    return render(request, "places/print.html", context)


def _pictured(request: HttpRequest, asked: QueryDict) -> dict[str, Any]:
    """Return what a map draws, how, and as of which day."""
    today = timezone.localdate()
    on = _day(request.GET.get("on", "")) or today
    oldest = queries.zones_for(request.user).aggregate(day=Min("valid_from"))["day"]
    first = min(today - DAYS, oldest or today)
    return {
        "drawn": _drawn(request, asked),
        "looks": _looks(),
        "closed": " ".join(_closed()),
        "kinds": [(kind.id, said(kind.title)) for kind in book().kinds.values()],
        "zone_kinds": [(kind.id, said(kind.title)) for kind in book().zones.values()],
        "on": on,
        "today": today,
        "first": first,
        "back": (today - first).days,
        "slid": max(0, (on - first).days),
    }


def _asking(url: str, asked: QueryDict) -> str:
    """Return the address with the page's filters; what is of a day is called `until` at the cases."""
    if not (found := address(url)):
        return ""
    told = asked.copy()
    if url.startswith("cases:") and told.get("on"):
        told["until"] = told["on"]
    return f"{found}?{told.urlencode()}" if told else found


def _listed(request: HttpRequest) -> Any:
    on = _day(request.GET.get("on", "")) or timezone.localdate()
    now = Zone.objects.filter(valid_from__lte=on).exclude(valid_to__lt=on).order_by("pk")
    found = _narrowed(request).select_related("region", "keeper")
    return found.prefetch_related(Prefetch("zones", now, "in_force_then")).order_by("kind", "name")


def _narrowed(request: HttpRequest) -> Any:
    found = queries.places_for(request.user).filter(retired_on=None)
    if region := request.GET.get("region", ""):
        found = found.filter(region__code__startswith=region.rstrip("0"))
    if kind := request.GET.get("kind", ""):
        found = found.filter(kind=kind)
    return found


def _drawn(request: HttpRequest, asked: QueryDict) -> list[tuple[str, str]]:
    """Return the addresses of what is drawn: of the rooms that are there and that one may enter."""
    acts = acts_of(request.user)
    names = {
        "layers": ("places:layers", "place.read"),
        "places": ("places:geo", "place.read"),
        "zones": ("places:zones", "place.read"),
        "leads": ("leads:geo", "lead.read"),
        "cases": ("cases:geo", "case.read"),
    }
    return [
        (what, address(name) if what == "layers" else _asking(name, asked))
        for what, (name, act) in names.items()
        if act in acts and address(name)
    ]


def _looks() -> dict[str, dict[str, Any]]:
    """Return how each domain is marked: its glyph, its hue and its name."""
    found = {}
    for domain in rulebook.every_domain():
        glyph, hue = looks.look(domain.slug)
        found[domain.slug] = {"glyph": glyph, "hue": hue, "title": said(domain.title)}
    return found


def _closed() -> list[str]:
    """Return the states in which a case is over, for the map to draw them apart."""
    states = (state for track in TRACKS for state in rulebook.states(track).states.values())
    return sorted({state.id for state in states if state.kind != "open"})


@needs("place.read")
@require_safe
def geo(request: HttpRequest) -> JsonResponse:
    """Return the protected places as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "geometry": place.geometry,
            "properties": {
                "code": place.code,
                "title": title_of(place, "name"),
                "kind": place.kind,
                "said": place.get_kind_display(),
                "level": place.level,
                "url": place.get_absolute_url(),
            },
        }
        for place in _narrowed(request).order_by("pk")
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@needs("place.read")
@require_safe
def zones(request: HttpRequest) -> JsonResponse:
    """Return the legal zones in force on the day `on` (today where none is given) as GeoJSON."""
    on = _day(request.GET.get("on", "")) or timezone.localdate()
    rows = queries.zones_for(request.user).select_related("place", "organ")
    rows = rows.filter(place__in=_narrowed(request), valid_from__lte=on).exclude(valid_to__lt=on)
    features = [
        {
            "type": "Feature",
            "geometry": zone.geometry,
            "properties": {
                "place": zone.place.code,
                "title": title_of(zone.place, "name"),
                "kind": zone.kind,
                "said": zone.get_kind_display(),
                "valid_from": zone.valid_from.isoformat(),
                "valid_to": zone.valid_to.isoformat() if zone.valid_to else None,
                "basis": zone.basis,
                "organ": title_of(zone.organ, "name") if zone.organ else "",
                "url": zone.get_absolute_url(),
            },
        }
        for zone in rows.order_by("pk")
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@needs("place.read")
@require_safe
def layers(request: HttpRequest) -> JsonResponse:
    """Return which layers the base map has, the lowest first, and where each is."""
    rows = queries.layers_for(request.user).only("kind", "name", "name_en", "attribution", "order")
    return JsonResponse(
        {
            "layers": [
                {
                    "kind": row.kind,
                    "title": title_of(row, "name"),
                    "attribution": row.attribution,
                    "url": row.get_absolute_url(),
                }
                for row in rows
            ]
        }
    )


def _day(words: str) -> date | None:
    try:
        return parse_date(words)
    except ValueError:  # 2026-13-40: shaped like a day, and none
        return None


def _tag(request: HttpRequest, pk: int) -> str:
    row = get_object_or_404(queries.layers_for(request.user), pk=pk)
    return f'"{sha256(canonical(row.features)).hexdigest()[:24]}"'


@needs("place.read")
@require_safe
@condition(etag_func=_tag)
def layer(request: HttpRequest, pk: int) -> JsonResponse:
    """Return one layer as GeoJSON; a browser that has it is told that it is the same."""
    return JsonResponse(get_object_or_404(queries.layers_for(request.user), pk=pk).features)


@needs("place.read")
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Show one protected place: what it is, who keeps it, what happened near it."""
    found = get_object_or_404(
        queries.places_for(request.user).select_related("region", "office", "keeper"), code=code
    )
    context = {
        "place": found,
        "near": address("leads:list_partial") if "lead.read" in acts_of(request.user) else "",
        "whole": address("leads:desk"),
        "history": address("desk:history", found.code),
        "recurrence": address("desk:recurrence"),
        "looks": _looks(),
        "zones": found.zones.select_related("organ").order_by("-valid_from", "pk"),
        "kept": queries.places_kept_by(request.user).filter(pk=found.pk).exists(),
        "today": timezone.localdate(),
    }
    return render(request, "places/place.html", context)


@needs("place.change")
@require_http_methods(["GET", "POST"])
def layers_admin(request: HttpRequest) -> HttpResponse:
    """List the layers one keeps; POST loads one from a GeoJSON file."""
    form = LayerForm(
        request.POST or None,
        request.FILES or None,
        offices=offices_for(request.user, "place.change").order_by("path"),
    )
    if form.is_valid():
        told = dict(form.cleaned_data)
        actions.load_layer(features=told.pop("file"), **told, by=request.user, at=timezone.now())
        return HttpResponseRedirect(reverse("places:layers_admin"), status=303)
    context = {"form": form, "layers": queries.layers_kept_by(request.user)}
    return render(request, "places/layers.html", context, status=422 if form.errors else 200)


@needs("place.change")
@require_POST
def remove_layer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a layer off the base map."""
    found = get_object_or_404(queries.layers_kept_by(request.user), pk=pk)
    actions.remove_layer(layer=found, by=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("places:layers_admin"), status=303)


@needs("place.read")
@require_safe
def at(request: HttpRequest) -> HttpResponse:
    """Say which legal zones a spot lies in or near on a day: for the page of anything with a spot."""
    on = _day(request.GET.get("on", "")) or timezone.localdate()
    try:
        spot = (float(request.GET["lon"]), float(request.GET["lat"]))
    except (KeyError, ValueError):
        raise Http404 from None
    if not (-180 <= spot[0] <= 180 and -90 <= spot[1] <= 90):
        raise Http404
    mine = queries.zones_for(request.user)
    hits = fence.find(mine, [spot], on=on, within=fence.NEAR)
    zones = mine.select_related("place", "organ").in_bulk([hit.zone for hit in hits])
    context = {"hits": [(hit, zones[hit.zone]) for hit in hits], "on": on, "near": fence.NEAR}
    partial = "HX-Request" in request.headers
    return render(request, f"places/{'parts/' if partial else ''}zones_at.html", context)
