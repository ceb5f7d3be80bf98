"""A file's page: what it says of itself beside what was said, its chain, and the next act."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.custody import Kind
from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.custody import actions
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading.files import File, file_for
from jingyi.web.cases.reading.views.asking import case_for
from jingyi.web.evidence.custody.capture import check, said_of
from jingyi.web.evidence.custody.forms import ActForm, ClaimForm
from jingyi.web.evidence.custody.models import Link
from jingyi.web.evidence.custody.queries import Chain, chain_of
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import holders
from jingyi.web.ui.templatetags.ui import said


@needs("case.read")
@require_safe
def file(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """Show who has held a file, and what may be done next."""
    case = case_for(request, ref)
    return _page(request, case, file_for(case, key))


@needs("case.read")
@require_safe
def capture(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """Show what a file says of itself beside what was said; `?at=…&lon=…` says something else."""
    case = case_for(request, ref)
    found = file_for(case, key)
    chain = _chain(request, case, found)
    context = _context(case, found, chain) | _checked(request, found, chain)
    part = "evidence/custody/capture.html" if request.htmx else "cases/custody/capture.html"
    return render(request, part, context)


@needs("case.read")
@require_safe
def printed(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """Show the chain as a sheet to be printed and signed."""
    case = case_for(request, ref)
    found = file_for(case, key)
    chain = _chain(request, case, found)
    context = _context(case, found, chain) | _checked(request, found, chain)
    return render(request, "cases/custody/print.html", context)


@needs("case.read")
@require_POST
def act(request: HttpRequest, ref: str, key: str, kind: str) -> HttpResponse:
    """Enter one act in the chain of a file."""
    case = case_for(request, ref)
    found = file_for(case, key)
    if kind not in set(Kind):
        raise Http404
    form = ActForm(request.POST, kind=Kind(kind), people=_people(case, request.user))
    there = _context(case, found, None)["address"]
    if form.is_valid():
        try:
            actions.record(
                case=case, file=found, kind=Kind(kind), said=form.said(), address=there,
                by=request.user, at=timezone.now(), **form.people(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(f"{there}#custody", status=303)
    return _page(request, case, found, form)


def _page(
    request: HttpRequest, case: Case, found: File, wrong: ActForm | None = None
) -> HttpResponse:
    chain = _chain(request, case, found)
    people = _people(case, request.user)
    begins = may_on(request.user, actions.STARTS, case)
    keeps = may_on(request.user, actions.KEEPS, case)
    acts = [
        ActForm(kind=kind, people=people)
        for kind in chain.open
        if (begins if kind is Kind.COLLECTED else keeps)
    ]
    if wrong is not None:
        acts = [wrong, *(one for one in acts if one.kind != wrong.kind)]
    context = _context(case, found, chain) | {"acts": acts}
    return render(request, "cases/custody/file.html", context, status=422 if wrong else 200)


def _chain(request: HttpRequest, case: Case, found: File) -> Chain:
    return chain_of(actions.subject_of(case, found), user=request.user, now=timezone.now())


def _people(case: Case, user: Any) -> Any:
    return holders(case.office, actions.KEEPS).exclude(pk=user.pk).order_by("name", "pk")


def _context(case: Case, found: File, chain: Chain | None) -> dict[str, Any]:
    place = [case.ref, found.key]
    return {
        "case": case,
        "file": found,
        "chain": chain,
        "now": timezone.now(),
        "address": reverse("custody:file", args=place),
        "claim_address": reverse("custody:capture", args=place),
    }


def _first(collected: Link | None) -> dict[str, Any]:
    """Return what was said first, for a form that asks what else may have been the case."""
    if collected is None:
        return {}
    names = ("lon", "lat", "accuracy_m")
    return {name: getattr(collected, name) for name in names} | {"at": collected.happened_at}


def _checked(request: HttpRequest, found: File, chain: Chain) -> dict[str, Any]:
    """Return what the file says beside what was said when it was collected, or asked just now."""
    collected = chain.links[0] if chain.links else None
    claim = ClaimForm(request.GET or None, auto_id="claim_%s", initial=_first(collected))
    more = claim.claim() if claim.is_bound and claim.is_valid() else {}
    told = said_of(collected, received_at=found.blob.sealed_at, **more)
    try:
        return {"check": check(found.blob, told, at=timezone.now()), "claim": claim}
    except Refusal as refusal:
        return {"check": None, "refused": refusal.sentence, "claim": claim}
