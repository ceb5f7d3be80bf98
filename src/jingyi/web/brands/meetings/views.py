"""The list of meetings with what is open, a meeting's page with everything done on it."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms as django_forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.minutes import minutes
from jingyi.core.refusal import Refusal
from jingyi.engines.typesetting.docx import to_docx
from jingyi.web.brands.meetings import actions, forms, queries
from jingyi.web.brands.meetings.models import Meeting
from jingyi.web.evidence import vault
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import acts_of, offices_for
from jingyi.web.ui.templatetags.ui import said

PAGE = 30


@needs("brands.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the meetings, the measures that are not done and the guidance not answered."""
    page = Paginator(queries.meetings_for(request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "measures": queries.measures_for(request.user).filter(done_on=None),
        "waiting": queries.guidance_for(request.user).filter(answered_on=None),
        "today": timezone.localdate(),
        "may_meet": "brands.meet" in acts_of(request.user),
    }
    return render(request, "brands/meetings/list.html", context)


@needs("brands.meet")
@require_http_methods(["GET", "HEAD", "POST"])
def convene(request: HttpRequest) -> HttpResponse:
    """Open a meeting."""
    offices = offices_for(request.user, "brands.meet").order_by("path")
    form = forms.ConveneForm(request.POST or None, offices=offices)
    if request.method == "POST":
        answer = _done(
            form, lambda given: actions.convene(**given, by=request.user, at=timezone.now())
        )
        if answer:
            return answer
    context = {"form": form}
    return render(request, "brands/meetings/new.html", context, status=422 if form.errors else 200)


@needs("brands.read")
@require_safe
def meeting(request: HttpRequest, number: int) -> HttpResponse:
    """Show a meeting."""
    return _page(request, _meeting(request, number))


@needs("brands.read")
@require_safe
def paper(request: HttpRequest, number: int) -> HttpResponse:
    """Send the minutes: as sealed once the meeting is closed, a draft before."""
    found = _meeting(request, number)
    if found.minutes_id:
        content = b"".join(vault.read(found.minutes_id, folder=Path(settings.VAULT)))
    else:
        content = to_docx(minutes(queries.met(found)))
    response = HttpResponse(content, content_type=actions.DOCX)
    response["Content-Disposition"] = content_disposition_header(True, f"{found.title}纪要.docx")
    return response


@needs("brands.meet")
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """End a meeting."""
    found = _meeting(request, number, "brands.meet")
    form = django_forms.Form(request.POST)
    answer = _done(
        form, lambda _given: actions.close(meeting=found, by=request.user, at=timezone.now())
    )
    return answer or _page(request, found, ("close", 0), form)


@needs("brands.meet")
@require_POST
def guide(request: HttpRequest, number: int) -> HttpResponse:
    """Record guidance."""
    found = _meeting(request, number, "brands.meet")
    form = forms.GuideForm(request.POST, prefix="guide")
    answer = _done(form, lambda given: _then(found, actions.guide(
        office=found.office, **given, by=request.user, at=timezone.now())))  # fmt: skip
    return answer or _page(request, found, ("guide", 0), form)


@needs("brands.change")
@require_POST
def department(request: HttpRequest, number: int, key: int, what: str) -> HttpResponse:
    """Write what a department says, or set a measure of it."""
    found = _meeting(request, number, "brands.change")
    one = get_object_or_404(found.office.departments, pk=key)
    take: dict[str, Callable[..., Any]] = {"speak": actions.speak, "plan": actions.plan}
    if what not in take:
        raise Http404
    if what == "speak":
        form: django_forms.Form = forms.SpeakForm(request.POST, prefix=f"speak{key}")
    else:
        people = queries.people_in(found.office)
        form = forms.PlanForm(request.POST, people=people, prefix=f"plan{key}")
    answer = _done(form, lambda given: _then(found, take[what](
        meeting=found, department=one, **given, by=request.user, at=timezone.now())))  # fmt: skip
    return answer or _page(request, found, (what, key), form)


@needs("brands.read")
@require_POST
def measure(request: HttpRequest, number: int, key: int, what: str) -> HttpResponse:
    """Say that a measure is done, or carry it on."""
    found = _meeting(request, number)
    one = get_object_or_404(queries.measures_for(request.user).filter(meeting__office=found.office), pk=key)  # fmt: skip
    if what == "finish":
        form: django_forms.Form = forms.FinishForm(request.POST, prefix=f"finish{key}")
        answer = _done(form, lambda given: _then(found, actions.finish(
            measure=one, **given, by=request.user, at=timezone.now())))  # fmt: skip
    elif what == "carry":
        review = get_object_or_404(found.reviews.select_related("meeting__office"), measure=one)
        form = forms.CarryForm(request.POST, prefix=f"carry{key}")
        answer = _done(form, lambda given: _then(found, actions.carry(
            review=review, **given, by=request.user, at=timezone.now())))  # fmt: skip
    else:
        raise Http404
    return answer or _page(request, found, (what, key), form)


@needs("brands.meet")
@require_POST
def answer(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """Answer guidance."""
    found = _meeting(request, number, "brands.meet")
    one = get_object_or_404(queries.guidance_for(request.user).filter(meeting=found), pk=key)
    form = forms.AnswerForm(request.POST, prefix=f"answer{key}")
    done = _done(form, lambda given: _then(found, actions.answer(
        guidance=one, **given, by=request.user, at=timezone.now())))  # fmt: skip
    return done or _page(request, found, ("answer", key), form)


def _meeting(request: HttpRequest, number: int, act: str = "brands.read") -> Meeting:
    found = get_object_or_404(queries.meetings_for(request.user), pk=number)
    if not may(request.user, act, found.office):
        raise Http404
    return found


def _then(found: Meeting, _done: object) -> Meeting:
    return found


def _done(form: django_forms.Form, take: Callable[[dict[str, Any]], Meeting]) -> HttpResponse | None:  # fmt: skip
    """Take the action and go to the meeting; None: the form has errors to be shown."""
    if not form.is_valid():
        return None
    try:
        return HttpResponseRedirect(take(form.cleaned_data).get_absolute_url(), status=303)
    except Refusal as refusal:
        form.add_error(None, said(refusal.sentence))
        return None


def _page(
    request: HttpRequest, found: Meeting, where: tuple[str, int] | None = None,
    wrong: django_forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    sent = {where: wrong} if where else {}
    may_meet = may(request.user, "brands.meet", found.office)
    may_change = may(request.user, "brands.change", found.office) and not found.closed_at
    parent = found.office.parent

    def asked(name: str, key: int, form: Callable[..., Any], allowed: bool, **given: Any) -> Any:
        return (sent.get((name, key)) or form(prefix=f"{name}{key or ''}", **given)) if allowed else None  # fmt: skip

    reviews = []
    for one in queries.reviews_of(found):
        undone = not one.measure.done_on
        mine = undone and (may_meet or one.measure.owner_id == request.user.pk)
        going = undone and may_change
        reviews.append((
            one,
            asked("finish", one.measure_id, forms.FinishForm, mine),
            asked("carry", one.measure_id, forms.CarryForm, going),
        ))  # fmt: skip
    guidance = [
        (one, asked("answer", one.pk, forms.AnswerForm, may_meet and not one.answered_on))
        for one in queries.guidance_for(request.user).filter(meeting=found)
    ]
    context = {
        "meeting": found,
        "reviews": reviews,
        "departments": _departments(request, found, may_change, may_meet, asked),
        "guidance": guidance,
        "guide": asked("guide", 0, forms.GuideForm, may_meet, initial={"giver": parent.name if parent else ""}),
        "closing": may_meet and not found.closed_at,
        "close": sent.get(("close", 0)),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "brands/meetings/meeting.html", context, status=422 if sent else 200)


def _departments(
    request: HttpRequest, found: Meeting, may_change: bool, may_meet: bool, asked: Callable[..., Any]
) -> list[dict[str, Any]]:  # fmt: skip
    """Return each department of the office with what it says, its measures and its forms."""
    words = {one.department_id: one for one in found.words.select_related("by")}
    measures: dict[int, list[Any]] = defaultdict(list)
    for one in found.measures.select_related("owner"):
        mine = not one.done_on and (may_meet or one.owner_id == request.user.pk)
        measures[one.department_id].append((one, asked("finish", one.pk, forms.FinishForm, mine)))
    people = queries.people_in(found.office) if may_change else {}
    rows = []
    for one in found.office.departments.order_by("pk"):
        word = words.get(one.pk)
        begun = {"version": word.version if word else 0}
        begun |= {"highlights": word.highlights, "problems": word.problems} if word else {}
        rows.append({
            "department": one, "word": word, "measures": measures[one.pk],
            "speak": asked("speak", one.pk, forms.SpeakForm, may_change, initial=begun),
            "plan": asked("plan", one.pk, forms.PlanForm, may_change, people=people),
        })  # fmt: skip
    return [row for row in rows if not found.closed_at or row["word"] or row["measures"]]
