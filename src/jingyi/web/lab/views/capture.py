"""A picture of the sampling beside what was put down of it: place, time, device, sun."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.evidence.custody.capture import check, said_of
from jingyi.web.evidence.custody.queries import links_of
from jingyi.web.lab.views.samples import sample_for
from jingyi.web.registry.access import needs

MINUTES = 30  # one sampling takes about so long: its pictures are not all of one moment


@needs("lab.read")
@require_safe
def capture(request: HttpRequest, number: str, photo: int) -> HttpResponse:
    """Show what a picture says of itself beside what the sampling says; a part, or a page."""
    found = sample_for(request, number)
    picture = get_object_or_404(found.photos.select_related("blob"), pk=photo)
    told = said_of(
        links_of(found.subject).first(), at=found.taken_at, lon=found.lon, lat=found.lat,
        accuracy_m=found.accuracy_m, received_at=found.at, within_s=MINUTES * 60,
    )  # fmt: skip
    context: dict[str, Any] = {"sample": found, "named": picture.name, "anchor": f"capture-{photo}"}
    try:
        context["check"] = check(picture.blob, told, at=timezone.now())
    except Refusal as refusal:
        context["refused"] = refusal.sentence
    part = "evidence/custody/capture.html" if request.htmx else "lab/capture.html"
    return render(request, part, context)
