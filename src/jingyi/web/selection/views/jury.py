"""The jury being formed; a judge's sheets, made for a phone."""

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core import rulebook
from jingyi.core.judging import rounds
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.registry.access import may, needs
from jingyi.web.selection import forms, queries
from jingyi.web.selection.actions import counting
from jingyi.web.selection.actions import jury as actions
from jingyi.web.selection.models import Seat
from jingyi.web.selection.views.editions import page, run_by
from jingyi.web.ui.templatetags.ui import said


@needs("selection.run")
@require_http_methods(["GET", "HEAD", "POST"])
def jury(request: HttpRequest, number: int) -> HttpResponse:
    """Show the jury, its conflicts and its load; add or dismiss a judge."""
    found = run_by(request, number)
    able = [name for name, role in rulebook.roles().items() if "selection.judge" in role.may]
    here = Q(posts__role__in=able, posts__procuratorate__path__startswith=found.office.path)
    people = User.objects.filter(here | Q(posts__role="judge"), is_active=True)
    people = people.distinct().order_by("name")
    form = forms.JurorForm(request.POST if "person" in request.POST else None, people=people)
    problem = None
    if request.method == "POST":
        who = {"by": request.user, "at": timezone.now()}
        try:
            if "dismiss" in request.POST:
                juror = get_object_or_404(found.jurors, pk=request.POST["dismiss"])
                actions.dismiss(juror=juror, **who)
                return HttpResponseRedirect(request.path, status=303)
            if form.is_valid():
                actions.appoint(edition=found, person=form.cleaned_data["person"], **who)
                return HttpResponseRedirect(request.path, status=303)
        except Refusal as refusal:
            problem = refusal.sentence
    seated = Seat.objects.filter(round=found.round)
    jurors = found.jurors.filter(active=True).select_related("person").prefetch_related("conflicts__entry__brand", Prefetch("seats", seated))  # fmt: skip
    seats = Seat.objects.filter(entry__edition=found).select_related("entry__brand", "juror__person")  # fmt: skip
    context = {
        "edition": found, "form": form, "jurors": jurors, "problem": problem,
        "forming": found.stage == "jury", "seats": seats.filter(round=found.round),
        "recounting": found.stage == "scoring" and found.counts.filter(round=found.round).exists(),
        "decides": may(request.user, "selection.decide", found.office),
    }  # fmt: skip
    wrong = problem or form.errors
    return render(request, "selection/jury.html", context, status=422 if wrong else 200)


@needs("selection.judge")
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """List the sheets of a judge: those to fill in first."""
    mine = queries.seats_for(request.user).filter(void_why="", entry__edition__stage="scoring")
    polled = [one for one in queries.papers_for(request.user) if one.juror.edition.leg.kind == rounds.BALLOT]  # fmt: skip
    rows = sorted(mine, key=lambda seat: (seat.scored_at is not None, seat.entry.number))
    context = {"rows": rows, "done": sum(seat.scored_at is not None for seat in rows), "papers": polled}  # fmt: skip
    return render(request, "selection/sheets.html", context)


def _sheet(request: HttpRequest, number: int) -> Seat:
    found = get_object_or_404(queries.seats_for(request.user), pk=number)
    if found.entry.edition.stage != "scoring" or found.void_why:
        raise Http404
    return found


@needs("selection.judge")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """Score one entry; the next sheet follows."""
    found = _sheet(request, number)
    criteria = found.entry.edition.criteria
    begun = {f"c{n}": found.points.get(name) for n, name in enumerate(criteria)}
    begun |= {"confidence": found.confidence, "comment": found.comment}
    form = forms.SheetForm(request.POST or None, criteria=criteria, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            actions.score(
                seat=found, points=form.points(), confidence=form.cleaned_data["confidence"],
                comment=form.cleaned_data["comment"], by=request.user, at=timezone.now(),
            )  # fmt: skip
            return HttpResponseRedirect(_next(request), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return _drawn(request, found, form, forms.ReasonForm())


def _next(request: HttpRequest) -> str:
    open_ones = queries.seats_for(request.user).filter(
        void_why="", scored_at=None, entry__edition__stage="scoring"
    )
    following = open_ones.order_by("entry__edition", "entry__number").first()
    if following is None:
        return reverse("selection:sheets")
    return reverse("selection:sheet", args=[following.pk])


def _drawn(request: HttpRequest, found: Seat, form: forms.SheetForm, recuse: forms.ReasonForm) -> HttpResponse:  # fmt: skip
    context = {
        "seat": found, "entry": found.entry, "edition": found.entry.edition, "form": form,
        "recuse": recuse, "materials": found.entry.materials.select_related("blob"),
    }  # fmt: skip
    wrong = form.errors or recuse.errors
    return render(request, "selection/sheet.html", context, status=422 if wrong else 200)


@needs("selection.judge")
@require_POST
def recuse(request: HttpRequest, number: int) -> HttpResponse:
    """Declare a conflict on one's own sheet."""
    found = _sheet(request, number)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.declare(seat=found, why=form.cleaned_data["why"], by=request.user, at=timezone.now())  # fmt: skip
            return HttpResponseRedirect(reverse("selection:sheets"), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    criteria = found.entry.edition.criteria
    return _drawn(request, found, forms.SheetForm(criteria=criteria), form)


@needs("selection.decide")
@require_POST
def void(request: HttpRequest, number: int) -> HttpResponse:
    """Void a sheet while a recount is prepared."""
    found = get_object_or_404(Seat.objects.select_related("entry__edition__office"), pk=number)
    edition = run_by(request, found.entry.edition_id)
    form = forms.ReasonForm(request.POST)
    try:
        why = form.cleaned_data["why"] if form.is_valid() else ""
        counting.void(seat=found, why=why, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return page(request, edition, problem=refusal)
    return HttpResponseRedirect(reverse("selection:jury", args=[edition.pk]), status=303)
