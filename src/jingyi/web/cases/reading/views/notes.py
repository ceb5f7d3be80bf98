"""Notes on pages: written, changed, taken back, made a fact of."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingyi.core.refusal import Refusal
from jingyi.web.cases.reading import queries
from jingyi.web.cases.reading.actions import notes as actions
from jingyi.web.cases.reading.files import file_for
from jingyi.web.cases.reading.forms import ChangeNoteForm, NoteForm, ProvesForm, ReasonForm
from jingyi.web.cases.reading.models import Note, Page
from jingyi.web.cases.reading.views.asking import address, ask, case_for
from jingyi.web.cases.reading.views.room import page_of
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said


@needs("document.draft")
@require_POST
def write(request: HttpRequest, ref: str, key: str, number: int) -> HttpResponse:
    """Write a note about a place on a page."""
    case = case_for(request, ref)
    file = file_for(case, key)
    page = get_object_or_404(Page, reading=file.blob.pk, number=number)
    form = NoteForm(request.POST, lines=page.core().lines)
    if form.is_valid():
        box, quote = form.place()
        try:
            note = actions.write_note(
                case=case,
                file=file,
                page=number,
                box=box,
                quote=quote,
                text=form.cleaned_data["text"],
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(f"{address(case, key, number)}#note-{note.pk}", status=303)
    context = page_of(request, case, key, number, form)
    return render(request, "cases/reading/room.html", context, status=422)


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, ref: str, note: int) -> HttpResponse:
    """Change what a note says."""
    found = _found(request, ref, note)
    form = ChangeNoteForm(
        request.POST or None, initial={"text": found.text, "version": found.version}
    )

    def act() -> str:
        actions.change_note(note=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return _home(found)

    context = {
        "title": _("改批注"),
        "submit": _("保存"),
        "about": found.quote,
        "back": _home(found),
    }
    return ask(request, found.item.case, form, act, context)


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, ref: str, note: int) -> HttpResponse:
    """Take a note back, for a reason."""
    found = _found(request, ref, note)
    form = ReasonForm(request.POST or None)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        actions.take_back(note=found, reason=reason, by=request.user, at=timezone.now())
        return _home(found)

    context = {
        "title": _("撤回批注"),
        "submit": _("撤回"),
        "about": found.text,
        "back": _home(found),
    }
    return ask(request, found.item.case, form, act, context)


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def fact(request: HttpRequest, ref: str, note: int) -> HttpResponse:
    """Enter a fact that the note's file proves."""
    found = _found(request, ref, note)
    case = found.item.case
    file = file_for(case, found.item.key)
    words = "".join((found.quote or found.text).split())
    form = ProvesForm(request.POST or None, track=case.track, initial={"text": words})

    def act() -> str:
        actions.make_fact(
            note=found, file=file, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("已登记这项事实。"))
        return _home(found)

    about = _("证据：%(file)s，第 %(page)s 页") % {"file": file.name, "page": found.page}
    context = {
        "title": _("登记为事实"),
        "submit": _("登记这项事实"),
        "about": about,
        "back": _home(found),
    }
    return ask(request, case, form, act, context)


def _found(request: HttpRequest, ref: str, note: int) -> Note:
    return get_object_or_404(queries.notes_for(request.user), item__case__ref=ref, pk=note)


def _home(note: Note) -> str:
    return f"{address(note.item.case, note.item.key, note.page)}#note-{note.pk}"
