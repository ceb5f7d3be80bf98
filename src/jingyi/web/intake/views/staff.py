"""One report as the office sees it: text, copies of photos, mailbox; the reporter apart."""

import io
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.evidence import vault
from jingyi.web.intake import letters
from jingyi.web.intake.actions import reports
from jingyi.web.intake.forms.public import MessageForm, ReasonForm
from jingyi.web.intake.models import Report
from jingyi.web.intake.queries.reports import reports_for
from jingyi.web.ledger.models import Entry
from jingyi.web.ledger.queries import history_of
from jingyi.web.registry.access import may, needs
from jingyi.web.ui.templatetags.ui import said

PAGE = 100
ACTS = {
    "report.received": say("收到"),
    "reporter.wrote": say("举报人来信"),
    "reporter.answered": say("给举报人回信"),
    "reporter.told": say("向举报人告知进度"),
    "identity.viewed": say("查看举报人身份"),
    "original.taken": say("取出照片原件"),
    "original.compared": say("核对照片的拍摄信息"),
}


@needs("report.read")
@never_cache
@require_http_methods(["GET", "POST"])
def report_detail(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one report; POST answers, or opens who reported for a reason."""
    seen = reports_for(request.user).select_related("office", "sender", "batch", "receipt")
    found = get_object_or_404(seen, ref=ref)
    asks = "reason" in request.POST
    answer = MessageForm(request.POST if request.method == "POST" and not asks else None)
    reason = ReasonForm(request.POST if asks else None)
    identity = None
    try:
        if asks and reason.is_valid():
            identity = reports.look_at_identity(
                report=found, **reason.cleaned_data, by=request.user, at=timezone.now()
            )
        elif request.method == "POST" and not asks and answer.is_valid():
            reports.answer_reporter(
                report=found, **answer.cleaned_data, by=request.user, at=timezone.now()
            )
            messages.success(request, _("回信已发出；举报人凭回执码可以看到。"))
            return _see(found)
    except Refusal as refusal:
        (reason if asks else answer).add_error(None, said(refusal.sentence))
    context = {
        "report": found,
        "photos": found.attachments.select_related("blob").prefetch_related("blob__derivatives"),
        "clocks": letters.clocks([found], on=timezone.localdate()).get(found.pk, ()),
        "letters": found.messages.select_related("by").order_by("at", "pk"),
        "answer": answer,
        "reason": reason,
        "identity": identity,
        "history": [_told(entry) for entry in history_of(f"report:{found.ref}")],
        "may_answer": may(request.user, "report.answer", found.office),
        "may_identify": may(request.user, "report.identity", found.office),
    }
    wrong = answer.errors or reason.errors
    return render(request, "intake/staff/report.html", context, status=422 if wrong else 200)


@needs("report.answer")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List the reports whose reporter must hear from the office within seven days, or late (T40)."""
    rows = letters.waiting_for(request.user, on=timezone.localdate())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "intake/staff/letters.html", {"page": page})


@needs("report.read")
@require_safe
def attachment(request: HttpRequest, ref: str, pk: int, kind: str) -> HttpResponse:
    """Return a photo's copy for the page, or its original as a file to keep."""
    found = get_object_or_404(reports_for(request.user), ref=ref)
    photo = get_object_or_404(found.attachments.select_related("blob"), pk=pk)
    original = kind == "original"
    blob = (
        photo.blob_id if original else get_object_or_404(photo.blob.derivatives, kind=kind).blob_id
    )
    try:  # all of it before any of it is sent: its hash is compared at the end
        content = b"".join(vault.read(blob, folder=Path(settings.VAULT)))
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return _see(found)
    if original:
        reports.take_original(photo=photo, by=request.user, at=timezone.now())
    response = FileResponse(
        io.BytesIO(content),
        as_attachment=original,
        filename=(photo.name or blob[:12]) if original else f"{blob[:12]}.jpg",
        content_type="application/octet-stream" if original else "image/jpeg",
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _see(report: Report) -> HttpResponse:
    response = redirect("intake:report_detail", report.ref)
    response.status_code = 303
    return response


def _told(entry: Entry) -> dict[str, object]:
    """Return an act as a line of the timeline: who looked at the reporter, and why, stands out."""
    looked = entry.kind == "identity.viewed"
    return {
        "at": entry.at,
        "what": ACTS.get(entry.kind, entry.kind),
        "who": entry.by.name if entry.by else "",
        "note": entry.body["facts"]["reason"] if looked else "",
        "kind": "now" if looked else "done",
    }
