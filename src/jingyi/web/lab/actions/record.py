"""The room's entries in the ledger."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Procuratorate


def record(
    kind: str, subject: str, facts: Mapping[str, Any], *, office: Procuratorate, by: User | None,
    at: datetime,
) -> None:  # fmt: skip
    """Enter one act of the laboratory."""
    ledger.append(kind=kind, subject=subject, facts=facts, by=by, at=at, office=office)
