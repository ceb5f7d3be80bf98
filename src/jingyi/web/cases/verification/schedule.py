"""The visits a closed case is due for: written when it closes, dropped when it opens again."""

from collections.abc import Iterable
from datetime import date

from jingyi.core import lookback, rulebook, verification_book
from jingyi.web.cases.models import Case, Event
from jingyi.web.cases.verification.models import LookBack

CLOSING = ("case.terminated", "case.concluded")
State = LookBack.State
FOLLOWED = ["state", "due_on", "done_on", "outcome", "found", "event"]


def follow(cases: Iterable[Case]) -> int:
    """Keep the visits of `cases` in step with their files; return how many are newly planned.

    A visit is done while its step stands on the file. What a closing no longer asks for is
    dropped, not erased.
    """
    cases = list(cases)
    files = _files(cases)
    book = verification_book.lookback()
    known: dict[int, list[LookBack]] = {}
    for visit in LookBack.objects.filter(case__in=cases).order_by("closed_on", "number"):
        known.setdefault(visit.case_id, []).append(visit)
    new: list[LookBack] = []
    changed: list[LookBack] = []
    for case in cases:
        own = known.get(case.pk, [])
        closing, made = files.get(case.pk, (None, []))
        wanted = _wanted(book, case, closing)
        changed += [visit for visit in own if _agree(visit, wanted)]
        have = {(visit.closed_on, visit.number) for visit in own}
        new += [
            LookBack(case=case, closed_on=on, number=n, due_on=day)
            for (on, n), day in wanted.items()
            if (on, n) not in have
        ]
        planned = [v for v in (*own, *new) if v.case_id == case.pk and v.state == State.PLANNED]
        taken = {visit.event_id for visit in own if visit.state == State.DONE}
        changed += _made(planned, [event for event in made if event.pk not in taken])
    LookBack.objects.bulk_update([v for v in changed if v.pk], FOLLOWED, batch_size=500)
    LookBack.objects.bulk_create(new, batch_size=1000)
    return len(new)


def kind_of(case: Case) -> str:
    """Return open, closed or left, as the rulebook calls the state of the case."""
    return rulebook.states(case.track).states[case.state].kind


def _files(cases: list[Case]) -> dict[int, tuple[Event, list[Event]]]:
    """Return, for each case closed now, what closed it and the visits on file since."""
    closed = [case.pk for case in cases if kind_of(case) == "closed"]
    kinds = (*CLOSING, "lookback.done")
    events = Event.objects.filter(case__in=closed, kind__in=kinds, undone_at=None)
    found: dict[int, tuple[Event, list[Event]]] = {}
    for event in events.order_by("on", "place"):
        if event.kind in CLOSING:
            found[event.case_id] = (event, [])
        elif event.case_id in found:
            found[event.case_id][1].append(event)
    return found


def _wanted(book: lookback.Book, case: Case, closing: Event | None) -> dict[tuple[date, int], date]:
    if closing is None or not book.follows(closing.kind, closing.facts.get("ground", "")):
        return {}
    days = lookback.visits(book.rule(case.domain), closing.on)
    return {(closing.on, n): day for n, day in enumerate(days, 1)}


def _agree(visit: LookBack, wanted: dict[tuple[date, int], date]) -> bool:
    """Bring a visit in line with the file; tell whether it changed."""
    was = (visit.state, visit.due_on, visit.event_id)
    if visit.state == State.DONE:
        if Event.objects.filter(pk=visit.event_id, undone_at=None).exists():
            return False
        visit.state, visit.event, visit.done_on = State.PLANNED, None, None
        visit.outcome = visit.found = ""
    due = wanted.get((visit.closed_on, visit.number))
    state = State.PLANNED if due else State.DROPPED
    visit.state, visit.due_on = state, due or visit.due_on
    return was != (visit.state, visit.due_on, visit.event_id)


def _made(planned: list[LookBack], events: list[Event]) -> list[LookBack]:
    """Mark the visits planned as made by the steps on file, the first by the first."""
    for visit, event in zip(planned, events, strict=False):
        visit.state, visit.event, visit.done_on = State.DONE, event, event.on
        visit.outcome = event.facts.get("outcome", "")
        visit.found = event.facts.get("found", event.facts.get("note", ""))
    return planned[: len(events)]
