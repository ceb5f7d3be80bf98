"""Files of the register: an upload, its preview, its confirmation; and the register as a file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.places.book import book
from jingyi.core.places.importing import outcomes
from jingyi.core.refusal import Refusal
from jingyi.engines.places import files
from jingyi.web.places import queries
from jingyi.web.places.exchange import actions
from jingyi.web.places.exchange.forms import ExportForm, UploadForm
from jingyi.web.places.exchange.queries import groups_of, steps_of, uploads_for
from jingyi.web.places.models import Upload
from jingyi.web.places.register.forms import ListFilter
from jingyi.web.places.register.views import narrowed
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import offices_for
from jingyi.web.ui.templatetags.ui import said

PER_PAGE = 50
WORDS = {
    "new": _("新登记"), "changed": _("有修改"), "ended": _("登记失效"), "same": _("没有变化"),
    "refused": _("不登记"),
}  # fmt: skip


@needs("place.change")
@require_http_methods(["GET", "POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """List the files that came; POST reads another one, to be previewed."""
    choices = {
        "offices": offices_for(request.user, "place.change").order_by("path"),
        "regions": queries.regions_for(request.user).distinct(),
    }
    form = UploadForm(request.POST or None, request.FILES or None, **choices)
    if form.is_valid():
        told = dict(form.cleaned_data)
        file = told.pop("file")
        try:
            raw = file.read(files.MOST_BYTES + 1)
            upload = actions.take(
                raw=raw, name=file.name, by=request.user, at=timezone.now(), **told
            )
            return HttpResponseRedirect(upload.get_absolute_url(), status=303)
        except Refusal as refusal:
            form.add_error("file", said(refusal.sentence))
    came = uploads_for(request.user).defer("records").select_related("office", "by")
    page = Paginator(came.order_by("-at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "places/exchange/list.html", context, status=422 if form.errors else 200)


@needs("place.change")
@require_safe
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what each record of a file becomes, and what was mended or refused."""
    found = _found(request, pk)
    context = {"upload": found}
    if found.confirmed_at is None:
        steps = steps_of(found)
        counts = dict(outcomes(steps))
        wanted = request.GET.get("outcome", "")
        shown = [step for step in steps if wanted in {"", step.outcome}]
        page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "steps": [(step, WORDS[step.outcome], _kind(step)) for step in page],
            "page": page,
            "counts": [(name, WORDS[name], count) for name, count in counts.items()],
            "wanted": wanted,
            "mended": sum(bool(step.record.repairs) for step in steps),
            "writes": sum(counts[name] for name in ("new", "changed", "ended")),
        }
    else:
        context["counts"] = [(name, WORDS[name], found.counts.get(name, 0)) for name in WORDS]
    return render(request, "places/exchange/upload.html", context)


@needs("place.change")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what the file says."""
    found = _found(request, pk)
    try:
        actions.confirm(upload=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("place.change")
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a file that was not confirmed."""
    found = _found(request, pk)
    try:
        actions.discard(upload=found, by=request.user)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return HttpResponseRedirect(reverse("places:uploads"), status=303)


@needs("place.read")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Return the places of the list, with its filters, and their zones as a file."""
    form = ExportForm(request.GET)
    if not form.is_valid():
        raise Http404
    chosen = ListFilter(request.GET, regions=queries.regions_for(request.user))
    name = form.cleaned_data["format"]
    suffix, media, _write = files.FORMATS[name]
    raw = files.write(name, groups_of(narrowed(request.user, chosen)))
    day = timezone.localdate().isoformat()
    disposition = f'attachment; filename="places-{day}.{suffix}"'
    return HttpResponse(raw, content_type=media, headers={"Content-Disposition": disposition})


def _kind(step) -> str:
    """Return the kind's title in the reader's language."""
    found = book().zones if step.what == "zone" else book().kinds
    return said(found[step.kind].title) if step.kind in found else ""


def _found(request: HttpRequest, pk: int) -> Upload:
    rows = uploads_for(request.user).select_related("office", "region", "by")
    return get_object_or_404(rows, pk=pk)
