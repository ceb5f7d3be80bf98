"""Samples in and out of hands: a request's all at once, or one sample's chain act by act."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jingyi.core.custody import Kind
from jingyi.web.evidence.custody.actions import enter
from jingyi.web.evidence.custody.forms import ActForm
from jingyi.web.lab import queries
from jingyi.web.lab.actions import handing
from jingyi.web.lab.forms.sampling import HandForm, ReceiveForm
from jingyi.web.lab.views.acting import done
from jingyi.web.lab.views.requests import page, request_for
from jingyi.web.lab.views.samples import sample_for, sample_page
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import holders


@needs("lab.sample")
@require_POST
def hand_over(request: HttpRequest, ref: str) -> HttpResponse:
    """Offer every sample of a request that one holds to somebody."""
    found = request_for(request, ref)
    people = holders(found.office, "lab.sample").exclude(pk=request.user.pk).order_by("name")
    form = HandForm(request.POST, people=people, auto_id="hand_%s")

    def take() -> str:
        mine = queries.held_by(request.user, found.samples.select_related("request__office"))
        handing.hand_over(samples=mine, **form.cleaned_data, by=request.user, at=timezone.now())
        return found.get_absolute_url()

    return done(request, form, take) or page(request, found, hand=form)


@needs("lab.sample")
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Confirm that everything that was offered to one is received."""
    form = ReceiveForm(request.POST)
    home = reverse("lab:home")

    def take() -> str:
        offered = queries.offered_to(request.user)
        n = handing.receive(
            samples=offered, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        messages.success(request, _("已确认接收 %(n)s 个样品。") % {"n": n})
        return home

    if not form.is_valid():
        messages.error(request, _("请写明接收时封签是否完好。"))
    return done(request, None, take if form.is_valid() else lambda: home, home) or page_gone()


@needs("lab.sample")
@require_POST
def act(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Enter one act in the chain of a sample."""
    found = sample_for(request, number)
    if kind not in set(Kind) - {Kind.COLLECTED}:
        raise Http404
    form = ActForm(
        request.POST, kind=Kind(kind), people=holders(found.request.office, "lab.sample")
    )

    def take() -> str:
        enter(
            subject=found.subject, kind=Kind(kind), said=form.said(), **form.people(),
            office=found.request.office, by=request.user, at=timezone.now(),
        )  # fmt: skip
        return f"{found.get_absolute_url()}#custody"

    return done(request, form, take) or sample_page(request, found, form)


def page_gone() -> HttpResponse:
    """Refuse what cannot come: without a form there is always an answer."""
    raise Http404
