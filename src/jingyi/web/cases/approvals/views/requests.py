"""Requests for approval: what waits, one request with every opinion, and each answer to it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core import casefile, rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.cases import derive, strip
from jingyi.web.cases.actions import NotCounted
from jingyi.web.cases.approvals import queries
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.approvals.actions import requests as actions
from jingyi.web.cases.approvals.forms import AskForm, CommitteeForm, DecideForm, OpinionForm
from jingyi.web.cases.approvals.models import Approval, Opinion
from jingyi.web.cases.queries import cases_for
from jingyi.web.cases.views.case import case_for
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

Stage = Approval.Stage
MOST = 100
ANSWERS = (
    "agree", "disagree", "recheck", "rechecked", "committee", "approve", "return", "dissent", "withdraw",
)  # fmt: skip


@needs("desk.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List what waits for me, what I asked, and what was decided of late."""
    seen = queries.approvals_for(request.user).select_related("case", "office", "by")
    recusals = queries.recusals_for(request.user).select_related("case")
    context = {
        "waiting": titled(queries.waiting_for(request.user)),
        "recusals_waiting": queries.recusals_waiting_for(request.user),
        "under_way": titled(seen.filter(stage__in=Approval.OPEN).order_by("at", "pk")[:MOST]),
        "decided": titled(
            seen.exclude(stage__in=Approval.OPEN).order_by("-decided_at", "-pk")[:MOST]
        ),
        "recusals": recusals.order_by("-pk")[:MOST],
        "offices": sorted(queries.own_offices(request.user, "case.decide")),
        "own": [
            post.procuratorate
            for post in queries.posts_of(request.user)
            if post.procuratorate_id in queries.own_offices(request.user, "case.decide")
        ],
    }
    return render(request, "cases/approvals/list.html", context)


@needs("desk.read")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show what waits for me: the part of my day that other rooms put in."""
    context = {
        "waiting": titled(queries.waiting_for(request.user)),
        "recusals_waiting": queries.recusals_waiting_for(request.user),
    }
    part = "#queue" if request.htmx else ""
    return render(request, f"cases/approvals/waiting.html{part}", context)


@needs("case.read")
@require_safe
def of_case(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a case's requests and recusals, beside what may be asked now."""
    found = case_for(request, ref)
    law = derive.law_of(found)
    events = derive.history(found.events.filter(undone_at=None))
    standing = casefile.stand(law, events, on=timezone.localdate())
    decides = rulebook.approvals().decides
    askable = [
        step.transition
        for step in casefile.steps_now(law, standing)
        if step.open and step.transition.decides in decides
        and not step.transition.event.startswith("recusal.")
    ]  # fmt: skip
    context = {
        "case": found,
        "approvals": titled(found.approvals.select_related("case", "office", "by").order_by("-pk")),
        "recusals": found.recusals.order_by("-pk"),
        "askable": askable if may_on(request.user, "case.step", found) else [],
        "may_recuse": may_on(request.user, "case.step", found),
        "aside": queries.stands_aside(request.user, found),
    }
    part = "#panel" if request.htmx else ""
    return render(request, f"cases/approvals/of_case.html{part}", context)


@needs("case.step")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Ask for a step to be decided."""
    found = case_for(request, ref)
    step = rulebook.states(found.track).steps.get(name)
    if step is None or not may_on(request.user, "case.step", found):
        raise Http404
    form = AskForm(
        request.POST or None, request.FILES or None, kind=step.event, step=step, track=found.track
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["exhibit"]
        try:
            made = actions.ask(
                case=found,
                step=step,
                grounds=form.cleaned_data["grounds"],
                draft=form.cleaned_data["draft"],
                until=form.cleaned_data.get("until"),
                facts=form.facts(),
                exhibit=_sealed(file),
                exhibit_name=file.name[:200] if file else "",
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, _("已报批。结果会通知您。"))
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    context = {"case": found, "step": step, "form": form}
    return render(request, "cases/approvals/ask.html", context, status=422 if form.errors else 200)


@needs("desk.read")
@require_safe
def approval(request: HttpRequest, number: int) -> HttpResponse:
    """Show one request with what it needs of the case, and the answers open to me."""
    return _page(request, _found(request, number))


@needs("desk.read")
@require_safe
def exhibit(request: HttpRequest, number: int) -> HttpResponse:
    """Send the sealed bytes of what was handed in with the request."""
    found = _found(request, number)
    if not found.exhibit:
        raise Http404
    response = StreamingHttpResponse(
        vault.read(found.exhibit_id, folder=settings.VAULT), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(True, found.exhibit_name)
    response["Content-Length"] = found.exhibit.size
    return response


@needs("desk.read")
@require_POST
def answer(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Give one answer; a refusal is shown in its own form."""
    found = _found(request, number)
    form = _form(found, kind, request.POST)
    if form.is_valid():
        given = {**form.cleaned_data, "approval": found, "by": request.user, "at": timezone.now()}
        try:
            _acts(kind)(**given)
        except NotCounted as refusal:
            form.add_error("uncounted", said(refusal.sentence))
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return _page(request, found, kind, form)


