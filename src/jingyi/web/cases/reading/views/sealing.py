"""A case taken out as a sealed package."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from jingyi.core.refusal import Refusal
from jingyi.web.cases import sealed
from jingyi.web.cases.reading.views.asking import case_for
from jingyi.web.registry.access import needs
from jingyi.web.ui.templatetags.ui import said


@needs("case.read")
@require_POST
def export(request: HttpRequest, ref: str) -> HttpResponse:
    """Send the case as one ZIP that can be checked offline; say why if a file is not what it was."""
    case = case_for(request, ref)
    try:
        package = sealed.export(case=case, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return HttpResponseRedirect(reverse("reading:list", args=[case.ref]), status=303)
    return FileResponse(package, as_attachment=True, filename=f"{case.ref}.zip")
