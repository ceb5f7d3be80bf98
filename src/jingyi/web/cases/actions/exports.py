"""What is taken out of the system is recorded."""

from collections.abc import Mapping
from datetime import datetime

from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.ledger.models import Entry


def record_export(
    *, kind: str, rows: int, filters: Mapping[str, str], by: User, at: datetime
) -> Entry:
    """Record that `by` took a list of cases out as a file."""
    return ledger.append(
        kind="cases.exported",
        subject=f"user:{by.username}",
        facts={"format": kind, "rows": rows, "filters": dict(filters)},
        by=by,
        at=at,
    )
