"""Moves of cases: the inbox, one move, the panel on a case's page, and mergers."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core import moves as core
from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.web.cases.models import Case
from jingyi.web.cases.moves import actions, merging, queries
from jingyi.web.cases.moves.forms import MergeForm, MovesFilter, ReceiveForm, SendForm, WordsForm
from jingyi.web.cases.moves.models import JurisdictionMove
from jingyi.web.cases.queries import cases_for, proposals_for, who_may_handle
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import offices_for
from jingyi.web.ui.templatetags.ui import said

State = JurisdictionMove.State
PAGE = 50


@needs("case.read")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List moves, those that wait for this person first; filtered by box, kind and state."""
    kinds = [(kind.id, said(kind.title)) for kind in rulebook.moves()[0].values()]
    form = MovesFilter(request.GET, kinds=kinds, states=State.choices)
    found = queries.moves_for(request.user).select_related("case", "sender", "receiver", "decider")
    wanted = form.cleaned_data if form.is_valid() else {}
    own = offices_for(request.user, "case.read")
    match wanted.get("box"):
        case "in":
            found = found.filter(receiver__in=own)
        case "out":
            found = found.filter(sender__in=own)
    for name in ("kind", "state"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    waiting = queries.waiting_for(request.user).select_related(
        "case", "sender", "receiver", "decider"
    )
    page = Paginator(found.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "waiting": waiting.order_by("sent_on", "pk")}
    return render(request, "cases/moves/list.html", context)


@needs("case.read")
@require_safe
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Show one move: what it is, the part of the file that its sender goes on reading, what is open."""
    return _move(request, _found(request, number))


@needs("case.read")
@require_safe
def printed(request: HttpRequest, number: int) -> HttpResponse:
    """Show one move as a sheet to be printed."""
    return render(request, "cases/moves/print.html", _about(request, _found(request, number)))


@needs("case.step")
@require_POST
def receive(request: HttpRequest, number: int) -> HttpResponse:
    """Receive a case, and name who handles it."""
    found = _found(request, number)
    form = ReceiveForm(request.POST, handlers=who_may_handle(found.receiver))
    return _act(
        request, found, "receiving", form, actions.receive, _("已接收。案件由本院继续办理。")
    )


@needs("case.decide")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a move back before it is received."""
    return _worded(request, number, "withdrawing", actions.withdraw, "reason", _("已撤回。"))


@needs("case.step")
@require_POST
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Report to the superior."""
    return _worded(request, number, "reporting", actions.report, "text", _("已报告。"))


@needs("case.decide")
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End a supervision, or what was handed down."""
    return _worded(request, number, "ending", actions.end, "reason", _("已办结。"))


@needs("case.read")
@require_safe
def exhibit(request: HttpRequest, number: int, event: int) -> HttpResponse:
    """Send the bytes of an exhibit in the sender's part of the file."""
    found = get_object_or_404(queries.part_of(_found(request, number)), pk=event)
    if not found.exhibit_id:
        raise Http404
    response = StreamingHttpResponse(
        vault.read(found.exhibit_id, folder=settings.VAULT), content_type="application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition_header(True, found.exhibit_name)
    return response


@needs("case.read")
@require_safe
def panel(request: HttpRequest, ref: str) -> HttpResponse:
    """Show what can be done about jurisdiction and merging, and why not; a part of the case's page."""
    found = _case(request, ref)
    kinds, rule = rulebook.moves()
    titles = {name: one.title for name, one in rulebook.states(found.track).states.items()}
    offered = [
        {"asks": asks, "option": option, "stays": option.kind.direction == "stays"}
        for asks in _deciding(request, found)
        for option in core.options(
            kinds, queries.holding(found, asks), asks=queries.seen(asks), states=titles
        )
        if (option.kind.asked_by == "holder") == (asks == found.office)
    ]
    brought = found.jurisdiction_moves.select_related("sender", "receiver", "decider")
    context = {
        "case": found,
        "offered": offered,
        "brought": brought,
        "rule": rule,
        "merges": queries.merges_of(found),
        "could": queries.could_merge(found, request.user)[:10]
        if found.state in rule.states
        else [],
        "decides": may(request.user, "case.decide", found.office),
    }
    part = "#panel" if request.htmx else ""
    return render(request, f"cases/moves/panel.html{part}", context)


@needs("case.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, ref: str, kind: str, code: str) -> HttpResponse:
    """Ask for what a move needs, decided by the office `code`; send it."""
    found = _case(request, ref)
    rule = rulebook.moves()[0].get(kind)
    asks = get_object_or_404(offices_for(request.user, "case.decide"), code=code)
    if rule is None:
        raise Http404
    form = SendForm(
        request.POST if request.method == "POST" else None, request.FILES or None, offices=_receivers(rule, found, asks),
        due=rule.due, initial={"sent_on": timezone.localdate(), "version": found.version},
    )  # fmt: skip
    if len(form.fields["to"].queryset) == 1:
        form.initial["to"] = form.fields["to"].queryset[0].code
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        file = given.pop("exhibit")
        if file:
            media = file.content_type or "application/octet-stream"
            given["exhibit"] = seal(chunks=file.chunks(), media_type=media, at=timezone.now())
            given["exhibit_name"] = file.name[:200]
        try:
            made = actions.send(
                case=found, kind=kind, asks=asks, **given, by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, _("已登记：%(title)s。") % {"title": said(rule.title)})
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
    context = {"case": found, "rule": rule, "asks": asks, "form": form}
    return render(request, "cases/moves/send.html", context, status=422 if form.errors else 200)


@needs("case.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, ref: str, into: str) -> HttpResponse:
    """Close a case into an earlier one."""
    later, earlier = _case(request, ref), _case(request, into)
    if not may(request.user, "case.decide", later.office):
        raise Http404
    rule = rulebook.moves()[1]
    form = MergeForm(
        request.POST if request.method == "POST" else None,
        initial={"on": timezone.localdate(), "version": later.version},
    )
    why = core.why_not_merge(rule, queries.mergeable(earlier), queries.mergeable(later))
    if request.method == "POST" and form.is_valid():
        try:
            merging.merge(
                later=later,
                earlier=earlier,
                **form.cleaned_data,
                by=request.user,
                at=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(earlier.get_absolute_url(), status=303)
    context = {"later": later, "earlier": earlier, "form": form, "why": why, "rule": rule}
    return render(request, "cases/moves/merge.html", context, status=422 if form.errors else 200)


@needs("case.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def undo_merge(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Part two merged cases again."""
    case = _case(request, ref)
    found = get_object_or_404(queries.merges_of(case), pk=number)
    if not may(request.user, "case.decide", case.office):
        raise Http404
    form = WordsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["text"]
        try:
            merging.undo_merge(merge=found, reason=reason, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            return HttpResponseRedirect(found.later.get_absolute_url(), status=303)
    context = {"case": case, "merge": found, "form": form}
    return render(request, "cases/moves/undo.html", context, status=422 if form.errors else 200)


@needs("case.read")
@require_safe
def join(request: HttpRequest, number: int) -> HttpResponse:
    """Say which cases and proposals art. 69 would have a waiting proposal go together with."""
    proposal = get_object_or_404(proposals_for(request.user), pk=number)
    cases, waiting = queries.should_join(proposal, request.user)
    context = {
        "proposal": proposal, "cases": cases[:5], "waiting": waiting[:5],
        "rule": rulebook.moves()[1],
    }  # fmt: skip
    part = "#join" if request.htmx else ""
    return render(request, f"cases/moves/join.html{part}", context)


def _case(request: HttpRequest, ref: str) -> Case:
    cases = cases_for(request.user).select_related("office", "organ", "handler")
    return get_object_or_404(cases, ref=ref)


def _found(request: HttpRequest, number: int) -> JurisdictionMove:
    related = ("case__handler", "sender", "receiver", "decider", "by", "received_by", "closed_by")
    return get_object_or_404(queries.moves_for(request.user).select_related(*related), pk=number)


def _deciding(request: HttpRequest, case: Case) -> list[Procuratorate]:
    """Return the offices for which this person decides, among the holder and those above it."""
    numbers = [int(part) for part in case.office.path.strip("/").split("/")]
    own = offices_for(request.user, "case.decide").filter(pk__in=numbers)
    posts = {post.procuratorate_id for post in request.user.posts.all()}
    return [one for one in own.order_by("path") if one.pk in posts]


def _receivers(rule: core.Kind, case: Case, asks: Procuratorate) -> Any:
    holder, asking = queries.seen(case.office), queries.seen(asks)
    fitting = [
        one.pk
        for one in Procuratorate.objects.all()
        if core.fits(rule, holder, asks=asking, to=queries.seen(one))
    ]
    return Procuratorate.objects.filter(pk__in=fitting).order_by("path")


def _about(request: HttpRequest, found: JurisdictionMove) -> dict[str, Any]:
    events = list(queries.part_of(found).select_related("by"))
    titles = rulebook.events()
    for event in events:
        event.title = titles[event.kind]
    return {
        "move": found,
        "rule": found.rule,
        "events": events,
        "reports": found.reports.select_related("by"),
        "reads_case": cases_for(request.user).filter(pk=found.case_id).exists(),
    }


def _move(request: HttpRequest, found: JurisdictionMove, **forms: Any) -> HttpResponse:
    user = request.user
    context = _about(request, found)
    if found.state == State.SENT and may(user, "case.step", found.receiver):
        handlers = who_may_handle(found.receiver)
        own = {"handler": user.username} if handlers.filter(pk=user.pk).exists() else {}
        context["receiving"] = ReceiveForm(
            handlers=handlers, initial={"received_on": timezone.localdate(), **own}
        )
    if may(user, "case.decide", found.decider) and found.state == State.SENT:
        context["withdrawing"] = WordsForm()
    reports = found.rule.due and found.state in {State.RUNNING, State.RECEIVED}
    if reports and may(user, "case.decide", found.decider):
        context["ending"] = WordsForm()
    if reports and may(user, "case.step", found.receiver):
        context["reporting"] = WordsForm()
    context |= forms
    return render(request, "cases/moves/move.html", context, status=422 if forms else 200)


def _worded(  # noqa: PLR0917 -- one call a line in the views above
    request: HttpRequest, number: int, name: str, act: Callable, argument: str, done: str
) -> HttpResponse:
    form = WordsForm(request.POST)
    return _act(request, _found(request, number), name, form, act, done, argument)


def _act(  # noqa: PLR0917 -- one call a line in the views above
    request: HttpRequest, found: JurisdictionMove, name: str, form: Any, act: Callable,
    done: str, argument: str = "",
) -> HttpResponse:  # fmt: skip
    if form.is_valid():
        given = {argument: form.cleaned_data["text"]} if argument else form.cleaned_data
        try:
            act(move=found, **given, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(found.get_absolute_url(), status=303)
    return _move(request, found, **{name: form})
