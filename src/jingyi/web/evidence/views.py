"""The ledger as a page: what was done, by whom, and the proof that it still stands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.web.evidence import queries
from jingyi.web.ledger import queries as ledger_queries
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import acts_of

PAGE = 50


@needs("ledger.read")
@require_http_methods(["GET", "POST"])
def ledger(request: HttpRequest) -> HttpResponse:
    """List acts, newest first; POST recomputes the whole tree and says what it found."""
    after = request.GET.get("after", "")
    entries = queries.entries_for(request.user)
    if kind := request.GET.get("kind", ""):
        entries = entries.filter(kind=kind)
    if after.isdecimal():
        entries = entries.filter(index__lt=int(after))
    page = list(entries[: PAGE + 1])
    proof = ledger_queries.verify() if request.method == "POST" else None
    context = {
        "entries": page[:PAGE],
        "after": page[PAGE - 1].index if len(page) > PAGE else "",
        "kinds": queries.kinds_for(request.user),
        "kind": kind,
        "proof": proof,
        "head": ledger_queries.head(),
        "now": timezone.now(),
        "may_check": "vault.check" in acts_of(request.user),
    }
    return render(request, "evidence/ledger.html", context)


@needs("ledger.read")
@require_safe
def entry(request: HttpRequest, index: int) -> HttpResponse:
    """Show one act as it was hashed, with its audit path to the present root."""
    found = get_object_or_404(queries.entries_for(request.user), index=index)
    return render(
        request, "evidence/entry.html", {"entry": found, "proof": ledger_queries.proof_of(found)}
    )
