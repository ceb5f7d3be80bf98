"""The feed, the stations, their series, and files of readings."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.lab import book
from jingyi.core.lab.limits import Standard
from jingyi.core.refusal import Refusal
from jingyi.engines.tables import preview
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob
from jingyi.web.lab.forms.asking import StandardForm
from jingyi.web.lab.limits import library
from jingyi.web.lab.stations import actions, classes, feed, importing, queries, showing
from jingyi.web.lab.stations.forms import ColumnsForm, FileForm, StationForm
from jingyi.web.lab.stations.jobs import import_readings
from jingyi.web.lab.stations.models import Key, Station
from jingyi.web.lab.views.acting import done
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.access import may, needs, public
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for
from jingyi.web.ui.templatetags.ui import said

MOST_READINGS = 5000
MOST_FILE = 100 * 2**20


@public
@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """Take in a station's message; the answer says of each reading what became of it."""
    now = timezone.now()
    try:
        body = request.body
        station = feed.sender(request.headers, body, at=now)
        sent = showing.parsed(body, most=MOST_READINGS)
        taken = actions.take_in(station=station, sent=sent, at=now)
    except Refusal as refusal:
        status = 401 if isinstance(refusal, feed.Unknown) else 429 if isinstance(refusal, feed.Busy) else 400  # fmt: skip
        return JsonResponse({"error": said(refusal.sentence)}, status=status)
    refused = [{"place": place, "why": said(why)} for place, why in taken.refused]
    return JsonResponse({"new": taken.new, "known": taken.known, "refused": refused})


