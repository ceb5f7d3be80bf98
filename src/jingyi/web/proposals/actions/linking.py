"""Judging candidates: an item and a suggestion, a lead or a case are one matter, related, or not."""

from datetime import datetime

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.models import Case, Suggestion
from jingyi.web.leads.models import Incident
from jingyi.web.ledger import actions as ledger
from jingyi.web.proposals.access import require_side
from jingyi.web.proposals.models import Item, Link

Target = Suggestion | Incident | Case


@transaction.atomic
def judge(
    *, item: Item, target: Target, verdict: str, reason: str = "", score: float | None = None,
    origin: str = Link.Origin.MATCH, by: User, at: datetime,
) -> Link:  # fmt: skip
    """Keep a judgement; an earlier one of the same pair is taken back by it."""
    require_side(by, item, "office", "proposals.assess")
    if verdict not in Link.Verdict.values:
        raise Refusal("请选择：同一件事、有关联，还是无关。")
    field = field_of(target)
    item.links.filter(**{field: target}, undone_at=None).update(undone_at=at)
    link = Link.objects.create(
        item=item, **{field: target}, verdict=verdict, reason=reason.strip(), score=score,
        origin=origin, by=by, at=at,
    )  # fmt: skip
    _record(link, "proposal.judged", by, at)
    return link


@transaction.atomic
def undo(*, link: Link, by: User, at: datetime) -> Link:
    """Take a judgement back: the pair is offered again."""
    require_side(by, link.item, "office", "proposals.assess")
    if link.undone_at:
        raise Refusal("这项判断已经撤销过。")
    if link.origin == Link.Origin.TAKEN_UP:
        raise Refusal("这是评估后作为线索办理时建立的关联，请撤销那一步。")
    link.undone_at = at
    link.save(update_fields=["undone_at"])
    _record(link, "proposal.judgement-undone", by, at)
    return link


def field_of(target: Target) -> str:
    """Return which field of a link names a thing of this kind."""
    return {Suggestion: "suggestion", Incident: "incident", Case: "case"}[type(target)]


def _record(link: Link, kind: str, by: User, at: datetime) -> None:
    facts = {"verdict": link.verdict, "reason": link.reason, "link": link.pk, "score": link.score}
    ledger.append(
        kind=kind, subject=f"proposal:{link.item_id}", facts=facts, by=by, at=at,
        office=link.item.session.office,
    )  # fmt: skip
