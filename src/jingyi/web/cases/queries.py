"""Reads about cases. Every one starts from what a person may see."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from jingyi.core import rulebook
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case, Clock, Event, Proposal, Suggestion, Track
from jingyi.web.cases.sealing.queries import kept_from
from jingyi.web.leads.models import Incident
from jingyi.web.registry.queries import holders, offices_for

WEEK = timedelta(days=7)


def cases_for(user: User) -> QuerySet[Case]:
    """Return the cases of the offices `user` may read; a sealed one only to its group."""
    return Case.objects.filter(~kept_from(user), office__in=offices_for(user, "case.read"))


def clocks_for(user: User) -> QuerySet[Clock]:
    """Return the clocks of the cases `user` may see that still ask something of somebody."""
    return running(Clock.objects.filter(case__in=cases_for(user)))


def running(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    """Return those clocks that nothing has stopped."""
    return clocks.filter(stopped_on=None)


def due_between(
    clocks: QuerySet[Clock], first: date | None, last: date | None, *, on: date
) -> QuerySet[Clock]:
    """Return what is due from `first` through `last`, soonest first; None is no bound.

    That is duties, late ones included, and periods to be waited out that have not ended by `on`.
    One that only follows another has not begun, and is not due. A paused clock has no last day until it runs again, so it is never due.
    """
    found = running(clocks).filter(
        Q(duty=True) | Q(due_on__gte=on), paused=False, started_on__lte=on
    )
    found = found.filter(due_on__gte=first) if first else found.exclude(due_on=None)
    if last:
        found = found.filter(due_on__lte=last)
    return found.order_by("due_on", "id")


def overdue(clocks: QuerySet[Clock], on: date) -> QuerySet[Clock]:
    """Return the running duties whose last day was before `on`."""
    return running(clocks).filter(duty=True, paused=False, due_on__lt=on).order_by("due_on", "id")


def with_next_due(cases: QuerySet[Case], *, on: date) -> QuerySet[Case]:
    """Add `next_due`, the soonest last day; None where nothing is due."""
    soonest = due_between(Clock.objects.filter(case=OuterRef("pk")), None, None, on=on)
    return cases.annotate(next_due=Subquery(soonest.values("due_on")[:1]))


def with_step(cases: QuerySet[Case], kind: str) -> QuerySet[Case]:
    """Return the cases that have an event of `kind` on file."""
    return cases.filter(Exists(events().filter(case=OuterRef("pk"), kind=kind)))


def events() -> QuerySet[Event]:
    """Return the events that stand; those undone are left out."""
    return Event.objects.filter(undone_at=None)


def proposals_for(user: User) -> QuerySet[Proposal]:
    """Return the proposals to file in the offices `user` may read."""
    return Proposal.objects.filter(
        ~kept_from(user, "case"), office__in=offices_for(user, "case.read")
    )


def waiting_for(user: User) -> QuerySet[Proposal]:
    """Return the proposals that wait for `user` as the one who decides, oldest first."""
    return (
        Proposal.objects.filter(
            office__in=offices_for(user, "case.open"), state=Proposal.State.WAITING
        )
        .select_related("by", "office")
        .order_by("at", "id")
    )


def returned_to(user: User) -> QuerySet[Proposal]:
    """Return one's own proposals that came back and that nothing has answered yet, newest first."""
    again = Proposal.objects.filter(incidents__proposals=OuterRef("pk"), pk__gt=OuterRef("pk"))
    decided = Incident.objects.filter(proposals=OuterRef("pk"), state=Incident.State.FILED)
    return (
        proposals_for(user)
        .filter(by=user, state=Proposal.State.RETURNED, dissent="")
        .exclude(Exists(again) | Exists(decided))
        .order_by("-pk")
    )


def suggestions_for(user: User) -> QuerySet[Suggestion]:
    """Return the suggestions of the cases `user` may see."""
    return Suggestion.objects.filter(case__in=cases_for(user))


