"""Direction B: what is offered, drafts, handing over, and as what it was tabled."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Suggestion
from jingyi.web.cases.queries import cases_for
from jingyi.web.proposals import offering, queries
from jingyi.web.proposals.actions import material as actions
from jingyi.web.proposals.forms import HandForm, MaterialForm, TabledForm
from jingyi.web.proposals.models import Material
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import offices_for
from jingyi.web.ui.templatetags.ui import said

MOST = 40  # suggestions one draft is prefilled with


@needs("proposals.assess")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show what may be worth a proposal, and what was made of it."""
    own = Material.objects.filter(office__in=offices_for(request.user, "proposals.assess"))
    context = {
        "offers": offering.offers(request.user, on=timezone.localdate()),
        "materials": own.select_related("item", "by")[:100],
    }
    return render(request, "proposals/materials.html", context)


@needs("proposals.assess")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Draft material from suggestions; the draft begins with what they say."""
    ground = rulebook.proposals().grounds.get(request.GET.get("ground", ""))
    numbers = [int(n) for n in request.GET.get("of", "").split(",") if n.isdigit()][:MOST]
    suggestions = list(
        Suggestion.objects.filter(case__in=cases_for(request.user), pk__in=numbers)
        .select_related("case__office", "organ")
        .order_by("decided_on", "pk")
    )
    if ground is None or not suggestions:
        raise Http404
    form = MaterialForm(
        request.POST if request.method == "POST" else None, initial=_begun(ground, suggestions)
    )
    office = suggestions[0].case.office
    own = offices_for(request.user, "proposals.assess")
    office = own.order_by("path").first() or office
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft(
                office=office, ground=ground.id, suggestions=suggestions, **form.cleaned_data,
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    context = {"form": form, "title": _("起草建议素材"), "suggestions": suggestions}
    return render(request, "proposals/ask.html", context, status=422 if form.errors else 200)


@needs("proposals.assess")
@require_safe
def material(request: HttpRequest, number: int) -> HttpResponse:
    """Show material and what may be done with it."""
    return _page(request, _found(request, number))


@needs("proposals.assess")
@require_POST
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Rewrite, hand over, enter as tabled, or drop."""
    found = _found(request, number)
    form = _forms(request, found, request.POST).get(act)
    if form is None and act != "drop":
        raise Http404
    if form is not None and not form.is_valid():
        return _page(request, found, {act: form})
    try:
        _do(request, found, act, form)
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(found.get_absolute_url(), status=303)


def _do(request: HttpRequest, found: Material, act: str, form: Any) -> None:
    done = {"material": found, "by": request.user, "at": timezone.now()}
    match act:
        case "rewrite":
            actions.rewrite(**form.cleaned_data, **done)
        case "hand":
            name = form.cleaned_data["to"].strip()
            users = User.objects.filter(
                name=name, posts__role="deputy", posts__procuratorate=found.office
            ).distinct()
            user = users[0] if len(users) == 1 else None
            actions.hand(**form.cleaned_data, user=user, **done)
        case "tabled":
            actions.tabled(**form.cleaned_data, **done)
        case _:
            actions.drop(**done)


def _begun(ground: Any, suggestions: list[Suggestion]) -> dict[str, str]:
    """Return a first draft: what was found, where, what was asked for."""
    domain = said(rulebook.domain(suggestions[0].case.domain).title)
    lines = [
        f"{n}. {one.case.title}（{one.organ.name if one.organ else ''}，{one.decided_on}）："
        + "；".join(one.asks)
        for n, one in enumerate(suggestions, 1)
    ]
    head = f"检察机关在办理{domain}领域公益诉讼案件中发现：{said(ground.title)}，涉及检察建议{len(suggestions)}份。"
    return {
        "title": f"关于加强{domain}领域治理的建议（素材）",
        "text": "\n".join([head, *lines, "建议："]),
    }


def _found(request: HttpRequest, number: int) -> Material:
    own = Material.objects.filter(office__in=offices_for(request.user, "proposals.assess"))
    return get_object_or_404(own.select_related("office", "item", "by"), pk=number)


def _forms(request: HttpRequest, found: Material, data: Any = None) -> dict[str, Any]:
    items = queries.items_for(request.user).filter(session__office=found.office, material=None)
    told = {"title": found.title, "text": found.text}
    today = timezone.localdate()
    return {
        Material.State.DRAFT: {
            "rewrite": MaterialForm(data, auto_id="rewrite_%s", initial=told),
            "hand": HandForm(data, auto_id="hand_%s", initial={"on": today}),
        },
        Material.State.HANDED: {"tabled": TabledForm(data, items=items.order_by("-pk"))},
    }.get(found.state, {})


def _page(
    request: HttpRequest, found: Material, wrong: dict[str, Any] | None = None
) -> HttpResponse:
    context = {
        "material": found,
        "ground": rulebook.proposals().grounds[found.ground],
        "forms": _forms(request, found) | (wrong or {}),
        "suggestions": found.suggestions.select_related("case", "organ"),
    }
    return render(request, "proposals/material.html", context, status=422 if wrong else 200)
