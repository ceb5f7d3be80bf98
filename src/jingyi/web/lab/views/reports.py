"""The report of a request: a page with charts, a PDF, and the record of it in the case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingyi.web.evidence.actions import seal
from jingyi.web.lab import report
from jingyi.web.lab.actions import commissioning
from jingyi.web.lab.views.acting import done
from jingyi.web.lab.views.requests import page, request_for
from jingyi.web.registry.access import needs


@needs("lab.read")
@require_safe
def report_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the report of a request, made to be read and printed."""
    found = report.report_of(request_for(request, ref))
    return render(request, "lab/report.html", {"found": found, "wanted": found.row.request})


@needs("lab.read")
@require_safe
def pdf(request: HttpRequest, ref: str) -> HttpResponse:
    """Send the report as PDF."""
    found = request_for(request, ref)
    response = HttpResponse(report.to_pdf(report.report_of(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.ref}.pdf"'
    return response


@needs("lab.request")
@require_POST
def into_case(request: HttpRequest, ref: str) -> HttpResponse:
    """Seal the report as it stands and put it into the case, as a lead that proves nothing."""
    found = request_for(request, ref)
    back = found.get_absolute_url()

    def take() -> str:
        now = timezone.now()
        data = report.to_pdf(report.report_of(found))
        blob = seal(chunks=[data], media_type="application/pdf", at=now)
        made = commissioning.file_sheet(request=found, blob=blob, by=request.user, at=now)
        messages.success(request, _("快速检测记录已存入案件；它只作线索，文书不能引用它认定超标。"))
        return reverse("documents:list", args=[made.case.ref])

    return done(request, None, take, back) or page(request, found)
