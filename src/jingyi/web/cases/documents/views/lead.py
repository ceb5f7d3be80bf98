"""The papers of a lead that has no case: why it was not filed, where it was handed on."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jingyi.core import rulebook
from jingyi.core.documents.draft import NotDrafted
from jingyi.web.cases.documents import actions, queries
from jingyi.web.cases.documents.lead import TRACK, issuer_of
from jingyi.web.cases.documents.views.file import row_of
from jingyi.web.leads.models import Incident
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.access import may, needs


@needs("lead.read")
@require_safe
def listing(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a lead's papers, which can be made now, and what the rest wait for."""
    return _listing(request, _found(request, ref))


@needs("document.draft")
@require_POST
def draft(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """Make a paper of a lead, or say everything that is missing."""
    incident = _found(request, ref)
    if TRACK not in getattr(rulebook.documents().get(kind), "tracks", ()):
        raise Http404
    try:
        found = actions.draft_for_lead(
            incident=incident, kind=kind, by=request.user, at=timezone.now()
        )
    except NotDrafted as refused:
        return _listing(request, incident, refused)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


def _found(request: HttpRequest, ref: str) -> Incident:
    incidents = incidents_for(request.user).select_related(
        "office__parent", "received_from__parent"
    )
    return get_object_or_404(incidents, ref=ref)


def _listing(
    request: HttpRequest, incident: Incident, refused: NotDrafted | None = None
) -> HttpResponse:
    offers = [
        (offer, may(request.user, "document.draft", issuer_of(incident, offer.template.after)))
        for offer in queries.offers_for_lead(incident, on=timezone.localdate())
    ]
    documents = queries.documents_for(request.user).filter(incident=incident)
    context = {
        "incident": incident,
        "documents": [row_of(one) for one in documents.select_related("incident")],
        "offers": offers,
        "refused": refused,
    }
    status = 422 if refused else 200
    return render(request, "cases/documents/lead.html", context, status=status)
