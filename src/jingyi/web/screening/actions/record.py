"""The room's entries in the ledger."""

from datetime import datetime
from typing import Any

from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Procuratorate


def record(
    kind: str, subject: str, *, office: Procuratorate, by: User | None, at: datetime, **facts: Any
) -> None:
    """Enter one act of the studio; `facts` name no person and hold no row."""
    ledger.append(
        kind=f"screening.{kind}", subject=subject, facts=facts, by=by, at=at, office=office
    )
