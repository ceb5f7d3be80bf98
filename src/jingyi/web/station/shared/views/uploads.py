"""Files of the organ's own ledger. Only people of the organ open these pages."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.registry.access import needs
from jingyi.web.station.shared import preview, queries
from jingyi.web.station.shared.actions import uploads
from jingyi.web.station.shared.forms import MappingForm, UploadForm
from jingyi.web.station.shared.models import Upload
from jingyi.web.ui.templatetags.ui import said

SHOWN = 50


@needs("station.import")
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """List the files of the organ's ledgers; on POST, look at a new one."""
    own = queries.own_organs(request.user, "station.import").order_by("name")
    if not own:
        raise Http404
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None, request.FILES or None, organs=own, kinds=queries.kinds()
    )
    if posted and form.is_valid():
        given = form.cleaned_data
        try:
            made = uploads.look_at(
                organ=given["organ"], kind=given["kind"], chunks=given["file"].chunks(),
                name=given["file"].name, by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("file", said(refusal.sentence))
        else:
            return _to(made)
    found = queries.uploads_for(request.user)
    kinds = rulebook.ledgers()
    context = {
        "form": form, "total": found.count(),
        "uploads": [(one, kinds[one.kind]) for one in found[:SHOWN]],
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "station/shared/uploads.html", context, status=status)


def _to(upload: Upload) -> HttpResponse:
    return HttpResponseRedirect(reverse("shared:upload", args=[upload.pk]), status=303)


@needs("station.import")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, number: int) -> HttpResponse:
    """Show a file: which column is what, what would come of it, or what came of it."""
    found = get_object_or_404(queries.uploads_for(request.user), pk=number)
    kind = rulebook.ledgers()[found.kind]
    if found.state != Upload.State.PREVIEW:
        context = {"upload": found, "kind": kind}
        return render(request, "station/shared/upload_done.html", context)
    posted = request.method == "POST"
    names = preview.of(found, found.mapping).names
    form = MappingForm(
        request.POST if posted else None, kind=kind, names=names, initial=found.mapping
    )
    mapping = found.mapping
    if posted and form.is_valid():
        mapping = form.cleaned_data
        if request.POST.get("act") == "import":
            try:
                done = uploads.take_in(
                    upload=found, mapping=mapping, by=request.user, at=timezone.now()
                )
            except Refusal as refusal:
                form.add_error(None, said(refusal.sentence))
            else:
                messages.success(
                    request, _("已导入：新增 %(new)s 件，更新 %(changed)s 件。")
                    % {"new": done.new, "changed": done.changed},
                )  # fmt: skip
                return _to(done)
    context = {"upload": found, "kind": kind, "form": form, "preview": preview.of(found, mapping)}
    status = 422 if form.errors else 200
    return render(request, "station/shared/upload.html", context, status=status)


@needs("station.import")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Put back what a file changed, and take away what it brought."""
    found = get_object_or_404(queries.uploads_for(request.user), pk=number)
    try:
        uploads.undo(upload=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    else:
        messages.success(request, _("已撤销这份台账的导入。"))
    return _to(found)
