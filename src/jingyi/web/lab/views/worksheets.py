"""Worksheets: begun, filled, handed in, verified."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.evidence.actions import seal
from jingyi.web.lab import controls, numbers, queries, sheets
from jingyi.web.lab.actions import filling, measuring, verifying
from jingyi.web.lab.forms.asking import ReasonForm
from jingyi.web.lab.forms.measuring import BeginForm, ControlForm, PlaceForm, ResultsForm
from jingyi.web.lab.models import Control, Method, Worksheet
from jingyi.web.lab.stations.forms import FileForm
from jingyi.web.lab.stations.importing import path_of
from jingyi.web.lab.views.acting import done
from jingyi.web.registry.access import may, needs
from jingyi.web.ui.templatetags.ui import said


@needs("lab.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the worksheets, the newest first."""
    found = queries.worksheets_for(request.user).select_related("method", "analyst", "verifier", "device")  # fmt: skip
    state = request.GET.get("state", "")
    if state in Worksheet.State.values:
        found = found.filter(state=state)
    context = {"rows": found[:200], "states": Worksheet.State.choices, "state": state}
    return render(request, "lab/worksheets.html", context)


@needs("lab.test")
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, method: int) -> HttpResponse:
    """Begin a worksheet of a method, with the samples that wait for its item."""
    found = get_object_or_404(queries.methods_for(request.user).select_related("office"), pk=method)
    waiting = queries.waiting_for(found)
    form = BeginForm(
        request.POST or None, method=found, devices=_devices(found), samples=waiting,
        initial={"on": timezone.localdate(), "samples": [one.number for one in waiting]},
    )  # fmt: skip

    def take() -> str:
        data = form.cleaned_data
        made = measuring.begin(method=found, **data, by=request.user, at=timezone.now())
        return made.get_absolute_url()

    if request.method == "POST" and (answer := done(request, form, take)):
        return answer
    context = {"method": found, "form": form, "waiting": len(waiting)}
    return render(request, "lab/begin.html", context, status=422 if form.errors else 200)


