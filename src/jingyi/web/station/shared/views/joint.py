"""Joint inspections, trainings and meetings."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.actions import joint as actions
from jingyi.web.station.shared.forms import DropForm, HoldForm, PlanForm
from jingyi.web.station.shared.models import Joint
from jingyi.web.ui.templatetags.ui import said

ACT = "station.plan"
PAGE = 50


@needs("station.ledger")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List what is planned and what was held, the latest first."""
    page = Paginator(queries.joint_for(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "plans": ACT in acts_of(request.user)}
    return render(request, "station/shared/joint_list.html", context)


@needs(ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Plan joint work with organs; their stations are told."""
    posted = request.method == "POST"
    form = PlanForm(
        request.POST if posted else None,
        organs=queries.organs_beyond(request.user, ACT).order_by("name"),
        offices=offices_for(request.user, ACT).order_by("path"),
    )
    if posted and form.is_valid():
        given = dict(form.cleaned_data)
        made = actions.plan(
            **(given | {"organs": list(given["organs"])}), by=request.user, at=timezone.now()
        )
        messages.success(request, _("已登记计划，有关机关会收到通知。"))
        return _to(made)
    status = 422 if form.errors else 200
    return render(request, "station/shared/joint_new.html", {"form": form}, status=status)


def _to(joint: Joint) -> HttpResponse:
    return HttpResponseRedirect(reverse("shared:joint", args=[joint.pk]), status=303)


@needs("station.ledger")
@require_safe
def page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one plan, or what came of it."""
    return _page(request, get_object_or_404(queries.joint_for(request.user), pk=number))


def _page(request: HttpRequest, found: Joint, *, form=None, status: int = 200) -> HttpResponse:
    open_ = found.state == Joint.State.PLANNED and may(request.user, ACT, found.office)
    first = {"on": found.on, "participants": "\n".join(found.participants)}
    context = {
        "joint": found, "open": open_,
        "hold": form if isinstance(form, HoldForm) else HoldForm(initial=first),
        "drop": form if isinstance(form, DropForm) else DropForm(),
    }  # fmt: skip
    return render(request, "station/shared/joint.html", context, status=status)


@needs(ACT)
@require_POST
def hold(request: HttpRequest, number: int) -> HttpResponse:
    """Enter that it took place."""
    return _enter(request, number, HoldForm, actions.hold)


@needs(ACT)
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Call it off."""
    return _enter(request, number, DropForm, actions.drop)


def _enter(request: HttpRequest, number: int, shape, action) -> HttpResponse:
    found = get_object_or_404(queries.joint_for(request.user), pk=number)
    form = shape(request.POST)
    if form.is_valid():
        try:
            action(joint=found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, _("已登记。"))
            return _to(found)
    return _page(request, found, form=form, status=422)
