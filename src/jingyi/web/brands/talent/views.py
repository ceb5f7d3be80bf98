"""The skills map, and a person's portfolio with what may be done on it."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jingyi.core.refusal import Refusal
from jingyi.core.talent import book
from jingyi.web.accounts.models import User
from jingyi.web.brands.contests.queries import contests_for
from jingyi.web.brands.exchange.queries import notes_for
from jingyi.web.brands.talent import actions, forms, queries
from jingyi.web.cases.queries import cases_for
from jingyi.web.registry.access import needs
from jingyi.web.registry.queries import acts_of
from jingyi.web.ui.templatetags.ui import said

NOTES = 10
OFFERED = 3  # cases shown for each kind that the file itself shows


@needs("brands.read")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the skills map, the people by name, the studios; narrowed to a skill and a department."""
    skill, department = request.GET.get("skill", ""), request.GET.get("department", "")
    skills, rows = queries.skills_map(request.user)
    known = dict(skills)
    people = queries.people_for(request.user)
    if skill in known:
        people = queries.with_skill(request.user, skill, department)
    posts = {post.user_id: post for post in queries.posts_for(request.user)}
    context = {
        "skills": skills,
        "rows": rows,
        "skill": known.get(skill),
        "people": [(one, posts[one.pk]) for one in people],
        "studios": queries.studios_for(request.user),
        "may_train": "brands.train" in acts_of(request.user),
    }
    return render(request, "brands/talent/map.html", context)


@needs("brands.read")
@require_safe
def portfolio(request: HttpRequest, number: int) -> HttpResponse:
    """Show a person's portfolio; its evidence is links."""
    return page(request, person_for(request, number))


@needs("brands.read")
@require_POST
def tell(request: HttpRequest, number: int) -> HttpResponse:
    """Tell a task of one's own."""
    person = person_for(request, number)
    if person.pk != request.user.pk:
        raise Http404
    form = forms.TellForm(request.POST, prefix="tell")

    def act(given: dict[str, Any]) -> object:
        case = cases_for(request.user).filter(ref=given.pop("case").strip()).first()
        if case is None:
            raise Refusal("没有这个编号的案件，请核对。")
        return actions.tell(case=case, **given, by=request.user, at=timezone.now())

    return done(form, person, act) or page(request, person, ("tell", 0), form)


@needs("brands.read")
@require_POST
def propose(request: HttpRequest, number: int) -> HttpResponse:
    """Propose a mentorship with the person."""
    person = person_for(request, number)
    if not (person.pk == request.user.pk or trains(request, person)):
        raise Http404
    people = queries.people_for(request.user)
    form = forms.ProposeForm(request.POST, people=people, prefix="propose")

    def act(given: dict[str, Any]) -> object:
        pair = {"learner": person, "mentor": given["other"]}
        if given["side"] == "mentor":
            pair = {"learner": given["other"], "mentor": person}
        return actions.propose(**pair, goal=given["goal"], by=request.user, at=timezone.now())

    return done(form, person, act) or page(request, person, ("propose", 0), form)


@needs("brands.read")
@require_POST
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Put a line into the person's plan."""
    person = person_for(request, number)
    form = forms.PlanForm(request.POST, prefix="plan")
    answer = done(form, person, lambda given: actions.plan(
        person=person, **given, by=request.user, at=timezone.now()))  # fmt: skip
    return answer or page(request, person, ("plan", 0), form)


