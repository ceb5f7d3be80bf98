"""Candidates with their reasons, a draft and its versions, its covered copy, the selections."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.core.typical import drafting
from jingyi.core.typical.book import book
from jingyi.engines.typesetting.docx import to_docx
from jingyi.web.brands.typical import actions, forms, queries
from jingyi.web.brands.typical.models import Draft, Typical
from jingyi.web.evidence import vault
from jingyi.web.evidence.redaction import actions as redacting
from jingyi.web.evidence.redaction import queries as redactions
from jingyi.web.evidence.redaction.forms import CoverForm, MakeForm, initial
from jingyi.web.evidence.redaction.models import Redaction
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.ui.templatetags.ui import said

SHOWN = 20


@needs("brands.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show the strongest candidates with their reasons and gaps, and the drafts under way."""
    closed = queries.closed_for(request.user)
    found = queries.candidates(closed)
    taken = set(queries.typicals_for(request.user).values_list("case__ref", flat=True))
    free = [one for one in found if one.key not in taken][:SHOWN]
    cases = closed.select_related("office").in_bulk([one.key for one in free], field_name="ref")
    criteria = book().criteria
    context = {
        "rows": [
            (cases[one.key], one, [(criteria[name], part) for name, part in one.parts.items()])
            for one in free
        ],
        "closed": len(found),
        "criteria": criteria.values(),
        "drafts": queries.typicals_for(request.user),
        "may_change": "brands.change" in acts_of(request.user),
    }
    return render(request, "brands/typical/list.html", context)


@needs("brands.change")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft of a case."""
    case = get_object_or_404(
        queries.closed_for(request.user).select_related("office"), ref=request.POST.get("case", "")
    )
    try:
        made = actions.begin(case=case, by=request.user, at=timezone.now())
    except Refusal:  # it has a draft already: that is where one wants to go
        made = get_object_or_404(queries.typicals_for(request.user), case=case)
    return HttpResponseRedirect(made.get_absolute_url(), status=303)


@needs("brands.read")
@require_http_methods(["GET", "HEAD", "POST"])
def published(request: HttpRequest) -> HttpResponse:
    """List what is out already; POST records another."""
    offices = offices_for(request.user, "brands.change").order_by("path")
    form = None
    if "brands.change" in acts_of(request.user):
        form = forms.PublishForm(request.POST or None, offices=offices)
    elif request.method == "POST":
        raise Http404
    if request.method == "POST":
        answer = _done(form, reverse("typical:published"), lambda given: actions.publish(
            **given, by=request.user, at=timezone.now()))  # fmt: skip
        if answer:
            return answer
    context = {"form": form, "published": queries.published()}
    wrong = 422 if form and form.errors else 200
    return render(request, "brands/typical/published.html", context, status=wrong)


@needs("brands.read")
@require_safe
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Show the newest version, what it lacks, its copies and its selections."""
    return _page(request, _typical(request, number))


@needs("brands.read")
@require_safe
def version(request: HttpRequest, number: int, n: int) -> HttpResponse:
    """Show an older version."""
    found = _typical(request, number)
    one = get_object_or_404(found.drafts.select_related("by"), n=n)
    context = {"typical": found, "draft": one, "sections": _sections(one)}
    return render(request, "brands/typical/version.html", context)


@needs("brands.read")
@require_safe
def paper(request: HttpRequest, number: int, n: int) -> HttpResponse:
    """Send a version as DOCX, with every name in it: for the office's own use."""
    found = _typical(request, number)
    one = get_object_or_404(found.drafts, n=n)
    made = drafting.paper(one.title, found.case.office.name, one.sections, timezone.localdate(one.at))  # fmt: skip
    return _file(to_docx(made), f"{one.title} v{n}.docx")


