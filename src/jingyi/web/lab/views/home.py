"""The laboratory's first page: what waits for whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jingyi.web.lab import queries
from jingyi.web.registry.access import needs


@needs("lab.read")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the requests that are open and the worksheets in hand."""
    wanted = queries.requests_for(request.user).filter(closed_at=None)
    sheets = queries.worksheets_for(request.user).exclude(state__in=["verified", "void"])
    context = {
        "requests": wanted.select_related("case", "incident", "by")[:50],
        "sheets": sheets.select_related("method", "analyst")[:50],
    }
    return render(request, "lab/home.html", context)
