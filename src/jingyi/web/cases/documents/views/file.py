"""What documents are made of: a case's exhibits and facts, and what can be made of them now."""

from datetime import date
from typing import Any

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

from jingyi.core import rulebook
from jingyi.core.documents.draft import NotDrafted
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.documents import actions, queries
from jingyi.web.cases.documents.facts import file_of, sources_of
from jingyi.web.cases.documents.forms import ExhibitForm, FactForm, WithdrawForm
from jingyi.web.cases.documents.models import Document
from jingyi.web.cases.documents.views.asking import ask, case_for, home_of
from jingyi.web.cases.models import Case
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.registry.access import needs


@needs("case.read")
@require_safe
def listing(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a case's documents, what can be made of its facts, and why the rest cannot."""
    return _listing(request, case_for(request, ref))


@needs("document.draft")
@require_POST
def draft(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """Make a document of the facts, or say everything that is missing."""
    case = case_for(request, ref)
    if kind not in rulebook.documents():
        raise Http404
    try:
        found = actions.draft_document(case=case, kind=kind, by=request.user, at=timezone.now())
    except NotDrafted as refused:
        return _listing(request, case, refused)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def exhibit_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Seal a file among the case's exhibits."""
    case = case_for(request, ref)
    form = ExhibitForm(request.POST or None, request.FILES or None)

    def act() -> str:
        wanted = form.cleaned_data
        file, now = wanted["file"], timezone.now()
        kind = file.content_type or "application/octet-stream"
        found = actions.add_exhibit(
            case=case,
            blob=seal(chunks=file.chunks(), media_type=kind, at=now),
            name=wanted["name"] or file.name[:200],
            kind=wanted["kind"],
            made_on=wanted["made_on"],
            source=wanted["source"],
            by=request.user,
            at=now,
        )
        messages.success(request, _("已封存为证据%(n)s。") % {"n": found.number})
        return home_of(case)

    return ask(request, case, form, act, {"title": _("登记证据"), "submit": _("封存")})


@needs("case.read")
@require_safe
def exhibit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Send an exhibit's original bytes; refused if they are not what was sealed."""
    found = get_object_or_404(
        queries.exhibits_for(request.user).select_related("blob"), case__ref=ref, number=number
    )
    response = StreamingHttpResponse(
        vault.read(found.blob_id, folder=settings.VAULT), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    response["Content-Length"] = found.blob.size
    return response


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def fact_new(request: HttpRequest, ref: str) -> HttpResponse:
    """Enter a fact with its exhibits and its law."""
    case = case_for(request, ref)
    file = file_of(case, on=timezone.localdate())
    form = FactForm(request.POST or None, file=file, initial={"kind": request.GET.get("kind", "")})

    def act() -> str:
        wanted = form.cleaned_data
        actions.enter_fact(case=case, by=request.user, at=timezone.now(), **wanted)
        messages.success(request, _("已登记这项事实。"))
        return home_of(case)

    return ask(request, case, form, act, {"title": _("登记事实"), "submit": _("登记这项事实")})


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def fact_withdraw(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Take a fact back, for a reason."""
    case = case_for(request, ref)
    fact = get_object_or_404(case.facts, pk=number, withdrawn_at=None)
    form = WithdrawForm(request.POST or None)

    def act() -> str:
        actions.withdraw_fact(
            fact=fact,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
        return home_of(case)

    context = {"title": _("撤回事实"), "submit": _("撤回"), "about": fact.text}
    return ask(request, case, form, act, context)


def _listing(request: HttpRequest, case: Case, refused: NotDrafted | None = None) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "case": case,
        "documents": [row_of(one) for one in case.documents.select_related("sealed")],
        "offers": queries.offers(case, on=today),
        "facts": _facts(case, today),
        "exhibits": case.exhibits.select_related("blob", "by"),
        "may_draft": may_on(request.user, "document.draft", case),
        "refused": refused,
    }
    status = 422 if refused else 200
    return render(request, "cases/documents/list.html", context, status=status)


def row_of(document: Document) -> dict[str, Any]:
    """Return a document with its title, for a list."""
    return {"document": document, "title": rulebook.document(document.kind).title}


def _facts(case: Case, today: date) -> list[dict[str, Any]]:
    """Return the facts by kind, in the rulebook's order, each with its exhibits' names."""
    file = file_of(case, on=today)
    kinds = [kind for kind in rulebook.fact_kinds().values() if case.track in kind.tracks]
    rows = list(case.facts.select_related("by"))
    return [
        {
            "kind": kind,
            "rows": [
                {
                    "fact": row,
                    "exhibits": [file.exhibits[k] for k in row.exhibits if k in file.exhibits],
                    "articles": sources_of(row.articles),
                }
                for row in rows
                if row.kind == kind.id
            ],
        }
        for kind in kinds
    ]
