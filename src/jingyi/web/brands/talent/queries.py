"""Reads about talent. Every one starts from the offices a person reads the brands of."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.core.talent import Task as Kind
from jingyi.core.talent import book
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.brands.talent.models import Mentorship, Studio, Task, Training
from jingyi.web.brands.typical.models import Draft
from jingyi.web.cases.models import Case
from jingyi.web.cases.queries import cases_for, events
from jingyi.web.cases.verification.models import Verification
from jingyi.web.registry.models import Department, Post, Procuratorate
from jingyi.web.registry.queries import offices_for


def posts_today() -> QuerySet[Post]:
    """Return the posts held today in offices by those who work with brands: no deputies, no judges."""
    today = timezone.localdate()
    roles = [role.id for role in rulebook.roles().values() if "brands.read" in role.may]
    held = Post.objects.filter(since__lte=today, procuratorate__isnull=False, role__in=roles)
    return held.filter(Q(until=None) | Q(until__gte=today))


def posts_for(user: User, act: str = "brands.read") -> QuerySet[Post]:
    """Return the posts held today in the offices in which `user` may do `act`."""
    found = posts_today().filter(procuratorate__in=offices_for(user, act))
    return found.select_related("user", "department", "procuratorate")


def people_for(user: User, act: str = "brands.read") -> QuerySet[User]:
    """Return who holds a post in the offices in which `user` may do `act`, by name."""
    return User.objects.filter(pk__in=posts_for(user, act).order_by().values("user")).order_by("name", "pk")  # fmt: skip


def office_of(person: User) -> Procuratorate | None:
    """Return the office of a person's post today."""
    post = posts_today().filter(user=person).select_related("procuratorate").order_by("pk").first()
    return post.procuratorate if post else None


def tasks_for(user: User) -> QuerySet[Task]:
    """Return the tasks of the people `user` may see."""
    return Task.objects.filter(person__in=people_for(user)).select_related("person", "case", "typical", "confirmed_by")  # fmt: skip


def mentorships_for(user: User) -> QuerySet[Mentorship]:
    """Return the mentorships in the offices `user` may read, and their own."""
    mine = Q(office__in=offices_for(user, "brands.read")) | Q(mentor=user) | Q(learner=user)
    return Mentorship.objects.filter(mine).select_related("mentor", "learner", "office")


def trainings_for(user: User) -> QuerySet[Training]:
    """Return the plans of the people `user` may see."""
    return Training.objects.filter(person__in=people_for(user)).select_related(
        "task__case", "task__typical"
    )


def studios_for(user: User) -> QuerySet[Studio]:
    """Return the studios of the offices `user` may read."""
    found = Studio.objects.filter(office__in=offices_for(user, "brands.read"))
    return found.select_related("office")


def shown(person: User, kind: Kind, case: Case) -> bool:
    """Tell whether the case's own file shows that the person did a task of this kind."""
    handles = case.handler_id == person.pk
    if kind.shown_by == "handled":
        return handles or events().filter(case=case, by=person).exists()
    if kind.shown_by == "event":
        held = events().filter(case=case, kind__in=kind.events)
        return held.exists() if handles else held.filter(by=person).exists()
    if kind.shown_by == "typical":
        return Draft.objects.filter(typical__case=case, by=person).exists()
    return Verification.objects.filter(Q(first=person) | Q(second=person), case=case).exists()


def offered(person: User) -> list[tuple[Kind, QuerySet[Case]]]:
    """Return, for each kind the file shows by itself, the cases whose file shows it and that are not told yet."""
    found = []
    for kind in book().tasks.values():
        told = Task.objects.filter(person=person, kind=kind.id).values("case")
        cases = cases_for(person).exclude(pk__in=told).order_by("-opened_on", "-pk")
        if kind.shown_by == "event":
            held = events().filter(case=OuterRef("pk"), kind__in=kind.events)
            cases = cases.filter(Q(Exists(held), handler=person) | Exists(held.filter(by=person)))
        elif kind.shown_by == "typical":
            cases = cases.filter(Exists(Draft.objects.filter(typical__case=OuterRef("pk"), by=person)))  # fmt: skip
        elif kind.shown_by == "verified":
            went = Verification.objects.filter(Q(first=person) | Q(second=person))
            cases = cases.filter(Exists(went.filter(case=OuterRef("pk"))))
        else:
            continue  # whether a case was hard only the person can say
        found.append((kind, cases))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A department of the skills map: for each skill how many of its people have confirmed evidence."""

    department: Department
    people: int
    counts: list[tuple[str, int]]


def skills_map(user: User) -> tuple[list[tuple[str, Sentence]], list[Row]]:
    """Return the skills, and for each department how many people show them. Counts, never names in order."""
    skills = list(book().skills.items())
    members: dict[Department, set[int]] = defaultdict(set)
    for post in posts_for(user).filter(department__isnull=False):
        members[post.department].add(post.user_id)
    have: dict[str, set[int]] = defaultdict(set)
    confirmed = tasks_for(user).filter(confirmed_at__isnull=False).order_by()
    for person, kind in confirmed.values_list("person_id", "kind").distinct():
        for skill in book().tasks[kind].skills if kind in book().tasks else ():
            have[skill].add(person)
    rows = [
        Row(one, len(people), [(name, len(have[name] & people)) for name, _title in skills])
        for one, people in members.items()
    ]
    return skills, sorted(rows, key=lambda row: (row.department.procuratorate_id, row.department.pk))  # fmt: skip


def with_skill(user: User, skill: str, department: str = "") -> QuerySet[User]:
    """Return the people with confirmed evidence of a skill, by name."""
    kinds = [kind.id for kind in book().tasks.values() if skill in kind.skills]
    done = Task.objects.filter(person=OuterRef("pk"), kind__in=kinds, confirmed_at__isnull=False)
    found = people_for(user).filter(Exists(done))
    if department.isdecimal():
        within = posts_for(user).filter(department=int(department)).order_by()
        found = found.filter(pk__in=within.values("user"))
    return found


def skills_of(tasks: list[Task]) -> list[tuple[Sentence, list[Task]]]:
    """Return the skills that tasks show, each with its evidence, in the rulebook's order."""
    found: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        for skill in book().tasks[task.kind].skills if task.kind in book().tasks else ():
            found[skill].append(task)
    return [(title, found[name]) for name, title in book().skills.items() if found[name]]
