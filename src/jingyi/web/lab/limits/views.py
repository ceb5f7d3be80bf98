"""The limits an office has loaded: listed, looked up, loaded, ended."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.lab import book
from jingyi.core.refusal import Refusal
from jingyi.web.lab.limits import actions, queries
from jingyi.web.lab.limits.forms import EndForm, LoadForm, open_tables
from jingyi.web.lab.limits.models import OwnTable
from jingyi.web.lab.views.acting import done
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.ui.templatetags.ui import said

PAGE = 100
SHOWN = 50  # wrong rows


@needs("lab.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List every table of limits: the rulebook's, and those of the office and above."""
    context = {
        "tables": queries.tables_for(request.user).annotate(n=Count("limits")),
        "shipped": sorted(book.standards().values(), key=str),
        "today": timezone.localdate(),
        "may_manage": "lab.manage" in acts_of(request.user),
    }
    return render(request, "lab/limits/list.html", context)


@needs("lab.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Load a file of limits; where rows are wrong, say which."""
    office = offices_for(request.user, "lab.manage").order_by("path").first()
    form = LoadForm(
        request.POST or None, request.FILES or None,
        tables=open_tables(queries.tables_for(request.user), office),
    )  # fmt: skip
    wrong: list[Any] = []
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("file")
        try:
            made = actions.load(
                office=office, chunks=file.chunks(), file_name=file.name, **given, by=request.user,
                at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
        except Refusal as refusal:
            form.add_error("file", said(refusal.sentence))
            wrong = getattr(refusal, "rows", [])
    context = {"form": form, "wrong": wrong[:SHOWN], "more": max(0, len(wrong) - SHOWN)}
    status = 422 if request.method == "POST" else 200
    return render(request, "lab/limits/new.html", context, status=status)


@needs("lab.read")
@require_safe
def table(request: HttpRequest, number: int) -> HttpResponse:
    """Show a table row by row, those that a word is in first asked for."""
    return _page(request, table_for(request, number))


@needs("lab.manage")
@require_POST
def finish(request: HttpRequest, number: int) -> HttpResponse:
    """End a table."""
    found = table_for(request, number)
    form = EndForm(request.POST)

    def take() -> str:
        last = form.cleaned_data["last"]
        actions.finish(table=found, last=last, by=request.user, at=timezone.now())
        return found.get_absolute_url()

    return done(request, form, take) or _page(request, found, form)


def table_for(request: HttpRequest, number: int) -> OwnTable:
    """Return a table that the person may see, or raise 404."""
    return get_object_or_404(queries.tables_for(request.user), pk=number)


def _page(request: HttpRequest, found: OwnTable, form: EndForm | None = None) -> HttpResponse:
    rows, word = found.limits.order_by("row"), request.GET.get("q", "").strip()[:40]
    if word:
        rows = rows.filter(name__icontains=word) | rows.filter(food__icontains=word)
    context = {
        "table": found,
        "word": word,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "form": form or EndForm(),
        "today": timezone.localdate(),
        "may_manage": may(request.user, "lab.manage", found.office),
    }
    return render(request, "lab/limits/table.html", context, status=422 if form else 200)
