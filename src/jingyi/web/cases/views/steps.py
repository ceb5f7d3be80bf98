"""Entering a step, correcting one, taking one out."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingyi.core import casefile, rulebook
from jingyi.core.procedure import Transition
from jingyi.core.refusal import Refusal
from jingyi.web.cases import actions, derive, strip
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.forms import CorrectForm, StepForm, UndoForm
from jingyi.web.cases.models import Case, Event
from jingyi.web.cases.verification.queries import place_of
from jingyi.web.cases.views.case import case_for
from jingyi.web.evidence.actions import seal
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said


@needs("case.step")
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Ask for what the step needs; with `?on=` also say which clocks it would start."""
    found = case_for(request, ref)
    transition = rulebook.states(found.track).steps.get(name)
    if transition is None:
        raise Http404
    if transition.event.startswith("recusal."):  # kept with reasons, in a place of its own
        return HttpResponseRedirect(reverse("approvals:of_case", args=[ref]), status=303)
    if where := place_of(found, transition.event):  # entered duty by duty, or of a visit planned
        return HttpResponseRedirect(where, status=303)
    require_on(request.user, transition.who, found)
    form = StepForm(
        request.POST or None,
        request.FILES or None,
        kind=transition.event,
        step=transition,
        track=found.track,
        initial={"on": request.GET.get("on") or timezone.localdate(), "version": found.version},
    )

    def act() -> Event:
        return actions.record_event(
            case=found,
            kind=transition.event,
            on=form.cleaned_data["on"],
            until=form.cleaned_data.get("until"),
            facts=form.facts(),
            **_exhibit(form),
            uncounted=form.cleaned_data["uncounted"],
            by=request.user,
            at=timezone.now(),
            version=form.cleaned_data["version"],
        )

    context = {"case": found, "step": transition, "title": transition.title}
    return _asked(request, found, form, act, {**context, **_foreseen(request, found, transition)})


@needs("case.step")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Put a right event in the place of a wrong one."""
    found = case_for(request, ref)
    event = get_object_or_404(found.events, pk=number, undone_at=None)
    require_on(request.user, actions.act_of(found, event.kind), found)
    facts = {**event.facts, "asks": "\n".join(event.facts.get("asks", []))}
    form = CorrectForm(
        request.POST or None,
        request.FILES or None,
        kind=event.kind,
        step=_transition_of(found, event),
        track=found.track,
        initial={**facts, "on": event.on, "until": event.until, "version": found.version},
    )
    del form.fields["uncounted"]

    def act() -> Event:
        return actions.correct_event(
            event=event,
            on=form.cleaned_data["on"],
            until=form.cleaned_data.get("until"),
            facts=form.facts(),
            **_exhibit(form),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
            version=form.cleaned_data["version"],
        )

    title = rulebook.events()[event.kind]
    return _asked(request, found, form, act, {"event": event, "title": title, "corrects": True})


@needs("case.step")
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Take an event out, for a reason."""
    found = case_for(request, ref)
    event = get_object_or_404(found.events, pk=number, undone_at=None)
    require_on(request.user, actions.act_of(found, event.kind), found)
    form = UndoForm(request.POST or None, initial={"version": found.version})

    def act() -> Event:
        return actions.undo_event(
            event=event,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
            version=form.cleaned_data["version"],
        )

    title = rulebook.events()[event.kind]
    return _asked(request, found, form, act, {"event": event, "title": title, "undoes": True})


def _asked(
    request: HttpRequest,
    found: Case,
    form: StepForm | UndoForm,
    act: Callable[[], Event],
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form; on POST act and go back to the case, or show why not."""
    if request.method == "POST" and form.is_valid():
        try:
            event = act()
        except actions.NotCounted as refusal:
            form.add_error(
                "uncounted" if "uncounted" in form.fields else None, said(refusal.sentence)
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            title = said(rulebook.events()[event.kind])
            messages.success(request, _("已登记：%(title)s。期限已重新计算。") % {"title": title})
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    if form.errors and "version" in form.errors:
        form.add_error(None, _("表单不完整，请从案件页面重新打开。"))
    context |= {"case": found, "form": form}
    part = "#form" if request.htmx else ""
    status = 422 if form.errors else 200
    return render(request, f"cases/step.html{part}", context, status=status)


def _foreseen(request: HttpRequest, found: Case, transition: Transition) -> dict[str, Any]:
    """Return the clocks that the step would start if it were taken on the day asked for."""
    today = timezone.localdate()
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        on = today
    decided = found.suggestions.order_by("pk").last()
    track = "urgent" if decided and decided.urgent else ""
    law = derive.law_of(found)
    return {
        "asked_on": on,
        "effects": strip.effects(transition.event, on, track, law, today),
        "stops": [rule for rule in law.rules if transition.event in rule.stops],
    }


def _transition_of(found: Case, event: Event) -> Transition | None:
    if event.kind == casefile.FILED:
        return None
    ground = event.facts.get("ground")
    steps = [s for s in rulebook.states(found.track).steps.values() if s.event == event.kind]
    for step in steps:
        if ground and any(ground in need.any for need in step.needs):
            return step
    return steps[0]


def _exhibit(form: StepForm) -> dict[str, Any]:
    file = form.cleaned_data["exhibit"]
    if not file:
        return {}
    kind = file.content_type or "application/octet-stream"
    blob = seal(chunks=file.chunks(), media_type=kind, at=timezone.now())
    return {"exhibit": blob, "exhibit_name": file.name[:200]}
