"""The sealing of one case: who is inside and why; seal it, change the group, lift the seal."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.cases.approvals.access import may_on, require_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.sealing import actions
from jingyi.web.cases.sealing.forms import GroupForm, LiftForm
from jingyi.web.cases.sealing.queries import sealing_of
from jingyi.web.cases.views.case import case_for
from jingyi.web.ledger.queries import history_of
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

LOOKS = 100  # entries shown
ACTS = {
    "sealing.begun": say("密封案件"),
    "sealing.changed": say("更改知悉范围"),
    "sealing.lifted": say("解除密封"),
    "sealing.read": say("打开页面"),
    "sealing.exported": say("导出"),
    "case.sealed_export": say("导出"),
}


@needs("case.read")
@never_cache
@require_http_methods(["GET", "POST"])
def sealing(request: HttpRequest, ref: str) -> HttpResponse:
    """Show whether a case is sealed and to whom; POST seals it, or says anew who is inside."""
    case = case_for(request, ref)
    found = sealing_of(case)
    if request.method != "POST":
        return _page(request, case)
    require_on(request.user, actions.SEALS, case)
    form = GroupForm(request.POST, case=case, sealed=found is not None)
    if form.is_valid():
        do = actions.set_group if found else actions.seal_case
        try:
            do(case=case, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return _back(case, request)
    return _page(request, case, group=form)


@needs("case.decide")
@require_POST
def lifted(request: HttpRequest, ref: str) -> HttpResponse:
    """Lift the seal."""
    case = case_for(request, ref)
    require_on(request.user, actions.SEALS, case)
    form = LiftForm(request.POST)
    if form.is_valid():
        try:
            actions.lift(case=case, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return _back(case, request)
    return _page(request, case, lift=form)


def _page(
    request: HttpRequest,
    case: Case,
    *,
    group: GroupForm | None = None,
    lift: LiftForm | None = None,
) -> HttpResponse:
    found = sealing_of(case)
    inside = list(found.group.readers.order_by("name", "pk")) if found else []
    decides = may_on(request.user, actions.SEALS, case)
    if decides and group is None:
        group = GroupForm(case=case, sealed=bool(found), initial={"members": inside})
    acts = [one for one in history_of(f"case:{case.ref}") if one.kind in ACTS]
    looks = acts[-LOOKS:][::-1]
    for one in looks:
        one.told = ACTS[one.kind]
    context: dict[str, Any] = {
        "case": case,
        "sealing": found,
        "inside": inside,
        "group": group,
        "lift": (lift or LiftForm()) if decides and found else None,
        "looks": looks,
        "total": len(acts),
    }
    wrong = any(form is not None and form.errors for form in (group, lift))
    return render(request, "cases/sealing/case.html", context, status=422 if wrong else 200)


def _back(case: Case, request: HttpRequest) -> HttpResponse:
    """Return to the page, or to the list where one has just put oneself outside."""
    inside = may_on(request.user, "case.read", case)
    there = reverse("sealing:case", args=[case.ref]) if inside else reverse("cases:list")
    return HttpResponseRedirect(there, status=303)