@needs("brands.train")
@require_POST
def confirm(request: HttpRequest, key: int) -> HttpResponse:
    """Confirm somebody's task."""
    task = get_object_or_404(queries.tasks_for(request.user), pk=key)
    try:
        actions.confirm(task=task, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return page(request, task.person, ("refused", 0), said(refusal.sentence))
    return to(task.person)


@needs("brands.read")
@require_POST
def agree(request: HttpRequest, key: int) -> HttpResponse:
    """Agree to a mentorship."""
    one = get_object_or_404(queries.mentorships_for(request.user), pk=key)
    try:
        actions.agree(mentorship=one, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return page(request, one.learner, ("refused", 0), said(refusal.sentence))
    return to(request.user)


@needs("brands.read")
@require_POST
def end(request: HttpRequest, key: int) -> HttpResponse:
    """End or decline a mentorship."""
    one = get_object_or_404(queries.mentorships_for(request.user), pk=key)
    form = forms.EndForm(request.POST, prefix=f"end{key}")
    answer = done(form, one.learner, lambda given: actions.end(
        mentorship=one, **given, by=request.user, at=timezone.now()))  # fmt: skip
    return answer or page(request, one.learner, ("end", key), form)


@needs("brands.read")
@require_POST
def train(request: HttpRequest, key: int) -> HttpResponse:
    """Say that a line of a plan is done."""
    one = get_object_or_404(queries.trainings_for(request.user).select_related("person"), pk=key)
    tasks = one.person.tasks.select_related("case")
    form = forms.TrainForm(request.POST, tasks=tasks, prefix=f"train{key}")
    answer = done(form, one.person, lambda given: actions.train(
        training=one, **given, by=request.user, at=timezone.now()))  # fmt: skip
    return answer or page(request, one.person, ("train", key), form)


def person_for(request: HttpRequest, number: int) -> User:
    """Return a person of the offices one reads, or oneself."""
    return get_object_or_404(queries.people_for(request.user), pk=number)


def trains(request: HttpRequest, person: User) -> bool:
    """Tell whether the reader trains the people of this person's office."""
    return queries.people_for(request.user, "brands.train").filter(pk=person.pk).exists()


def to(person: User) -> HttpResponse:
    """Go to a person's page."""
    return HttpResponseRedirect(reverse("talent:person", args=[person.pk]), status=303)


def done(form: Any, person: User, take: Callable[[dict[str, Any]], object]) -> HttpResponse | None:
    """Take the action and go to the person's page; None: the form has errors to be shown."""
    if not form.is_valid():
        return None
    try:
        take(form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, said(refusal.sentence))
        return None
    return to(person)


def page(
    request: HttpRequest, person: User, where: tuple[str, int] | None = None, wrong: Any = None
) -> HttpResponse:
    """Show a portfolio; `where` names the form that was sent and `wrong` is it, with its errors."""
    sent = {where: wrong} if where else {}
    own, training = person.pk == request.user.pk, trains(request, person)
    tasks = list(queries.tasks_for(request.user).filter(person=person))
    mentorships = [
        one for one in queries.mentorships_for(request.user)
        if person.pk in {one.mentor_id, one.learner_id}
    ]  # fmt: skip
    teaches = any(m.agreed and not m.ended_on and m.mentor_id == request.user.pk for m in mentorships)  # fmt: skip
    plans = own or training or teaches
    mine = person.tasks.select_related("case")
    context = {
        "person": person,
        "posts": [post for post in queries.posts_for(request.user) if post.user_id == person.pk],
        "skills": queries.skills_of([task for task in tasks if task.confirmed_at]),
        "tasks": [(book().tasks[task.kind].title, task) for task in tasks],
        "readable": set(cases_for(request.user).filter(pk__in={t.case_id for t in tasks}).values_list("pk", flat=True)),
        "offers": [(kind.title, cases[:OFFERED]) for kind, cases in queries.offered(person)] if own else [],
        "mentorships": [
            (one, sent.get(("end", one.pk)) or forms.EndForm(prefix=f"end{one.pk}"),
             (one.mentor_id == request.user.pk and not one.mentor_agreed_at) or (one.learner_id == request.user.pk and not one.learner_agreed_at),
             training or request.user.pk in {one.mentor_id, one.learner_id})
            for one in mentorships
        ],
        "trainings": [
            (book().skills[one.skill], one, (sent.get(("train", one.pk)) or forms.TrainForm(tasks=mine, prefix=f"train{one.pk}")) if plans and not one.done_on else None)
            for one in queries.trainings_for(request.user).filter(person=person)
        ],
        "members": person.memberships.filter(studio__in=queries.studios_for(request.user)).select_related("studio"),
        "contests": contests_for(request.user).filter(papers__author=person, released_at__isnull=False),
        "notes": notes_for(request.user).filter(by=person)[:NOTES],
        "confirms": training and not own,
        "tell": (sent.get(("tell", 0)) or forms.TellForm(prefix="tell")) if own else None,
        "propose": (sent.get(("propose", 0)) or forms.ProposeForm(people=queries.people_for(request.user).exclude(pk=person.pk), prefix="propose")) if own or training else None,
        "plan": (sent.get(("plan", 0)) or forms.PlanForm(prefix="plan")) if plans else None,
        "refused": sent.get(("refused", 0)),
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "brands/talent/person.html", context, status=422 if sent else 200)
