"""What was decided about each incident: registered as a lead, declined, watched, filed; or not yet.

A lead (线索) is an incident marked so: by triage, or by whoever registered it. All 1,928 matters of
public interest are leads; what triage overlooked, a person registered, and what it took for one and
is not, a person declined. Only triage's own leads of the last weeks still wait undecided.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from jingyi.demo.chance import dice
from jingyi.demo.institutions import Institutions
from jingyi.demo.reports import Taken, soon
from jingyi.demo.stories import NOW
from jingyi.demo.tidy import act_of
from jingyi.web.accounts.models import User
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.ledger.actions import Act

Kind, State = Decision.Kind, Incident.State
WAITS = timedelta(days=80)  # older than this, everything has been looked at
REASONS = (("no-breach", 30), ("already-remedied", 34), ("not-verifiable", 20), ("untrue", 8), ("no-harm", 8))  # fmt: skip
PRIVATE = (("private-interest", 70), ("no-domain", 30))


def decide(
    made: Institutions,
    taken: Sequence[Taken],
    incidents: Sequence[Incident],
    filed: dict[int, tuple[str, datetime, User]],
) -> list[Act]:
    """Write every decision. `filed`: index of the story → its case's ref, when, and by whom."""
    decisions: list[Decision] = []
    for n, (one, incident) in enumerate(zip(taken, incidents, strict=True)):
        decisions += _decided(made, one, incident, filed.get(n))
    Decision.objects.bulk_create(decisions, batch_size=500)
    Incident.objects.bulk_update(
        incidents, ["state", "handler", "is_lead", "domain", "version"], batch_size=400
    )
    return [act_of(decision) for decision in decisions]


def _decided(
    made: Institutions, one: Taken, incident: Incident, case: tuple[str, datetime, User] | None
) -> Iterator[Decision]:
    own = dice("decide", one.story.kind["id"], one.story.number)
    staff = made.staff[one.office.code, "prosecutor"]
    by = own.choice(staff)
    if not one.story.domain:
        if incident.is_lead:
            incident.is_lead = False
            at = soon(incident.first_at, own.uniform(4, 70))
            yield _decline(incident, own.choices(*zip(*PRIVATE, strict=True))[0], by, at)
        return
    fresh = NOW - one.story.begun < WAITS
    if fresh and case is None and incident.is_lead and own.random() < 0.75:
        return
    yield _take(incident, one, by, soon(incident.first_at, own.uniform(5, 80)))
    if case:
        ref, at, chief = case
        yield _change(incident, Kind.FILE, State.FILED, chief, at, to=ref)
    elif fresh:
        return
    else:
        yield from _weighed(incident, own, by)


def _take(incident: Incident, one: Taken, by: User, at: datetime) -> Decision:
    """Register a lead: its domain is now what the prosecutor says."""
    missed = not incident.is_lead
    note = "经人工阅看，登记为公益诉讼线索。" if missed else ""
    decision = _change(incident, Kind.TAKE, State.TAKEN, by, at, note=note)
    incident.handler = by
    incident.is_lead = True
    incident.domain = one.story.domain
    return decision


def _weighed(incident: Incident, own: Random, by: User) -> Iterator[Decision]:
    """Decline, watch, or go on assessing."""
    at = soon(incident.first_at, own.uniform(100, 900))
    old = NOW - incident.first_at > timedelta(days=150)
    roll = own.random()
    if roll < 0.12:
        yield _change(
            incident, Kind.WATCH, State.WATCHED, by, at, note="公益损害尚不明确，持续关注。"
        )
    elif old or roll < 0.6:
        yield _decline(incident, own.choices(*zip(*REASONS, strict=True))[0], by, at)


def _decline(incident: Incident, reason: str, by: User, at: datetime) -> Decision:
    return _change(incident, Kind.DECLINE, State.DECLINED, by, at, reason=reason)


def _change(
    incident: Incident, kind: str, state: str, by: User, at: datetime, **more: str
) -> Decision:
    before: dict[str, object] = {"state": incident.state}
    if kind == Kind.TAKE:
        before["handler_id"] = incident.handler_id
    incident.state = state
    incident.version += 1
    return Decision(incident=incident, kind=kind, before=before, by=by, at=at, **more)
