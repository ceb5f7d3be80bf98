"""The shared list, one item, and the steps taken with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.proposals import queries, showing
from jingyi.web.proposals.access import side_of
from jingyi.web.proposals.actions import steps as actions
from jingyi.web.proposals.forms import AssignForm, InviteForm, ItemFilter, ReasonForm, StepForm
from jingyi.web.proposals.models import Invitation, Item
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import offices_for
from jingyi.web.ui.templatetags.ui import said

PAGE = 50


@needs("proposals.read")
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """List the items of one's sessions: for the procuratorate the likeliest leads first."""
    form, found, office = _wanted(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    sides = _sides(request, page.object_list)
    rows = [queries.shown(item, sides[item.session_id]) for item in page]
    context = {"form": form, "page": page, "rows": rows, "office": office, "total": found.count()}
    return render(request, "proposals/items.html", context)


@needs("proposals.read")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Send the list as XLSX, with the same fields kept back."""
    found = _wanted(request)[1]
    found = list(found.prefetch_related("steps"))
    sides = _sides(request, found)
    data = showing.as_xlsx(queries.shown(item, sides[item.session_id]) for item in found)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="proposals.xlsx"'
    return response


@needs("proposals.read")
@require_safe
def item(request: HttpRequest, number: int) -> HttpResponse:
    """Show one item: what it says, what may be done next, and what it is linked with."""
    return _page(request, item_for(request, number))


@needs("proposals.read")
@require_safe
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """Show one item as a sheet to be printed."""
    found = item_for(request, number)
    shown = queries.shown(found, side_of(request.user, found.session))
    context = {"item": found, "shown": shown, "progress": showing.progress(shown.progress)}
    return render(request, "proposals/print.html", context)


@needs("proposals.read")
@require_POST
def step(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """Take a step."""
    found = item_for(request, number)
    if kind not in rulebook.proposals().steps:
        raise Http404
    form = StepForm(request.POST, auto_id=f"{kind}_%s")

    def take() -> None:
        data = form.cleaned_data
        actions.take(
            item=found, kind=kind, words=data["words"], on=data["on"], by=request.user,
            at=timezone.now(),
        )  # fmt: skip

    return _act(request, found, form, take, kind)


@needs("proposals.read")
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take the last step back."""
    found = item_for(request, number)
    form = ReasonForm(request.POST, auto_id="undo_%s")

    def take() -> None:
        reason = form.cleaned_data["reason"]
        actions.undo(item=found, reason=reason, by=request.user, at=timezone.now())

    return _act(request, found, form, take, "undo")


@needs("proposals.read")
@require_POST
def assign(request: HttpRequest, number: int) -> HttpResponse:
    """Enter to whom it was assigned."""
    found = item_for(request, number)
    form = AssignForm(request.POST, auto_id="assign_%s")

    def take() -> None:
        actions.assign(item=found, **form.cleaned_data, by=request.user, at=timezone.now())

    return _act(request, found, form, take, "assign")


@needs("proposals.assess")
@require_POST
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """Invite a proposer."""
    found = item_for(request, number)
    form = InviteForm(request.POST, auto_id="invite_%s", proposers=found.proposers.all())

    def take() -> None:
        actions.invite(**form.cleaned_data, by=request.user, at=timezone.now())

    return _act(request, found, form, take, "invite")


def item_for(request: HttpRequest, number: int) -> Item:
    """Return an item of one's sessions, or 404."""
    return get_object_or_404(queries.items_for(request.user), pk=number)


def _wanted(request: HttpRequest) -> tuple[ItemFilter, Any, bool]:
    sessions = queries.sessions_for(request.user)
    office = offices_for(request.user, "proposals.assess").exists()
    form = ItemFilter(request.GET, sessions=sessions, screened=office)
    found = queries.items_for(request.user)
    data = form.cleaned_data if form.is_valid() else {}
    if data.get("session"):
        found = found.filter(session=data["session"])
    if data.get("state"):
        found = found.filter(state=data["state"])
    if data.get("likely"):
        found = found.filter(is_lead=True)
    if words := data.get("q"):
        found = found.filter(Q(title__icontains=words) | Q(number=words))
    order = ("-session__first_on", "-lead", "pk") if office else ("-session__first_on", "number", "pk")  # fmt: skip
    return form, found.order_by(*order), office


def _sides(request: HttpRequest, found: Any) -> dict[int, str]:
    sessions = {item.session_id: item.session for item in found}
    return {number: side_of(request.user, session) for number, session in sessions.items()}


def _act(
    request: HttpRequest, found: Item, form: Any, take: Callable[[], None], name: str
) -> HttpResponse:  # fmt: skip
    if form.is_valid():
        try:
            take()
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, _("已登记。"))
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return _page(request, found, wrong=(name, form))


def _page(request: HttpRequest, found: Item, wrong: tuple[str, Any] | None = None) -> HttpResponse:
    side = side_of(request.user, found.session)
    clock, no_clock = queries.clock_of(found)
    course = rulebook.proposals()
    shown = queries.shown(found, side)
    blank: dict[str, Any] = {
        "assign": AssignForm(
            auto_id="assign_%s",
            initial={
                "organ": found.organ_words,
                "on": found.assigned_on,
                "difficult": found.difficult,
            },
        ),
        "invite": InviteForm(auto_id="invite_%s", proposers=found.proposers.all()),
        "undo": ReasonForm(auto_id="undo_%s"),
    }
    if wrong:
        blank[wrong[0]] = wrong[1]
    open_now = [
        (
            one,
            blank.get(one.id)
            or StepForm(auto_id=f"{one.id}_%s", initial={"on": timezone.localdate()}),
        )
        for one in course.open_to(side, found.state)
    ]
    taken = found.steps.select_related("by", "undone_by")
    secret = side == "committee" and not course.states[found.state].decided
    context = {
        "item": found,
        "shown": shown,
        "progress": showing.progress(shown.progress),
        "side": side,
        "steps": open_now,
        "forms": blank,
        "wrong": wrong,
        "taken": [
            {"step": one, "title": course.steps[one.kind].title,
             "words": "" if secret and one.kind in {"accept", "decline"} else one.words}
            for one in taken
        ],
        "last": taken.filter(undone_at=None).last(),
        "invitations": Invitation.objects.filter(proposer__item=found).select_related("proposer"),
        "clock": clock,
        "no_clock": no_clock,
        "copies": queries.copies_due(found) if side == "office" else (),
    }  # fmt: skip
    return render(request, "proposals/item.html", context, status=422 if wrong else 200)
