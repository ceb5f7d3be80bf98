"""Importing files: the batches so far, one batch from preview to result, its rejected rows."""

from pathlib import Path

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import vault
from jingyi.web.intake.actions import imports
from jingyi.web.intake.forms.imports import LABELS, MappingForm, UploadForm
from jingyi.web.intake.importing import shown
from jingyi.web.intake.models import Batch
from jingyi.web.intake.queries import imports as queries
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of
from jingyi.web.ui.frame import address
from jingyi.web.ui.templatetags.ui import said

SHOWN = 50  # batches on the page


@needs("import.read")
@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """List the files imported; on POST, look at a new one."""
    runs = "import.run" in acts_of(request.user)
    form = None
    if runs:
        form = UploadForm(
            request.POST or None,
            request.FILES or None,
            senders=queries.senders_for(request.user),
            offices=queries.offices_to_import_for(request.user),
        )
    if form and form.is_valid():
        try:
            return _to(_start(request, form.cleaned_data))
        except Refusal as refusal:
            form.add_error("file", said(refusal.sentence))
    batches = queries.batches_for(request.user)
    context = {"form": form, "batches": batches[:SHOWN], "total": batches.count()}
    wrong = request.method == "POST"
    return render(request, "intake/imports/list.html", context, status=422 if wrong else 200)


def _to(found: Batch) -> HttpResponse:
    return HttpResponseRedirect(reverse("intake:batch", args=[found.ref]), status=303)


def _start(request: HttpRequest, given: dict) -> Batch:
    at = timezone.now()
    sender = given.get("sender") or imports.name_sender(
        office=given["office"],
        name=given["name"],
        source=given["source"] or "hotline",
        by=request.user,
        at=at,
    )
    return imports.start_import(
        sender=sender,
        chunks=given["file"].chunks(),
        file_name=given["file"].name,
        by=request.user,
        at=at,
    )


@needs("import.read")
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a batch: what is in the file, how far it is, what came of it; on POST, confirm it."""
    found = get_object_or_404(queries.batches_for(request.user), ref=ref)
    if found.state != Batch.State.PREVIEW:
        return _result(request, found)
    head = shown.of(found.file)
    form = MappingForm(request.POST or None, names=head.names, initial=found.mapping)
    if form.is_bound and form.is_valid():
        try:
            imports.confirm_import(
                batch=found, mapping=form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return _to(found)
    context = {
        "batch": found,
        "head": head,
        "form": form,
        "runs": may(request.user, "import.run", found.sender.office),
    }
    status = 422 if form.is_bound else 200
    return render(request, "intake/imports/preview.html", context, status=status)


def _result(request: HttpRequest, found: Batch) -> HttpResponse:
    """Show a batch under way or over; the polling fragment alone when HTMX asks."""
    context = {
        "batch": found,
        "going": found.state in {Batch.State.QUEUED, Batch.State.RUNNING},
        "columns": [(LABELS[field], name) for field, name in found.mapping.items()],
        "desk": address("leads:desk"),
        **_pace(found),
    }
    if found.state == Batch.State.DONE:
        context["undated"] = queries.undated(found)
        context["changed"] = queries.changed(found)
    part = "#state" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"intake/imports/batch.html{part}", context)


def _pace(found: Batch) -> dict[str, float | None]:
    """Return rows per second so far and the seconds left at that pace."""
    if not found.started_at or not found.done:
        return {"rate": None, "left": None}
    spent = max((timezone.now() - found.started_at).total_seconds(), 0.001)
    rate = found.done / spent
    return {"rate": rate, "left": (found.rows - found.done) / rate}


@needs("import.read")
@require_safe
def rejected(request: HttpRequest, ref: str) -> HttpResponse:
    """Download the rows that were not taken in, each with its reason."""
    done = queries.batches_for(request.user).filter(rejected_file__isnull=False)
    found = get_object_or_404(done, ref=ref)
    parts = vault.read(found.rejected_file_id, folder=Path(settings.VAULT))
    return StreamingHttpResponse(
        parts,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{found.ref}-rejected.csv"'},
    )
