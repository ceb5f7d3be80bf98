"""One hit whole: its reasons, rows, standing; sent, judged, held back, unmasked, derived anew."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.core.screening.masking import masked_hit, masked_row
from jingyi.web.leads.export import workbook
from jingyi.web.leads.queries import incidents_for
from jingyi.web.registry.access import may, needs
from jingyi.web.screening import library, queries
from jingyi.web.screening.actions import hits as actions
from jingyi.web.screening.forms import JudgeForm, SuppressForm, UnmaskForm
from jingyi.web.screening.models import Hit
from jingyi.web.screening.rederive import rederive as derived
from jingyi.web.screening.views.acting import done, pressed
from jingyi.web.screening.views.runs import run_for
from jingyi.web.ui.templatetags.ui import said


@needs("screening.read")
@require_safe
def hit(request: HttpRequest, number: int, n: int) -> HttpResponse:
    """Show a hit with the rows it cites, numbers of persons masked."""
    return _page(request, hit_for(request, number, n))


@needs("screening.run")
@require_POST
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Make leads of the hits ticked."""
    run = run_for(request, number)
    ticked = [int(one) for one in request.POST.getlist("hit") if one.isdigit()]
    chosen = list(run.found.filter(n__in=ticked).select_related("run__office", "run__text"))

    def take() -> str:
        sent = actions.send(run=run, hits=chosen, by=request.user, at=timezone.now())
        messages.success(request, ngettext("%(n)s 条命中已转为线索。", "%(n)s 条命中已转为线索。", sent) % {"n": sent})  # fmt: skip
        return f"{run.get_absolute_url()}?show=sent"

    return pressed(request, take, run.get_absolute_url())


@needs("screening.read")
@require_safe
def export(request: HttpRequest, number: int) -> HttpResponse:
    """Send the hits as XLSX, numbers of persons masked."""
    run = run_for(request, number)
    model, told = library.of_text(run.text), actions.Told(run)
    outputs = [one for one in model.outputs if one.kind != "rows"]
    heads = [_("序号"), *(said(one.title) for one in outputs), *(said(one.title) for one in model.cites), _("理由")]  # fmt: skip
    lines = []
    for one in run.found.order_by("n"):
        values = masked_hit(model, one.values)
        lines.append(
            [
                one.n,
                *(values.get(each.name, "") for each in outputs),
                *("、".join(map(str, one.cited[each.name])) for each in model.cites),
                "；".join(said(each) for each in told.of(one)) if one.values else _("数据已删除"),
            ]
        )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(workbook(heads, lines), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{run.model}-{run.pk}.xlsx"'
    return response


@needs("screening.run")
@require_POST
def judge(request: HttpRequest, number: int, n: int) -> HttpResponse:
    """Say whether a hit is right."""
    found = hit_for(request, number, n)
    form = JudgeForm(request.POST)

    def take() -> str:
        actions.judge(
            standing=found.standing, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        return found.get_absolute_url()

    return done(form, take) or _page(request, found, judging=form)


@needs("screening.run")
@require_POST
def suppress(request: HttpRequest, number: int, n: int) -> HttpResponse:
    """Hold a hit back until a day, or show it again."""
    found = hit_for(request, number, n)
    form = SuppressForm(request.POST)

    def take() -> str:
        given = form.cleaned_data
        actions.suppress(standing=found.standing, **given, by=request.user, at=timezone.now())
        return found.get_absolute_url()

    return done(form, take) or _page(request, found, suppressing=form)


@needs("screening.unmask")
@require_POST
def unmask(request: HttpRequest, number: int, n: int) -> HttpResponse:
    """Show the whole numbers on this one page, once the reason is on record."""
    found = hit_for(request, number, n)
    form = UnmaskForm(request.POST)
    if form.is_valid():
        try:
            actions.unmask(
                hit=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
            )
            return _page(request, found, whole=True)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    return _page(request, found, unmasking=form)


@needs("screening.read")
@require_POST
def rederive(request: HttpRequest, number: int, n: int) -> HttpResponse:
    """Derive the hit anew and say what held."""
    found = hit_for(request, number, n)
    try:
        return _page(request, found, checks=derived(found))
    except Refusal as refusal:
        messages.error(request, said(refusal.sentence))
        return _page(request, found)


@needs("lead.read")
@require_safe
def of_lead(request: HttpRequest, ref: str) -> HttpResponse:
    """Show on a lead's page the hits it stands on."""
    incident = get_object_or_404(incidents_for(request.user), ref=ref)
    standings = list(queries.standings_of(incident))
    shown = (
        queries.hits_for(request.user).filter(standing__in=standings).order_by("standing", "-run")
    )
    newest = {one.standing_id: one for one in reversed(list(shown))}
    rows = [(one, library.of_text(one.run.text), actions.Told(one.run).of(one) if one.values else ()) for one in newest.values()]  # fmt: skip
    return render(request, "screening/of_lead.html", {"rows": rows})


def hit_for(request: HttpRequest, number: int, n: int) -> Hit:
    """Return a hit that the person may see, or raise 404."""
    return get_object_or_404(queries.hits_for(request.user), run=number, n=n)


def _page(request: HttpRequest, found: Hit, *, whole: bool = False, **more: Any) -> HttpResponse:
    model = library.of_text(found.run.text)
    told = actions.Told(found.run)
    wrong = any(one in more for one in ("judging", "suppressing", "unmasking"))
    context = {
        "hit": found,
        "run": found.run,
        "model": model,
        "reasons": told.of(found, whole=whole) if found.values else (),
        "tables": _tables(model, found, whole=whole),
        "others": found.standing.hits.exclude(pk=found.pk).select_related("run")[:10],
        "held": found.standing.held(timezone.localdate()),
        "whole": whole,
        "judging": JudgeForm(),
        "suppressing": SuppressForm(),
        "unmasking": UnmaskForm(),
        "may_run": may(request.user, "screening.run", found.run.office),
        "may_unmask": may(request.user, "screening.unmask", found.run.office),
        **more,
    }
    return render(request, "screening/hit.html", context, status=422 if wrong else 200)


def _tables(model: Any, found: Hit, *, whole: bool) -> list[dict[str, Any]]:
    """Return, table by table, the cited rows with their digests."""
    shown = []
    for table in model.sources:
        held = found.digests.get(table.name)
        if held is None:
            continue
        cells = found.rows.get(table.name, {})
        rows = []
        for row, digest in sorted(held.items(), key=lambda one: int(one[0])):
            values = cells.get(row, {})
            seen = values if whole else masked_row(table, values)
            rows.append((row, [seen.get(one.name, "") for one in table.columns], digest))
        shown.append({"table": table, "rows": rows, "gone": not cells})
    return shown
