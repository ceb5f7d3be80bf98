"""The laboratory's first page: what waits for whom; and what it did in a period."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jingyi.web.lab import queries, showing, statistics
from jingyi.web.lab.forms.sampling import ReceiveForm
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import acts_of


@needs("lab.read")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the requests that are open, the samples that wait, and the worksheets in hand."""
    user = request.user
    wanted = queries.requests_for(user).filter(closed_at=None)
    sheets = queries.worksheets_for(user).exclude(state__in=["verified", "void"])
    acts = acts_of(user)
    context = {
        "requests": showing.rows(wanted.select_related("case", "incident", "by")[:50]),
        "sheets": sheets.select_related("method", "analyst", "device")[:50],
        "waiting": queries.waiting_by_method(user),
        "offered": queries.offered_to(user),
        "receive": ReceiveForm(),
        "may_test": "lab.test" in acts,
        "may_manage": "lab.manage" in acts,
    }  # fmt: skip
    return render(request, "lab/home.html", context)


@needs("lab.read")
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show what the laboratory did in a period."""
    first, last = statistics.this_year()
    start, end = _day(request.GET.get("from"), first), _day(request.GET.get("to"), last)
    context = {
        "start": start,
        "end": end,
        "found": statistics.figures(request.user, start, end),
        "today": timezone.localdate(),
    }
    return render(request, "lab/figures.html", context)


def _day(text: str | None, default: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return default
