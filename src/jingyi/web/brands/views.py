"""The room's pages: the list with its faults, a brand, the matrix."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core import brands as core
from jingyi.core.refusal import Refusal
from jingyi.web.brands import actions, forms, plot, queries
from jingyi.web.brands.models import Brand, Claim
from jingyi.web.cases.queries import cases_for
from jingyi.web.evidence import vault
from jingyi.web.intake import photos
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of
from jingyi.web.ui.templatetags.ui import said


def _done(form: django_forms.Form, take: Callable[[], Brand]) -> HttpResponse | None:
    """Take the action and go to the brand; None: the form has errors to be shown."""
    if not form.is_valid():
        return None
    try:
        return HttpResponseRedirect(take().get_absolute_url(), status=303)
    except Refusal as refusal:
        form.add_error(None, said(refusal.sentence))
        return None


@needs("brands.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the brands; narrowed by a stage, a focus, a department or a fault."""
    every = list(queries.with_upkeep(queries.brands_for(request.user)))
    faults = queries.faults_of(every, on=timezone.localdate())
    asked = {name: request.GET.get(name, "") for name in ("stage", "focus", "department", "fault")}
    shown = [one for one in every if _fits(one, asked, faults.get(one.pk, []))]
    stages = core.book().stages
    rows = [(one, stages[one.stage].title, faults.get(one.pk, [])) for one in shown]
    context = {
        "rows": rows,
        "narrowed": any(asked.values()),
        "may_change": "brands.change" in acts_of(request.user),
    }
    return render(request, "brands/list.html", context)


def _fits(brand: Brand, asked: dict[str, str], faults: list[queries.Fault]) -> bool:
    return (
        asked["stage"] in {"", brand.stage}
        and (not asked["focus"] or asked["focus"] in brand.focuses)
        and asked["department"] in {"", str(brand.department_id)}
        and (not asked["fault"] or any(one.kind == asked["fault"] for one in faults))
    )


@needs("brands.read")
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """Draw departments × focuses and brands × stages, and list the faults."""
    every = list(queries.with_upkeep(queries.brands_for(request.user)))
    faults = queries.faults_of(every, on=timezone.localdate())
    living = [one for one in every if one.stage not in queries.OVER]
    context = {
        "focuses": plot.focuses(living, faults),
        "stages": plot.stages(every, faults),
        "found": [(one, faults[one.pk]) for one in living if faults[one.pk]],
        "any": bool(every),
    }
    return render(request, "brands/matrix.html", context)


@needs("brands.change")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a brand."""
    form = forms.BrandForm(request.POST or None, departments=queries.departments_for(request.user))
    if request.method == "POST":
        answer = _done(form, lambda: actions.create(
            department=form.cleaned_data["department"], texts=form.texts(),
            by=request.user, at=timezone.now(),
        ))  # fmt: skip
        if answer:
            return answer
    context = {"form": form}
    return render(request, "brands/edit.html", context, status=422 if form.errors else 200)


def _brand(request: HttpRequest, number: int, act: str = "brands.read") -> Brand:
    found = get_object_or_404(queries.brands_for(request.user), pk=number)
    if not may(request.user, act, found.office):
        raise Http404
    return found


@needs("brands.change")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Rewrite a brand's texts."""
    found = _brand(request, number, "brands.change")
    form = forms.BrandForm(request.POST or None, initial=forms.BrandForm.begun(found))
    sent = request.POST.get("version", "")
    if request.method == "POST":
        version = int(sent) if sent.isdecimal() else 0
        answer = _done(form, lambda: actions.change(
            brand=found, texts=form.texts(), version=version,
            by=request.user, at=timezone.now(),
        ))  # fmt: skip
        if answer:
            return answer
    context = {"form": form, "brand": found, "version": sent or found.version}
    return render(request, "brands/edit.html", context, status=422 if form.errors else 200)


ACT = {
    "decide": "brands.decide", "claim": "brands.claim", "quote": "brands.claim",
    "keep": "brands.change", "mark": "brands.change", "represent": "brands.change",
}  # fmt: skip


@needs("brands.read")
@require_safe
def brand(request: HttpRequest, number: int) -> HttpResponse:
    """Show a brand."""
    return _page(request, _brand(request, number), {})