def _acts(kind: str) -> Any:
    return {
        "agree": lambda **given: actions.review(agrees=True, **given),
        "disagree": lambda **given: actions.review(agrees=False, **given),
        "recheck": actions.recheck,
        "rechecked": actions.rechecked,
        "committee": actions.committee,
        "approve": actions.approve,
        "return": actions.send_back,
        "dissent": actions.dissent,
        "withdraw": actions.withdraw,
    }[kind]


def _form(found: Approval, kind: str, data: Any = None) -> forms.Form:
    prefix = {"prefix": kind, "data": data}
    today = timezone.localdate()
    if kind == "committee":
        return CommitteeForm(**prefix, initial={"on": today})
    if kind != "approve":
        return OpinionForm(**prefix)
    step = rulebook.states(found.case.track).steps[found.step]
    forwards = found.stage == Stage.DECISION and found.superior_id is not None
    initial = {"on": today, "until": found.until, "version": found.case.version}
    return DecideForm(**prefix, kind=step.event, forwards=forwards, initial=initial)


def _open_to(request: HttpRequest, found: Approval) -> tuple[str, ...]:
    """Return the answers this person can give now."""
    mine = request.user.pk == found.by_id
    kinds: tuple[str, ...] = ()
    if queries.may_answer(request.user, found):
        kinds = {
            Stage.REVIEW: ("agree", "disagree"),
            Stage.RECHECK: ("rechecked",),
        }.get(found.stage, ("approve", "recheck", "return", "committee"))
    others = found.opinions.exclude(by=found.by).exists()
    if mine and others:
        kinds += ("dissent",)
    if mine and found.stage in Approval.OPEN:
        kinds += ("withdraw",)
    return kinds


def _page(
    request: HttpRequest, found: Approval, kind: str = "", form: forms.Form | None = None
) -> HttpResponse:
    case = found.case
    law = derive.law_of(case)
    events = list(case.events.filter(undone_at=None).order_by("on", "place"))
    standing = casefile.stand(law, derive.history(events), on=timezone.localdate())
    titles = rulebook.events()
    for event in events:
        event.title = titles[event.kind]
    forms_open = {one: _form(found, one) for one in _open_to(request, found)}
    if form is not None:
        forms_open[kind] = form
    context = {
        "approval": titled([found])[0],
        "case": case,
        "state": law.procedure.states[standing.state],
        "live": strip.strip(standing.clocks, law)[0],
        "events": events,
        "opinions": found.opinions.select_related("by"),
        "may_read": cases_for(request.user).filter(pk=case.pk).exists(),
        "forms": forms_open,
        "next": [person.name for person in queries.next_people(found)],
        "forwards": found.stage == Stage.DECISION and found.superior_id is not None,
        "kept": Opinion.Kind.DISSENT,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "cases/approvals/approval.html", context, status=status)


def titled(approvals: Any) -> list[Approval]:
    """Return requests with the rulebook's step on each."""
    found = list(approvals)
    for one in found:
        one.transition = rulebook.states(one.case.track).steps[one.step]
    return found


def _found(request: HttpRequest, number: int) -> Approval:
    seen = queries.approvals_for(request.user).select_related(
        "case__office",
        "case__organ",
        "case__handler",
        "office",
        "superior",
        "by",
        "exhibit",
        "event",
    )
    return get_object_or_404(seen, pk=number)


def _sealed(file: Any) -> Any:
    if not file:
        return None
    kind = file.content_type or "application/octet-stream"
    return seal(chunks=file.chunks(), media_type=kind, at=timezone.now())