@needs("brands.change")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Write another version."""
    found = _typical(request, number, "brands.change")
    begun = forms.WriteForm.begun(found.drafts.get(n=found.latest))
    form = forms.WriteForm(request.POST or None, initial=begun)
    if request.method == "POST":
        answer = _done(form, found.get_absolute_url(), lambda given: actions.write(
            typical=found, title=given["title"], sections=form.texts(), version=given["version"],
            by=request.user, at=timezone.now()))  # fmt: skip
        if answer:
            return answer
    context = {"form": form, "typical": found}
    return render(request, "brands/typical/write.html", context, status=422 if form.errors else 200)


@needs("brands.change")
@require_POST
def cover(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a covered copy of the newest version."""
    found = _typical(request, number, "brands.change")
    form = django_forms.Form(request.POST)
    try:
        made = actions.cover(typical=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        form.is_valid()
        form.add_error(None, said(refusal.sentence))
        return _page(request, found, ("cover", 0), form)
    return _to("covering", found.pk, made.pk)


@needs("brands.change")
@require_http_methods(["GET", "HEAD", "POST"])
def covering(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Show what will be covered; POST says what is to be."""
    found = _typical(request, number, "brands.change")
    one = _redaction(found, key)
    form = CoverForm(request.POST or None, redaction=one, initial=initial(one))
    if request.method == "POST" and form.is_valid():
        try:
            redacting.choose(redaction=one, words=form.words(), boxes=[], lines={})
            return _to("covering", found.pk, one.pk)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return _cover_page(request, found, one, form, MakeForm())


@needs("brands.change")
@require_POST
def make(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Make the covered copy."""
    found = _typical(request, number, "brands.change")
    one = _redaction(found, key)
    form = MakeForm(request.POST)
    if form.is_valid():
        try:
            redacting.ask(redaction=one)
            redacting.make(redaction=one, at=timezone.now())
            return _to("covering", found.pk, one.pk)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return _cover_page(request, found, one, CoverForm(redaction=one, initial=initial(one)), form)


@needs("brands.read")
@require_safe
def copy(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Send a covered copy."""
    one = _redaction(_typical(request, number), key)
    if one.copy_id is None:
        raise Http404
    return _file(b"".join(vault.read(one.copy_id, folder=Path(settings.VAULT))), one.file_name)


@needs("brands.enter")
@require_POST
def enter(request: HttpRequest, number: int) -> HttpResponse:
    """Enter it in a selection."""
    found = _typical(request, number, "brands.enter")
    form = forms.EnterForm(request.POST, prefix="enter")
    answer = _done(form, found.get_absolute_url(), lambda given: actions.enter(
        typical=found, **given, by=request.user, at=timezone.now()))  # fmt: skip
    return answer or _page(request, found, ("enter", 0), form)


@needs("brands.enter")
@require_POST
def settle(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Record the outcome of a selection."""
    found = _typical(request, number, "brands.enter")
    one = get_object_or_404(queries.entries_of(found), pk=key)
    form = forms.SettleForm(request.POST, prefix=f"settle{key}")
    answer = _done(form, found.get_absolute_url(), lambda given: actions.settle(
        entry=one, **given, by=request.user, at=timezone.now()))  # fmt: skip
    return answer or _page(request, found, ("settle", key), form)


def _typical(request: HttpRequest, number: int, act: str = "brands.read") -> Typical:
    mine = queries.typicals_for(request.user).select_related("case__organ", "case__handler")
    found = get_object_or_404(mine.select_related("case__office", "by"), pk=number)
    if not may(request.user, act, found.case.office):
        raise Http404
    return found


def _redaction(found: Typical, key: int) -> Redaction:
    return get_object_or_404(Redaction.objects.filter(subject=found.subject), pk=key)


def _done(form: Any, url: str, take: Callable[[dict[str, Any]], object]) -> HttpResponse | None:
    """Take the action and go to `url`; None: the form has errors to be shown."""
    if not form.is_valid():
        return None
    try:
        take(form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, said(refusal.sentence))
        return None
    return HttpResponseRedirect(url, status=303)


def _to(name: str, *args: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"typical:{name}", args=args), status=303)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=actions.DOCX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _sections(one: Draft) -> list[tuple[object, str]]:
    return [(section.title, one.sections.get(name, "")) for name, section in book().sections.items()]  # fmt: skip


def _page(
    request: HttpRequest, found: Typical, where: tuple[str, int] | None = None, wrong: Any = None
) -> HttpResponse:
    sent = {where: wrong} if where else {}
    newest = found.drafts.get(n=found.latest)
    may_enter = may(request.user, "brands.enter", found.case.office)
    of_file = next(iter(queries.candidates(queries.closed_for(request.user).filter(pk=found.case_id))), None)  # fmt: skip
    entries = [
        (one, (sent.get(("settle", one.pk)) or forms.SettleForm(prefix=f"settle{one.pk}")) if may_enter and one.outcome == "pending" else None)
        for one in queries.entries_of(found)
    ]  # fmt: skip
    context = {
        "typical": found,
        "draft": newest,
        "sections": _sections(newest),
        "lacks": drafting.lacks(newest.sections),
        "gaps": of_file.gaps if of_file else (),
        "drafts": found.drafts.select_related("by"),
        "copies": redactions.of_file(found.subject, newest.key),
        "entries": entries,
        "may_change": may(request.user, "brands.change", found.case.office),
        "cover": sent.get(("cover", 0)),
        "enter": (sent.get(("enter", 0)) or forms.EnterForm(prefix="enter")) if may_enter else None,
    }
    return render(request, "brands/typical/draft.html", context, status=422 if sent else 200)


def _cover_page(
    request: HttpRequest, found: Typical, one: Redaction, form: CoverForm, last: MakeForm
) -> HttpResponse:
    context = {
        "typical": found, "redaction": one, "form": form, "make_form": last, "leaves": [],
        "choices": redactions.choices(one), "gone": redactions.gone(one),
        "ticked": form["ticked"].value() or [], "words": redactions.words_found(one),
    }  # fmt: skip
    wrong = bool(form.errors or last.errors)
    return render(request, "brands/typical/cover.html", context, status=422 if wrong else 200)
