"""Clues from one side to the other, with receipt, decision, reason and answer."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.actions import clues as actions
from jingyi.web.station.shared.forms import AnswerForm, ClueForm, DecideForm
from jingyi.web.station.shared.models import Clue
from jingyi.web.ui.templatetags.ui import said

ACT = "station.clue"
PAGE = 50
WAYS = set(Clue.Way.values)


def _ways(request: HttpRequest) -> list[str]:
    """Return in which ways this person may send: as an office, as an organ."""
    found = []
    if offices_for(request.user, ACT).exists():
        found.append(Clue.Way.TO_ORGAN)
    if queries.own_organs(request.user, ACT).exists():
        found.append(Clue.Way.TO_OFFICE)
    return found


@needs(ACT)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the clues of both ways, the newest first."""
    way = request.GET.get("way", "")
    found = queries.clues_for(request.user)
    if way in WAYS:
        found = found.filter(way=way)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "way": way, "ways": _ways(request), "labels": Clue.Way.choices}
    return render(request, "station/shared/clues.html", context)


@needs(ACT)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, way: str) -> HttpResponse:
    """Write a clue for the other side and send it."""
    if way not in _ways(request):
        raise Http404
    posted = request.method == "POST"
    organs, offices = _between(request, way)
    form = ClueForm(
        request.POST if posted else None, organs=organs, offices=offices, way=way,
        initial={"incident": request.GET.get("lead", "")},
    )  # fmt: skip
    if posted and form.is_valid():
        try:
            return _to(_send(request, way, dict(form.cleaned_data)))
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    context = {"form": form, "way": way, "title": Clue.Way(way).label}
    status = 422 if form.errors else 200
    return render(request, "station/shared/clue_new.html", context, status=status)


def _between(request: HttpRequest, way: str):
    """Return the organs and the offices to choose from."""
    if way == Clue.Way.TO_ORGAN:
        offices = offices_for(request.user, ACT)
        return queries.organs_beyond(request.user, ACT).order_by("name"), offices.order_by("path")
    organs = queries.own_organs(request.user, ACT).order_by("name")
    over = [
        office.pk
        for office in Procuratorate.objects.all()
        if any(queries.within(organ, office) for organ in organs)
    ]
    offices = Procuratorate.objects.filter(pk__in=over)
    return organs, offices.order_by("-path")  # the nearest office first


def _send(request: HttpRequest, way: str, given: dict) -> Clue:
    ref = given.pop("incident", "")
    incident = incidents_for(request.user).filter(ref=ref).first() if ref else None
    if ref and incident is None:
        raise Refusal("没有编号为 {ref} 的线索，或者您看不到它。请核对编号。", ref=ref)
    return actions.send(way=way, incident=incident, **given, by=request.user, at=timezone.now())


@needs(ACT)
@require_safe
def of_lead(request: HttpRequest, ref: str) -> HttpResponse:
    """Show to which organs a lead was handed, and which organ it came from; part of the lead's page."""
    incident = get_object_or_404(incidents_for(request.user), ref=ref)
    found = queries.clues_for(request.user).filter(incident=incident)
    sends = may(request.user, ACT, incident.office)
    context = {"incident": incident, "clues": found[:PAGE], "sends": sends}
    part = "#clues" if request.htmx else ""
    return render(request, f"station/shared/of_lead.html{part}", context)


def _to(clue: Clue) -> HttpResponse:
    return HttpResponseRedirect(reverse("shared:clue", args=[clue.pk]), status=303)


@needs(ACT)
@require_safe
def clue(request: HttpRequest, number: int) -> HttpResponse:
    """Show a clue, how far it is, and what this person may do with it."""
    found = get_object_or_404(queries.clues_for(request.user), pk=number)
    return _page(request, found)


def _page(request: HttpRequest, found: Clue, *, form=None, status: int = 200) -> HttpResponse:
    open_ = actions.acts_for(found, request.user)
    incident = found.incident
    context = {
        "clue": found, "may": open_,
        "decide": form if isinstance(form, DecideForm) else DecideForm(),
        "answer": form if isinstance(form, AnswerForm) else AnswerForm(initial={"text": found.answer}),
        # a lead is the office's own: the organ sees that there is one, not which
        "lead": incident if incident and incidents_for(request.user).filter(pk=incident.pk) else None,
    }  # fmt: skip
    return render(request, "station/shared/clue.html", context, status=status)


SIMPLE = {
    "take-back": (actions.take_back, gettext_lazy("线索已撤回。")),
    "receive": (actions.receive, gettext_lazy("已签收，对方会收到通知。")),
    "confirm": (actions.confirm, gettext_lazy("回执已确认。")),
}
ASKING = {"decide": (actions.decide, DecideForm), "answer": (actions.answer, AnswerForm)}


@needs(ACT)
@require_POST
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Do one thing with a clue: take-back, receive, confirm, decide, answer."""
    found = get_object_or_404(queries.clues_for(request.user), pk=number)
    form, given = None, {}
    if act in ASKING:
        action, shape = ASKING[act]
        form = shape(request.POST)
        if not form.is_valid():
            return _page(request, found, form=form, status=422)
        given = form.cleaned_data
    elif act in SIMPLE:
        action = SIMPLE[act][0]
    else:
        raise Http404
    try:
        action(clue=found, **given, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    else:
        messages.success(
            request, SIMPLE[act][1] if act in SIMPLE else _("已登记，对方会收到通知。")
        )
    return _to(found)
