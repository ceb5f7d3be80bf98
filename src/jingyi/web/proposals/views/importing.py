"""Sessions; files read, shown before they are imported, and taken back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob
from jingyi.web.proposals import files, queries
from jingyi.web.proposals.actions import importing as actions
from jingyi.web.proposals.forms import ColumnsForm, FileForm, ItemForm, SessionForm
from jingyi.web.proposals.models import Batch, Session
from jingyi.web.registry.access import needs
from jingyi.web.registry.models import Organ, Post, Procuratorate
from jingyi.web.registry.queries import offices_for, seats_for
from jingyi.web.ui.templatetags.ui import said

SHOWN = 20  # rows of a file shown before it is imported


@needs("proposals.read")
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List the sessions and the last imports."""
    found = queries.sessions_for(request.user)
    batches = Batch.objects.filter(session__in=found).select_related("session", "by")[:30]
    context = {"sessions": found, "batches": batches}
    return render(request, "proposals/sessions.html", context)


@needs("proposals.import")
@require_http_methods(["GET", "HEAD", "POST"])
def new_session(request: HttpRequest) -> HttpResponse:
    """Open a session."""
    seats = Post.objects.filter(role__in=["npc-office", "cppcc-office"]).values("organ")
    regions = seats_for(request.user, "proposals.import").values("region")
    own = Q(pk__in=offices_for(request.user, "proposals.import")) | Q(region__in=regions)
    form = SessionForm(
        request.POST if request.method == "POST" else None,
        offices=Procuratorate.objects.filter(own),
        organs=Organ.objects.filter(pk__in=seats).order_by("name"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_session(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(reverse("proposals:sessions"), status=303)
    return _ask(request, form, _("登记会议"))


@needs("proposals.import")
@require_http_methods(["GET", "HEAD", "POST"])
def type_in(request: HttpRequest, session: int) -> HttpResponse:
    """Enter one item."""
    found = _session(request, session)
    form = ItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.type_in(
                session=found, read=form.read(), by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    return _ask(request, form, _("录入一件"))


@needs("proposals.import")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, session: int) -> HttpResponse:
    """Take a file; a table is shown first, a paper becomes one item to be corrected."""
    found = _session(request, session)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        data, at = file.read(), timezone.now()
        try:
            paper = _is_paper(data)
            read = files.paper(data, file.name) if paper else None
            if read is None:
                files.sheet_of(data, file.name)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            blob = seal(chunks=[data], media_type=file.content_type or "", at=at)
            if read is not None:
                return _typed(request, read)
            where = reverse("proposals:preview", args=[found.pk, blob.sha256])
            return HttpResponseRedirect(f"{where}?name={file.name[:100]}", status=303)
    return _ask(request, form, _("导入文件"), enctype=True)


@needs("proposals.import")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, session: int, blob: str) -> HttpResponse:
    """Show how a table is read, and import it."""
    found = _session(request, session)
    kept = get_object_or_404(Blob, pk=blob)
    name = request.GET.get("name", "") or "table"
    try:
        data = b"".join(vault.read(kept.sha256, folder=settings.VAULT))
        sheet = files.sheet_of(data, name)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return HttpResponseRedirect(reverse("proposals:upload", args=[found.pk]), status=303)
    remembered = (
        found.batches.filter(undone_at=None).first()
        or Batch.objects.filter(session__organ=found.organ, undone_at=None).first()
    )
    guess = files.guess(sheet.names)
    if remembered and set(remembered.columns.values()) <= set(sheet.names):
        guess = remembered.columns
    given = request.POST if request.method == "POST" else request.GET if "title" in request.GET else None  # fmt: skip
    form = ColumnsForm(given, names=sheet.names, initial=guess)
    columns = form.columns() if form.is_bound and form.is_valid() else guess
    read: list[files.Read] = []
    try:
        read = files.rows(sheet, columns)
        if request.method == "POST" and form.is_valid():
            made = actions.take_in(
                session=found, read=read, blob=kept, name=name, columns=columns,
                by=request.user, at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("proposals:batch", args=[made.pk]), status=303)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    context = {
        "session": found, "name": name, "form": form, "rows": read[:SHOWN], "total": len(read),
        "wrong": [one for one in read if one.wrong][:SHOWN],
    }  # fmt: skip
    return render(request, "proposals/preview.html", context)


@needs("proposals.read")
@require_safe
def batch(request: HttpRequest, number: int) -> HttpResponse:
    """Show what an import brought."""
    return render(request, "proposals/batch.html", {"batch": _batch(request, number)})


@needs("proposals.import")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an import back."""
    found = _batch(request, number)
    try:
        actions.undo(batch=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(reverse("proposals:batch", args=[found.pk]), status=303)


def _session(request: HttpRequest, number: int) -> Session:
    return get_object_or_404(queries.sessions_for(request.user), pk=number)


def _batch(request: HttpRequest, number: int) -> Batch:
    own = Batch.objects.filter(session__in=queries.sessions_for(request.user))
    return get_object_or_404(
        own.select_related("session__office", "session__organ", "by"), pk=number
    )


def _is_paper(data: bytes) -> bool:
    return data.startswith(b"%PDF") or (data.startswith(b"PK") and b"word/" in data[-65536:] + data[:65536])  # fmt: skip


def _typed(request: HttpRequest, read: files.Read) -> HttpResponse:
    """Show what was read of a paper, to be corrected and entered."""
    form = ItemForm(
        initial={
            "number": read.number, "title": read.title, "text": read.text,
            "proposers": "、".join(read.proposers),
        }
    )  # fmt: skip
    return _ask(
        request, form, _("核对识读的内容"), action=request.path.replace("/import/", "/type/")
    )


def _ask(request: HttpRequest, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, **more}
    return render(request, "proposals/ask.html", context, status=422 if form.errors else 200)
