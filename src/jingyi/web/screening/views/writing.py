"""An office's own models: written from another's, checked, versioned, taken out of use."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from jingyi.core.screening import novelty
from jingyi.web.registry.access import needs
from jingyi.web.screening import library, queries
from jingyi.web.screening.actions import writing as actions
from jingyi.web.screening.forms import WriteForm
from jingyi.web.screening.views.acting import done, pressed
from jingyi.web.screening.views.models import model_for, office_for

PATTERN = "uninspected-lifts"  # a small model to begin from


@needs("screening.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new model, beginning from another."""
    begin = request.GET.get("from", PATTERN)
    model_for(request, begin)
    return _write(request, library.files_of(begin, office_for(request)))


@needs("screening.write")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the next version of a model."""
    model_for(request, slug)
    return _write(request, library.files_of(slug, office_for(request)), slug)


def _write(request: HttpRequest, files: dict[str, str], slug: str = "") -> HttpResponse:
    office = office_for(request)
    form = WriteForm(request.POST or None, files=files, fixed=slug)
    alike: list[novelty.Likeness] = []

    def take() -> str:
        name, given = form.cleaned_data["slug"], form.written()
        if not slug and "anyway" not in request.POST:
            model = actions.check(name, given)
            others = [one for one in library.models(office) if one.id != name]
            alike.extend(one for one in novelty.compare(model, others) if one.verdict != "new")
            if alike:
                raise actions.AlreadyThere(alike[0].other)
        made = actions.write(
            office=office, slug=name, files=given, note=form.cleaned_data["note"], by=request.user,
            at=timezone.now(),
        )  # fmt: skip
        return reverse("screening:model", args=[made.slug])

    if request.method == "POST" and (answer := done(form, take)):
        return answer
    context = {"form": form, "slug": slug, "alike": alike}
    return render(request, "screening/write.html", context, status=422 if form.errors else 200)


@needs("screening.write")
@require_POST
def retire(request: HttpRequest, number: int) -> HttpResponse:
    """Take a version out of use."""
    return _set(request, number, actions.retire)


@needs("screening.write")
@require_POST
def revive(request: HttpRequest, number: int) -> HttpResponse:
    """Put a version into use again."""
    return _set(request, number, actions.revive)


def _set(request: HttpRequest, number: int, action) -> HttpResponse:
    found = get_object_or_404(queries.own_for(request.user), pk=number)

    def take() -> str:
        action(model=found, by=request.user, at=timezone.now())
        return reverse("screening:models")

    return pressed(request, take, reverse("screening:models"))
