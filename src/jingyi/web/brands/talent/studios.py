"""Studios: founded, joined, left, honoured."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.web.brands.talent import actions, forms, queries
from jingyi.web.brands.talent.models import Member, Studio, Task
from jingyi.web.registry.access import may, needs
from jingyi.web.registry.queries import offices_for
from jingyi.web.ui.templatetags.ui import said


@needs("brands.train")
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Found a studio."""
    offices = offices_for(request.user, "brands.train").order_by("path")
    form = forms.StudioForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.found(**form.cleaned_data, by=request.user, at=timezone.now())
            return HttpResponseRedirect(made.get_absolute_url(), status=303)
        except Refusal as refusal:
            form.add_error(None, said(refusal.sentence))
    context = {"form": form}
    return render(request, "brands/talent/found.html", context, status=422 if form.errors else 200)


@needs("brands.read")
@require_safe
def studio(request: HttpRequest, key: int) -> HttpResponse:
    """Show a studio."""
    return _page(request, get_object_or_404(queries.studios_for(request.user), pk=key))


@needs("brands.train")
@require_POST
def join(request: HttpRequest, key: int) -> HttpResponse:
    """Take somebody in."""
    one = _studio(request, key)
    people = queries.people_for(request.user)
    form = forms.JoinForm(request.POST, people=people, prefix="join")
    return _done(form, one, actions.join, request) or _page(request, one, "join", form)


@needs("brands.train")
@require_POST
def honour(request: HttpRequest, key: int) -> HttpResponse:
    """Record an honour."""
    one = _studio(request, key)
    form = forms.HonourForm(request.POST, prefix="honour")
    return _done(form, one, actions.honour, request) or _page(request, one, "honour", form)


@needs("brands.train")
@require_POST
def leave(request: HttpRequest, key: int) -> HttpResponse:
    """Let somebody leave."""
    mine = Member.objects.filter(studio__in=queries.studios_for(request.user))
    member = get_object_or_404(mine.select_related("studio__office"), pk=key)
    actions.leave(member=member, by=request.user, at=timezone.now())
    return HttpResponseRedirect(member.studio.get_absolute_url(), status=303)


def _studio(request: HttpRequest, key: int) -> Studio:
    one = get_object_or_404(queries.studios_for(request.user), pk=key)
    if not may(request.user, "brands.train", one.office):
        raise Http404
    return one


def _done(form: Any, one: Studio, take: Any, request: HttpRequest) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        take(studio=one, **form.cleaned_data, by=request.user, at=timezone.now())
    except Refusal as refusal:
        form.add_error(None, said(refusal.sentence))
        return None
    return HttpResponseRedirect(one.get_absolute_url(), status=303)


def _page(request: HttpRequest, one: Studio, where: str = "", wrong: Any = None) -> HttpResponse:
    sent = {where: wrong} if where else {}
    changes = may(request.user, "brands.train", one.office)
    members = list(one.members.select_related("person"))
    inside = [member.person_id for member in members if member.until is None]
    shown = Task.objects.filter(person__in=inside, confirmed_at__isnull=False)
    context = {
        "studio": one,
        "members": members,
        "skills": queries.skills_of(list(shown)),
        "honours": one.honours.all(),
        "changes": changes,
        "seen": set(queries.people_for(request.user).values_list("pk", flat=True)),
        "join": (sent.get("join") or forms.JoinForm(people=queries.people_for(request.user), prefix="join")) if changes else None,
        "honour": (sent.get("honour") or forms.HonourForm(prefix="honour")) if changes else None,
    }  # fmt: skip
    return render(request, "brands/talent/studio.html", context, status=422 if sent else 200)
