"""Covering a file of a case: propose, choose, look at every page, make the copy, hand it out."""

from typing import Any

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.reading.page import Line
from jingyi.core.refusal import Refusal
from jingyi.engines.redaction import run
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading.files import File, file_for
from jingyi.web.cases.reading.models import Page
from jingyi.web.cases.reading.views.asking import case_for
from jingyi.web.evidence import vault
from jingyi.web.evidence.redaction import actions, queries
from jingyi.web.evidence.redaction.forms import CoverForm, MakeForm, initial
from jingyi.web.evidence.redaction.jobs import make_copy
from jingyi.web.evidence.redaction.models import Redaction
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

ACT = "document.draft"
AT_ONCE = 12  # pages; more are made by the worker
OCTETS = "application/octet-stream"


@needs(ACT)
@require_http_methods(["GET", "POST"])
def copies(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """List a file's covered copies; POST begins another."""
    case, file = _file(request, ref, key)
    refused = ""
    if request.method == "POST":
        try:
            made = actions.begin(
                blob=file.blob, name=file.name, key=file.key, subject=_subject(case),
                lines=_lines(file), names=[case.defendant], office=case.office, by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            return _to("work", case, file, made.pk)
        except Refusal as refusal:
            refused = said(refusal.sentence)
    context = _context(case, file) | {"copies": queries.of_file(_subject(case), file.key), "refused": refused}  # fmt: skip
    return render(request, "cases/redaction/copies.html", context, status=422 if refused else 200)


@needs(ACT)
@require_http_methods(["GET", "POST"])
def work(request: HttpRequest, ref: str, key: str, number: int) -> HttpResponse:
    """Show what will be covered; POST says anew what is to be."""
    case, file = _file(request, ref, key)
    found = _redaction(case, file, number)
    form = CoverForm(request.POST or None, redaction=found, initial=initial(found))
    if request.method == "POST":
        form = CoverForm(request.POST, redaction=found)
        if form.is_valid():
            try:
                actions.choose(
                    redaction=found, words=form.words(), boxes=form.cleaned_data.get("boxes", []),
                    lines=_lines(file),
                )  # fmt: skip
                return _to("work", case, file, found.pk)
            except Refusal as refusal:
                form.add_error(None, said(refusal.sentence))
    return _page(request, case, found, form, MakeForm())


@needs(ACT)
@require_POST
def make(request: HttpRequest, ref: str, key: str, number: int) -> HttpResponse:
    """Make the copy: at once where it is short, by the worker where it is long."""
    case, file = _file(request, ref, key)
    found = _redaction(case, file, number)
    form = MakeForm(request.POST)
    if form.is_valid():
        try:
            actions.ask(redaction=found)
            if found.pages > AT_ONCE:
                make_copy.enqueue(found.pk)
            else:
                actions.make(redaction=found, at=timezone.now())
            return _to("work", case, file, found.pk)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return _page(request, case, found, CoverForm(redaction=found, initial=initial(found)), form)  # fmt: skip


@needs(ACT)
@require_safe
def page(request: HttpRequest, ref: str, key: str, number: int, page: int) -> HttpResponse:
    """Show a page as it is now, drawn by us; what will be covered is laid over it."""
    case, file = _file(request, ref, key)
    found = _redaction(case, file, number)
    if not 1 <= page <= found.pages:
        raise Http404
    with actions.opened(file.blob) as path:
        response = HttpResponse(run.show(path, page), content_type="image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@needs(ACT)
@require_safe
def handed(request: HttpRequest, ref: str, key: str, number: int) -> HttpResponse:
    """Hand out a covered copy, as an attachment under a name that tells nothing."""
    case, file = _file(request, ref, key)
    found = _redaction(case, file, number)
    if found.copy is None:
        raise Http404
    response = StreamingHttpResponse(vault.read(found.copy.pk, folder=settings.VAULT), content_type=OCTETS)  # fmt: skip
    response["Content-Disposition"] = content_disposition_header(True, found.file_name)
    response["Content-Length"] = found.copy.size
    return response


def _file(request: HttpRequest, ref: str, key: str) -> tuple[Case, File]:
    case = case_for(request, ref)
    require_on(request.user, ACT, case)
    return case, file_for(case, key)


def _redaction(case: Case, file: File, number: int) -> Redaction:
    found = queries.of_file(_subject(case), file.key).filter(parent=file.blob, pk=number).first()
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, case: Case, found: Redaction, form: CoverForm, last: MakeForm
) -> HttpResponse:
    wrong = bool(form.errors or last.errors)
    context = _context(case, file_for(case, found.key)) | {
        "redaction": found, "form": form, "make_form": last, "leaves": queries.leaves(found),
        "choices": queries.choices(found), "gone": queries.gone(found),
        "ticked": form["ticked"].value() or [], "words": queries.words_found(found),
        "unread": [one.number for one in queries.leaves(found) if not one.readable],
    }  # fmt: skip
    return render(request, "cases/redaction/work.html", context, status=422 if wrong else 200)


def _lines(file: File) -> dict[int, list[Line]]:
    """Return what was read on the file's scanned pages."""
    if file.reading is None:
        return {}
    return {leaf.number: list(leaf.core().lines) for leaf in file.reading.leaves.filter(by=Page.By.OCR)}  # fmt: skip


def _subject(case: Case) -> str:
    return f"case:{case.ref}"


def _context(case: Case, file: File) -> dict[str, Any]:
    return {"case": case, "file": file}


def _to(name: str, case: Case, file: File, number: int) -> HttpResponse:
    address = reverse(f"redaction:{name}", args=[case.ref, file.key, number])
    return HttpResponseRedirect(address, status=303)
