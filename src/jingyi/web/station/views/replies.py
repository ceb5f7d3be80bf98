"""A reply in preparation: its words, its files, and its way from drafter to leader."""

import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.cases.verification.proofs import MOST_BYTES, sealed
from jingyi.web.evidence import vault
from jingyi.web.evidence.uploads import actions as uploads
from jingyi.web.registry.access import needs
from jingyi.web.station import queries
from jingyi.web.station.access import may_in
from jingyi.web.station.actions import matters as matter_actions
from jingyi.web.station.actions import replies as actions
from jingyi.web.station.forms import AttachForm, DraftForm, WordsForm
from jingyi.web.station.models import Attached, Draft, Seen
from jingyi.web.station.views.matters import matter_for
from jingyi.web.ui.templatetags.ui import said

ACTS = {
    "submit": actions.submit,
    "approve": actions.approve,
    "recall": actions.recall,
    "sign": actions.sign,
}


@needs("station.draft")
@require_POST
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a reply, or go on with the one in preparation."""
    found = matter_for(request, number)
    try:
        made = actions.begin(matter=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return _see(made)


@needs("station.read")
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Show a draft; write what it says of each duty."""
    found = _draft(request, number)
    matter_actions.note(found.matter, Seen.Part.DRAFT, by=request.user, at=timezone.now())
    lines = list(found.lines.prefetch_related("files__blob"))
    form = DraftForm(
        request.POST if request.method == "POST" else None,
        lines=lines, initial={"version": found.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.save(
                draft=found,
                words=form.words(),
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            if request.POST.get("then") == "submit":
                return act(request, number, "submit")
            messages.success(request, _("草稿已保存。"))
            return _see(found)
    return _page(request, found, lines, form=form)


@needs("station.read")
@require_safe
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """Show a reply as a sheet to be printed."""
    found = _draft(request, number)
    context = {"draft": found, "matter": found.matter, "shown": queries.shown(found.matter)}
    context["lines"] = _lines(found)
    return render(request, "station/draft_print.html", context)


@needs("station.draft")
@require_POST
def attach(request: HttpRequest, number: int, duty: int) -> HttpResponse:
    """Seal a file and attach it to a line."""
    found = _draft(request, number)
    get_object_or_404(found.lines, duty=duty)
    form = AttachForm(request.POST, request.FILES, auto_id=f"attach_{duty}_%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            blob, name = _sealed(request, data)
            actions.attach(
                draft=found, duty=duty, blob=blob, name=name, kind=data["kind"],
                caption=data["caption"], dated_on=data["dated_on"], by=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return _see(found, f"#duty-{duty}")
    lines = list(found.lines.prefetch_related("files__blob"))
    return _page(request, found, lines, attaching=(duty, form))


@needs("station.draft")
@require_POST
def detach(request: HttpRequest, number: int) -> HttpResponse:
    """Take a file off a draft."""
    attached = _attached(request, number)
    found = attached.line.draft
    try:
        actions.detach(attached=attached, by=request.user)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return _see(found)


@needs("station.read")
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Send a file of a draft."""
    attached = _attached(request, number)
    matter = attached.line.draft.matter
    matter_actions.note(matter, Seen.Part.FILE, by=request.user, at=timezone.now())
    return given(attached.blob_id, attached.name)


@needs("station.read")
@require_POST
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Take a draft one step on, or send it back."""
    found = _draft(request, number)
    words = WordsForm(request.POST) if act == "return" else None
    if words is None and act not in ACTS:
        raise Http404
    try:
        if words is None:
            ACTS[act](draft=found, by=request.user, at=timezone.now())
        elif words.is_valid():
            text = words.cleaned_data["words"]
            actions.send_back(draft=found, words=text, by=request.user, at=timezone.now())
        else:
            messages.error(request, _("请写明要修改什么。"))
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return _see(found)


def given(blob: str, name: str) -> HttpResponse:
    """Send a sealed file as one to keep; all of it is read first, so that its hash is compared."""
    content = b"".join(vault.read(blob, folder=settings.VAULT))
    response = FileResponse(
        io.BytesIO(content), as_attachment=True, filename=name or blob[:12],
        content_type="application/octet-stream",
    )  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _sealed(request: HttpRequest, data: dict[str, Any]) -> tuple[Any, str]:
    """Return the sealed file and its name, whichever way it was sent."""
    upload = data["file"]
    if not upload:
        return uploads.take(token=data["upload"], by=request.user)
    if upload.size > MOST_BYTES:
        raise Refusal("文件“{name}”超过 50 MB。请压缩或者拆分后再上传。", name=upload.name)
    media = upload.content_type or "application/octet-stream"
    return sealed(upload.read(), media, timezone.now()), upload.name


def _draft(request: HttpRequest, number: int) -> Draft:
    own = queries.matters_for(request.user)
    found = get_object_or_404(Draft.objects.filter(matter__in=own), pk=number)
    found.matter = own.get(pk=found.matter_id)
    return found


def _attached(request: HttpRequest, number: int) -> Attached:
    own = queries.matters_for(request.user)
    found = Attached.objects.filter(line__draft__matter__in=own)
    return get_object_or_404(found.select_related("line__draft__matter__organ", "blob"), pk=number)


def _lines(found: Draft) -> list[tuple[Any, str]]:
    asks = found.matter.suggestion.asks
    lines = found.lines.prefetch_related("files__blob")
    return [(line, asks[line.duty - 1]) for line in lines]


def _see(found: Draft, anchor: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("station:draft", args=[found.pk]) + anchor, status=303)


def _page(
    request: HttpRequest, found: Draft, lines: list[Any], *, form: Any = None, attaching: Any = None
) -> HttpResponse:
    user, organ = request.user, found.matter.organ
    writes = found.state == Draft.State.DRAFTING and may_in(user, "station.draft", organ)
    form = form or DraftForm(lines=lines, initial={"version": found.version})
    lacks: dict[int, list[Any]] = {}
    for lack in queries.checked(found) if found.state != Draft.State.SIGNED else ():
        lacks.setdefault(lack.duty, []).append(lack)
    asks = found.matter.suggestion.asks
    duties = [
        {
            "line": line,
            "words": asks[line.duty - 1],
            "fields": fields,
            "lacks": lacks.get(line.duty, []),
            "attach": attaching[1]
            if attaching and attaching[0] == line.duty
            else AttachForm(auto_id=f"attach_{line.duty}_%s"),
        }
        for line, fields in form.groups()
    ]
    context = {
        "draft": found,
        "matter": found.matter,
        "shown": queries.shown(found.matter),
        "form": form,
        "duties": duties,
        "writes": writes,
        "words": WordsForm(),
        "passages": found.passages.select_related("by"),
        "may": {
            name: may_in(user, f"station.{name}", organ) for name in ("draft", "review", "sign")
        },
    }
    wrong = form.errors or (attaching and attaching[1].errors)
    return render(request, "station/draft.html", context, status=422 if wrong else 200)
