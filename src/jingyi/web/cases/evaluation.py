"""The clocks of a lead before there is a case: the office's own limit for evaluating it (T04)."""

from datetime import date

from django.utils.timezone import localdate

from jingyi.core import rulebook
from jingyi.core.clocks import Clock, Event, clocks_of
from jingyi.web.cases.rules import reading
from jingyi.web.leads.models import Decision, Incident

Kind = Decision.Kind
# what a decision about a lead is to its clocks; whoever takes it up registers it
EVENTS = {
    Kind.TAKE: "lead.registered",
    Kind.ASSIGN: "lead.registered",
    Kind.WATCH: "lead.evaluated",
    Kind.DECLINE: "lead.declined",
    Kind.FILE: "case.filed",
    Kind.HAND_ON: "lead.transferred",
    Kind.MERGE: "lead.merged",
}


def clocks(incident: Incident, *, on: date) -> tuple[Clock, ...]:
    """Return the clocks of a lead as of the day `on`, by the limits of the office that has it.

    A lead handed on begins anew where it is taken up; being given to a colleague begins nothing.
    """
    history: list[Event] = []
    running = False
    for one in incident.decisions.filter(undone_at=None, kind__in=EVENTS).order_by("at", "pk"):
        kind = EVENTS[Kind(one.kind)]
        begins = kind == "lead.registered"
        if not (begins and running):
            history.append(Event(kind, localdate(one.at)))
        running = begins
    found = clocks_of(
        history,
        rules=reading.office_rules([incident.office_id])[incident.office_id],
        procedure="lead",
        calendar=rulebook.rest_days(incident.office.region_id),
        on=on,
    )
    return tuple(clock for clock in found if clock.started_on)
