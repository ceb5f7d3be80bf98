"""A deputy's or member's own pages, made for a phone: my proposals, invitations, answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.proposals import queries, showing
from jingyi.web.proposals.actions import steps as actions
from jingyi.web.proposals.forms import RateForm
from jingyi.web.proposals.models import Invitation, Item, Material
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said


@needs("proposals.mine")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show what I proposed and where each stands, what I am invited to, what was sent to me."""
    user, today = request.user, timezone.localdate()
    found = queries.own_items(user).prefetch_related("steps").order_by("-pk")[:100]
    shown = [queries.shown(item, "proposer") for item in found]
    invited = Invitation.objects.filter(proposer__user=user, on__gte=today)
    context = {
        "rows": [(one, showing.progress(one.progress)) for one in shown],
        "invitations": invited.select_related("proposer__item"),
        "materials": Material.objects.filter(user=user).exclude(state="dropped"),
    }
    return render(request, "proposals/mine.html", context)


@needs("proposals.mine")
@require_safe
def own(request: HttpRequest, number: int) -> HttpResponse:
    """Show one of my proposals."""
    return _page(request, _own(request, number), RateForm())


@needs("proposals.mine")
@require_POST
def rate(request: HttpRequest, number: int) -> HttpResponse:
    """Say how content I am with what was done."""
    found = _own(request, number)
    form = RateForm(request.POST)
    if form.is_valid():
        try:
            actions.take(
                item=found, kind="rate", **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, _("谢谢，已记录。"))
            return HttpResponseRedirect(reverse("proposals:own", args=[found.pk]), status=303)
    return _page(request, found, form)


@needs("proposals.mine")
@require_POST
def reply(request: HttpRequest, number: int) -> HttpResponse:
    """Say whether I come."""
    own = Invitation.objects.filter(proposer__user=request.user)
    found = get_object_or_404(own.select_related("proposer__item__session__office"), pk=number)
    try:
        actions.reply_to(
            invitation=found, comes=request.POST.get("comes") == "yes", by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(reverse("proposals:mine"), status=303)


def _own(request: HttpRequest, number: int) -> Item:
    return get_object_or_404(queries.own_items(request.user), pk=number)


def _page(request: HttpRequest, found: Item, form: RateForm) -> HttpResponse:
    shown = queries.shown(found, "proposer")
    course = rulebook.proposals()
    may_rate = any(step.id == "rate" for step in course.open_to("proposer", found.state))
    states = [state for state in course.states.values() if state.id != "declined"]
    here = [state.id for state in states].index(found.state) if found.state != "declined" else 3
    context = {
        "item": found,
        "shown": shown,
        "progress": showing.progress(shown.progress),
        "form": form if may_rate else None,
        "stages": [
            {"label": said(state.title), "state": "done" if n < here else "here" if n == here else "ahead"}
            for n, state in enumerate(states)
        ],
    }  # fmt: skip
    return render(request, "proposals/own.html", context, status=422 if form.errors else 200)