def handlers_of(cases: QuerySet[Case]) -> QuerySet[User]:
    """Return who handles any of `cases`."""
    return User.objects.filter(pk__in=cases.values("handler")).order_by("name")


def who_may_handle(office) -> QuerySet[User]:
    """Return who in `office` can be given a case."""
    return holders(office, "case.step").order_by("name")


def narrowed(cases: QuerySet[Case], wanted: Mapping[str, Any], *, on: date) -> QuerySet[Case]:
    """Return the cases that meet every filter given; `wanted` is a cleaned `CaseFilter`."""
    for name in ("track", "domain", "state", "office", "organ", "handler"):
        if wanted.get(name):
            cases = cases.filter(**{name: wanted[name]})
    if phase := wanted.get("phase"):
        cases = in_phase(cases, closed=phase == "closed")
    if words := wanted.get("q"):
        cases = cases.filter(Q(ref__icontains=words) | Q(title__icontains=words))
    if wanted.get("since"):
        cases = cases.filter(opened_on__gte=wanted["since"])
    if wanted.get("until"):
        cases = cases.filter(opened_on__lte=wanted["until"])
    if wanted.get("region"):
        code = wanted["region"].code.rstrip("0")
        there = Incident.objects.filter(cases=OuterRef("pk"), region__code__startswith=code)
        cases = cases.filter(Exists(there))
    if wanted.get("step"):
        cases = with_step(cases, wanted["step"])
    return _due(cases, wanted.get("due", ""), on)


def in_phase(cases: QuerySet[Case], *, closed: bool) -> QuerySet[Case]:
    """Return the cases that are closed, or those that are not; one handed on is neither."""
    wanted = Q(pk=None)
    for track in Track.values:
        states = rulebook.states(track).states
        kind = "closed" if closed else "open"
        wanted |= Q(
            track=track, state__in=[name for name, one in states.items() if one.kind == kind]
        )
    return cases.filter(wanted)


def _due(cases: QuerySet[Case], due: str, on: date) -> QuerySet[Case]:
    clocks = Clock.objects.filter(case=OuterRef("pk"))
    match due:
        case "overdue":
            return cases.filter(Exists(overdue(clocks, on)))
        case "week":
            return cases.filter(Exists(due_between(clocks, on, on + WEEK, on=on)))
        case "none":
            return cases.exclude(Exists(due_between(clocks, None, None, on=on)))
    return cases


def page_of(
    cases: QuerySet[Case], *, sort: str, after: str, size: int, on: date
) -> tuple[list[Case], str]:
    """Return one page and the key of the last row, or "" where no more follow.

    Args:
        sort: ``"due"`` for the soonest duty first; otherwise the newest case first.
        after: the key of the last row seen, as returned before.
    """
    day, _, number = after.partition("_")
    seen = number.isdecimal()
    if sort == "due":
        # a day that never comes stands for "no duty", so that the key stays comparable
        cases = with_next_due(cases, on=on).annotate(key=Coalesce("next_due", Value(date.max)))
        if seen and (at := _day(day)):
            cases = cases.filter(Q(key__gt=at) | Q(key=at, pk__gt=int(number)))
        cases = cases.order_by("key", "pk")
    else:
        cases = cases.annotate(key=F("opened_on"))
        if seen and (at := _day(day)):
            cases = cases.filter(Q(opened_on__lt=at) | Q(opened_on=at, pk__lt=int(number)))
        cases = cases.order_by("-opened_on", "-pk")
    found = list(cases[: size + 1])
    rows = found[:size]
    return rows, f"{rows[-1].key}_{rows[-1].pk}" if len(found) > size else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def for_rows(cases: QuerySet[Case], *, on: date) -> QuerySet[Case]:
    """Load what a row of the list shows, in a fixed number of queries."""
    live = due_between(Clock.objects.all(), None, None, on=on)
    return cases.select_related("office", "organ", "handler").prefetch_related(
        Prefetch("clocks", queryset=live, to_attr="duties")
    )
