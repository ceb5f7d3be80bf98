"""The evidence list of a case: uploading, describing, ordering, printing, taking it out."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.engines.reading.tables import to_csv, to_docx
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading import queries
from jingyi.web.cases.reading.actions import files as actions
from jingyi.web.cases.reading.files import File, file_for, files_of, grouped
from jingyi.web.cases.reading.forms import MOST_BYTES, DescribeForm, MoveForm, UploadForm
from jingyi.web.cases.reading.views.asking import ask, attached, case_for
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Derivative
from jingyi.web.evidence.naming import plain
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

WIDTHS = (12, 58, 25, 42, 56, 12, 22, 30)  # mm


@needs("case.read")
@require_safe
def listing(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a case's files as its evidence list, and how far they have been read."""
    case = case_for(request, ref)
    files = files_of(case)
    context = {
        "case": case,
        "groups": grouped(files),
        "total": len(files),
        "unread": any(one.reading is None or one.reading.state == "refused" for one in files),
        "progress": queries.progress_of(files),
        "may_write": may_on(request.user, "document.draft", case),
        "moved": request.GET.get("moved", ""),
    }
    return render(request, "cases/reading/list.html", context)


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Seal several files at once; each refused one is named with the reason, the others stay."""
    case = case_for(request, ref)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and not form.is_bound:
        form = UploadForm(request.POST, request.FILES)

    def act() -> str:
        sealed, refused = 0, []
        for upload in form.cleaned_data["files"]:
            try:
                _seal(request, case, upload, form.cleaned_data)
                sealed += 1
            except Refusal as refusal:
                refused.append(f"{upload.name}：{said(refusal.sentence)}")
        if sealed:
            done = ngettext("已封存 %(n)s 个文件。", "已封存 %(n)s 个文件。", sealed) % {
                "n": sealed
            }
            messages.success(request, done)
        for one in refused:
            messages.error(request, one)
        return reverse("reading:list" if sealed else "reading:add", args=[case.ref])

    context = {"title": _("上传证据"), "submit": _("封存并识读"), "upload": True}
    return ask(request, case, form, act, context)


def _seal(request: HttpRequest, case: Case, upload: Any, said_: dict[str, Any]) -> None:
    """Seal one uploaded file; a small one, kept in memory, is looked at from a copy on disk."""
    if upload.size > MOST_BYTES:
        raise Refusal("文件超过 200 MB。请拆分后再上传。")
    with tempfile.NamedTemporaryFile(prefix="jingyi-upload-") as copy:
        path = getattr(upload, "temporary_file_path", lambda: "")()
        if not path:
            for chunk in upload.chunks():
                copy.write(chunk)
            copy.flush()
        actions.add_file(
            case=case,
            path=Path(path or copy.name),
            chunks=upload.chunks(),
            name=plain(upload.name),
            kind=said_["kind"],
            group=said_["group"],
            source=said_["source"],
            by=request.user,
            at=timezone.now(),
        )


@needs("document.draft")
@require_POST
def have_read(request: HttpRequest, ref: str) -> HttpResponse:
    """Queue the files that have not been read."""
    case = case_for(request, ref)
    actions.have_case_read(case=case, by=request.user, at=timezone.now())
    return HttpResponseRedirect(reverse("reading:list", args=[case.ref]), status=303)


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """Say what the list says of a file."""
    case = case_for(request, ref)
    file = file_for(case, key)
    values = {name: getattr(file, name) for name in actions.FIELDS}
    form = DescribeForm(request.POST or None, initial=values)

    def act() -> str:
        actions.describe(
            case=case, file=file, said=form.cleaned_data, by=request.user, at=timezone.now()
        )
        return f"{reverse('reading:list', args=[case.ref])}#{file.key}"

    context = {"title": _("填写证据清单"), "submit": _("保存"), "file": file}
    return ask(request, case, form, act, context)


@needs("document.draft")
@require_POST
def move(request: HttpRequest, ref: str) -> HttpResponse:
    """Move a file within the list."""
    case = case_for(request, ref)
    form = MoveForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    key = file_for(case, form.cleaned_data["key"]).key
    actions.move(case=case, key=key, to=form.cleaned_data["to"], by=request.user, at=timezone.now())
    address = f"{reverse('reading:list', args=[case.ref])}?moved={key}#{key}"
    return HttpResponseRedirect(address, status=303)


@needs("case.read")
@require_safe
def original(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """Send a file's sealed bytes, as an attachment; refused if they are not what was sealed."""
    file = file_for(case_for(request, ref), key)
    response = StreamingHttpResponse(
        vault.read(file.blob.pk, folder=settings.VAULT), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["Content-Length"] = file.blob.size
    return response


@needs("case.read")
@require_safe
def transcript(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """Send what was read on a file's pages, as a text file; pages are parted by form feeds."""
    file = file_for(case_for(request, ref), key)
    made = get_object_or_404(file.blob.derivatives, kind=Derivative.TRANSCRIPT)
    response = StreamingHttpResponse(
        vault.read(made.blob_id, folder=settings.VAULT), content_type="text/plain; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{file.name}.txt")
    return response


@needs("case.read")
@require_safe
def printed(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the list as a sheet to be printed."""
    case = case_for(request, ref)
    files = files_of(case)
    context = {"case": case, "groups": grouped(files), "now": timezone.now()}
    return render(request, "cases/reading/list_print.html", context)


@needs("case.read")
@require_safe
def taken(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """Hand the list out as DOCX or CSV; the ledger keeps that it was."""
    case = case_for(request, ref)
    files = files_of(case)
    rows = [_row(one) for one in files]
    head = [_("序号"), _("名称"), _("种类"), _("来源"), _("证明目的"), _("页数"), _("收集人"), _("收集日期")]  # fmt: skip
    title = _("证据清单")
    if kind == "csv":
        more = [[*row, one.group, one.blob.pk] for row, one in zip(rows, files, strict=True)]
        data = to_csv([*head, _("分组"), "SHA-256"], more)
    else:
        data = to_docx(title, f"{case.ref} {case.title}", head, rows, WIDTHS)
    actions.record_taken(
        case=case, what=f"evidence.{kind}", rows=len(rows), by=request.user, at=timezone.now()
    )
    return attached(data, kind, f"{title} {case.ref}")


def _row(one: File) -> list[str]:
    return [
        str(one.number),
        one.name,
        one.kind_title,
        one.source,
        one.purpose,
        str(one.pages or ""),
        one.collected_by,
        one.collected_on.isoformat() if one.collected_on else "",
    ]
