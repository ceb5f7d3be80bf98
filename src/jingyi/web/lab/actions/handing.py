"""Samples handed over and received, many at a time; each is a link of its own chain."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from jingyi.core.custody import Kind
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.evidence.custody.actions import Said, enter
from jingyi.web.lab.models import Sample
from jingyi.web.registry.access import require


@transaction.atomic
def hand_over(
    *, samples: Iterable[Sample], to: User, condition: str, by: User, at: datetime
) -> int:
    """Offer samples to somebody of the laboratory, who has yet to confirm; return how many.

    Raises:
        Http404: either may not handle samples of that office.
        Refusal: there is none, or one is not in the hands of `by`.
    """
    found = list(samples)
    if not found:
        raise Refusal("没有在您手里、可以移交的样品。")
    for sample in found:
        require(by, "lab.sample", sample.request.office)
        require(to, "lab.sample", sample.request.office)
        enter(
            subject=sample.subject, kind=Kind.OFFERED, said=Said(condition=condition), to=to,
            office=sample.request.office, by=by, at=at,
        )  # fmt: skip
    notify(
        user=to, sentence=say("{who} 移交给您 {n} 个样品，请确认接收。", who=by.name, n=len(found)),
        url="/lab/", key=f"lab-offered:{by.pk}:{at}", at=at,
    )  # fmt: skip
    return len(found)


@transaction.atomic
def receive(
    *, samples: Iterable[Sample], intact: bool, condition: str = "", by: User, at: datetime
) -> int:
    """Confirm that samples were received, and how their seals were; return how many."""
    found = list(samples)
    if not found:
        raise Refusal("没有等待您接收的样品。")
    for sample in found:
        require(by, "lab.sample", sample.request.office)
        enter(
            subject=sample.subject, kind=Kind.ACCEPTED,
            said=Said(intact=intact, condition=condition), office=sample.request.office, by=by,
            at=at,
        )  # fmt: skip
    return len(found)
