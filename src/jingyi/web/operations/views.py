"""For machines: alive, ready, figures. For the operator: one page."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jingyi.web.operations import figures, queries
from jingyi.web.registry.access import needs
from jingyi.web.ui.marks import public


@public
@never_cache
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Answer that the process lives; it asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public
@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Answer whether this node can serve: 503 takes it out of the proxy's turn. Names no detail."""
    found = queries.readiness()
    return JsonResponse(
        {"ready": all(found.values()), **found}, status=200 if all(found.values()) else 503
    )


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give Prometheus its figures, to whoever has the token; without one set there is no page."""
    given = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, expected):
        raise Http404
    return HttpResponse(
        figures.exposition(queries.standing(at=timezone.now())),
        content_type="text/plain; version=0.0.4; charset=utf-8",
    )


@needs("operations.read")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show how the office runs, what is wrong first."""
    found = queries.standing(at=timezone.now())
    return render(
        request, "operations/page.html", {"found": found, "warnings": queries.warnings(found)}
    )
