"""What the pages of a case's documents share: whose case it is, and how a form is asked."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.documents.models import Document
from jingyi.web.cases.models import Case
from jingyi.web.cases.queries import cases_for
from jingyi.web.leads.models import Incident
from jingyi.web.registry.access import require
from jingyi.web.ui.templatetags.ui import said


def case_for(request: HttpRequest, ref: str) -> Case:
    """Return the case, or 404 for whoever may not see it."""
    cases = cases_for(request.user).select_related("office__parent", "organ", "handler")
    return get_object_or_404(cases, ref=ref)


def home_of(case: Case) -> str:
    """Return the address of a case's documents."""
    return reverse("documents:list", args=[case.ref])


def ask(
    request: HttpRequest,
    about: Case | Document,
    form: Any,
    act: Callable[[], str],
    context: Mapping[str, Any],
) -> HttpResponse:
    """Show a form about a case or a document; on POST act and go where that says, or say why not."""
    if isinstance(about, Document) and about.case is None:
        require(request.user, "document.draft", about.office)
        case: Case | Incident = about.incident
    else:
        case = about.case if isinstance(about, Document) else about
        require_on(request.user, "document.draft", case)
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(act(), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    context = {**context, "case": case, "form": form}
    return render(request, "cases/documents/ask.html", context, status=422 if form.errors else 200)
