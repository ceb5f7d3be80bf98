"""The catalogue of models, and one model whole."""

import io
import zipfile

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jingyi.core.refusal import Refusal
from jingyi.core.rulebook import domain
from jingyi.core.screening.compile import shown
from jingyi.core.screening.model import Model
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.models import Procuratorate
from jingyi.web.screening import library, outcomes, queries
from jingyi.web.screening.actions.runs import threshold
from jingyi.web.screening.models import Run


@needs("screening.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List every model with its question, and how it has done here."""
    office = office_for(request)
    word, slug = request.GET.get("q", "").strip()[:40], request.GET.get("domain", "")
    runs: dict[str, int] = {}
    for name in Run.objects.filter(office=office, preview=False).values_list("model", flat=True):
        runs[name] = runs.get(name, 0) + 1
    every = library.models(office)
    own = {one.slug for one in library.own_models(office)}
    rows = [
        {
            "model": one,
            "domain": domain(one.domain),
            "runs": runs.get(one.id, 0),
            "own": one.id in own,
        }
        for one in every
        if _about(one, word) and (not slug or one.domain == slug)
    ]
    context = {
        "models": rows,
        "word": word,
        "slug": slug,
        "domains": [domain(one) for one in sorted({one.domain for one in every})],
        "total": len(every),
        "may_write": may(request.user, "screening.write", office),
    }
    return render(request, "screening/models.html", context)


def _about(model: Model, word: str) -> bool:
    told = f"{model.id} {model.title.to_json()} {model.question.to_json()}".lower()
    return word.lower() in told


@needs("screening.read")
@require_safe
def model(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a model: question, basis, contract, parameters, SQL, examples, record, likeness, runs."""
    office, found = office_for(request), model_for(request, slug)
    others = library.models(office)
    context = {
        "model": found,
        "domain": domain(found.domain),
        "parameters": [(one, shown(one.default)) for one in found.parameters],
        "saved": threshold(office, slug),
        "records": outcomes.records(office, slug),
        "alike": [
            (one, next(o for o in others if o.id == one.other))
            for one in outcomes.likeness(office, found, others)
        ],
        "runs": queries.runs_for(request.user).filter(model=slug)[:20],
        "versions": library.versions(slug, office),
        "may_run": may(request.user, "screening.run", office),
        "may_write": may(request.user, "screening.write", office),
    }
    return render(request, "screening/model.html", context)


@needs("screening.read")
@require_safe
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the folder of a model."""
    model_for(request, slug)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in sorted(library.files_of(slug, office_for(request)).items()):
            package.writestr(f"{slug}/{name}", text)
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{slug}.zip"'
    return response


def office_for(request: HttpRequest) -> Procuratorate:
    """Return the office a person works for here, or raise 404."""
    office = queries.office_of(request.user)
    if office is None:
        raise Http404
    return office


def model_for(request: HttpRequest, slug: str) -> Model:
    """Return a model the office may run, or raise 404."""
    try:
        return library.model(slug, office_for(request))
    except Refusal as refusal:
        raise Http404 from refusal