@needs("lab.read")
@require_safe
def worksheet(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a worksheet: order of measuring, controls, what is held by which."""
    return _page(request, sheet_for(request, ref))


@needs("lab.test")
@require_POST
def write(request: HttpRequest, ref: str) -> HttpResponse:
    """Write results."""
    sheet = sheet_for(request, ref)
    form = _results(sheet, request.POST)

    def take() -> str:
        measuring.write(sheet=sheet, texts=form.texts(), by=request.user, at=timezone.now())
        return f"{sheet.get_absolute_url()}#results"

    return done(request, form, take) or _page(request, sheet, results=form)


@needs("lab.test")
@require_POST
def place(request: HttpRequest, ref: str) -> HttpResponse:
    """Put more samples on a worksheet."""
    sheet = sheet_for(request, ref)
    form = PlaceForm(request.POST, auto_id="place_%s")

    def take() -> str:
        wanted = [numbers.plain(one) for one in form.cleaned_data["numbers"].split()]
        known = {one.number: one for one in queries.samples_for(request.user).filter(number__in=wanted).select_related("request")}  # fmt: skip
        if missing := [one for one in wanted if one not in known]:
            raise Refusal("没有这些样品编号：{them}。", them="、".join(missing) or "—")
        measuring.place(sheet=sheet, samples=[known[one] for one in wanted], intact=form.cleaned_data["intact"], by=request.user, at=timezone.now())  # fmt: skip
        return f"{sheet.get_absolute_url()}#results"

    return done(request, form, take) or _page(request, sheet, place=form)


@needs("lab.test")
@require_POST
def fill(request: HttpRequest, ref: str) -> HttpResponse:
    """Write the results of an instrument's file."""
    sheet = sheet_for(request, ref)
    form = FileForm(request.POST, request.FILES, auto_id="fill_%s")

    def take() -> str:
        now, file = timezone.now(), form.cleaned_data["file"]
        blob = seal(chunks=file.chunks(), media_type="application/octet-stream", at=now)
        wrong = filling.fill(sheet=sheet, path=path_of(blob), by=request.user, at=now)
        for sentence in wrong[:20]:
            messages.warning(request, said(sentence))
        return f"{sheet.get_absolute_url()}#results"

    return done(request, form, take) or _page(request, sheet, fill=form)


@needs("lab.test")
@require_POST
def control(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """Write a control down."""
    sheet = sheet_for(request, ref)
    if kind not in controls.FIGURES:
        raise Http404
    form = ControlForm(request.POST, kind=kind, method=sheet.method, auto_id=f"{kind}_%s")

    def take() -> str:
        data = form.cleaned_data
        measuring.control(
            sheet=sheet, kind=kind, figures=form.figures(), material=data.get("material"),
            position=data["position"], by=request.user, at=timezone.now(),
        )  # fmt: skip
        return f"{sheet.get_absolute_url()}#controls"

    return done(request, form, take) or _page(request, sheet, **{kind: form})


@needs("lab.test")
@require_POST
def drop(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Let a control not count, for a reason."""
    sheet = sheet_for(request, ref)
    found = get_object_or_404(Control, pk=number, worksheet=sheet)
    form = ReasonForm(request.POST, auto_id=f"drop{number}_%s")

    def take() -> str:
        reason = form.cleaned_data["reason"]
        measuring.drop_control(control=found, reason=reason, by=request.user, at=timezone.now())
        return f"{sheet.get_absolute_url()}#controls"

    return done(request, form, take) or _page(request, sheet, drop=form)


@needs("lab.test")
@require_POST
def submit(request: HttpRequest, ref: str) -> HttpResponse:
    """Hand a worksheet in."""
    sheet = sheet_for(request, ref)
    back = sheet.get_absolute_url()

    def take() -> str:
        judged = measuring.submit(sheet=sheet, by=request.user, at=timezone.now())
        messages.success(request, sheets.told(judged))
        return back

    return done(request, None, take, back) or _page(request, sheet)


@needs("lab.verify")
@require_POST
def verify(request: HttpRequest, ref: str) -> HttpResponse:
    """Verify a worksheet."""
    sheet = sheet_for(request, ref)
    back = sheet.get_absolute_url()

    def take() -> str:
        verifying.verify(sheet=sheet, by=request.user, at=timezone.now())
        messages.success(request, _("已复核。"))
        return back

    return done(request, None, take, back) or _page(request, sheet)


@needs("lab.read")
@require_POST
def settle(request: HttpRequest, ref: str, act: str) -> HttpResponse:
    """Send a worksheet back, or declare it void, for a reason."""
    sheet = sheet_for(request, ref)
    form = ReasonForm(request.POST, auto_id=f"{act}_%s")

    def take() -> str:
        action = verifying.give_back if act == "return" else verifying.void
        action(sheet=sheet, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return sheet.get_absolute_url()

    return done(request, form, take) or _page(request, sheet, **{act: form})


def sheet_for(request: HttpRequest, ref: str) -> Worksheet:
    """Return a worksheet that the person may see, or raise 404."""
    found = queries.worksheets_for(request.user).select_related("office", "method__office", "device", "kit", "analyst", "verifier")  # fmt: skip
    return get_object_or_404(found, ref=ref)


def _page(request: HttpRequest, sheet: Worksheet, **wrong: Any) -> HttpResponse:
    mine = sheet.analyst_id == request.user.pk and may(request.user, "lab.test", sheet.office)
    writing = sheet.state == Worksheet.State.OPEN and mine
    kinds = sheets.kinds(sheet.method)
    forms = {
        "results": _results(sheet, None),
        "place": PlaceForm(auto_id="place_%s"),
        "fill": FileForm(auto_id="fill_%s"),
        "return": ReasonForm(auto_id="return_%s"),
        "void": ReasonForm(auto_id="void_%s"),
        "drop": ReasonForm(auto_id="drop_%s"),
    } | wrong
    context = {
        "sheet": sheet,
        "shown": sheets.shown(sheet),
        "forms": forms,
        "controls": [
            wrong.get(kind) or ControlForm(kind=kind, method=sheet.method, auto_id=f"{kind}_%s")
            for kind in kinds
        ],
        "wrong": next(iter(wrong), ""),
        "writing": writing,
        "may_verify": sheet.state == Worksheet.State.SUBMITTED
        and may(request.user, "lab.verify", sheet.office) and not mine,
        "may_void": may(request.user, "lab.test", sheet.office)
        and sheet.state in {Worksheet.State.OPEN, Worksheet.State.SUBMITTED},
    }  # fmt: skip
    status = 422 if any(form.errors for form in wrong.values()) else 200
    return render(request, "lab/worksheet.html", context, status=status)


def _results(sheet: Worksheet, data: Any) -> ResultsForm:
    found = sheet.results.select_related("sample")
    return ResultsForm(
        data, results=list(found), sign_only=sheet.method.sign_only, auto_id="result_%s"
    )


def _devices(method: Method) -> QuerySet[Any]:
    return method.office.lab_devices.filter(retired_at=None).order_by("name")
