"""What an organ asks, and where the procuratorate answers."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.cases.approvals.access import may_on
from jingyi.web.cases.verification.proofs import sealed
from jingyi.web.registry.access import needs
from jingyi.web.station import queries
from jingyi.web.station.actions import matters as matter_actions
from jingyi.web.station.actions import requests as actions
from jingyi.web.station.forms import DecideForm, RequestForm
from jingyi.web.station.models import Request, Seen
from jingyi.web.station.views.matters import matter_for
from jingyi.web.station.views.replies import given
from jingyi.web.ui.templatetags.ui import said


@needs("station.sign")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Object, or ask for time or a suspension."""
    matter = matter_for(request, number)
    form = RequestForm(
        request.POST if request.method == "POST" else None, request.FILES or None,
        initial={"kind": request.GET.get("kind", "objection")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        wanted = dict(form.cleaned_data)
        file = wanted.pop("file")
        if file:
            media = file.content_type or "application/octet-stream"
            wanted |= {"blob": sealed(file.read(), media, timezone.now()), "name": file.name}
        try:
            actions.ask(matter=matter, **wanted, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, _("已提交，等检察院答复。"))
            return HttpResponseRedirect(matter.get_absolute_url(), status=303)
    context = {
        "matter": matter,
        "shown": queries.shown(matter),
        "form": form,
        "last": queries.period_of_objection(matter),
    }
    return render(request, "station/ask.html", context, status=422 if form.errors else 200)


@needs("station.sign")
@require_POST
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Take a request back."""
    own = queries.matters_for(request.user)
    asked = get_object_or_404(Request.objects.filter(matter__in=own), pk=number)
    try:
        actions.take_back(asked=asked, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(asked.matter.get_absolute_url(), status=303)


@needs("case.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List what organs asked of one's office, what waits first."""
    context = {"requests": queries.requests_for(request.user)[:200]}
    return render(request, "station/requests.html", context)


@needs("case.read")
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a request; answer it."""
    asked = get_object_or_404(queries.requests_for(request.user), pk=number)
    case = asked.matter.suggestion.case
    decides = may_on(request.user, "case.step", case)
    if request.method == "POST" and not decides:
        raise Http404
    matter_actions.note(asked.matter, Seen.Part.REQUEST, by=request.user, at=timezone.now())
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(
                asked=asked, accepted=form.cleaned_data["accepted"] == "yes",
                answer=form.cleaned_data["answer"], by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(reverse("station:request", args=[asked.pk]), status=303)
    waits = decides and asked.state == Request.State.WAITING
    context = {"asked": asked, "case": case, "form": form if waits else None}
    return render(request, "station/request.html", context, status=422 if form.errors else 200)


@needs("desk.read")
@require_safe
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Send the file of a request, to either side."""
    own = Request.objects.filter(matter__in=queries.matters_for(request.user))
    asked = own.filter(pk=number).first() or get_object_or_404(
        queries.requests_for(request.user), pk=number
    )
    if not asked.blob_id:
        raise Http404
    return given(asked.blob_id, asked.name)
