"""The ranked queue, its export, and the same list beside the map."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingyi.core import rulebook
from jingyi.web.intake.models import Source
from jingyi.web.leads import export as files
from jingyi.web.leads import filters, paging, queries
from jingyi.web.leads.forms import FORMS
from jingyi.web.leads.models import Incident
from jingyi.web.registry.access import needs
from jingyi.web.registry.models import Region
from jingyi.web.registry.queries import acts_of

MOST = 10_000  # rows of an export
AGES = (1, 3, 7, 14, 30)  # days; the last column holds what is older


@needs("lead.read")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the queue; with htmx only the list."""
    now = timezone.now()
    asked = filters.read(request.GET)
    seen = queries.incidents_for(request.user)
    found = asked.applied(seen, request.user, now)
    rows, after = paging.page(_rows(found), asked.sort, asked.after)
    context = {
        "asked": asked,
        "rows": rows,
        "after": after,
        "total": found.count(),
        "now": now,
        "chosen": rows[0] if rows else None,
        "ages": _ages(found, now),
        "options": _options(asked, seen, request.user, now),
        "forms": {kind: form() for kind, form in FORMS.items()},
        "any": seen.exists(),
        "may_audit": "lead.audit" in acts_of(request.user),
        "may_learn": "lead.learn" in acts_of(request.user),
        "audit": queries.audit_to_show(request.user),
        "states": [choice for choice in Incident.State.choices if choice[0] != "new"],
        "age_choices": filters.AGES.items(),
        "sources": Source.choices,
    }
    return render(request, "leads/desk.html", context)


@needs("lead.read")
@require_safe
def list_partial(request: HttpRequest) -> HttpResponse:
    """Return the same rows as a bare list, for the side of the map."""
    asked = filters.read(request.GET)
    found = asked.applied(queries.incidents_for(request.user), request.user, timezone.now())
    rows, _after = paging.page(_rows(found), asked.sort, asked.after)
    return render(
        request, "leads/parts/list.html", {"rows": rows, "total": found.count(), "bare": True}
    )


@needs("lead.read")
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the filtered list as XLSX or CSV."""
    writers = {
        "xlsx": (
            files.as_xlsx,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        "csv": (files.as_csv, "text/csv; charset=utf-8"),
    }
    if kind not in writers:
        raise Http404
    asked = filters.read(request.GET)
    found = asked.applied(queries.incidents_for(request.user), request.user, timezone.now())
    write, media_type = writers[kind]
    response = HttpResponse(write(found.order_by("-rank", "-pk")[:MOST]), content_type=media_type)
    name = f"leads-{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    return incidents.select_related("handler", "region").prefetch_related(
        "protected", "present__user"
    )


def _ages(found: QuerySet[Incident], now) -> list[tuple[str, int, str]]:
    """Return (label, number, address) by days since the latest report."""
    edges = [now - timedelta(days=days) for days in AGES]
    counts = {
        f"a{days}": Count("pk", filter=Q(last_at__gte=edge), distinct=True)
        for days, edge in zip(AGES, edges, strict=True)
    }
    held = found.order_by().aggregate(all=Count("pk", distinct=True), **counts)
    columns, before = [], 0
    for days in AGES:
        label = _("今天") if days == 1 else _("%(days)s 天内") % {"days": days}
        columns.append((label, held[f"a{days}"] - before, ""))
        before = held[f"a{days}"]
    columns.append((_("更早"), held["all"] - before, ""))
    return columns


def _options(asked, seen, user, now) -> list[dict]:
    """Return each filter's choices with the number each would leave."""
    groups = []
    for name, title, labels in (
        ("domain", _("领域"), {d.slug: d for d in rulebook.domains()}),
        ("region", _("区划"), None),
    ):
        less = filters.read({**_plain(asked), name: ""})
        left = less.applied(seen, user, now).order_by().values_list(name)
        counted = left.annotate(n=Count("pk", distinct=True)).order_by("-n", name)
        found = [(value, n) for value, n in counted if value][:15]
        titles = labels or Region.objects.in_bulk([value for value, _n in found])
        groups.append(
            {
                "name": name,
                "title": title,
                "choices": [
                    (v, titles[v], n, v == getattr(asked, name)) for v, n in found if v in titles
                ],
            }
        )
    return groups


def _plain(asked: filters.Filters) -> dict[str, str]:
    names = ("q", "domain", "region", "source", "age", "state", "kind", "sort", "place")
    return {name: getattr(asked, name) for name in names} | ({"mine": "1"} if asked.mine else {})
