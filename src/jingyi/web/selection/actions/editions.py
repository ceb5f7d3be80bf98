"""A selection's rules and its stages."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from jingyi.core.judging import book, rounds
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.selection.models import Edition, Entry

RULES = (
    "name", "about", "nominated", "chosen", "each", "public_percent", "votes",
    "publicity_days", "blind", "criteria", "closes_on", "categories", "rounds",
)  # fmt: skip


@transaction.atomic
def create(*, office: Procuratorate, rules: Mapping[str, Any], by: User, at: datetime) -> Edition:
    """Begin a selection; its rules can be changed until it opens.

    Raises:
        Refusal: the office has one of that name, or the rules contradict each other.
    """
    require(by, "selection.run", office)
    edition = Edition(office=office, stage="draft", seed=secrets.token_hex(32))
    _fill(edition, rules)
    edition.save()
    record("selection.created", edition, {"name": edition.name}, by, at)
    return edition


@transaction.atomic
def change(*, edition: Edition, rules: Mapping[str, Any], by: User, at: datetime) -> Edition:
    """Rewrite the rules of a selection that has not opened.

    Raises:
        Refusal: it has opened.
    """
    edition = locked(edition)
    require(by, "selection.run", edition.office)
    if edition.stage != "draft":
        raise Refusal("评选已经开始，规则不能再改。")
    _fill(edition, rules)
    edition.save()
    record("selection.changed", edition, {"rules": rules_of(edition)}, by, at)
    return edition


def _fill(edition: Edition, rules: Mapping[str, Any]) -> None:
    for name, value in rules.items():
        setattr(edition, name, value)
    if edition.categories:
        edition.nominated = sum(one.nominated for one in edition.kinds)
        edition.chosen = sum(one.chosen for one in edition.kinds)
    rounds.check(edition.kinds, edition.legs, edition.public_percent)
    if not edition.criteria or any(weight <= 0 for weight in edition.criteria.values()):
        raise Refusal("至少要有一个评分项，每项的权重都要大于 0。")
    if Edition.objects.filter(office=edition.office, name=edition.name).exclude(pk=edition.pk).exists():  # fmt: skip
        raise Refusal("本院已有名为“{name}”的评选，请另取名称。", name=edition.name)


@transaction.atomic
def open_nominations(*, edition: Edition, by: User, at: datetime) -> Edition:
    """Fix the rules and open for nominations; the lot's seed is committed to by its digest.

    Raises:
        Refusal: the last day of nominations has passed.
    """
    edition = locked(edition)
    require(by, "selection.run", edition.office)
    book.move(edition.stage, "nomination")
    if edition.closes_on < localdate(at):
        raise Refusal("申报截止日 {on} 已过，请先修改规则。", on=edition.closes_on.isoformat())
    edition.stage, edition.opened_at = "nomination", at
    edition.save(update_fields=["stage", "opened_at"])
    facts = {"rules": rules_of(edition), "seed_sha256": commitment(edition)}
    record("selection.opened", edition, facts, by, at)
    return edition


@transaction.atomic
def close_nominations(*, edition: Edition, by: User, at: datetime) -> Edition:
    """End the nominations and number the accepted entries, by category and their brands' names.

    Raises:
        Refusal: somebody still waits for an answer, or too few or too many are accepted.
    """
    edition = locked(edition)
    require(by, "selection.run", edition.office)
    book.move(edition.stage, "jury")
    entries = edition.entries.select_related("brand", "case__draft")
    if waiting := entries.filter(state=Entry.State.SENT).count():
        raise Refusal("还有 {n} 份申报没有审核。请先受理或退回。", n=waiting)
    order = [one.name for one in edition.kinds]
    accepted = sorted(entries.filter(state=Entry.State.ACCEPTED), key=lambda e: (order.index(e.category), e.title))  # fmt: skip
    for kind in edition.kinds:
        n = sum(entry.category == kind.name for entry in accepted)
        if not kind.chosen <= n <= kind.nominated:
            raise Refusal(
                "{kind}已受理 {n} 份申报；进入评选的应为 {least} 至 {most} 份。",
                kind=kind.name, n=n, least=kind.chosen, most=kind.nominated,
            )  # fmt: skip
    for number, entry in enumerate(accepted, 1):
        entry.number = number
        entry.save(update_fields=["number"])
    edition.stage = "jury"
    edition.save(update_fields=["stage"])
    facts = {"entries": [e.brand_id or f"typical:{e.case.draft.typical_id}" for e in accepted]}
    record("selection.nominated", edition, facts, by, at)
    return edition


def rules_of(edition: Edition) -> dict[str, Any]:
    """Return the rules as they stand in the ledger."""
    rules = {name: getattr(edition, name) for name in RULES}
    return rules | {"closes_on": edition.closes_on.isoformat()}


def commitment(edition: Edition) -> str:
    """Return what is published of the lot's seed before it is told."""
    return sha256(edition.seed.encode()).hexdigest()


def locked(edition: Edition) -> Edition:
    """Return the selection, locked until the transaction ends."""
    return Edition.objects.select_for_update(of=("self",)).select_related("office").get(pk=edition.pk)  # fmt: skip


def record(kind: str, edition: Edition, facts: dict[str, Any], by: User | None, at: datetime) -> None:  # fmt: skip
    """Write an act on a selection into the ledger."""
    ledger.append(
        kind=kind, subject=f"selection:{edition.pk}", facts=facts, by=by, at=at, office=edition.office
    )  # fmt: skip
