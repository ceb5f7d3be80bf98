"""What the room's pages share: the case for whoever asks, forms, files handed out."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header

from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.documents.views.asking import case_for
from jingyi.web.cases.models import Case
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob
from jingyi.web.ui.templatetags.ui import said

__all__ = ["address", "ask", "attached", "case_for", "inline"]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def address(case: Case, key: str, page: int) -> str:
    """Return the address of a page."""
    return reverse("reading:page", args=[case.ref, key, page])


def ask(
    request: HttpRequest,
    case: Case,
    form: Any,
    act: Callable[[], str],
    context: Mapping[str, Any],
) -> HttpResponse:
    """Show a form; on POST act and go where that says, or show why not."""
    require_on(request.user, "document.draft", case)
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(act(), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    context = {**context, "case": case, "form": form}
    return render(request, "cases/reading/ask.html", context, status=422 if form.errors else 200)


def attached(data: bytes, kind: str, name: str) -> HttpResponse:
    """Hand out a file that we wrote, as an attachment."""
    response = HttpResponse(data, content_type=TYPES[kind])
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    return response


def inline(blob: Blob) -> StreamingHttpResponse:
    """Show a page's image, which we drew ourselves; never an original."""
    response = StreamingHttpResponse(
        vault.read(blob.pk, folder=Path(settings.VAULT)), content_type="image/webp"
    )
    response["Content-Length"] = blob.size
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, max-age=3600"
    return response
