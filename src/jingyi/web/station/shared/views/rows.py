"""The rows of the ledgers, as much of each as this side may see."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jingyi.web.registry.access import needs
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.actions import looks
from jingyi.web.station.shared.forms import Filter

PAGE = 50


@needs("station.ledger")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the rows of one kind of ledger, or of all."""
    form = Filter(request.GET, organs=queries.sharing(request.user), kinds=queries.kinds())
    for name in ("box", "whose"):
        del form.fields[name]
    found = queries.rows_for(request.user).order_by("-since", "-pk")
    asked = form.cleaned_data if form.is_valid() else {}
    if asked.get("organ"):
        found = found.filter(organ=asked["organ"])
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    page = Paginator(found.prefetch_related("dues"), PAGE).get_page(request.GET.get("page"))
    looks.note(rows=page, page="rows", by=request.user, at=timezone.now())
    shown = [(queries.shown(row, request.user), queries.next_due(row)) for row in page]
    context = {
        "form": form, "page": page, "rows": shown, "today": timezone.localdate(),
        "imports": queries.own_organs(request.user, "station.import").exists(),
    }  # fmt: skip
    return render(request, "station/shared/rows.html", context)


@needs("station.ledger")
@require_safe
def row(request: HttpRequest, number: int) -> HttpResponse:
    """Show one row: its columns, its last days and why, and who of the other side looked."""
    found = get_object_or_404(queries.rows_for(request.user), pk=number)
    looks.note(rows=[found], page="row", by=request.user, at=timezone.now())
    today = timezone.localdate()
    context = {
        "shown": queries.shown(found, request.user), "row": found, "today": today,
        "dues": found.dues.order_by("due_on", "pk"),
        "looks": queries.looks_for(request.user).filter(row=found)[:20],
    }  # fmt: skip
    return render(request, "station/shared/row.html", context)
