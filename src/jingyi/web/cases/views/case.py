"""One case: its clocks and why they end when they do, what may be done next, and its file."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingyi.core import casefile, rulebook, stages
from jingyi.core.casefile import Law, Standing
from jingyi.core.clock_rules import Period
from jingyi.core.procedure import Step
from jingyi.core.profiles import side_by_side
from jingyi.core.words import Sentence
from jingyi.web.cases import derive, queries, strip
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.forms import AssumeForm, WhatIfForm
from jingyi.web.cases.halts import halts
from jingyi.web.cases.models import Case, Event
from jingyi.web.evidence import vault
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

ELSEWHERE = ("recusal.", "case.received", "case.merged", "case.transferred")
TABS = ("timeline", "evidence", "documents", "related")
# the question most asked first: what would the organ's, or the public's, period be
FIRST_QUESTION = {"administrative": "suggestion.reply", "civil": "notice.period"}


@needs("case.read")
@require_safe
def case(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one case. `?rule=…&on=…` asks what a clock would be if it began on that day."""
    found = case_for(request, ref)
    if request.htmx and request.htmx.target == "what-if":
        return render(
            request, "cases/case.html#whatif", asked(request, found, derive.law_of(found))
        )
    return render(request, "cases/case.html", page_of(request, found))


def case_for(request: HttpRequest, ref: str) -> Case:
    """Return the case, or 404 for whoever may not see it."""
    cases = queries.cases_for(request.user).select_related(
        "office", "organ", "department", "handler"
    )
    return get_object_or_404(cases, ref=ref)


def page_of(request: HttpRequest, found: Case) -> dict[str, Any]:
    """Return what the whole page of a case shows."""
    today = timezone.localdate()
    law = derive.law_of(found)
    events = list(found.events.select_related("by", "undone_by", "exhibit"))
    standing = casefile.stand(
        law, derive.history(event for event in events if not event.undone_at), on=today
    )
    live, over = strip.strip(standing.clocks, law)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    titles = rulebook.events()
    for event in events:
        event.title = titles[event.kind]
    return {
        "case": found,
        "domain": rulebook.domain(found.domain),
        "state": law.procedure.states[standing.state],
        "stages": stages.line(law.procedure.stages, standing.passed),
        "live": live,
        "over": over,
        "steps": _steps(request, law, standing, found),
        "events": sorted(events, key=lambda event: (event.on, event.place, event.pk), reverse=True),
        "grounds": law.procedure.grounds,
        "exhibits": [event for event in events if event.exhibit],
        "suggestions": found.suggestions.select_related("organ").order_by("decided_on", "pk"),
        "incidents": found.incidents.order_by("pk"),
        "tab": tab,
        "tabs": _tabs(tab, events),
        "now": timezone.now(),
        "halts": halts(law, (event for event in events if not event.undone_at)),
        "drafts": rulebook.profiles().values(),
        **held_against(request, found, law, events),
        **asked(request, found, law),
    }


def held_against(
    request: HttpRequest, found: Case, law: Law, events: Sequence[Event]
) -> dict[str, Any]:
    """Return the case's clocks beside those of the draft that `?profile=` names, if any."""
    profile = rulebook.profiles().get(request.GET.get("profile", ""))
    if profile is None:
        return {}
    rules = [rule for rule in law.rules if found.track in rule.procedures]
    names = [(rule.id, said(rule.title)) for rule in rules if rule.id in profile.clocks]
    form = AssumeForm(request.GET if "assume" in request.GET else None, clocks=names)
    assumed = {}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        assumed[given["assume"]] = Period(**{given["unit"]: given["number"]})
    pairs = side_by_side(
        derive.history(event for event in events if not event.undone_at),
        profile,
        rules=law.rules,
        procedure=found.track,
        calendar=law.calendar,
        on=timezone.localdate(),
        assumed=assumed,
    )
    differences = [one for one in profile.differences if found.track in one.procedures]
    return {"profile": profile, "pairs": pairs, "differences": differences, "assuming": form}


def asked(request: HttpRequest, found: Case, law: Law) -> dict[str, Any]:
    """Return the form of "if it were served on …" and, where asked, the answer."""
    today = timezone.localdate()
    given = "on" in request.GET
    form = WhatIfForm(
        request.GET if given else None,
        procedure=found.track,
        initial={"rule": FIRST_QUESTION[found.track], "on": today},
    )
    answer = None
    if given and form.is_valid():
        wanted = form.cleaned_data
        rule = next(one for one in law.rules if one.id == wanted["rule"])
        answer = strip.what_if(rule, wanted["track"], wanted["on"], law.calendar, today)
    said = isinstance(answer, Sentence)
    return {
        "case": found,
        "what_if": form,
        "answer": None if said else answer,
        "no_answer": answer if said else None,
        "answered": rulebook.clock(form.cleaned_data["rule"]).title if answer else None,
    }


@needs("case.read")
@require_safe
def exhibit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Send the original bytes of an event's document; refused if they are not what was sealed."""
    event = get_object_or_404(case_for(request, ref).events, pk=number)
    if not event.exhibit:
        raise Http404
    response = StreamingHttpResponse(
        vault.read(event.exhibit_id, folder=settings.VAULT), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(True, event.exhibit_name)
    response["Content-Length"] = event.exhibit.size
    return response


def _steps(
    request: HttpRequest, law: Law, standing: Standing, found: Case
) -> dict[str, list[Step]]:
    """Return the steps as they stand for this person.

    `open` to them, of which `onward` move the case and `also` do not; open to `others`; `near`,
    closed for something missing; `done`, to be taken once and taken; and `far`, of another stage.
    """
    own = {act for act in ("case.step", "case.decide") if may_on(request.user, act, found)}
    groups: dict[str, list[Step]] = {
        name: [] for name in ("open", "onward", "also", "others", "near", "done", "far")
    }
    for step in casefile.steps_now(law, standing):
        if step.transition.event.startswith(ELSEWHERE):
            continue  # has a place of its own on the page
        if step.open:
            groups["open" if step.transition.who in own else "others"].append(step)
        elif _done(step, standing):
            groups["done"].append(step)
        else:
            groups["near" if step.near else "far"].append(step)
    for step in groups["open"]:
        groups["onward" if step.transition.to else "also"].append(step)
    return groups


def _done(step: Step, standing: Standing) -> bool:
    return step.transition.once and step.transition.event in standing.facts


def _tabs(here: str, events: Sequence[Event]) -> list[tuple[str, str, bool, int | None]]:
    words = {
        "timeline": (_("时间线"), len(events)),
        "evidence": (_("证据"), sum(bool(event.exhibit_id) for event in events)),
        "documents": (_("文书"), None),
        "related": (_("关联"), None),
    }
    return [(words[tab][0], f"?tab={tab}#file", tab == here, words[tab][1]) for tab in TABS]