def _forms(request: HttpRequest, found: Brand, own: dict[str, Any]) -> dict[str, Any]:
    """Return the forms `request.user` may send on a brand's page, by name; `own` is the one sent."""
    others = queries.brands_for(request.user).filter(office=found.office)
    others = others.exclude(Q(pk=found.pk) | Q(stage__in=queries.OVER))
    refs = "、".join(found.cases.order_by("ref").values_list("ref", flat=True))
    made: dict[str, Callable[..., Any]] = {
        "decide": lambda *a, **k: forms.DecideForm(*a, brand=found, others=others, **k),
        "claim": forms.ClaimForm, "quote": forms.QuoteForm, "keep": forms.KeepForm,
        "mark": forms.MarkForm,
        "represent": lambda *a, **k: forms.CasesForm(*a, initial={"refs": refs}, **k),
    }  # fmt: skip
    if "what" in own:
        return {own["what"]: made[own["what"]](*own["sent"], prefix=own["what"])}
    closed = not core.book().stages[found.stage].to
    return {
        name: make(prefix=name)
        for name, make in made.items()
        if may(request.user, ACT[name], found.office) and not (name == "decide" and closed)
    }


def _page(request: HttpRequest, found: Brand, wrong: dict[str, Any]) -> HttpResponse:
    book = core.book()
    every = list(queries.with_upkeep(queries.brands_for(request.user)))
    texts = [(title, found.sections.get(name, "")) for name, title in book.sections.items()]
    decisions = [
        (book.stages[one.stage].title, one) for one in found.decisions.select_related("by")
    ]
    context = {
        "brand": found,
        "stage": book.stages[found.stage].title,
        "texts": texts,
        "focuses": [title for name, title in book.focuses.items() if name in found.focuses],
        "claims": queries.claims_of(found),
        "faults": queries.faults_of(every, on=timezone.localdate()).get(found.pk, []),
        "cases": cases_for(request.user).filter(brands=found).order_by("ref"),
        "decisions": decisions,
        "upkeeps": found.upkeeps.select_related("by")[:20],
        "forms": _forms(request, found, {}) | wrong,
    }
    return render(request, "brands/brand.html", context, status=422 if wrong else 200)


@needs("brands.read")
@require_POST
def take(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Take one of the actions of a brand's page."""
    if what not in ACT:
        raise Http404
    found = _brand(request, number, ACT[what])
    form = _forms(request, found, {"what": what, "sent": (request.POST, request.FILES)})[what]
    answer = _done(form, lambda: _take(request, found, what, form.cleaned_data))
    return answer or _page(request, found, {what: form})


def _take(request: HttpRequest, found: Brand, what: str, given: dict[str, Any]) -> Brand:
    who: dict[str, Any] = {"brand": found, "by": request.user, "at": timezone.now()}
    if what == "decide":
        actions.decide(**who, **given)
    elif what == "claim":
        department = found.department if given.pop("own") else None
        actions.claim(**who, **given, department=department)
    elif what == "quote":
        actions.quote(**who, **given)
    elif what == "keep":
        actions.keep(**who, **given)
    elif what == "represent":
        actions.represent(**who, refs=forms.split(given["refs"]))
    else:
        file = given["file"]
        actions.mark(**who, blob=photos.accept(file, size=file.size, at=who["at"]))
    return found


@needs("brands.claim")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a figure off the page."""
    mine = Claim.objects.filter(brand__in=queries.brands_for(request.user))
    claim = get_object_or_404(mine.select_related("brand__office"), pk=number)
    actions.withdraw(claim=claim, by=request.user, at=timezone.now())
    return HttpResponseRedirect(claim.brand.get_absolute_url(), status=303)


@needs("brands.read")
@require_safe
def mark(request: HttpRequest, number: int) -> HttpResponse:
    """Send the mark, the small copy without metadata."""
    found = _brand(request, number)
    copy = found.mark and found.mark.derivatives.filter(kind="thumb").first()
    if not copy:
        raise Http404
    content = b"".join(vault.read(copy.blob_id, folder=Path(settings.VAULT)))
    return HttpResponse(content, content_type="image/jpeg")


ROWS = 100


@needs("brands.read")
@require_safe
def rows(request: HttpRequest, number: int) -> HttpResponse:
    """List the rows a figure is counted from, as of its day, that the reader may see."""
    found = get_object_or_404(
        Claim.objects.select_related("brand__office", "department").exclude(count=""),
        pk=number, brand__in=queries.brands_for(request.user), withdrawn_at=None,
    )  # fmt: skip
    mine, total = queries.listed(found, request.user)
    start = int(request.GET["after"]) if request.GET.get("after", "").isdecimal() else 0
    start = min(start, total)
    shown = list(mine[start : start + ROWS + 1])
    count = core.book().counts[found.count]
    context = {
        "brand": found.brand, "claim": found, "kind": count.rows, "rows": shown[:ROWS],
        "title": found.words or count.title, "definition": count.definition,
        "total": total, "mine": mine.count(), "now": timezone.now(),
        "after": start + ROWS if len(shown) > ROWS else "",
    }  # fmt: skip
    return render(request, "brands/rows.html", context)
