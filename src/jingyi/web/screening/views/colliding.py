"""Agreements with partner organs, and the collisions under each."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of
from jingyi.web.screening import queries
from jingyi.web.screening.actions import colliding as actions
from jingyi.web.screening.forms import AgreeForm, BlindForm, MeetForm
from jingyi.web.screening.models import Agreement
from jingyi.web.screening.views.acting import done
from jingyi.web.screening.views.models import office_for
from jingyi.web.ui.templatetags.ui import said


@needs("screening.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the agreements of the office."""
    context = {
        "agreements": queries.agreements_for(request.user),
        "may_run": "screening.run" in acts_of(request.user),
    }
    return render(request, "screening/agreements.html", context)


@needs("screening.run")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter an agreement; the key is shown on the page that follows, once."""
    form = AgreeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, key = actions.agree(
                office=office_for(request), **form.cleaned_data, by=request.user, at=timezone.now()
            )
            return _page(request, made, key=key)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return render(
        request, "screening/agree.html", {"form": form}, status=422 if form.errors else 200
    )


@needs("screening.read")
@require_safe
def agreement(request: HttpRequest, number: int) -> HttpResponse:
    """Show an agreement with its collisions."""
    return _page(request, agreement_for(request, number))


@needs("screening.run")
@require_POST
def blind(request: HttpRequest, number: int) -> HttpResponse:
    """Count a query and send the hashes to hand over."""
    found = agreement_for(request, number)
    form = _blind_form(request, found, request.POST)
    if form.is_valid():
        try:
            made, hashes = actions.blind(
                agreement=found, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            text = "\n".join(["hash", *hashes]) + "\n"
            response = HttpResponse(text, content_type="text/csv; charset=us-ascii")
            name = f"{found.pk}-{made.query}.csv"
            response["Content-Disposition"] = f'attachment; filename="blinded-{name}"'
            return response
    return _page(request, found, blinding=form)


@needs("screening.run")
@require_POST
def meet(request: HttpRequest, number: int, query: int) -> HttpResponse:
    """Take in the partner's hashes and say what is in common."""
    found = agreement_for(request, number)
    collision = get_object_or_404(found.collisions, query=query)
    form = MeetForm(request.POST, request.FILES)

    def take() -> str:
        chunks = form.cleaned_data["file"].chunks()
        actions.meet(collision=collision, theirs=chunks, by=request.user, at=timezone.now())
        return found.get_absolute_url()

    return done(form, take) or _page(request, found, meeting=form)


def agreement_for(request: HttpRequest, number: int) -> Agreement:
    """Return an agreement that the person may see, or raise 404."""
    return get_object_or_404(queries.agreements_for(request.user), pk=number)


def _blind_form(request: HttpRequest, found: Agreement, given: Any = None) -> BlindForm:
    kept = queries.sources_for(request.user).filter(office=found.office, deleted_at=None)
    return BlindForm(given, sources=kept)


def _page(request: HttpRequest, found: Agreement, **more: Any) -> HttpResponse:
    context = {
        "agreement": found,
        "collisions": found.collisions.select_related("source", "result", "by"),
        "left": found.most - found.collisions.count(),
        "blinding": _blind_form(request, found),
        "meeting": MeetForm(),
        "may_run": may(request.user, "screening.run", found.office),
        **more,
    }
    wrong = "blinding" in more or "meeting" in more
    return render(request, "screening/agreement.html", context, status=422 if wrong else 200)
