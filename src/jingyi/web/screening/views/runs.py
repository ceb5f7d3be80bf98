"""A run: its data chosen, its columns confirmed, watched, cancelled, its thresholds saved."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.core.screening.model import Model
from jingyi.core.screening.practice import practice
from jingyi.core.words import Sentence
from jingyi.engines.screening.reading import headings
from jingyi.web.registry.access import may, needs
from jingyi.web.screening import library, queries
from jingyi.web.screening.actions import runs as actions
from jingyi.web.screening.actions import sampling
from jingyi.web.screening.actions.hits import Told
from jingyi.web.screening.forms import InputsForm, NegativeForm, RunForm
from jingyi.web.screening.models import DataSource, Run
from jingyi.web.screening.views.acting import done, pressed
from jingyi.web.screening.views.models import model_for, office_for

PAGE = 50


@needs("screening.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the runs, the newest first."""
    found = [(one, library.of_text(one.text)) for one in queries.runs_for(request.user)[:100]]
    return render(request, "screening/runs.html", {"runs": found})


@needs("screening.run")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the data for each table of the contract."""
    model, here = model_for(request, slug), _here(request)
    form = InputsForm(request.POST or None, model=model, sources=here.values())
    if request.method == "POST" and form.is_valid():
        chosen = "&".join(f"{name}={pk}" for name, pk in form.cleaned_data.items())
        where = f"{reverse('screening:columns', args=[slug])}?{chosen}"
        return HttpResponseRedirect(where, status=303)
    context = {"form": form, "model": model, "sources": here}
    return render(request, "screening/choose.html", context, status=422 if form.errors else 200)


@needs("screening.run")
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm how columns are read and with which parameters; then look at what comes of it."""
    office, model, here = office_for(request), model_for(request, slug), _here(request)
    try:
        chosen = {table.name: here[int(request.GET[table.name])] for table in model.sources}
    except (KeyError, ValueError):
        return HttpResponseRedirect(reverse("screening:choose", args=[slug]), status=303)
    guessed = {name: _guess(request, model, name, source) for name, source in chosen.items()}
    form = RunForm(
        request.POST or None, model=model, chosen=chosen, guessed=guessed,
        values=actions.threshold(office, slug),
    )  # fmt: skip

    def take() -> str:
        made = actions.ask(
            office=office, model=model, sources=chosen, columns=form.columns(), said=form.values(),
            preview=True, by=request.user, at=timezone.now(),
        )  # fmt: skip
        return made.get_absolute_url()

    if request.method == "POST" and (answer := done(form, take)):
        return answer
    context = {"form": form, "model": model}
    return render(request, "screening/columns.html", context, status=422 if form.errors else 200)


def _here(request: HttpRequest) -> dict[int, DataSource]:
    office = office_for(request)
    kept = queries.sources_for(request.user).filter(office=office, deleted_at=None)
    return {one.pk: one for one in kept}


def _guess(request: HttpRequest, model: Model, name: str, source: DataSource) -> dict[str, str]:
    """Return how columns were read the last time, else what their headings say."""
    names = tuple(one["heading"] for one in source.profile)
    if known := actions.remembered(office_for(request), model, name, source):
        return known
    found: dict[str, str] = {}
    for column in model.source(name).columns:
        try:
            found |= headings(_only(model, name, column.name), names)
        except Refusal:
            continue
    return found


def _only(model: Model, name: str, column: str) -> Any:
    """Return a table of the contract with one column, so that one that is missing hides no other."""
    table = model.source(name)
    return replace(table, key=(), columns=(table.column(column),))


@needs("screening.read")
@require_safe
def run(request: HttpRequest, number: int) -> HttpResponse:
    """Show a run under way or over; the polling fragment alone when HTMX asks."""
    found = run_for(request, number)
    part = "#state" if request.htmx and not request.htmx.boosted else ""
    response = render(request, f"screening/run.html{part}", _context(request, found))
    if part and not found.going:  # it has ended: what stands around the fragment is another now
        response["HX-Refresh"] = "true"
    return response


