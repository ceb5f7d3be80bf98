"""Joint papers of the three offices, and the year's report."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.proposals import year as counting
from jingyi.web.proposals.access import countersides
from jingyi.web.proposals.actions import joint as actions
from jingyi.web.proposals.forms import JointForm, ReasonForm
from jingyi.web.proposals.models import Countersignature, JointPaper
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import offices_for, seats_for
from jingyi.web.ui.templatetags.ui import said

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@needs("proposals.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the joint papers one's office has a part in."""
    papers = _papers(request).prefetch_related("signatures")[:100]
    rows = [(paper, len(paper.signatures.all())) for paper in papers]
    writes = offices_for(request.user, "proposals.assess").exists()
    return render(request, "proposals/joints.html", {"rows": rows, "writes": writes})


@needs("proposals.assess")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a joint paper."""
    form = JointForm(
        request.POST if request.method == "POST" else None,
        offices=offices_for(request.user, "proposals.assess"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.write(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    context = {"form": form, "title": _("起草联合文件")}
    return render(request, "proposals/ask.html", context, status=422 if form.errors else 200)


@needs("proposals.read")
@require_safe
def joint(request: HttpRequest, number: int) -> HttpResponse:
    """Show a joint paper and whose turn it is."""
    paper = _found(request, number)
    signed = {one.side: one for one in paper.signatures.select_related("by")}
    turn = None if paper.returned_at else actions.next_of(paper)
    context = {
        "paper": paper,
        "sides": [(side.label, signed.get(side)) for side in Countersignature.Side],
        "turn": turn,
        "mine": turn in countersides(request.user, paper),
        "form": ReasonForm(),
    }
    return render(request, "proposals/joint.html", context)


@needs("proposals.sign")
@require_POST
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Sign, or return with a reason."""
    paper = _found(request, number)
    done: dict[str, Any] = {"paper": paper, "by": request.user, "at": timezone.now()}
    try:
        match act:
            case "sign":
                actions.sign(digest=request.POST.get("digest", ""), **done)
            case "return":
                actions.send_back(words=request.POST.get("reason", ""), **done)
            case _:
                raise Http404
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
    return HttpResponseRedirect(paper.get_absolute_url(), status=303)


@needs("proposals.read")
@require_safe
def year(request: HttpRequest) -> HttpResponse:
    """Show the year's numbers, each from the shared list."""
    asked = request.GET.get("year", "")
    wanted = int(asked) if asked.isdigit() and len(asked) == 4 else timezone.localdate().year
    years, back = counting.of(request.user, wanted)
    office = any(may(request.user, "proposals.read", one) for one in offices_for(request.user)[:1])
    context = {"year": wanted, "years": years, "back": back, "office": office}
    return render(request, "proposals/year.html", context)


@needs("proposals.read")
@require_safe
def year_file(request: HttpRequest, year: int) -> HttpResponse:
    """Send the year's report as DOCX."""
    data = counting.as_docx(request.user, year, on=timezone.localdate())
    response = HttpResponse(data, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="proposals-{year}.docx"'
    return response


def _papers(request: HttpRequest) -> Any:
    regions = seats_for(request.user, "proposals.sign").values("region")
    own = Q(office__in=offices_for(request.user, "proposals.read")) | Q(office__region__in=regions)
    return JointPaper.objects.filter(own).select_related("office__region", "by")


def _found(request: HttpRequest, number: int) -> JointPaper:
    return get_object_or_404(_papers(request), pk=number)
