"""A case's course as the tests of cases and desk write it: an incident, a case, and its steps."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from jingyi.core.verification import still_open
from jingyi.web.cases import actions
from jingyi.web.cases.models import Track
from jingyi.web.cases.verification import actions as verification
from jingyi.web.cases.verification import queries
from jingyi.web.leads.models import Incident
from tests import factories

SHANGHAI = ZoneInfo("Asia/Shanghai")
TO_SERVICE = (
    ("case.served", "2026-07-03"),
    ("investigation.planned", "2026-07-06"),
    ("investigation.concluded", "2026-07-20"),
    ("suggestion.decided", "2026-07-31"),
)
_counter = iter(range(1, 1_000_000))


def noon(day):
    """A moment on a day (ISO text), in the office's time zone."""
    return datetime.combine(date.fromisoformat(day), time(12), SHANGHAI)


def incident(office, **values):
    n = next(_counter)
    return Incident.objects.create(
        ref=values.pop("ref", f"L{n:06d}"),
        office=office,
        title=values.pop("title", f"东津河暗管排污（{n}）"),
        domain=values.pop("domain", "eco-env"),
        is_lead=True,
        lead=0.9,
        rank=values.pop("rank", 0.8),
        reports=1,
        reporters=1,
        first_at=values.pop("first_at", factories.AT),
        last_at=values.pop("last_at", factories.AT),
        **values,
    )


def case(office, chief, handler, *, decided_on="2026-07-01", organ=None, **values):
    """A filed case; by default an administrative one against nobody yet."""
    return actions.open_from_incident(
        incidents=[values.pop("incident", None) or incident(office)],
        track=values.pop("track", Track.ADMINISTRATIVE),
        domain=values.pop("domain", "eco-env"),
        organ=organ,
        department=None,
        handler=handler,
        title=values.pop("title", "督促整治东津河暗管排污"),
        decided_on=date.fromisoformat(decided_on),
        by=chief,
        at=noon(values.pop("at", "2026-11-20")),
        **values,
    )


def step(case, kind, on, by, *, at="2026-11-20", **values):
    """One step entered, on the case as it stands now."""
    case.refresh_from_db()
    event = actions.record_event(
        case=case,
        kind=kind,
        on=date.fromisoformat(on),
        facts=values.pop("facts", {}),
        by=by,
        at=noon(at),
        version=case.version,
        **values,
    )
    case.refresh_from_db()
    return event


def served(case, by, *, on="2026-08-01", urgent=False):
    """Everything up to the service of a suggestion on `on`."""
    for kind, day in TO_SERVICE:
        facts = {"asks": ["封堵暗管", "查处违法排污"], "urgent": urgent}
        step(case, kind, day, by, facts=facts if kind == "suggestion.decided" else {})
    return step(case, "suggestion.served", on, by)


def verified(case, first, second, on, *found, at="2026-11-20"):
    """A round: `found` is (kind, reason) for each duty still open; fixed with none given."""
    case.refresh_from_db()
    suggestion = case.suggestions.order_by("pk").last()
    left = still_open([duty.core for duty in queries.duties_of(suggestion)])
    told = found or [("fixed", "已封堵")] * len(left)
    round_ = verification.verify(
        suggestion=suggestion,
        visit=verification.Visit(date.fromisoformat(on), ["visit"], "东津河排口", first, second),
        found=[
            verification.Found(duty.number, kind, reason)
            for duty, (kind, reason) in zip(left, told, strict=True)
        ],
        by=first,
        at=noon(at),
        version=case.version,
    )
    case.refresh_from_db()
    return round_
