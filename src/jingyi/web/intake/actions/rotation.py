"""Who reported, written anew under a new key; the old key goes when nothing needs it any more."""

import time
from collections.abc import Callable
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import keys
from jingyi.web.intake.models import Identity
from jingyi.web.ledger import actions as ledger

NAME = "identity"
BATCH = 200  # rows in one transaction
SETTLES = 3600  # seconds: a report begun under the old key has long been stored by then


def rotate(*, at: datetime, told: Callable[[int, int], None] | None = None) -> int:
    """Write every identity under a new key; return how many were written anew.

    A run that was killed is taken up where it stood: until the old key is retired, no other is made.
    Pages go on meanwhile. The old key stays until `retire`.
    """
    if not keys.changing(NAME):
        keys.change(NAME)
        _record("key.changed", at=at)
    done = 0
    total = Identity.objects.count()
    seen = 0
    while True:
        with transaction.atomic():
            rows = list(
                Identity.objects.select_for_update().filter(pk__gt=seen).order_by("pk")[:BATCH]
            )
            if not rows:
                break
            done += _rewrite(rows)
        seen = rows[-1].pk
        if told:
            told(done, total)
    _record("key.rewritten", at=at, identities=done)
    return done


def retire(*, at: datetime) -> int:
    """Delete the old keys once every identity opens under the present one alone; return how many.

    Raises:
        Refusal: one does not, or the key was changed within the hour.
    """
    gone = keys.old(NAME)
    for path in gone:
        if time.time() - path.stat().st_mtime < SETTLES:
            raise Refusal("密钥更换不到一小时，旧密钥还不能删除；请稍后再试。")
    present = Fernet(keys.present(NAME))
    for row in Identity.objects.order_by("pk").iterator():
        if not _opens(present, bytes(row.sealed)):
            raise Refusal("还有举报人身份没有改用新密钥；请先运行 jingyi keys rotate。")
    for path in gone:
        path.unlink()
    if gone:
        _record("key.retired", at=at, keys=len(gone))
    return len(gone)


def _rewrite(rows: list[Identity]) -> int:
    present, box = Fernet(keys.present(NAME)), keys.box(NAME)
    stale = [row for row in rows if not _opens(present, bytes(row.sealed))]
    for row in stale:
        row.sealed = box.rotate(bytes(row.sealed))
    Identity.objects.bulk_update(stale, ["sealed"])
    return len(stale)


def _opens(key: Fernet, sealed: bytes) -> bool:
    try:
        key.decrypt(sealed)
    except InvalidToken:
        return False
    return True


def _record(kind: str, *, at: datetime, **facts: object) -> None:
    ledger.append(kind=kind, subject=f"key:{NAME}", facts=facts, by=None, at=at, office=None)
