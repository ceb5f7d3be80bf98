"""Writes of the vault."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger


def seal(*, chunks: Iterable[bytes], media_type: str, at: datetime) -> Blob:
    """Store a file's bytes once, under their SHA-256; the same bytes again are the same blob.

    Nobody waits for the database meanwhile: the row is written when the bytes are on disk.

    Raises:
        Refusal: the disk is full or the store does not answer; nothing of the file is left.
    """
    return _listed(vault.store(chunks, folder=Path(settings.VAULT)), media_type, at)[0]


def take_in(
    *, chunks: Iterable[bytes], name: str, by: User | None = None, at: datetime
) -> tuple[Blob, bool]:
    """Seal a file that belongs to no case yet and record it; return it, and whether it is new.

    Raises:
        Refusal: as `seal`.
    """
    stored = vault.store(chunks, folder=Path(settings.VAULT))
    with transaction.atomic():
        blob, new = _listed(stored, "application/octet-stream", at)
        ledger.append(
            kind="evidence.sealed",
            subject=f"file:{blob.sha256}",
            facts={"name": name, "sm3": blob.sm3, "size": blob.size},
            by=by,
            at=at,
        )
    return blob, new


@transaction.atomic
def _listed(stored: vault.Stored, media_type: str, at: datetime) -> tuple[Blob, bool]:
    blob, new = Blob.objects.get_or_create(
        sha256=stored.sha256,
        defaults={
            "sm3": stored.sm3,
            "size": stored.size,
            "media_type": media_type,
            "sealed_at": at,
        },
    )
    if not blob.sm3:  # sealed before SM3 was counted
        blob.sm3 = stored.sm3
        blob.save(update_fields=["sm3"])
    return blob, new
