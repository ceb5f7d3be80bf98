"""The one way into the ledger. Every room's actions end in `append`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from jingyi.core import ledger
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.ledger import signing, sm2, verifier
from jingyi.web.ledger.models import Entry, Head, SignedHead, TreeNode


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did. `facts` are plain JSON and name no reporter."""

    kind: str  # "case.opened"
    subject: str  # "case:2026-0007"
    at: datetime
    by: User | None = None
    office: str = ""  # the office's code
    facts: Mapping[str, Any] = field(default_factory=dict)


def append(
    *,
    kind: str,
    subject: str,
    facts: Mapping[str, Any],
    by: User | None,
    at: datetime,
    office: Any = None,
) -> Entry:
    """Record one act as the next leaf. `office` is a procuratorate or nothing."""
    code = office.code if office else ""
    return append_many([Act(kind, subject, at, by, code, facts)])[0]


@transaction.atomic
def append_many(acts: Iterable[Act]) -> list[Entry]:
    """Record acts in the order given, in one transaction; all of them or none."""
    head = Head.objects.select_for_update().get_or_create(pk=1)[0]
    entries: list[Entry] = []
    nodes: dict[tuple[int, int], bytes] = {}
    before = read_nodes(set(ledger.peaks(head.size)))

    def read(level: int, index: int) -> bytes:
        return nodes.get((level, index)) or before[level, index]

    for size, act in enumerate(acts, head.size):
        body = _body(act)
        leaf = ledger.leaf_hash(ledger.canonical(body))
        for level, index, digest in ledger.append(size, leaf, read):
            nodes[level, index] = digest
        entries.append(
            Entry(
                index=size,
                kind=act.kind,
                subject=act.subject,
                body=body,
                at=act.at,
                by=act.by,
                office=act.office,
            )
        )
    Entry.objects.bulk_create(entries, batch_size=2000)
    TreeNode.objects.bulk_create(
        (TreeNode(level=at[0], index=at[1], digest=digest) for at, digest in nodes.items()),
        batch_size=5000,
    )
    head.size += len(entries)
    head.save(update_fields=["size"])
    return entries


@transaction.atomic
def sign_head(*, at: datetime) -> SignedHead:
    """Sign the ledger's present size and root; the head of a size signed before is that one."""
    head = Head.objects.select_for_update().get_or_create(pk=1)[0]
    key = signing.public_key()
    if not head.size:
        raise Refusal("账本还没有记录，没有可签的树头；有了第一条记录后再签。")
    if found := SignedHead.objects.filter(size=head.size, key=key).first():
        return found
    at = at.astimezone(UTC)  # as the database gives it back: what is signed can be written again
    root = root_at(head.size).hex()
    said = {"size": head.size, "root": root, "at": at.isoformat(timespec="microseconds")}
    message = verifier.HEAD + ledger.canonical(said)
    also = {"sm2_key": sm2.public_key(), "sm2_signature": sm2.sign(message)} if settings.LEDGER_SM2 else {}  # fmt: skip
    return SignedHead.objects.create(
        size=head.size, root=root, at=at, key=key, signature=signing.sign(message).hex(), **also
    )


def read_nodes(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Return the hashes of stored subtrees, {(level, index): hash}, in one read."""
    by_level: dict[int, list[int]] = {}
    for level, index in wanted:
        by_level.setdefault(level, []).append(index)
    if not by_level:
        return {}
    asked = Q()
    for level, indexes in by_level.items():
        asked |= Q(level=level, index__in=indexes)
    rows = TreeNode.objects.filter(asked).values_list("level", "index", "digest")
    return {(level, index): bytes(digest) for level, index, digest in rows}


def root_at(size: int) -> bytes:
    """Return the root of the first `size` acts."""
    return ledger.gathered(lambda read: ledger.root(size, read), read_nodes)


def inclusion_at(index: int, size: int) -> list[bytes]:
    """Return the audit path of an act in the tree of the first `size`."""
    return ledger.gathered(lambda read: ledger.inclusion(index, size, read), read_nodes)


def consistency_at(old: int, new: int) -> list[bytes]:
    """Return the proof that the first `new` acts begin with the first `old`."""
    return ledger.gathered(lambda read: ledger.consistency(old, new, read), read_nodes)


def digest_of(rows: Iterable[bytes]) -> str:
    """Return one hex digest for many rows, for an entry that covers a whole batch."""
    return ledger.root_of(sha256(b"\x00" + row).digest() for row in rows)[1].hex()


def _body(act: Act) -> dict[str, Any]:
    return {
        "kind": act.kind,
        "subject": act.subject,
        "by": act.by.username if act.by else "",
        "at": act.at.isoformat(timespec="microseconds"),
        "office": act.office,
        "facts": dict(act.facts),
    }
