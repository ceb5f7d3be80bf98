"""The audit: read what triage put aside, one by one, and see what that says of what was missed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.leads import actions, queries
from jingyi.web.leads import export as files
from jingyi.web.leads.models import Audit, AuditItem
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import offices_for
from jingyi.web.ui.templatetags.ui import said

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("lead.audit")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show the next incident to read, what has been read, and what follows from it."""
    return render(request, "leads/audit.html", _context(request, _chosen(request)))


def _chosen(request: HttpRequest) -> Audit | None:
    """Return the sample asked for, or the latest of the offices one may audit."""
    seen = queries.audits_for(request.user)
    if (asked := request.GET.get("sample", "")).isdecimal():
        return get_object_or_404(seen, pk=int(asked))
    if code := request.GET.get("office", ""):
        seen = seen.filter(office__code=code)
    return seen.first()


def _context(request: HttpRequest, found: Audit | None) -> dict:
    offices = list(offices_for(request.user, "lead.audit").order_by("path"))
    office = found.office if found else _asked(request, offices)
    context = {"audit": found, "office": office, "offices": offices}
    if found is None:
        return context | {"put_aside": queries.put_aside(office).count() if office else 0}
    items = queries.items_of(found)
    waiting = [item for item in items if item.decision_id is None]
    item = waiting[0] if waiting else None
    return context | {
        "item": item,
        "findings": queries.findings_of(item.incident)[:5] if item else [],
        "read": sorted((one for one in items if one.decision_id), key=lambda one: -one.decision_id),
        "left": len(waiting),
        "total": len(items),
        "strata": queries.strata_of(found, items),
        "samples": queries.audits_for(request.user).filter(office=found.office)[:12],
        "just_done": queries.just_audited(found, request.user),
    }


def _asked(request: HttpRequest, offices: list):
    code = request.GET.get("office", "")
    return next((one for one in offices if one.code == code), offices[0] if offices else None)


@needs("lead.audit")
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a new sample for one office."""
    offices = offices_for(request.user, "lead.audit")
    office = get_object_or_404(offices, code=request.POST.get("office", ""))
    try:
        drawn = actions.draw(office=office, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return _see(queries.audits_for(request.user).filter(office=office).first())
    return _see(drawn)


@needs("lead.audit")
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the reader says, and go on to the next."""
    seen = AuditItem.objects.filter(audit__in=queries.audits_for(request.user))
    item = get_object_or_404(seen.select_related("audit"), pk=pk)
    verdict = request.POST.get("verdict", "")
    if verdict not in {"lead", "not"}:
        context = _context(request, item.audit) | {"unsaid": True}
        return render(request, "leads/audit.html", context, status=422)
    try:
        actions.judge(item=item, lead=verdict == "lead", by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return _see(item.audit)


@needs("lead.audit")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what a reader said, and read it again."""
    seen = AuditItem.objects.filter(audit__in=queries.audits_for(request.user))
    item = get_object_or_404(seen.select_related("audit", "decision"), pk=pk)
    if item.decision:
        try:
            actions.undo(decision=item.decision, by=request.user, at=timezone.now())
        except Refusal as refusal:
            messages.error(request, said(refusal.sentence))
    return _see(item.audit)


@needs("lead.audit")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Return one sample as XLSX: what was drawn, and what was said of it."""
    found = get_object_or_404(queries.audits_for(request.user), pk=request.GET.get("sample") or 0)
    response = HttpResponse(files.audit_xlsx(found), content_type=XLSX)
    name = f"audit-{found.office.code}-{found.day:%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _see(found: Audit | None) -> HttpResponse:
    response = redirect("leads:audit")
    if found:
        response["Location"] += f"?sample={found.pk}"
    response.status_code = 303
    return response
