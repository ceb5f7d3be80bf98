"""Contests: the list, one contest, one's own paper, a paper to be read under its code."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.brands.contests import actions, forms, queries
from jingyi.web.brands.contests.models import Contest
from jingyi.web.brands.talent.queries import people_for
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.ui.templatetags.ui import said


@needs("brands.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the contests, and what one has to read."""
    context = {
        "contests": queries.contests_for(request.user),
        "readings": queries.readings_for(request.user).filter(mark=None),
        "may_train": "brands.train" in acts_of(request.user),
        "today": timezone.localdate(),
    }
    return render(request, "brands/contests/list.html", context)


@needs("brands.train")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Open a contest."""
    offices = offices_for(request.user, "brands.train").order_by("path")
    form = forms.StartForm(request.POST or None, offices=offices, people=people_for(request.user))
    if request.method == "POST":
        answer = _done(
            form, lambda given: actions.start(**given, by=request.user, at=timezone.now())
        )
        if answer:
            return answer
    context = {"form": form}
    return render(request, "brands/contests/new.html", context, status=422 if form.errors else 200)


@needs("brands.read")
@require_safe
def contest(request: HttpRequest, number: int) -> HttpResponse:
    """Show a contest."""
    return _page(request, _contest(request, number))


@needs("brands.read")
@require_POST
def hand_in(request: HttpRequest, number: int) -> HttpResponse:
    """Hand in one's paper."""
    found = _contest(request, number)
    form = forms.PaperForm(request.POST, prefix="paper")
    answer = _done(form, lambda given: actions.hand_in(
        contest=found, **given, by=request.user, at=timezone.now()).contest)  # fmt: skip
    return answer or _page(request, found, ("paper", form))


@needs("brands.train")
@require_POST
def enlist(request: HttpRequest, number: int) -> HttpResponse:
    """Add a reader."""
    found = _contest(request, number, "brands.train")
    form = forms.EnlistForm(request.POST, people=people_for(request.user), prefix="enlist")
    answer = _done(form, lambda given: actions.enlist(
        contest=found, **given, by=request.user, at=timezone.now()))  # fmt: skip
    return answer or _page(request, found, ("enlist", form))


@needs("brands.train")
@require_POST
def take(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Give the papers to readers, or the marks to authors."""
    acts: dict[str, Callable[..., Contest]] = {"assign": actions.assign, "release": actions.release}
    if what not in acts:
        raise Http404
    found = _contest(request, number, "brands.train")
    form = django_forms.Form(request.POST)
    answer = _done(
        form, lambda _given: acts[what](contest=found, by=request.user, at=timezone.now())
    )
    return answer or _page(request, found, ("refused", form))


@needs("brands.read")
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, key: int) -> HttpResponse:
    """Read a paper under its code and mark it."""
    one = get_object_or_404(queries.readings_for(request.user), pk=key)
    form = forms.MarkForm(request.POST or None)
    if request.method == "POST":
        answer = _done(form, lambda given: actions.mark(
            reading=one, **given, by=request.user, at=timezone.now()).paper.contest)  # fmt: skip
        if answer:
            return answer
    context = {"reading": one, "contest": one.paper.contest, "form": form}
    wrong = 422 if form.errors else 200
    return render(request, "brands/contests/reading.html", context, status=wrong)


def _contest(request: HttpRequest, number: int, act: str = "") -> Contest:
    found = get_object_or_404(queries.contests_for(request.user), pk=number)
    if act and not may(request.user, act, found.office):
        raise Http404
    return found


def _done(form: Any, take: Callable[[dict[str, Any]], Contest]) -> HttpResponse | None:
    """Take the action and go to the contest; None: the form has errors to be shown."""
    if not form.is_valid():
        return None
    try:
        return HttpResponseRedirect(take(form.cleaned_data).get_absolute_url(), status=303)
    except Refusal as refusal:
        form.add_error(None, said(refusal.sentence))
        return None


def _page(request: HttpRequest, found: Contest, wrong: tuple[str, Any] | None = None) -> HttpResponse:  # fmt: skip
    sent = dict([wrong]) if wrong else {}
    papers = list(found.papers.select_related("contest").prefetch_related("readings"))
    mine = next((one for one in papers if one.author_id == request.user.pk), None)
    trains = may(request.user, "brands.train", found.office)
    reads = found.readers.filter(pk=request.user.pk).exists()
    today = timezone.localdate()
    writes = not found.assigned_at and today <= found.due_on and not reads
    context = {
        "contest": found,
        "mine": mine,
        "graded": queries.grade_of(mine) if mine and found.released_at else None,
        "notes": [one.note for one in mine.readings.all()] if mine and found.released_at else [],
        "readings": queries.readings_for(request.user).filter(paper__contest=found),
        "rows": [(one, queries.grade_of(one), len(queries.marks_of(one))) for one in papers] if trains and found.assigned_at else [],
        "handed": len(papers),
        "trains": trains,
        "over": today > found.due_on,
        "today": today,
        "paper": (sent.get("paper") or forms.PaperForm(initial={"text": mine.text if mine else ""}, prefix="paper")) if writes else None,
        "enlist": (sent.get("enlist") or forms.EnlistForm(people=people_for(request.user), prefix="enlist")) if trains and not found.released_at else None,
        "refused": sent.get("refused"),
    }  # fmt: skip
    return render(request, "brands/contests/contest.html", context, status=422 if sent else 200)
