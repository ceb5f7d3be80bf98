"""The chronology of a case: its events and the days of its papers that somebody has confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.engines.reading.tables import to_csv, to_docx
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading import queries
from jingyi.web.cases.reading.actions import dates as actions
from jingyi.web.cases.reading.actions.files import record_taken
from jingyi.web.cases.reading.files import file_for, files_of
from jingyi.web.cases.reading.forms import DecideForm, ReasonForm
from jingyi.web.cases.reading.models import Page
from jingyi.web.cases.reading.views.asking import ask, attached, case_for
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

SHOWN = 30  # candidates at a time
WIDTHS = (32, 145, 80)  # mm


@needs("case.read")
@require_safe
def chronology(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what happened, and the days that wait for somebody to decide."""
    return _page(request, case_for(request, ref))


@needs("document.draft")
@require_POST
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    """Confirm a day that a page names, or say that it does not belong here."""
    case = case_for(request, ref)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, case, " ".join(e for each in form.errors.values() for e in each))
    given = form.cleaned_data
    file = file_for(case, given["key"])
    page = get_object_or_404(Page, reading=file.blob.pk, number=given["page"])
    try:
        actions.decide(
            case=case,
            file=file,
            page=page,
            start=given["start"],
            confirmed=given["verdict"] == "confirm",
            on=given["on"],
            says=given["says"],
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        return _page(request, case, said(refusal.sentence))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("reading:chronology", args=[case.ref])
    return HttpResponseRedirect(back, status=303)


@needs("document.draft")
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Take a decision about a day back, for a reason."""
    dated = queries.dated_for(request.user).filter(undone_at=None)
    found = get_object_or_404(dated, item__case__ref=ref, pk=number)
    form = ReasonForm(request.POST or None)
    home = reverse("reading:chronology", args=[ref])

    def act() -> str:
        actions.undo(
            dated=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
        )
        return home

    about = f"{found.words} {found.says}"
    context = {"title": _("撤回对日期的决定"), "submit": _("撤回"), "about": about, "back": home}
    return ask(request, found.item.case, form, act, context)


@needs("case.read")
@require_safe
def printed(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the chronology as a sheet to be printed."""
    case = case_for(request, ref)
    rows = queries.chronology(case, files_of(case))
    context = {"case": case, "rows": rows, "now": timezone.now()}
    return render(request, "cases/reading/chronology_print.html", context)


@needs("case.read")
@require_safe
def taken(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """Hand the chronology out as DOCX or CSV; the ledger keeps that it was."""
    case = case_for(request, ref)
    rows = [_row(row) for row in queries.chronology(case, files_of(case))]
    title, head = _("大事记"), [_("日期"), _("事项"), _("依据")]
    data = (
        to_csv(head, rows)
        if kind == "csv"
        else to_docx(title, f"{case.ref} {case.title}", head, rows, WIDTHS)
    )
    record_taken(
        case=case, what=f"chronology.{kind}", rows=len(rows), by=request.user, at=timezone.now()
    )
    return attached(data, kind, f"{title} {case.ref}")


def _row(row: queries.Row) -> list[str]:
    what = said(row.what) + (f"：{row.more}" if row.more else "")
    if row.dated:
        name = row.file.name if row.file else ""
        ground = _("%(file)s，第 %(page)s 页") % {"file": name, "page": row.dated.page}
    else:
        ground = _("案件登记")
    return [row.on.isoformat(), what, ground]


def _page(request: HttpRequest, case: Case, problem: str = "") -> HttpResponse:
    files = files_of(case)
    waiting = queries.candidates(files)
    context: dict[str, Any] = {
        "case": case,
        "rows": queries.chronology(case, files),
        "waiting": waiting[:SHOWN],
        "waiting_count": len(waiting),
        "rejected": queries.rejected(case),
        "problem": problem,
        "may_write": may_on(request.user, "document.draft", case),
    }
    status = 422 if problem else 200
    return render(request, "cases/reading/chronology.html", context, status=status)
