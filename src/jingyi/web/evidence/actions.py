"""Writes of the vault and the ledger. Every room's actions end in `append`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jingyi.core import ledger
from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob, Entry, Head, TreeNode
from jingyi.web.registry.models import Procuratorate


@transaction.atomic
def append(
    *,
    kind: str,
    subject: str,
    facts: Mapping[str, object],
    by: User | None,
    at: datetime,
    office: Procuratorate | None = None,
) -> Entry:
    """Record one act as the next leaf. `facts` must be plain JSON and name no reporter."""
    head = Head.objects.select_for_update().get_or_create(pk=1)[0]
    body = {
        "kind": kind,
        "subject": subject,
        "by": by.username if by else None,
        "at": at.isoformat(timespec="microseconds"),
        "office": office.code if office else None,
        "facts": dict(facts),
    }
    leaf = ledger.leaf_hash(ledger.canonical(body))
    entry = Entry.objects.create(
        index=head.size, kind=kind, subject=subject, body=body, at=at, by=by, office=office
    )
    TreeNode.objects.bulk_create(
        TreeNode(level=level, index=index, digest=digest)
        for level, index, digest in ledger.append(head.size, leaf, read_node)
    )
    head.size += 1
    head.save(update_fields=["size"])
    return entry


def read_node(level: int, index: int) -> bytes:
    """Return a stored subtree's hash; the `read` that `core.ledger` asks for."""
    return bytes(TreeNode.objects.values_list("digest", flat=True).get(level=level, index=index))


@transaction.atomic
def seal(*, chunks: Iterable[bytes], media_type: str, at: datetime) -> Blob:
    """Store a file's bytes once, under their SHA-256; the same bytes again are the same blob."""
    digest, size = vault.store(chunks, folder=Path(settings.VAULT))
    return Blob.objects.get_or_create(
        sha256=digest, defaults={"size": size, "media_type": media_type, "sealed_at": at}
    )[0]


def digest_of(rows: Iterable[bytes]) -> str:
    """Return one hex digest for many rows, for an entry that covers a whole batch."""
    return ledger.root_of(sha256(b"\x00" + row).digest() for row in rows)[1].hex()
