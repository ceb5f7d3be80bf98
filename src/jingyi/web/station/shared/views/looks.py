"""Who of the other side looked at an organ's ledger: for the organ's leader and the office's chief."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jingyi.core import rulebook
from jingyi.web.registry.access import needs
from jingyi.web.station.shared import queries

PAGE = 100


@needs("station.audit")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List who saw which columns of how many rows; and which columns are shown at all."""
    page = Paginator(queries.looks_for(request.user), PAGE).get_page(request.GET.get("page"))
    kinds = rulebook.ledgers()
    rows = [
        (look, kinds[look.kind], [kinds[look.kind].field(n).title for n in look.columns
                                  if n in kinds[look.kind].columns])
        for look in page
    ]  # fmt: skip
    context = {"page": page, "rows": rows, "kinds": queries.kinds()}
    return render(request, "station/shared/looks.html", context)
