"""Acts of the chain of a case's file: the chain decides what may be done, the case who may."""

from datetime import datetime
from typing import Any

from jingyi.core.custody import Kind
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading.files import File
from jingyi.web.evidence.custody.actions import Said, enter
from jingyi.web.evidence.custody.models import Link

STARTS = "case.step"  # a chain; the second person may be anybody of the office who sees the case
KEEPS = "case.read"  # technicians and case managers hold evidence too; the chain says who does


def subject_of(case: Case, file: File) -> str:
    """Return what the file's chain is kept under."""
    return f"exhibit:{case.ref}/{file.key}"


def record(
    *,
    case: Case,
    file: File,
    kind: Kind,
    said: Said,
    address: str,
    by: User,
    at: datetime,
    **others: Any,
) -> Link:
    """Add a link to the chain of a case's file; whoever has to confirm a hand-over is told.

    Args:
        others: `second`, `to`, `happened_at`, as the act needs them.

    Raises:
        Http404: one of the people may not work on the case.
        Refusal: the chain does not allow it now.
    """
    require_on(by, STARTS if kind is Kind.COLLECTED else KEEPS, case)
    for who in (others.get("second"), others.get("to")):
        if who is not None:
            require_on(who, KEEPS, case)
    files = [file.blob] if kind is Kind.COLLECTED else []
    link = enter(
        subject=subject_of(case, file), kind=kind, said=said, files=files, office=case.office,
        by=by, at=at, **others,
    )  # fmt: skip
    if kind is Kind.OFFERED and link.to:
        notify(
            user=link.to, url=address, key=f"custody-offered:{link.pk}", at=at,
            sentence=say("{who} 移交给您 {ref} 的证据“{name}”，请确认接收。", who=by.name, ref=case.ref, name=file.name),
        )  # fmt: skip
    return link
