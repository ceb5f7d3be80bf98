"""The way back: a code opens the progress of one report and its mailbox."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.web.intake import limits
from jingyi.web.intake.actions import reports
from jingyi.web.intake.drafts import KEPT
from jingyi.web.intake.forms.public import TOO_MANY, CodeForm, MessageForm
from jingyi.web.intake.models import Receipt
from jingyi.web.intake.queries.reports import filed
from jingyi.web.intake.queries.reports import receipt_of as by_code
from jingyi.web.ledger.receipts import receipt_of
from jingyi.web.registry.access import public
from jingyi.web.ui.templatetags.ui import said


@public
@never_cache
@sensitive_post_parameters("code", "text")
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """Ask for the code; show how far it is; take and show messages."""
    if request.POST.get("leave"):
        request.session.pop("receipt", None)
        return _see("intake:home")
    receipt = _open(request)
    if receipt:
        return _mailbox(request, receipt)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = None
        if limits.allows(request, "code"):
            found = by_code(form.cleaned_data["code"])
        if found:
            request.session.cycle_key()
            request.session["receipt"] = found.pk
            if not request.user.is_authenticated:
                request.session.set_expiry(KEPT)
            return _see("intake:progress")
        limits.count(request, "code")
        form.add_error("code", _("没有找到这个回执码。请核对每一组；试错过多时请一小时后再来。"))
    status = 422 if form.errors else 200
    return render(request, "intake/public/ask.html", {"form": form}, status=status)


@public
@never_cache
@require_safe
def signed(request: HttpRequest) -> HttpResponse:
    """Send whoever opened their report a signed receipt: that it was filed, not what it says."""
    receipt = _open(request)
    if receipt is None:
        return _see("intake:progress")
    found = filed(receipt.report)
    office = receipt.report.office.name
    body = json.dumps(
        receipt_of(found, office=office, at=timezone.now()), ensure_ascii=False, indent=1
    )
    response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="receipt.json"'
    return response


def _mailbox(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if limits.allows(request, "message"):
            limits.count(request, "message")
            text = form.cleaned_data["text"]
            reports.write_to_office(receipt=receipt, text=text, at=timezone.now())
            return _see("intake:progress")
        form.add_error("text", said(TOO_MANY))
    context = {
        "form": form,
        "receipt": receipt,
        "steps": _steps(receipt),
        "messages_of": receipt.report.messages.order_by("at", "pk"),
    }
    status = 422 if form.errors else 200
    return render(request, "intake/public/progress.html", context, status=status)


def _steps(receipt: Receipt) -> list[dict[str, str]]:
    """Return the stages as a line: done, here, ahead."""
    names = list(reports.STAGES)
    reached = names.index(receipt.stage) if receipt.stage in names else 1
    return [
        {
            "label": said(reports.STAGES[name]),
            "state": "done" if n < reached else "here" if n == reached else "ahead",
        }
        for n, name in enumerate(names)
    ]


def _open(request: HttpRequest) -> Receipt | None:
    found = Receipt.objects.select_related("report__office")
    return found.filter(pk=request.session.get("receipt")).first()


def _see(name: str) -> HttpResponse:
    response = redirect(reverse(name))
    response.status_code = 303
    return response
