"""The office's own limits, and running clocks moved to another version after a preview."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.rules import actions, reading
from jingyi.web.cases.rules.forms import ChooseForm, LimitForm, MoveForm
from jingyi.web.cases.rules.models import Move, OfficeLimit
from jingyi.web.cases.rules.preview import Preview, preview
from jingyi.web.registry.access import needs
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for
from jingyi.web.ui.templatetags.ui import said

MOST = 20  # moves and changes listed


@needs("case.read")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """List the limits each office sets itself, their changes, and the moves of running clocks."""
    offices = list(offices_for(request.user, "case.read").order_by("path"))
    deciding = set(offices_for(request.user, "case.open").values_list("pk", flat=True))
    rules = reading.office_rules(office.pk for office in offices)
    today = timezone.localdate()
    own = [
        {
            "office": office,
            "decides": office.pk in deciding,
            "limits": [
                {"rule": rule, "version": rule.version_on(today), "latest": rule.versions[-1]}
                for rule in rules[office.pk]
                if rule.nature == "soft"
            ],
        }
        for office in offices
    ]
    context = {
        "own": own,
        "today": today,
        "changes": OfficeLimit.objects.filter(office__in=offices)
        .select_related("office", "by")
        .order_by("-pk")[:MOST],
        "moves": moves_for(request.user).order_by("-pk")[:MOST],
        "choose": _choosing(request, rules, data=None) if deciding else None,
    }
    return render(request, "cases/rules/overview.html", context)


@needs("case.open")
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: HttpRequest, code: str, rule: str) -> HttpResponse:
    """Ask for another length of one of the office's own limits, and set it."""
    office = get_object_or_404(offices_for(request.user, "case.open"), code=code)
    rules = reading.office_rules([office.pk])[office.pk]
    found = next((one for one in rules if one.id == rule and one.nature == "soft"), None)
    if found is None:
        raise Http404
    form = LimitForm(
        request.POST or None, rule=found, initial={"since": timezone.localdate(), "unit": "days"}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_limit(
                office=office, rule=rule, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(reverse("clock_rules:overview"), status=303)
    context = {"office": office, "rule": found, "form": form}
    return render(request, "cases/rules/limit.html", context, status=422 if form.errors else 200)


@needs("case.open")
@require_http_methods(["GET", "HEAD", "POST"])
def moving(request: HttpRequest) -> HttpResponse:
    """Preview every date that a move would change; on confirmation, move."""
    offices = offices_for(request.user, "case.open")
    form = _choosing(request, reading.office_rules(offices.values_list("pk", flat=True)))
    if not form.is_valid():
        return _preview(request, form, None, None)
    office = form.cleaned_data["office"]
    rule, version = form.cleaned_data["choice"]
    confirm = MoveForm(request.POST or None)
    if request.method == "POST" and confirm.is_valid():
        try:
            made = actions.move(
                office=office, rule=rule, version=version, **confirm.cleaned_data,
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            confirm.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    try:
        shown = preview(office, rule, version, on=timezone.localdate())
    except Refusal as refusal:
        form.add_error(None, said(refusal.sentence))
        return _preview(request, form, None, None)
    if not confirm.is_bound:
        confirm = MoveForm(initial={"seen": shown.digest})
    else:
        confirm.data = confirm.data | {"seen": shown.digest}  # what is shown now is confirmed next
    return _preview(request, form, shown, confirm)


@needs("case.read")
@require_safe
def moved(request: HttpRequest, number: int) -> HttpResponse:
    """Show a move with every date it changed."""
    found = get_object_or_404(moves_for(request.user), pk=number)
    decides = offices_for(request.user, "case.open").filter(pk=found.office_id).exists()
    context = {"move": found, "may_undo": decides and not found.undone_at}
    return render(request, "cases/rules/move.html", context)


@needs("case.open")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take a move back."""
    found = get_object_or_404(moves_for(request.user, "case.open"), pk=number)
    try:
        actions.undo_move(move=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        context = {"move": found, "refused": refusal.sentence}
        return render(request, "cases/rules/move.html", context, status=422)
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


def moves_for(user: User, act: str = "case.read") -> Any:
    """Return the moves in the offices where `user` may do `act`."""
    return Move.objects.filter(office__in=offices_for(user, act)).select_related(
        "office", "by", "undone_by"
    )


def _choosing(request: HttpRequest, rules: dict[int, reading.Rules], data: Any = ...) -> ChooseForm:
    """Return the form that chooses; it offers every version that some office has."""
    offered: dict[str, Any] = {}
    for one in (one for found in rules.values() for one in found):
        best = offered.get(one.id)
        if best is None or len(one.versions) > len(best.versions):
            offered[one.id] = one
    offices: Any = Procuratorate.objects.filter(
        pk__in=offices_for(request.user, "case.open").values("pk")
    ).order_by("path")
    given = (request.GET if request.method != "POST" else request.POST) if data is ... else data
    return ChooseForm(given, offices=offices, rules=tuple(offered.values()))


def _preview(
    request: HttpRequest, form: ChooseForm, shown: Preview | None, confirm: MoveForm | None
) -> HttpResponse:
    wrong = form.errors or (confirm and confirm.errors)
    context = {"form": form, "shown": shown, "confirm": confirm}
    return render(request, "cases/rules/preview.html", context, status=422 if wrong else 200)
