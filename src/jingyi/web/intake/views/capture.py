"""A reporter's photo beside the report: whether its own time and place fit what was reported."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from jingyi.core.refusal import Refusal
from jingyi.web.intake.actions.captures import compare_original
from jingyi.web.intake.queries.reports import reports_for
from jingyi.web.registry.access import needs


@needs("report.read")
@require_POST
def capture(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Compare one photo with the report, on record; a part of the page, or a page."""
    report = get_object_or_404(reports_for(request.user).select_related("office"), ref=ref)
    photo = get_object_or_404(report.attachments.select_related("blob", "report__office"), pk=pk)
    context: dict[str, Any] = {"report": report, "photo": photo}
    try:
        context["check"] = compare_original(photo=photo, by=request.user, at=timezone.now())
    except Refusal as refusal:
        context["refused"] = refusal.sentence
    part = "evidence/custody/capture.html" if request.htmx else "intake/staff/capture.html"
    response = render(request, part, context)
    response["Cache-Control"] = "private, no-store"
    return response
