"""Who has an incident open now."""

from datetime import datetime

from jingyi.web.accounts.models import User
from jingyi.web.leads.models import Incident, Presence


def present(*, incident: Incident, by: User, at: datetime) -> Presence:
    """Say that `by` is looking at the incident. No act: not in the ledger."""
    return Presence.objects.update_or_create(incident=incident, user=by, defaults={"seen_at": at})[
        0
    ]
