"""The duties of a suggestion: what was replied, what was found, and where the two disagree."""

import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from jingyi.core import verification as core
from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import may_on, require_on
from jingyi.web.cases.models import Case, Suggestion
from jingyi.web.cases.queries import who_may_handle
from jingyi.web.cases.verification import actions, queries
from jingyi.web.cases.verification.forms import ReplyForm, RoundForm, SettleForm
from jingyi.web.cases.views.case import case_for
from jingyi.web.evidence import vault
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said

Kept = Callable[[Any], object]


@needs("case.read")
@require_safe
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """Show how far each suggestion of a case is carried out; a part of the case's page."""
    case = case_for(request, ref)
    served = case.suggestions.exclude(served_on=None).order_by("decided_on", "pk")
    context = {
        "case": case,
        "standing": [(one, queries.duties_of(one)) for one in served.select_related("organ")],
        "visits": case.lookbacks.exclude(state=queries.State.DROPPED),
        "near": queries.near_case(case, request.user),
    }
    part = "#panel" if request.htmx else ""
    return render(request, f"cases/verification/panel.html{part}", context)


@needs("case.read")
@require_safe
def duties(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Show the duties of one suggestion with everything replied and found."""
    return render(request, "cases/verification/duties.html", _about(request, ref, number))


@needs("case.read")
@require_safe
def printed(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Show the same as a sheet to be printed and signed."""
    return render(request, "cases/verification/print.html", _about(request, ref, number))


@needs("case.step")
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Enter what the organ's reply on paper says of each duty."""
    suggestion = _suggestion(request, ref, number, "case.step")
    duties = queries.duties_of(suggestion)
    if suggestion.replied_on:  # a later reply is of what is still open
        duties = [duty for duty in duties if not duty.core.settled]
    form = ReplyForm(*_given(request), duties=duties, initial={"on": timezone.localdate()})

    def keep(form: ReplyForm) -> None:
        actions.take_reply(
            suggestion=suggestion, on=form.cleaned_data["on"], lines=form.lines(),
            by=request.user, at=timezone.now(),
        )  # fmt: skip

    title = _("登记行政机关的逐项回复")
    return _asked(request, suggestion, form, keep, title, _("回复已登记。案件没有因此了结。"))


@needs("case.step")
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Enter a round of verification."""
    suggestion = _suggestion(request, ref, number, "case.step")
    case = suggestion.case
    rounds = queries.rounds_of(suggestion)
    open_now = [duty for duty in queries.duties_of(suggestion, rounds) if not duty.core.settled]
    form = RoundForm(
        *_given(request), duties=open_now, people=who_may_handle(case.office),
        initial={"on": timezone.localdate(), "version": case.version, "first": request.user.username},
    )  # fmt: skip

    def keep(form: RoundForm) -> None:
        data = form.cleaned_data
        actions.verify(
            suggestion=suggestion,
            visit=actions.Visit(
                data["on"], data["methods"], data["place"], data["first"], data["second"]
            ),
            found=form.found(), by=request.user, at=timezone.now(), version=data["version"],
        )  # fmt: skip

    title = _("第 %(n)s 轮整改核实") % {"n": len(rounds) + 1}
    return _asked(request, suggestion, form, keep, title, _("核实已登记。"))


@needs("case.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Pass what is left open, on a ground and with a reason: the chief procurator's alone."""
    suggestion = _suggestion(request, ref, number, "case.decide")
    grounds = [(name, said(title)) for name, title in actions.grounds(suggestion.case).items()]
    form = SettleForm(
        *_given(request)[:1], grounds=grounds,
        initial={"on": timezone.localdate(), "version": suggestion.case.version},
    )  # fmt: skip

    def keep(form: SettleForm) -> None:
        actions.settle_left(
            suggestion=suggestion, **form.cleaned_data, by=request.user, at=timezone.now()
        )

    return _asked(request, suggestion, form, keep, _("决定未了结的职责"), _("决定已登记。"))


@needs("case.read")
@require_safe
def proof(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Send an exhibit: its copy drawn for the page with `?copy=thumb`, else the sealed original."""
    found = get_object_or_404(queries.proofs_of(case_for(request, ref)), pk=number)
    kind = request.GET.get("copy", "")
    blob = get_object_or_404(found.blob.derivatives, kind=kind).blob_id if kind else found.blob_id
    content = b"".join(vault.read(blob, folder=settings.VAULT))
    response = FileResponse(
        io.BytesIO(content),
        as_attachment=not kind,
        filename=f"{blob[:12]}.jpg" if kind else found.name or blob[:12],
        content_type="image/jpeg" if kind else "application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _suggestion(request: HttpRequest, ref: str, number: int, act: str) -> Suggestion:
    case = case_for(request, ref)
    require_on(request.user, act, case)
    return _of(case, number)


def _of(case: Case, number: int) -> Suggestion:
    found = get_object_or_404(case.suggestions.select_related("organ"), pk=number)
    if not found.asks:
        raise Http404
    found.case = case
    return found


def _about(request: HttpRequest, ref: str, number: int) -> dict[str, Any]:
    suggestion = _of(case_for(request, ref), number)
    case = suggestion.case
    rounds = queries.rounds_of(suggestion)
    duties = queries.duties_of(suggestion, rounds)
    steps = may_on(request.user, "case.step", case)
    left = core.still_open([duty.core for duty in duties])
    served = suggestion.served_on is not None
    return {
        "case": case,
        "suggestion": suggestion,
        "duties": duties,
        "rounds": rounds,
        "disagreements": queries.disagreements(suggestion, duties),
        "left": left,
        "may_reply": steps and served and left,
        "may_verify": steps and served and left,
        "may_settle": rounds
        and left
        and not rounds[-1].passed
        and may_on(request.user, "case.decide", case),
    }


def _given(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _asked(  # noqa: PLR0917 -- one call a view above
    request: HttpRequest, suggestion: Suggestion, form: Any, keep: Kept, title: str, done: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            keep(form)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(queries.address(suggestion), status=303)
    context = {"case": suggestion.case, "suggestion": suggestion, "form": form, "title": title}
    return render(
        request, "cases/verification/ask.html", context, status=422 if form.errors else 200
    )
