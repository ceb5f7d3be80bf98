"""The public's vote: vouchers, ballots, what strikes."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from jingyi.core.judging import ballots
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.registry.access import require
from jingyi.web.selection import queries
from jingyi.web.selection.actions.editions import locked, record
from jingyi.web.selection.models import Edition, Vote, Voucher

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another
LENGTH = 12  # 31^12 codes: a guess in an hour's tries is hopeless
MOST = 20_000  # vouchers made at once


@transaction.atomic
def issue(*, edition: Edition, n: int, by: User, at: datetime) -> list[str]:
    """Make vouchers, each the right to one ballot. Only their digests are kept: give them out now.

    Raises:
        Refusal: too many at once, or the vote is over.
    """
    edition = locked(edition)
    require(by, "selection.run", edition.office)
    counted = edition.counts.filter(round=len(edition.legs) - 1).exists()
    if edition.stage not in {"jury", "scoring"} or counted:
        raise Refusal("只有组成评委和评分期间可以发放投票码。")
    if not 0 < n <= MOST:
        raise Refusal("一次可发放 1 至 {most} 个投票码。", most=MOST)
    codes = ["".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for _ in range(n)]
    Voucher.objects.bulk_create([Voucher(edition=edition, digest=digest(edition, code)) for code in codes])  # fmt: skip
    record("selection.vouchers", edition, {"n": n}, by, at)
    return codes


@transaction.atomic
def cast(
    *, edition: Edition, code: str, choices: Sequence[str], source: str, at: datetime
) -> tuple[str, Vote]:  # fmt: skip
    """Cast a ballot with a voucher. Returns the secret by which its caster finds it, and the ballot.

    Raises:
        Refusal: the vote is not open, the code is unknown or used, or the ballot is against the rules.
    """
    edition = locked(edition)
    if not queries.polling(edition):
        raise Refusal("现在没有开放投票。")
    voucher = Voucher.objects.select_for_update().filter(
        edition=edition, digest=digest(edition, code)
    ).first()  # fmt: skip
    if voucher is None or voucher.used:
        raise Refusal("投票码不正确，或者已经用过。请核对后再试。")
    standing = {str(entry.number) for entry in queries.standing(edition)}
    secret = secrets.token_hex(16)
    ballot = ballots.fill(ballots.mark_of(secret), choices, standing, edition.votes)
    voucher.used = True
    voucher.save(update_fields=["used"])
    hour = int((at - edition.opened_at).total_seconds() // 3600)
    made = Vote.objects.create(
        edition=edition, mark=ballot.mark, choices=list(ballot.choices), hour=hour,
        source=sha256(f"{edition.seed}\n{source}".encode()).hexdigest(),
    )  # fmt: skip
    return secret, made


def digest(edition: Edition, code: str) -> str:
    """Return what is kept of a voucher's code."""
    plain = "".join(c for c in code.upper() if c in LETTERS)
    return sha256(f"voucher {edition.pk}\n{plain}".encode()).hexdigest()
