"""Writes of the vault."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob


@transaction.atomic
def seal(*, chunks: Iterable[bytes], media_type: str, at: datetime) -> Blob:
    """Store a file's bytes once, under their SHA-256; the same bytes again are the same blob."""
    digest, size = vault.store(chunks, folder=Path(settings.VAULT))
    return Blob.objects.get_or_create(
        sha256=digest, defaults={"size": size, "media_type": media_type, "sealed_at": at}
    )[0]
