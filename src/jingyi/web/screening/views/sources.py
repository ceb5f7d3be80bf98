"""Data sources: listed, taken in, looked at, kept longer, deleted."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of
from jingyi.web.screening import exchange, queries
from jingyi.web.screening.actions import sources as actions
from jingyi.web.screening.forms import DatabaseForm, FolderForm, KeepForm, UploadForm
from jingyi.web.screening.models import DataSource
from jingyi.web.screening.views.acting import done, pressed

SHOWN = 200
TAKES = {
    "upload": actions.take_upload,
    "folder": actions.take_file,
    "database": actions.take_table,
}


@needs("screening.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the data of the office, what is still here first."""
    found = queries.sources_for(request.user)
    context = {
        "sources": found.filter(deleted_at=None)[:SHOWN],
        "gone": found.exclude(deleted_at=None)[:20],
        "may_run": "screening.run" in acts_of(request.user),
    }
    return render(request, "screening/sources.html", context)


@needs("screening.run")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, origin: str) -> HttpResponse:
    """Take data in."""
    office = queries.office_of(request.user)
    form = _form(request, origin)

    def take() -> str:
        given = dict(form.cleaned_data)
        if origin == "upload":
            file = given.pop("file")
            given |= {"chunks": file.chunks(), "file_name": file.name}
        made = TAKES[origin](office=office, **given, by=request.user, at=timezone.now())
        return made.get_absolute_url()

    if request.method == "POST" and (answer := done(form, take)):
        return answer
    context = {"form": form, "origin": origin, "origins": DataSource.Origin}
    return render(request, "screening/take.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, origin: str) -> Any:
    given = request.POST if request.method == "POST" else None
    if origin == "upload":
        return UploadForm(given, request.FILES or None)
    if origin == "folder":
        return FolderForm(given, paths=exchange.files())
    if origin == "database":
        return DatabaseForm(given, names=exchange.connections())
    raise Http404


@needs("screening.read")
@require_safe
def source(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is in a source, column by column, and where it was used."""
    return _page(request, source_for(request, number))


@needs("screening.run")
@require_POST
def keep(request: HttpRequest, number: int) -> HttpResponse:
    """Set another last day."""
    found = source_for(request, number)
    form = KeepForm(request.POST)

    def take() -> str:
        actions.keep_until(
            source=found, day=form.cleaned_data["day"], by=request.user, at=timezone.now()
        )
        return found.get_absolute_url()

    return done(form, take) or _page(request, found, form)


@needs("screening.run")
@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Delete a source now."""
    found = source_for(request, number)

    def take() -> str:
        actions.delete(source=found, by=request.user, at=timezone.now())
        return reverse("screening:sources")

    return pressed(request, take, found.get_absolute_url())


def source_for(request: HttpRequest, number: int) -> DataSource:
    """Return a source that the person may see, or raise 404."""
    return get_object_or_404(queries.sources_for(request.user), pk=number)


def _page(request: HttpRequest, found: DataSource, form: KeepForm | None = None) -> HttpResponse:
    context = {
        "source": found,
        "uses": found.uses.select_related("run", "run__text")[:30],
        "form": form or KeepForm(initial={"day": found.delete_on}),
        "may_run": may(request.user, "screening.run", found.office),
    }
    return render(request, "screening/source.html", context, status=422 if form else 200)
