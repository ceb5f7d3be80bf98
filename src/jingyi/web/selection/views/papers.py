"""A judge's paper in a secret ballot, made for a phone."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jingyi.core.judging import rounds
from jingyi.core.refusal import Refusal
from jingyi.web.registry.access import needs
from jingyi.web.selection import forms, queries
from jingyi.web.selection.actions import papers as actions
from jingyi.web.selection.models import Turnout
from jingyi.web.ui.templatetags.ui import said


def _mine(request: HttpRequest, number: int) -> Turnout:
    found = get_object_or_404(queries.papers_for(request.user), pk=number)
    if found.juror.edition.leg.kind != rounds.BALLOT:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: Turnout, *, form: forms.PaperForm | None = None,
    recuse: forms.RecuseForm | None = None,
) -> HttpResponse:  # fmt: skip
    edition = found.juror.edition
    able = actions.able_for(found.juror, edition)
    rows = queries.standing(edition).filter(pk__in=[one.pk for one in able])
    context = {
        "turnout": found, "edition": edition, "leg": edition.leg,
        "entries": rows.prefetch_related("materials__blob"),
        "form": form or forms.PaperForm(entries=able),
        "recuse": recuse or forms.RecuseForm(entries=rows),
        "barred": found.juror.conflicts.select_related("entry__brand", "entry__case"),
    }  # fmt: skip
    wrong = any(one is not None and one.errors for one in (form, recuse))
    return render(request, "selection/paper.html", context, status=422 if wrong else 200)


@needs("selection.judge")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """Show the entries one may vote for, and take the paper; nothing tells afterwards what it said."""
    found = _mine(request, number)
    able = actions.able_for(found.juror, found.juror.edition)
    form = forms.PaperForm(request.POST or None, entries=able)
    if request.method == "POST" and form.is_valid():
        try:
            actions.vote(turnout=found, choices=form.cleaned_data["choices"], by=request.user, at=timezone.now())  # fmt: skip
            return HttpResponseRedirect(request.path, status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return _page(request, found, form=form)


@needs("selection.judge")
@require_POST
def recuse(request: HttpRequest, number: int) -> HttpResponse:
    """Declare a conflict before voting."""
    found = _mine(request, number)
    able = actions.able_for(found.juror, found.juror.edition)
    rows = queries.standing(found.juror.edition).filter(pk__in=[one.pk for one in able])
    form = forms.RecuseForm(request.POST, entries=rows)
    if form.is_valid():
        try:
            actions.recuse(turnout=found, by=request.user, at=timezone.now(), **form.cleaned_data)
            return HttpResponseRedirect(reverse("selection:paper", args=[found.pk]), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return _page(request, found, recuse=form)
