"""The exchange's pages: the list, a note with its replies, posting."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.brands.exchange import actions, forms, queries
from jingyi.web.brands.exchange.models import Note
from jingyi.web.brands.forms import split
from jingyi.web.brands.queries import brands_for
from jingyi.web.cases.queries import cases_for
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import posts_of
from jingyi.web.ui.templatetags.ui import said

PAGE = 30


@needs("brands.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List what was posted; narrowed to a kind or a brand."""
    notes = queries.with_replies(queries.notes_for(request.user))
    kind, brand = request.GET.get("kind", ""), request.GET.get("brand", "")
    if kind in Note.Kind.values:
        notes = notes.filter(kind=kind)
    if brand.isdecimal():
        notes = notes.filter(pk__in=Note.objects.filter(brands=int(brand)).values("pk"))
    page = Paginator(notes, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "kinds": Note.Kind.choices, "kind": kind, "brand": brand}
    return render(request, "brands/exchange/list.html", context)


@needs("brands.read")
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """Post a note."""
    seats = [one for one in posts_of(request.user) if one.procuratorate]
    form = forms.PostForm(request.POST or None, seats=seats, brands=brands_for(request.user))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.post(
                **given | {"refs": split(given["refs"])}, by=request.user, at=timezone.now()
            )
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    context = {"form": form}
    return render(request, "brands/exchange/new.html", context, status=422 if form.errors else 200)


@needs("brands.read")
@require_safe
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Show a note."""
    return _page(request, _note(request, number))


@needs("brands.read")
@require_POST
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Say something to it."""
    found = _note(request, number)
    form = forms.ReplyForm(request.POST)
    if form.is_valid():
        actions.reply(note=found, **form.cleaned_data, by=request.user, at=timezone.now())
        return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return _page(request, found, form)


@needs("brands.read")
@require_POST
def settle(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Say which reply answers the question."""
    found = _note(request, number)
    one = get_object_or_404(found.replies, pk=key)
    actions.settle(note=found, reply=one, by=request.user, at=timezone.now())
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("brands.read")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take it back."""
    actions.withdraw(note=_note(request, number), by=request.user, at=timezone.now())
    return HttpResponseRedirect("../../", status=303)


def _note(request: HttpRequest, number: int) -> Note:
    return get_object_or_404(queries.notes_for(request.user), pk=number)


def _page(request: HttpRequest, found: Note, form: Any = None) -> HttpResponse:
    context = {
        "note": found,
        "cases": cases_for(request.user).filter(pk__in=found.cases.values("pk")).order_by("ref"),
        "brands": brands_for(request.user).filter(pk__in=found.brands.values("pk")),
        "replies": found.replies.select_related("by"),
        "own": found.by_id == request.user.pk,
        "form": form or forms.ReplyForm(),
    }
    return render(request, "brands/exchange/note.html", context, status=422 if form else 200)
