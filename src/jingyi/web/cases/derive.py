"""What follows from a case's events: its state, its clocks, its suggestions. Kept for lists to ask."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from jingyi.core import casefile, clocks, rulebook
from jingyi.core.casefile import Law, Standing
from jingyi.web.cases.models import Case, Clock, Event, Suggestion
from jingyi.web.cases.rules import reading

DECIDED, SERVED, REPLIED = "suggestion.decided", "suggestion.served", "suggestion.replied"
AMENDED = "suggestion.amended"


def law_of(case: Case) -> Law:
    """Return what a case is read by."""
    return laws_of([case])[case.pk]


def laws_of(cases: Sequence[Case]) -> dict[int, Law]:
    """Return what each case is read by: its office's own limits and moved versions included."""
    rules = reading.office_rules(case.office_id for case in cases)
    versions = reading.moved_of(case.pk for case in cases)
    return {
        case.pk: Law(
            rulebook.states(case.track),
            reading.moved(rules[case.office_id], versions.get(case.pk, {})),
            rulebook.rest_days(case.office.region_id),
        )
        for case in cases
    }


def history(events: Iterable[Event]) -> list[clocks.Event]:
    """Return stored events, in order, as the core reads them."""
    found = []
    urgent = False
    for event in events:
        data: dict[str, Any] = {"until": event.until, "ground": event.facts.get("ground", "")}
        if event.kind == DECIDED:
            urgent = bool(event.facts.get("urgent"))
        if event.facts.get("track"):
            data["track"] = event.facts["track"]
        if event.kind == SERVED:
            data["track"] = "urgent" if urgent else "ordinary"
        found.append(clocks.Event(event.kind, event.on, data))
    return found


def standing_of(case: Case, *, on: date) -> Standing:
    """Return where a case stands on a day, read from its events."""
    return casefile.stand(law_of(case), history(case.events.filter(undone_at=None)), on=on)


@transaction.atomic
def rewrite(cases: Sequence[Case], *, on: date) -> int:
    """Write state, clocks and suggestions of `cases` anew; return the number of clocks.

    Args:
        cases: with `office` selected where there are many.
        on: the day they are read as of.

    Raises:
        StepClosed: the events of a case are not a lawful course; nothing is written.
    """
    events: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(case__in=cases, undone_at=None).order_by("on", "place"):
        events[event.case_id].append(event)
    rows: list[Clock] = []
    laws = laws_of(cases)
    for case in cases:
        standing = casefile.stand(laws[case.pk], history(events[case.pk]), on=on)
        case.state = standing.state
        rows += [row_of(case, clock) for clock in standing.clocks if clock.started_on]
    Case.objects.bulk_update(cases, ["state"], batch_size=500)
    Clock.objects.filter(case__in=cases).delete()
    Clock.objects.bulk_create(rows, batch_size=1000)
    for case in cases:
        _suggestions(case, events[case.pk])
    return len(rows)


def row_of(case: Case, clock: clocks.Clock) -> Clock:
    """Return a started clock as it is stored."""
    found = clock.deadline
    return Clock(
        case=case,
        rule=clock.rule.id,
        rule_version=found.version if found else None,
        track=found.track if found else "",
        duty=clock.rule.nature == "duty",
        started_on=clock.started_on,
        due_raw=found.due_raw if found else clock.raw,
        due_on=found.due if found else None,
        stopped_on=clock.ended_on,
        paused=clock.state == "paused",
        steps=[step.to_json() for step in found.steps] if found else [],
        refusal=clock.refused.sentence.to_json() if clock.refused else None,
    )


def _suggestions(case: Case, events: list[Event]) -> None:
    """Keep one suggestion for each event that decided one; a corrected event hands its on."""
    kept = []
    found: Suggestion | None = None
    for event in events:
        if event.kind == DECIDED:
            found = _suggestion(case, event)
            kept.append(found.pk)
        elif found and event.kind == SERVED:
            found.served_on = event.on
            found.number = event.facts.get("number") or found.number
            found.save(update_fields=["served_on", "number"])
        elif found and event.kind == AMENDED:  # to be served, and answered, again
            found.served_on = found.replied_on = None
            found.asks = event.facts.get("asks") or found.asks
            found.save(update_fields=["served_on", "replied_on", "asks"])
        elif found and event.kind == REPLIED:
            found.replied_on = event.on
            found.save(update_fields=["replied_on"])
    if case.track == Case.Track.ADMINISTRATIVE:
        case.suggestions.exclude(pk__in=kept).delete()


def _suggestion(case: Case, event: Event) -> Suggestion:
    return Suggestion.objects.update_or_create(
        event=event,
        defaults={
            "case": case,
            "organ_id": case.organ_id,
            "number": event.facts.get("number", ""),
            "asks": event.facts.get("asks", []),
            "urgent": bool(event.facts.get("urgent")),
            "decided_on": event.on,
            "served_on": None,
            "replied_on": None,
        },
    )[0]