@needs("lab.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the stations, with when each was last heard of."""
    now = timezone.now()
    rows = [(one, showing.silent(one, now)) for one in queries.stations_for(request.user)]
    context = {
        "rows": rows,
        "files": queries.files_for(request.user)[:20],
        "may_manage": offices_for(request.user, "lab.manage").exists(),
        "form": FileForm(),
    }
    return render(request, "lab/stations/list.html", context)


@needs("lab.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a station of one's office."""
    office = offices_for(request.user, "lab.manage").order_by("path").first()
    given = request.POST.get("standard") or request.GET.get("standard", "")
    if not library.has(given, office):
        tables = library.standards(office, timezone.localdate())
        form = StandardForm(request.GET if given else None, tables=tables)
        return render(request, "lab/stations/new.html", {"first": form})
    table = library.standard(given, office)
    form = StationForm(request.POST or None, table=table)

    def take() -> str:
        data = {k: v for k, v in form.cleaned_data.items() if not k.startswith("when_")}
        made = actions.set_up(
            office=office, standard=given, conditions=form.conditions(), **data, by=request.user,
            at=timezone.now(),
        )  # fmt: skip
        return made.get_absolute_url()

    if request.method == "POST" and (answer := done(request, form, take)):
        return answer
    context = {"form": form, "table": table}
    return render(request, "lab/stations/new.html", context, status=422 if form.errors else 200)


@needs("lab.read")
@require_safe
def station(request: HttpRequest, number: int) -> HttpResponse:
    """Show a station: the series of one item with its gaps and its limit, exceedances, keys."""
    return _page(request, station_for(request, number))


@needs("lab.read")
@require_safe
def export(request: HttpRequest, number: int) -> HttpResponse:
    """Send the shown series as XLSX."""
    found = station_for(request, number)
    item, start, end = _asked(request, found)
    data = showing.as_xlsx(queries.series(found, item, start, end))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="station-{found.pk}.xlsx"'
    return response


@needs("lab.manage")
@require_POST
def key(request: HttpRequest, number: int) -> HttpResponse:
    """Make a key; its secret is shown on this one page."""
    found = station_for(request, number)
    made, secret = actions.give_key(station=found, by=request.user, at=timezone.now())
    return _page(request, found, secret=secret, made=made)


@needs("lab.manage")
@require_POST
def revoke(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Stop a key."""
    found = station_for(request, number)
    actions.revoke(
        key=get_object_or_404(Key, pk=key, station=found), by=request.user, at=timezone.now()
    )
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("lab.manage")
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Seal a file of readings and go on to its columns."""
    form = FileForm(request.POST, request.FILES)
    home = reverse("stations:list")

    def take() -> str:
        file: UploadedFile = form.cleaned_data["file"]
        if (file.size or 0) > MOST_FILE:
            raise Refusal("文件超过 100 MB，请拆分后再上传。")
        blob = seal(chunks=file.chunks(), media_type="application/octet-stream", at=timezone.now())
        request.session[f"readings:{blob.pk}"] = file.name
        return reverse("stations:columns", args=[blob.pk])

    if not form.is_valid():
        messages.error(request, _("请选择一个文件。"))
        return HttpResponseRedirect(home, status=303)
    return done(request, None, take, home) or HttpResponseRedirect(home, status=303)


@needs("lab.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, digest: str) -> HttpResponse:
    """Show the first rows of a file and how its columns are read; then import it."""
    name = request.session.get(f"readings:{digest}")
    if name is None:
        raise Http404
    office = offices_for(request.user, "lab.manage").order_by("path").first()
    blob = get_object_or_404(Blob, pk=digest)
    try:
        names, rows = preview(importing.path_of(blob), 8)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return HttpResponseRedirect(reverse("stations:list"), status=303)
    form = ColumnsForm(
        request.POST or None, names=names, guessed=importing.guess(office, names),
        tables=_makeable(office),
    )  # fmt: skip

    def take() -> str:
        made = importing.begin(
            office=office, blob=blob, name=name, columns=form.columns(), by=request.user,
            at=timezone.now(),
        )  # fmt: skip
        import_readings.enqueue(made.pk)
        return reverse("stations:file", args=[made.pk])

    if request.method == "POST" and (answer := done(request, form, take)):
        return answer
    context = {"form": form, "names": names, "rows": [[row.get(one) for one in names] for row in rows], "name": name}  # fmt: skip
    return render(request, "lab/stations/columns.html", context, status=422 if form.errors else 200)


@needs("lab.read")
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Show how an import stands, and the rows that could not be taken."""
    found = get_object_or_404(queries.files_for(request.user), pk=number)
    context = {
        "file": found,
        "told": importing.told(found),
        "share": found.done / (found.rows or 1),
    }
    return render(request, "lab/stations/file.html", context)


@needs("lab.read")
@require_safe
def of_lead(request: HttpRequest, ref: str) -> HttpResponse:
    """Show on a lead's page the readings it stands on."""
    incident = get_object_or_404(incidents_for(request.user), ref=ref)
    rows = [(one, book.names().items[one.item].title) for one in queries.exceedances_of(incident)]
    return render(request, "lab/stations/of_lead.html", {"rows": rows})


def _makeable(office: Procuratorate) -> list[Standard]:
    """Return the tables whose conditions a station's name can tell, or that have none."""
    found = library.standards(office, timezone.localdate())
    return [one for one in found if all(choice.default or choice.measured for choice in one.choices)]  # fmt: skip


def station_for(request: HttpRequest, number: int) -> Station:
    """Return a station that the person may see, or raise 404."""
    return get_object_or_404(queries.stations_for(request.user), pk=number)


def _asked(request: HttpRequest, found: Station) -> tuple[str, datetime, datetime]:
    items = queries.items_of(found)
    item = request.GET.get("item", "")
    last = found.heard_at or timezone.now()
    days = {"1": 1, "7": 7, "30": 30, "365": 365}.get(request.GET.get("days", ""), 30)
    return item if item in items else (items or [""])[0], last - timedelta(days=days), last


def _page(request: HttpRequest, found: Station, *, secret: str = "", made: Key | None = None) -> HttpResponse:  # fmt: skip
    item, start, end = _asked(request, found)
    items = queries.items_of(found)
    context: dict[str, Any] = {
        "station": found,
        "standard": library.stored([found.standard])[found.standard],
        "items": [(one, book.names().items[one].title) for one in items],
        "item": item,
        "days": request.GET.get("days", "30"),
        "shown": showing.series(found, item, queries.series(found, item, start, end)) if item else None,
        "classes": classes.of(found, queries.newest(found, start, end)),
        "exceedances": [(one, book.names().items[one.item].title) for one in found.exceedances.select_related("report__finding__incident")[:50]],
        "keys": found.keys.all(),
        "secret": secret,
        "made": made,
        "address": request.build_absolute_uri(reverse("stations:receive")),
        "headers": "、".join(feed.HEADERS.values()),
        "may_manage": may(request.user, "lab.manage", found.office),
    }  # fmt: skip
    return render(request, "lab/stations/station.html", context)
