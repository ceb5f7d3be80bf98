"""Nominations: one's own to fill in, everybody's to answer for who runs the selection."""

from collections.abc import Callable
from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.brands.typical import actions as writing
from jingyi.web.evidence import ranges
from jingyi.web.registry.access import may, needs
from jingyi.web.selection import forms, queries
from jingyi.web.selection.actions import entries, papers
from jingyi.web.selection.models import Entry, Material
from jingyi.web.selection.views.editions import page
from jingyi.web.ui.templatetags.ui import said

FORMS: dict[str, Any] = {"write": forms.EntryForm, "file": forms.FileForm, "answer": forms.AnswerForm}  # fmt: skip


@needs("brands.change")
@require_POST
def enter(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a nomination."""
    found = get_object_or_404(queries.editions_for(request.user), pk=number)
    form = forms.EnterForm(request.POST, brands=queries.brands_to_enter(request.user, found), kinds=found.kinds)  # fmt: skip
    if not form.is_valid():
        raise Http404
    try:
        made = entries.enter(edition=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        return page(request, found, problem=refusal)
    return HttpResponseRedirect(made.get_absolute_url(), status=303)


@needs("brands.enter")
@require_POST
def enter_case(request: HttpRequest, number: int) -> HttpResponse:
    """Enter a typical case that is whole and covered."""
    found = get_object_or_404(queries.editions_for(request.user), pk=number)
    ready = queries.cases_to_enter(request.user, found)
    form = forms.CaseForm(request.POST, cases=ready, kinds=found.kinds)
    if not form.is_valid():
        raise Http404
    try:
        made = entries.enter_case(edition=found, by=request.user, at=timezone.now(), **form.cleaned_data)  # fmt: skip
    except Refusal as refusal:
        return page(request, found, problem=refusal)
    return HttpResponseRedirect(made.get_absolute_url(), status=303)


@needs("selection.read")
@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show a nomination."""
    return _page(request, get_object_or_404(queries.entries_for(request.user), pk=number), {})


@needs("selection.read")
@require_POST
def take(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Take one of the actions of a nomination's page."""
    found = get_object_or_404(queries.entries_for(request.user), pk=number)
    who: dict[str, Any] = {"entry": found, "by": request.user, "at": timezone.now()}
    made = FORMS.get(what)
    form = made(request.POST, request.FILES, prefix=what) if made else None
    if form is not None and not form.is_valid():
        return _page(request, found, {what: form})
    given = form.cleaned_data if form is not None else {}
    try:
        if what == "file":
            file = given["file"]
            entries.add_file(**who, stream=file, name=file.name, size=file.size)
        else:
            _step(what)(**who, **given)
    except Refusal as refusal:
        if form is None:
            return _page(request, found, {"problem": refusal.sentence})
        form.add_error(None, said(refusal.sentence))
        return _page(request, found, {what: form})
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


def _step(what: str) -> Callable[..., Entry]:
    steps = {
        "write": entries.write, "send": entries.send,
        "answer": entries.answer, "withdraw": entries.withdraw,
    }  # fmt: skip
    if what not in steps:
        raise Http404
    return steps[what]


def _page(request: HttpRequest, found: Entry, wrong: dict[str, Any]) -> HttpResponse:
    mine = may(request.user, "brands.change", found.office)
    nominating = found.edition.stage == "nomination"
    editable = mine and nominating and not found.case_id and found.state in entries.OPEN
    runs = may(request.user, "selection.run", found.edition.office)
    begun = {"statement": found.statement, "effect": found.effect}
    context = {
        "entry": found,
        "edition": found.edition,
        "materials": found.materials.select_related("blob"),
        "lacking": entries.lacking(found) if editable else (),
        "write": forms.EntryForm(prefix="write", initial=begun) if editable else None,
        "file": forms.FileForm(prefix="file") if editable else None,
        "answer": forms.AnswerForm(prefix="answer") if runs and nominating and found.state == Entry.State.SENT else None,
        "may_withdraw": mine and nominating and found.state not in {Entry.State.WITHDRAWN, *(entries.OVER if found.case_id else ())},
        **wrong,
    }  # fmt: skip
    return render(request, "selection/entry.html", context, status=422 if wrong else 200)


@needs("desk.read")
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponseBase:
    """Send a supporting file, as an attachment, to who may read the nomination or judges it."""
    found = get_object_or_404(Material.objects.select_related("blob", "entry__edition"), pk=number)
    judges = queries.seats_for(request.user).filter(entry=found.entry, void_why="").exists()
    judges = judges or found.entry in papers.read_by(request.user, found.entry.edition)
    if not judges and not queries.entries_for(request.user).filter(pk=found.entry_id).exists():
        raise Http404
    answer = ranges.send(request, found.blob)
    answer["Content-Disposition"] = f'attachment; filename="material-{found.pk}{SUFFIX[found.blob.media_type]}"'  # fmt: skip
    return answer


SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf", "video/mp4": ".mp4", "video/webm": ".webm", writing.DOCX: ".docx"}  # fmt: skip
