"""Reads of the room. Every one starts from the sessions a person's office or committee deals with."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.core.clocks import Deadline, deadline
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case, Event
from jingyi.web.proposals.models import Body, Item, Link, Proposer, Session
from jingyi.web.registry.queries import offices_for, seats_for

CLOCK = {Body.NPC: "proposal.answer", Body.CPPCC: "motion.answer"}


def sessions_for(user: User) -> QuerySet[Session]:
    """Return the sessions `user` may read the items of."""
    own = Q(office__in=offices_for(user, "proposals.read"))
    own |= Q(organ__in=seats_for(user, "proposals.read"))
    return Session.objects.filter(own).select_related("office", "organ")


def items_for(user: User) -> QuerySet[Item]:
    """Return the items `user` may know of: those of their offices and committees."""
    return _told(Item.objects.filter(session__in=sessions_for(user)))


def own_items(user: User) -> QuerySet[Item]:
    """Return the items `user` proposed."""
    return _told(Item.objects.filter(proposers__user=user))


def _told(items: QuerySet[Item]) -> QuerySet[Item]:
    links = Link.objects.filter(undone_at=None).exclude(verdict="no")
    links = links.select_related("suggestion__case", "suggestion__organ", "incident", "case")
    return items.select_related("session__office", "session__organ").prefetch_related(
        "proposers", "steps", Prefetch("links", links, to_attr="standing_links")
    )


def clock_of(item: Item) -> tuple[Deadline | None, Sentence | None]:
    """Return the clock of the answer, or why it has none yet."""
    if item.assigned_on is None:
        return None, None
    rule = rulebook.clock(CLOCK[Body(item.session.body)])
    track = "difficult" if item.difficult and "difficult" in rule.version_on(item.assigned_on).tracks else "ordinary"  # fmt: skip
    try:
        found = deadline(
            rule, started_on=item.assigned_on, calendar=rulebook.rest_days(), track=track
        )
    except Refusal as refusal:
        return None, refusal.sentence
    return found, None


def cases_of(item: Item) -> list[Case]:
    """Return the cases an item became part of, by whichever link."""
    found: dict[int, Case] = {}
    for link in item.standing_links:
        if link.case:
            found[link.case.pk] = link.case
        elif link.suggestion:
            found[link.suggestion.case_id] = link.suggestion.case
        elif link.incident:
            found |= {case.pk: case for case in link.incident.cases.all()}
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Copy:
    """Papers of a step of a case, to be copied to the committee by a day."""

    case: Case
    title: Sentence
    on: date
    due: date


def copies_due(item: Item) -> list[Copy]:
    """Return the papers that no copying since has covered, the soonest due first."""
    course = rulebook.proposals()
    copied = [step.on for step in item.steps.all() if step.kind == "copy" and not step.undone_at]
    cases = {case.pk: case for case in cases_of(item)}
    events = Event.objects.filter(case__in=cases, kind__in=course.copied, undone_at=None)
    span = timedelta(days=course.copy_days)
    found = [
        Copy(cases[one.case_id], rulebook.events()[one.kind], one.on, one.on + span)
        for one in events
        if not any(day >= one.on for day in copied)
    ]
    return sorted(found, key=lambda one: (one.due, one.case.ref))


# ---------------------------------------------------------------- secrecy


@dataclass(frozen=True, slots=True)
class Shown:
    """What one side may read of an item; what it may not is None, on every page and in every file."""

    item: Item
    side: str
    state: Any
    proposers: list[Proposer]
    text: str | None
    lead: float | None
    is_lead: bool | None
    domain: str | None
    reasons: list[Any] | None
    assessment: str | None
    answer: str | None
    links: list[Link] | None
    progress: str | None
    satisfaction: str | None
    due: date | None
    late: bool


def shown(item: Item, side: str) -> Shown:
    """Return what `side` may read of an item: the one place where fields are kept back."""
    course = rulebook.proposals()

    def may(field: str) -> bool:
        return course.may_read(field, side, item.state, public=item.public)

    clock = None if _answered(item) else clock_of(item)[0]
    words = _words(item) if may("assessment") else {}
    screened = may("screening")
    return Shown(
        item=item,
        side=side,
        state=course.states[item.state].title,
        proposers=list(item.proposers.all()),
        text=item.text if may("text") else None,
        lead=item.lead if screened else None,
        is_lead=item.is_lead if screened else None,
        domain=item.domain if screened else None,
        reasons=item.reasons if screened else None,
        assessment=words.get("accept") or words.get("decline") if may("assessment") else None,
        answer=words.get("answer"),
        links=list(item.standing_links) if may("links") else None,
        progress=_progress(item) if may("progress") else None,
        satisfaction=item.get_satisfaction_display() if may("satisfaction") else None,
        due=clock.due if clock else None,
        late=bool(clock and clock.due < timezone.localdate()),
    )


def _answered(item: Item) -> bool:
    """Tell whether the answer's clock has stopped, by the office's answer or the handling organ's."""
    return bool({"answer", "handled"} & _words(item).keys())


def _words(item: Item) -> dict[str, str]:
    return {step.kind: step.words for step in item.steps.all() if step.undone_at is None}


def _progress(item: Item) -> str:
    states = [rulebook.states(case.track).states[case.state].kind for case in cases_of(item)]
    if not states:
        return "lead" if any(link.incident for link in item.standing_links) else ""
    return "closed" if all(kind == "closed" for kind in states) else "case"
