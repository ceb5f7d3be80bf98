"""Papers both sides sign: written by the office, read and signed word for word."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import may_on, require_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.views.case import case_for
from jingyi.web.registry.access import needs
from jingyi.web.registry.models import Organ
from jingyi.web.station import queries
from jingyi.web.station.access import may_in
from jingyi.web.station.actions import matters as matter_actions
from jingyi.web.station.actions import papers as actions
from jingyi.web.station.forms import PaperForm
from jingyi.web.station.models import Matter, Paper, Seen, Signature
from jingyi.web.ui.templatetags.ui import said

Side = Signature.Side


@needs("desk.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the papers one may read, those to be signed first."""
    found = queries.papers_for(request.user).filter(replaced_by=None)
    papers = list(found.prefetch_related("signatures")[:200])
    papers.sort(key=lambda paper: len(paper.signatures.all()) == 2)
    return render(request, "station/papers.html", {"papers": papers})


@needs("desk.read")
@require_safe
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """Show a paper with its signatures; sign it."""
    found = _found(request, number)
    for matter in Matter.objects.filter(suggestion__case=found.case, organ=found.organ)[:1]:
        matter_actions.note(matter, Seen.Part.PAPER, by=request.user, at=timezone.now())
    return render(request, "station/paper.html", _about(request, found))


@needs("desk.read")
@require_POST
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """Sign for one's own side the words that were read."""
    found = _found(request, number)
    side, digest = request.POST.get("side", ""), request.POST.get("digest", "")
    side = Side.OFFICE if side == Side.OFFICE else Side.ORGAN
    try:
        actions.sign(paper=found, side=side, digest=digest, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("case.step")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, ref: str) -> HttpResponse:
    """Write a paper for a case."""
    case = case_for(request, ref)
    return _write(request, case, None, {"held_on": timezone.localdate(), "organ": case.organ})


@needs("case.step")
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Write new words in place of a paper that not both sides have signed."""
    found = _found(request, number)
    case = case_for(request, found.case.ref)
    told = {name: getattr(found, name) for name in ("kind", "title", "text", "held_on", "organ")}
    return _write(request, case, found, told)


def _write(
    request: HttpRequest, case: Case, before: Paper | None, initial: dict[str, Any]
) -> HttpResponse:
    require_on(request.user, "case.step", case)
    if initial["organ"]:
        initial["organ"] = initial["organ"].code
    organs = Organ.objects.filter(region__code__startswith=case.office.region.code[:4])
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        organs=organs.order_by("name"), initial=initial,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write(
                case=case,
                **form.cleaned_data,
                instead_of=before,
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    context = {"case": case, "before": before, "form": form}
    return render(request, "station/write.html", context, status=422 if form.errors else 200)


def _found(request: HttpRequest, number: int) -> Paper:
    return get_object_or_404(queries.papers_for(request.user), pk=number)


def _about(request: HttpRequest, found: Paper) -> dict[str, Any]:
    signed = {one.side: one for one in found.signatures.select_related("by")}
    ours = may_on(request.user, "case.step", found.case)
    theirs = may_in(request.user, "station.sign", found.organ)
    open_now = found.replaced_by_id is None
    return {
        "paper": found,
        "sides": [(side.label, signed.get(side)) for side in Side],
        "may_office": open_now and ours and Side.OFFICE not in signed,
        "may_organ": open_now and theirs and Side.ORGAN not in signed,
        "may_rewrite": open_now and ours and len(signed) < 2,
        "reads_case": may_on(request.user, "case.read", found.case),
    }
