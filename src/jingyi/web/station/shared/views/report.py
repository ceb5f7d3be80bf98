"""The monthly report: figures, the rows behind each, and the same as a file."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingyi.web.registry.access import needs
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.actions import looks
from jingyi.web.station.shared.report import BY_ID, Month, Scope, month_of, report
from jingyi.web.station.shared.report_file import to_docx
from jingyi.web.ui.templatetags.ui import title_of

PAGE = 50
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _asked(request: HttpRequest) -> tuple[Scope, Month]:
    month = month_of(request.GET.get("month", ""), on=timezone.localdate())
    code = request.GET.get("organ", "")
    organ = queries.organs_seen(request.user).filter(code=code).first() if code else None
    if code and organ is None:
        raise Http404
    return Scope(request.user, organ), month


def _whose(scope: Scope) -> str:
    return title_of(scope.organ, "name") if scope.organ else _("看得到的全部机关")


@needs("station.ledger")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the figures of a month; each leads to its rows."""
    scope, month = _asked(request)
    parts = report(scope, month)
    context = {
        "parts": parts, "month": month, "organ": scope.organ, "whose": _whose(scope),
        "organs": queries.organs_seen(request.user).filter(pk__in=queries.with_matter(request.user)),
        "empty": all(part.empty for part in parts),
    }  # fmt: skip
    return render(request, "station/shared/report.html", context)


@needs("station.ledger")
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """Give the report as a file to go on writing in."""
    scope, month = _asked(request)
    data = to_docx(
        report(scope, month), month=month, whose=_whose(scope), made=timezone.localdate()
    )
    response = HttpResponse(data, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="station-{month}.docx"'
    response["Cache-Control"] = "private, no-store"
    return response


@needs("station.ledger")
@require_safe
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """Show the rows one figure counted."""
    if name not in BY_ID:
        raise Http404
    scope, month = _asked(request)
    one = BY_ID[name]
    page = Paginator(one.counted(scope, month).distinct(), PAGE).get_page(request.GET.get("page"))
    context = {"figure": one, "month": month, "organ": scope.organ, "page": page,
               "today": timezone.localdate()}  # fmt: skip
    if one.of == "rows":
        rows = list(page)
        looks.note(rows=rows, page="report", by=request.user, at=timezone.now())
        context["rows"] = [(queries.shown(row, request.user), None) for row in rows]
    return render(request, "station/shared/figure.html", context)
