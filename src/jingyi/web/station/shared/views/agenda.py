"""The duty calendar: what is past, near and later, with the reasons; to print, and as iCalendar."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jingyi.web.registry.access import needs
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.actions import looks
from jingyi.web.station.shared.calendar import calendar_of
from jingyi.web.station.shared.forms import BOX_TITLES, Filter
from jingyi.web.station.shared.models import Due

MOST = 60  # last days under one heading of the page
PRINTED = 500


@needs("station.ledger")
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Show the last days that follow from the ledgers one sees."""
    return _page(request, "station/shared/agenda.html", MOST)


@needs("station.ledger")
@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """Show the same on a sheet of paper."""
    return _page(request, "station/shared/agenda_print.html", PRINTED)


def _page(request: HttpRequest, template: str, most: int) -> HttpResponse:
    today = timezone.localdate()
    form, dues = _asked(request)
    box = form.cleaned_data.get("box") if form.is_valid() else ""
    groups = [
        _group(request, dues, name, today, most) for name in BOX_TITLES if box in {"", None, name}
    ]
    seen = [due.row for group in groups for due, _shown in group["rows"]]
    looks.note(rows=_once(seen), page="agenda", by=request.user, at=timezone.now())
    context = {"form": form, "groups": groups, "today": today, "asked": request.GET.urlencode()}
    return render(request, template, context)


def _asked(request: HttpRequest):
    form = Filter(request.GET, organs=queries.sharing(request.user), kinds=queries.kinds())
    dues = queries.dues_for(request.user)
    asked = form.cleaned_data if form.is_valid() else {}
    if asked.get("whose") != "all":
        dues = dues.filter(party="organ", wait=False)
    if asked.get("organ"):
        dues = dues.filter(row__organ=asked["organ"])
    if asked.get("kind"):
        dues = dues.filter(row__kind=asked["kind"])
    return form, dues


def _group(request: HttpRequest, dues, name: str, today: date, most: int) -> dict:
    """Return one heading: its first last days, each with its row as this side sees it."""
    found = queries.in_box(dues, name, on=today)
    rows = list(found[: most + 1])
    total = found.count() if len(rows) > most else len(rows)
    shown = [(due, queries.shown(due.row, request.user)) for due in rows[:most]]
    return {"name": name, "title": BOX_TITLES[name], "rows": shown, "total": total}


def _once(rows) -> list:
    return list({row.pk: row for row in rows}.values())


@needs("station.ledger")
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Download the last days of the page for a calendar program."""
    _form, dues = _asked(request)
    rows: list[Due] = list(queries.in_box(dues, "", on=timezone.localdate())[:PRINTED])
    looks.note(
        rows=_once([due.row for due in rows]), page="file", by=request.user, at=timezone.now()
    )
    text = calendar_of(rows, at=timezone.now(), address=request.build_absolute_uri)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="duties.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
