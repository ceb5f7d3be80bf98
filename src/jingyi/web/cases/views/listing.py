"""The list of cases, its exports, the map's points, and the figures that open into lists."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingyi.web.cases import actions, export, queries
from jingyi.web.cases.forms import CaseFilter, state_choices
from jingyi.web.cases.models import Case
from jingyi.web.cases.sealing.actions import record_sealed_export
from jingyi.web.registry.access import needs
from jingyi.web.registry.models import Region
from jingyi.web.registry.queries import offices_for, organs_for
from jingyi.web.ui.templatetags.ui import said

PAGE = 50
SUGGESTIONS = 100
GRID = 0.01  # degrees, about a kilometre


@needs("case.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the cases one may see, narrowed by the filters in the address."""
    form, cases = _narrowed(request)
    today = timezone.localdate()
    sort = "due" if request.GET.get("sort") == "due" else "opened"
    rows, after = queries.page_of(
        queries.for_rows(cases, on=today),
        sort=sort,
        after=request.GET.get("after", ""),
        size=PAGE,
        on=today,
    )
    context = {
        "form": form,
        "rows": rows,
        "after": after,
        "total": cases.count(),
        "applied": _applied(form),
        "sort": sort,
        "today": today,
        "now": timezone.now(),
    }
    part = "#rows" if request.htmx else ""
    return render(request, f"cases/list.html{part}", context)


@needs("case.read")
@require_safe
def export_list(request: HttpRequest, kind: str) -> FileResponse:
    """Send the narrowed list as XLSX or CSV; that it was taken out is recorded."""
    form, cases = _narrowed(request)
    rows = queries.for_rows(cases, on=timezone.localdate()).order_by("-opened_on", "-pk")
    mark = record_sealed_export(cases=cases, by=request.user, at=timezone.now())
    stream, count = export.written(rows, kind=kind, mark=said(mark))
    wanted = {name: value for name, value in request.GET.items() if value and name in form.fields}
    actions.record_export(kind=kind, rows=count, filters=wanted, by=request.user, at=timezone.now())
    name = f"{_('案件')}-{timezone.localdate():%Y%m%d}.{kind}"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=export.TYPES[kind])


@needs("case.read")
@require_safe
def geo(request: HttpRequest) -> JsonResponse:
    """Return the cases that have a place, as GeoJSON points for the map."""
    cases = _narrowed(request)[1].exclude(lon=None).exclude(lat=None)
    fields = ("ref", "title", "track", "domain", "state", "office", "opened_on", "lon", "lat")
    exact = set(offices_for(request.user, "report.read").values_list("pk", flat=True))
    states = dict(state_choices())
    return JsonResponse(
        {
            "type": "FeatureCollection",
            "features": [
                _feature(row, states, exact=row["office"] in exact)
                for row in cases.values(*fields).order_by("pk")
            ],
        }
    )


def _feature(row: dict[str, Any], states: dict[str, str], *, exact: bool) -> dict[str, Any]:
    at = [row.pop("lon"), row.pop("lat")]
    if not exact:  # the place came with a report, which this reader may not read
        at = [round((value // GRID + 0.5) * GRID, 6) for value in at]
    row["first"] = row.pop("opened_on")
    row |= {"state_title": states[row["state"]], "url": reverse("cases:case", args=[row["ref"]])}
    point = {"type": "Point", "coordinates": at}
    return {"type": "Feature", "geometry": point, "properties": row}


@needs("case.read")
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """List the suggestions of the cases one may see, newest first."""
    found = queries.suggestions_for(request.user).order_by("-pk")
    total = found.count()
    after = request.GET.get("after", "")
    if after.isdecimal():
        found = found.filter(pk__lt=int(after))
    rows = list(found.select_related("case", "organ")[: SUGGESTIONS + 1])
    context = {
        "rows": rows[:SUGGESTIONS],
        "after": rows[SUGGESTIONS - 1].pk if len(rows) > SUGGESTIONS else "",
        "total": total,
        "now": timezone.now(),
    }
    return render(request, "cases/suggestions.html", context)


def _narrowed(request: HttpRequest) -> tuple[CaseFilter, Any]:
    cases = queries.cases_for(request.user)
    form = CaseFilter(
        request.GET,
        regions=Region.objects.all(),
        offices=offices_for(request.user, "case.read").order_by("path"),
        organs=organs_for(request.user)
        .filter(pk__in=Case.objects.values("organ"))
        .order_by("name"),
        handlers=queries.handlers_of(cases),
    )
    # a filter nobody offered narrows nothing; the rest still hold
    form.is_valid()
    return form, queries.narrowed(cases, form.cleaned_data, on=timezone.localdate())


def _applied(form: CaseFilter) -> list[tuple[str, str, str]]:
    """Return the filters in force as (parameter, value, words)."""
    tags = []
    for name, value in form.cleaned_data.items():
        if value in (None, ""):
            continue
        field = form.fields[name]
        raw = form.data.get(name, "")
        label = dict(getattr(field, "choices", [])).get(raw) or getattr(value, "name", raw)
        tags.append((name, raw, f"{field.label}：{label}"))
    return tags
