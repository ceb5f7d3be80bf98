"""The figures: counts that open into lists, measures that open into rows."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from jingyi.core import rulebook
from jingyi.core.measures.definitions import Measure
from jingyi.web.cases import actions, export, queries
from jingyi.web.cases.forms import state_choices
from jingyi.web.cases.measures import counting, listing, plots
from jingyi.web.cases.measures.counting import NOW, ROWS_OF, THEN, Asked, Measured
from jingyi.web.cases.measures.forms import AskForm
from jingyi.web.cases.models import Case
from jingyi.web.leads import filters
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.access import needs

PAGE = 100


@needs("case.read")
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the counts of one's offices and every measure; each opens what it counts."""
    form, asked = _asked(request)
    found = counting.measured(request.user, asked)
    context = {
        "form": form,
        "asked": asked,
        "query": _query(request),
        "measures": [
            (measure, None if measure.missing else found.figure(measure))
            for measure in rulebook.measures().values()
        ],
        "now": timezone.now(),
        **_counts(request),
    }
    return render(request, "cases/measures/figures.html", context)


@needs("case.read")
@require_safe
def measure(request: HttpRequest, name: str) -> HttpResponse:
    """Show one measure: what it means, both readings of it, and its own past."""
    found = _measure(name)
    form, asked = _asked(request)
    context = {"measure": found, "form": form, "asked": asked, "query": _query(request)}
    if not found.missing:
        readings = {
            known: counting.measured(request.user, asked.as_known(known)) for known in (NOW, THEN)
        }
        mine = readings[asked.known]
        points = mine.trend(found)
        context |= {
            "figure": mine.figure(found),
            "readings": [(known, one.figure(found)) for known, one in readings.items()],
            "points": points,
            "plot": plots.trend(found, points),
            "by_rule": _by_rule(found, mine),
        }
    return render(request, "cases/measures/measure.html", context)


@needs("case.read")
@require_safe
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """List the rows of a measure, with why each counts or does not."""
    found = _measure(name, with_rows=True)
    form, asked = _asked(request)
    which, rule = _which(request, found)
    mine = counting.measured(request.user, asked)
    chosen = listing.chosen(mine, found, which, rule)
    start = int(after) if (after := request.GET.get("after", "")).isdecimal() else 0
    context = {
        "measure": found,
        "form": form,
        "asked": asked,
        "which": which,
        "rule": rulebook.clock(rule) if rule else None,
        "query": _query(request, "which", "rule", "after"),
        "export_query": _query(request, "after"),
        "rows": listing.lines(request.user, mine, found, chosen, range(len(chosen))[start:][:PAGE]),
        "after": start + PAGE if len(chosen) > start + PAGE else "",
        "total": len(chosen),
        "tabs": _tabs(request, mine, found, which, rule),
        "now": timezone.now(),
    }
    return render(request, "cases/measures/rows.html", context)


@needs("case.read")
@require_safe
def export_rows(request: HttpRequest, name: str, kind: str) -> FileResponse:
    """Send the rows of a measure as XLSX or CSV; that they were taken out is recorded."""
    found = _measure(name, with_rows=True)
    if kind not in export.TYPES:
        raise Http404
    form, asked = _asked(request)
    which, rule = _which(request, found)
    mine = counting.measured(request.user, asked)
    chosen = listing.chosen(mine, found, which, rule)
    lines = listing.lines(request.user, mine, found, chosen, range(len(chosen)))
    stream, count = export.table(listing.head(), listing.cells(lines), kind=kind, sheet=_("数字"))
    wanted = {key: value for key, value in request.GET.items() if value and key in form.fields}
    wanted |= {"measure": name, "which": which, "rule": rule}
    actions.record_export(kind=kind, rows=count, filters=wanted, by=request.user, at=timezone.now())
    return FileResponse(
        stream,
        as_attachment=True,
        filename=f"{name}-{asked.on:%Y%m%d}.{kind}",
        content_type=export.TYPES[kind],
    )


def _asked(request: HttpRequest) -> tuple[AskForm, Asked]:
    today = timezone.localdate()
    form = AskForm(request.GET, today=today)
    # what is wrong is said beside its field, and the year so far is shown
    given = form.cleaned_data if form.is_valid() else {}
    return form, Asked.of(given, today=today)


def _measure(name: str, *, with_rows: bool = False) -> Measure:
    found = rulebook.measures().get(name)
    if found is None or (with_rows and found.missing):
        raise Http404
    return found


def _which(request: HttpRequest, found: Measure) -> tuple[str, str]:
    which, rule = request.GET.get("which", ""), request.GET.get("rule", "")
    return which if which in ROWS_OF else "counted", rule if rule in found.rules else ""


def _query(request: HttpRequest, *without: str) -> str:
    """Return the filters of the address, to be handed on."""
    params = request.GET.copy()
    for name in (*without, *(key for key, value in request.GET.items() if not value)):
        params.pop(name, None)
    return params.urlencode()


def _by_rule(found: Measure, mine: Measured) -> list[tuple[Any, Any]]:
    if len(found.rules) < 2:
        return []
    return [(rulebook.clock(rule), number) for rule, number in mine.by_rule(found)]


def _tabs(
    request: HttpRequest, mine: Measured, found: Measure, which: str, rule: str
) -> list[tuple[str, str, bool, int]]:
    words = {
        "counted": _("计入的"),
        "hit": said_hit(found),
        "miss": _("其余的"),
        "out": _("不计入的"),
    }
    query = _query(request, "which", "after")
    names = [name for name in words if found.kind == "rate" or name in {"counted", "out"}]
    return [
        (words[name], f"?{query}&which={name}".replace("?&", "?"), name == which,
         len(listing.chosen(mine, found, name, rule)))
        for name in names
    ]  # fmt: skip


def said_hit(found: Measure) -> str:
    """Return what a hit is called on a tab."""
    return {"deadline": _("按期的"), "report": _("按期的")}.get(found.unit, _("其中符合的"))


def _counts(request: HttpRequest) -> dict[str, Any]:
    """Return the numbers of one's offices; each is a query and opens the list it counts."""
    cases = queries.cases_for(request.user)
    today = timezone.localdate()
    here = reverse("cases:list")

    def figure(words: str, **wanted: str) -> tuple[str, int, str]:
        address = "&".join(f"{name}={value}" for name, value in wanted.items())
        count = queries.narrowed(cases, wanted, on=today).count()
        return words, count, f"{here}?{address}" if address else here

    suggested = queries.suggestions_for(request.user).count()
    every = filters.read({"state": "all"})
    leads = every.applied(incidents_for(request.user), request.user, timezone.now()).count()
    return {
        "figures": [
            (_("线索"), leads, f"{reverse('leads:desk')}?state=all"),
            figure(_("立案")),
            figure(pgettext("track", "行政公益诉讼"), track="administrative"),
            figure(pgettext("track", "民事公益诉讼"), track="civil"),
            (_("检察建议"), suggested, reverse("cases:suggestions")),
            figure(_("提起民事公益诉讼"), track="civil", step="case.sued"),
            figure(_("提起行政公益诉讼"), track="administrative", step="case.sued"),
            figure(_("期限已逾期"), due="overdue"),
            figure(_("七日内到期"), due="week"),
        ],
        "by_domain": _by(cases, "domain"),
        "by_state": [
            {**row, "title": dict(state_choices())[row["state"]]} for row in _by(cases, "state")
        ],
    }


def _by(cases: QuerySet[Case], field: str) -> list[Mapping[str, Any]]:
    return list(cases.values(field).annotate(count=Count("pk")).order_by("-count", field))
