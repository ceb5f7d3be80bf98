"""Samples sent to a qualified body, its reports, and what goes into the case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jingyi.web.evidence.actions import seal
from jingyi.web.lab import queries
from jingyi.web.lab.actions import commissioning
from jingyi.web.lab.forms.sampling import CommissionForm, ReportForm
from jingyi.web.lab.models import Commission
from jingyi.web.lab.views.acting import done
from jingyi.web.lab.views.requests import page, request_for
from jingyi.web.registry.access import needs


@needs("lab.sample")
@require_POST
def send(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a sample went to a qualified body."""
    found = request_for(request, ref)
    samples = found.samples.select_related("point", "request__office")
    form = CommissionForm(request.POST, auto_id="sent_%s", samples=samples, items=found.items)

    def take() -> str:
        commissioning.commission(**form.cleaned_data, by=request.user, at=timezone.now())
        return f"{found.get_absolute_url()}#sent"

    return done(request, form, take) or page(request, found, commission=form)


@needs("lab.sample")
@require_POST
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Enter a body's report."""
    sent = commission_for(request, number)
    form = ReportForm(request.POST, request.FILES, auto_id="report_%s")

    def take() -> str:
        data, now = dict(form.cleaned_data), timezone.now()
        file = data.pop("file")
        media = file.content_type or "application/octet-stream"
        blob = seal(chunks=file.chunks(), media_type=media, at=now)
        commissioning.report(commission=sent, blob=blob, **data, by=request.user, at=now)
        return f"{sent.request.get_absolute_url()}#sent"

    return done(request, form, take) or page(request, sent.request, report=form)


@needs("lab.request")
@require_POST
def cite(request: HttpRequest, number: int) -> HttpResponse:
    """Put a report among the exhibits of the case."""
    sent = commission_for(request, number)
    back = sent.request.get_absolute_url()

    def take() -> str:
        made = commissioning.cite(commission=sent, by=request.user, at=timezone.now())
        messages.success(
            request, _("报告已列为证据 %(n)s，可以在文书里引用。") % {"n": made.number}
        )
        return reverse("documents:list", args=[made.case.ref])

    return done(request, None, take, back) or page(request, sent.request)


def commission_for(request: HttpRequest, number: int) -> Commission:
    """Return what was sent to a body and may be seen, or raise 404."""
    found = Commission.objects.filter(request__in=queries.requests_for(request.user))
    found = found.select_related("request__office", "request__case", "request__by", "request__incident", "sample", "blob")  # fmt: skip
    return get_object_or_404(found, pk=number)