def _context(request: HttpRequest, found: Run) -> dict[str, Any]:
    model = library.of_text(found.text)
    told = Told(found)
    which = request.GET.get("show", "open")
    hits = found.found.select_related("standing__report__finding__incident").order_by("n")
    page = Paginator(_chosen(hits, which, found), PAGE).get_page(request.GET.get("page"))
    for one in page.object_list:
        one.run = found
    return {
        "run": found,
        "model": model,
        "page": page,
        "rows": [(one, told.finding(one) if one.values else None) for one in page.object_list],
        "which": which,
        "tables": _tables(model, found),
        "steps": _steps(model, found),
        "parameters": [(one, found.values[one.id]) for one in model.parameters],
        "left": _left(found),
        "today": timezone.localdate(),
        "warnings": [Sentence.from_json(one) for one in found.warnings],
        "negatives": found.negatives.all(),
        "may_run": may(request.user, "screening.run", found.office),
        "most": practice().sent_at_once,
    }


def _chosen(hits: Any, which: str, found: Run) -> Any:
    today = timezone.localdate()
    if found.preview or which == "all":
        return hits
    if which == "sent":
        return hits.filter(standing__report__isnull=False)
    if which == "held":
        return hits.filter(standing__suppressed_until__gte=today)
    if which == "judged":
        return hits.exclude(standing__verdict="")
    waiting = hits.filter(standing__report=None, standing__verdict="")
    return waiting.exclude(standing__suppressed_until__gte=today)


def _tables(model: Model, found: Run) -> list[dict[str, Any]]:
    inputs = {one.table: one for one in found.inputs.select_related("source")}
    return [
        {"table": table, "input": inputs[table.name], "told": found.told.get(table.name)}
        for table in model.sources
    ]


def _steps(model: Model, found: Run) -> list[tuple[str, str, int | None]]:
    """Return each CTE with its SQL and, once it was counted, its rows."""
    counts = found.told.get("steps", {})
    return [
        (one.alias, one.this.sql(dialect="duckdb", pretty=True), counts.get(one.alias))
        for one in model.query.ctes
    ]


def _left(found: Run) -> float | None:
    """Return the seconds left at the pace so far."""
    if not found.going or not found.started_at or found.share <= 0:
        return None
    spent = (timezone.now() - found.started_at).total_seconds()
    return spent * (1 - found.share) / found.share


@needs("screening.run")
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Stop a run."""
    return _pressed(request, number, actions.cancel)


@needs("screening.run")
@require_POST
def resume(request: HttpRequest, number: int) -> HttpResponse:
    """Go on with a run that was stopped."""
    return _pressed(request, number, actions.resume)


def _pressed(request: HttpRequest, number: int, action: Any) -> HttpResponse:
    found = run_for(request, number)

    def take() -> str:
        action(run=found, by=request.user, at=timezone.now())
        return found.get_absolute_url()

    return pressed(request, take, found.get_absolute_url())


@needs("screening.run")
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Save the thresholds of a preview and run in earnest."""
    found = run_for(request, number)

    def take() -> str:
        made = actions.settle(preview=found, by=request.user, at=timezone.now())
        return made.get_absolute_url()

    return pressed(request, take, found.get_absolute_url())


@needs("screening.run")
@require_POST
def sample(request: HttpRequest, number: int) -> HttpResponse:
    """Draw rows that were not flagged."""
    found = run_for(request, number)

    def take() -> str:
        sampling.draw(run=found, by=request.user, at=timezone.now())
        return f"{found.get_absolute_url()}#sample"

    return pressed(request, take, found.get_absolute_url())


@needs("screening.run")
@require_POST
def negative(request: HttpRequest, number: int) -> HttpResponse:
    """Say of a sampled row whether it should have been a hit."""
    found = get_object_or_404(queries.negatives_for(request.user), pk=number)
    form = NegativeForm(request.POST)
    if not form.is_valid():
        raise Http404

    def take() -> str:
        said = form.cleaned_data["verdict"]
        sampling.say_of(negative=found, verdict=said, by=request.user, at=timezone.now())
        return f"{found.run.get_absolute_url()}#row-{found.pk}"

    return pressed(request, take, found.run.get_absolute_url())


def run_for(request: HttpRequest, number: int) -> Run:
    """Return a run that the person may see, or raise 404."""
    return get_object_or_404(queries.runs_for(request.user), pk=number)
