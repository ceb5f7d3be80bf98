"""The register: its list, the forms of a place, and the zones of law around it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.places import queries
from jingyi.web.places.exchange.forms import TITLES
from jingyi.web.places.models import Place
from jingyi.web.places.register import actions
from jingyi.web.places.register.forms import DayForm, ListFilter, PlaceForm, ZoneForm
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.ui.templatetags.ui import said

PER_PAGE = 30


@needs("place.read")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """List the places of the register, searched, filtered, page by page."""
    form = ListFilter(request.GET, regions=queries.regions_for(request.user))
    found = narrowed(request.user, form).select_related("region", "keeper")
    ordered = found.prefetch_related("zones").order_by("kind", "name", "pk")
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    changes = "place.change" in acts_of(request.user)
    context = {"form": form, "page": page, "changes": changes, "formats": TITLES.items()}
    return render(request, "places/register/list.html", context)


def narrowed(user: User, form: ListFilter) -> QuerySet[Place]:
    """Return the places on the map of `user` that the filters of the list leave."""
    found = queries.places_for(user)
    told = form.cleaned_data if form.is_valid() else {}
    if words := told.get("q"):
        found = found.filter(
            Q(name__icontains=words)
            | Q(name_en__icontains=words)
            | Q(code__icontains=words)
            | Q(pk__in=_called(found, words))
        )
    if kind := told.get("kind"):
        found = found.filter(kind=kind)
    if region := told.get("region"):
        found = found.filter(region__code__startswith=region.rstrip("0"))
    return found if told.get("retired") else found.filter(retired_on=None)


@needs("place.change")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a place into the register."""
    form = PlaceForm(request.POST or None, **_choices(request))
    if form.is_valid():
        place = actions.enter(**_told(form), by=request.user, at=timezone.now())
        return _to(place)
    return _form(request, form, None)


@needs("place.change")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change what the register says of a place."""
    place = _kept(request, code)
    initial = {name: getattr(place, name) for name in PlaceForm.base_fields if hasattr(place, name)}
    initial |= {"geometry": "", "aliases": "、".join(place.aliases), "region": place.region.code}
    form = PlaceForm(request.POST or None, initial=initial, place=place, **_choices(request))
    if form.is_valid():
        told = {"drawn": None, **_told(form)}
        return _to(actions.change(place=place, **told, by=request.user, at=timezone.now()))
    return _form(request, form, place)


@needs("place.change")
@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Take a place off the register, today."""
    now = timezone.now()
    on = timezone.localdate(now)
    place = _kept(request, code)
    try:
        actions.retire(place=place, on=on, by=request.user, at=now)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return _to(place)


@needs("place.change")
@require_POST
def undo(request: HttpRequest, code: str) -> HttpResponse:
    """Take back the last change or retirement."""
    place = _kept(request, code)
    try:
        actions.undo(place=place, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return _to(place)


@needs("place.change")
@require_http_methods(["GET", "POST"])
def draw_zone(request: HttpRequest, code: str) -> HttpResponse:
    """Add a legal zone to a place."""
    place = _kept(request, code)
    form = ZoneForm(request.POST or None, place=place)
    if form.is_valid():
        actions.draw_zone(place=place, **_told(form), by=request.user, at=timezone.now())
        return _to(place)
    return _form(request, form, place, zone=True)


@needs("place.change")
@require_POST
def end_zone(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Let a zone end with the day given."""
    place = _kept(request, code)
    zone = get_object_or_404(place.zones.select_related("place__office"), pk=pk)
    form = DayForm(request.POST)
    if form.is_valid():
        last = form.cleaned_data["day"]
        try:
            actions.end_zone(zone=zone, last_day=last, by=request.user, at=timezone.now())
            return _to(place)
        except Refusal as refusal:
            form.add_error("day", said(refusal.sentence))
    return _form(request, form, place, zone=True)


def _called(found: QuerySet[Place], words: str) -> list[int]:
    """Return the places that citizens call so; how JSON stores Chinese differs by database."""
    names = found.values_list("pk", "aliases")
    return [pk for pk, aliases in names if any(words in alias for alias in aliases)]


def _kept(request: HttpRequest, code: str) -> Place:
    """Return a place that one may change; a superior's is not."""
    found = queries.places_kept_by(request.user).select_related("office", "region")
    return get_object_or_404(found, code=code)


def _choices(request: HttpRequest) -> dict[str, Any]:
    offices = offices_for(request.user, "place.change").order_by("path")
    return {"offices": offices, "regions": queries.regions_for(request.user).distinct()}


def _told(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "geometry"}


def _to(place: Place) -> HttpResponse:
    return HttpResponseRedirect(place.get_absolute_url(), status=303)


def _form(request: HttpRequest, form: Any, place: Place | None, *, zone: bool = False) -> HttpResponse:  # fmt: skip
    context = {"form": form, "place": place, "zone": zone}
    return render(request, "places/register/form.html", context, status=422 if form.errors else 200)
