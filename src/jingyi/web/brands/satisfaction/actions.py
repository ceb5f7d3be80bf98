"""Writes of satisfaction: ask at the lawful moment, answer once."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import uuid4

from django.db import transaction
from django.utils.timezone import localdate

from jingyi.core.refusal import Refusal
from jingyi.core.talent import book
from jingyi.web.accounts.models import User
from jingyi.web.brands.satisfaction import queries
from jingyi.web.brands.satisfaction.models import Answered, Asked
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require

LOW, HIGH = 1, 5


@transaction.atomic
def ask(*, audience: str, ref: str, by: User, at: datetime) -> tuple[Asked, str]:
    """Make a link about one matter; return it with its key, which is not kept.

    Raises:
        Refusal: no such matter, its moment has not come, or somebody was asked already.
    """
    found = queries.matter(by, audience, ref)
    if found is None:
        raise Refusal("没有编号为 {ref} 的事项，请核对。", ref=ref)
    subject, office, come = found
    require(by, "brands.meet", office)
    rules = book()
    if not come:
        raise Refusal(
            "现在还不能征求意见：要等到{moment}。", moment=rules.audiences[audience].moment
        )
    if Asked.objects.filter(audience=audience, subject=subject).exists():
        raise Refusal("这件事已经征求过意见，不重复征求。")
    key = secrets.token_urlsafe(24)
    made = Asked.objects.create(
        office=office, audience=audience, subject=subject, key_hash=hash_of(key),
        until=at + timedelta(days=rules.days), by=by, at=at,
    )  # fmt: skip
    ledger.append(
        kind="satisfaction.asked", subject=subject, facts={"audience": audience}, by=by, at=at,
        office=office,
    )  # fmt: skip
    return made, key


def waiting(key: str, *, at: datetime) -> Asked | None:
    """Return what a key asks about, while it may be answered."""
    return Asked.objects.filter(key_hash=hash_of(key), used=False, until__gt=at).first()


@transaction.atomic
def answer(*, key: str, scores: Mapping[str, int], words: str, at: datetime) -> Answered:
    """Answer once. The answer does not keep who was asked, nor its day; the ledger has no word of it.

    Raises:
        Refusal: the link is used up or too old, or an answer is out of range.
    """
    asked = Asked.objects.select_for_update().filter(key_hash=hash_of(key)).first()
    if asked is None or asked.used or asked.until <= at:
        raise Refusal("这个链接已经用过或者过期。")
    wanted = {one.id for one in book().questions.values() if asked.audience in one.audiences}
    if set(scores) != wanted or not all(LOW <= one <= HIGH for one in scores.values()):
        raise Refusal("每个问题请选 1 到 5 中的一个。")
    asked.used = True
    asked.save(update_fields=["used"])
    return Answered.objects.create(
        id=uuid4(), office_id=asked.office_id, audience=asked.audience,
        month=localdate(at).replace(day=1), scores=dict(scores), words=words.strip(),
    )  # fmt: skip


def hash_of(key: str) -> str:
    """Return what is kept of a key."""
    return sha256(key.encode()).hexdigest()
