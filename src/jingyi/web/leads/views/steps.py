"""Deciding about one incident: each button one action; a refusal comes back on the page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jingyi.core.refusal import Refusal
from jingyi.web.intake.models import Report
from jingyi.web.leads import actions, queries
from jingyi.web.leads.forms import FORMS
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.leads.views.incident import context_of, find
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

DO = {
    "take": actions.take,
    "watch": actions.watch,
    "decline": actions.decline,
    "assign": actions.assign,
    "hand-on": actions.hand_on,
    "note": actions.note,
}


@needs("lead.read")
@require_POST
def step(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """Take one decision about one incident."""
    if kind not in DO:
        raise Http404
    found = find(request, ref)
    form = FORMS[kind](request.POST, office=found.office)
    if form.is_valid():
        try:
            decision = DO[kind](
                incident=found, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return done(request, found, decision)
    context = context_of(request, found, form, kind)
    return render(request, "leads/incident.html", context, status=422)


@needs("lead.read")
@require_POST
def split(request: HttpRequest, ref: str) -> HttpResponse:
    """Take the chosen reports out into an incident of their own."""
    found = find(request, ref)
    chosen = Report.objects.filter(finding__incident=found, ref__in=request.POST.getlist("report"))
    return _or_say(
        request,
        found,
        lambda: actions.split(
            incident=found, reports=list(chosen), by=request.user, at=timezone.now()
        ),
    )


@needs("lead.read")
@require_POST
def merge(request: HttpRequest, ref: str) -> HttpResponse:
    """Put the chosen incidents into this one."""
    found = find(request, ref)
    chosen = queries.incidents_for(request.user).filter(ref__in=request.POST.getlist("incident"))
    return _or_say(
        request,
        found,
        lambda: actions.merge(
            into=found, incidents=list(chosen), by=request.user, at=timezone.now()
        ),
    )


@needs("lead.read")
@require_POST
def apart(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that the chosen incidents are not this one."""
    found = find(request, ref)
    chosen = queries.incidents_for(request.user).filter(ref__in=request.POST.getlist("incident"))
    return _or_say(
        request,
        found,
        lambda: actions.apart(
            incident=found, others=list(chosen), by=request.user, at=timezone.now()
        ),
    )


@needs("lead.read")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back what a decision changed."""
    seen = Decision.objects.filter(incident__in=queries.incidents_for(request.user))
    decision = get_object_or_404(seen.select_related("incident"), pk=pk)
    try:
        actions.undo(decision=decision, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    else:
        messages.success(request, _("已撤销“%(kind)s”。") % {"kind": decision.get_kind_display()})
    return _see(decision.incident)


def _or_say(request: HttpRequest, found: Incident, act) -> HttpResponse:
    try:
        decided = act()
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return _see(found)
    decisions = decided if isinstance(decided, list) else [decided]
    if not decisions:
        messages.error(request, _("没有选择线索；请先在相似的线索里选中。"))
        return _see(found)
    return done(request, found, decisions[-1])


def done(request: HttpRequest, found: Incident, decision: Decision) -> HttpResponse:
    """Say what was done and go to the incident, which offers to undo it."""
    words = {"title": found.title, "kind": decision.get_kind_display()}
    messages.success(request, _("“%(title)s”：%(kind)s。") % words)
    return _see(decision.incident)


def _see(found: Incident) -> HttpResponse:
    response = redirect(found)
    response.status_code = 303
    return response
