"""The same decision about several incidents, chosen on the desk."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from jingyi.core.refusal import Refusal
from jingyi.web.leads import actions, queries
from jingyi.web.leads.forms import FORMS
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

KINDS = ("take", "watch", "decline", "merge")


@needs("lead.read")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do it to each, and show what became of each, with an undo beside it."""
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    seen = queries.incidents_for(request.user).filter(ref__in=request.POST.getlist("incident"))
    chosen = list(seen.select_related("office").order_by("-reports", "pk"))
    form = FORMS[kind](request.POST) if kind in FORMS else None
    if form and not form.is_valid():
        context = {"chosen": chosen, "kind": kind, "form": form}
        return render(request, "leads/bulk.html", context, status=422)
    values = {k: v for k, v in (form.cleaned_data if form else {}).items() if k != "version"}
    outcome = _outcome(kind, chosen, values, request)
    return render(request, "leads/bulk.html", {"outcome": outcome, "kind": kind})


def _outcome(kind, chosen, values, request) -> list[tuple]:
    """Return (incident, decision or None, refusal in words) for each."""
    by, at = request.user, timezone.now()
    if kind == "merge" and chosen:
        try:
            merged = actions.merge(into=chosen[0], incidents=chosen[1:], by=by, at=at)
        except Refusal as refusal:
            return [(chosen[0], None, said(refusal.sentence))]
        return [(decision.incident, decision, "") for decision in merged]
    return [
        (incident, None, said(result.sentence))
        if isinstance(result, Refusal)
        else (incident, result, "")
        for incident, result in actions.in_bulk(kind, chosen, **values, by=by, at=at)
    ]
