"""The days of a fact: as reported, and as the ledger keeps them."""

from collections.abc import Sequence

from django.utils import timezone

from jingyi.core.basis import Facts
from jingyi.web.cases.models import Case, Proposal
from jingyi.web.leads.models import Incident


def told_days(incidents: Sequence[Incident]) -> Facts:
    """Return the days on which the fact was reported, for want of better."""
    return Facts(
        timezone.localdate(min(incident.first_at for incident in incidents)),
        timezone.localdate(max(incident.last_at for incident in incidents)),
    )


def facts_of(thing: Case | Proposal) -> Facts | None:
    """Return the days of the fact, if they are known."""
    return Facts(thing.fact_from, thing.fact_to) if thing.fact_from else None


def days_of(thing: Case | Proposal) -> dict[str, str | None]:
    """Return the days of the fact as the ledger keeps them."""
    return {
        "fact_from": thing.fact_from.isoformat() if thing.fact_from else None,
        "fact_to": thing.fact_to.isoformat() if thing.fact_to else None,
    }
