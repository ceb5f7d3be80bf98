"""Reads of the ledger, and its proof."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from jingyi.core import ledger
from jingyi.core.words import Sentence, say
from jingyi.web.ledger.actions import inclusion_at, root_at
from jingyi.web.ledger.models import Entry, Head, TreeNode


def history_of(*subjects: str) -> QuerySet[Entry]:
    """Return what was done to one thing, oldest first. The caller has checked who asks."""
    return Entry.objects.filter(subject__in=subjects).select_related("by").order_by("index")


def head() -> tuple[int, str]:
    """Return the ledger's present size and root, as stored."""
    size = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    return size, root_at(size).hex()


def proof_of(entry: Entry) -> dict[str, object]:
    """Return one act's leaf hash and audit path, and whether they lead to the present root."""
    size, root = head()
    leaf = ledger.leaf_hash(ledger.canonical(entry.body))
    path = inclusion_at(entry.index, size)
    return {
        "leaf": leaf.hex(),
        "path": [digest.hex() for digest in path],
        "size": size,
        "root": root,
        "holds": ledger.verify_inclusion(leaf, entry.index, size, path, bytes.fromhex(root)),
    }


@dataclass(frozen=True, slots=True)
class Proof:
    """Outcome of checking every leaf: the tree's size and root, and the first thing wrong."""

    size: int
    root: str
    problem: Sentence | None


def verify() -> Proof:
    """Recompute the whole tree from the entries' bodies and compare every stored node.

    Memory stays at one hash a level, however long the ledger.
    """
    size = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    # the newest left and right subtree of each level: all that later nodes and the root need
    latest: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        return latest[level, index & 1]

    stored = defaultdict(_StoredLevel)
    count, problem = 0, None
    for count, leaf, same in _leaves():
        fine = same
        for level, index, digest in ledger.append(count - 1, leaf, read):
            fine &= next(stored[level](level), b"") == digest
            latest[level, index & 1] = digest
        if not fine and problem is None:
            problem = say("账本第 {index} 条记录与入账时不一致。", index=count - 1)
    if problem is None and count != size:
        problem = say("账本应有 {size} 条，实有 {count} 条。", size=size, count=count)
    root = ledger.root(count, read)
    return Proof(count, root.hex(), problem)


def _leaves() -> Iterator[tuple[int, bytes, bool]]:
    """Yield each leaf's number from 1, its recomputed hash, and whether the row says the same."""
    rows = Entry.objects.order_by("index").values_list(
        "index", "kind", "subject", "at", "by__username", "office", "body"
    )
    for number, (index, kind, subject, at, by, office, body) in enumerate(rows.iterator(5000), 1):
        row = (number - 1, kind, subject, by or "", office, at)
        said = tuple(body.get(name) for name in ("kind", "subject", "by", "office"))
        same = row == (index, *said, datetime.fromisoformat(body["at"]))
        yield number, ledger.leaf_hash(ledger.canonical(body)), same


class _StoredLevel:
    """The stored hashes of one level, in order, read as they are asked for."""

    def __init__(self) -> None:
        self._rows: Iterator[bytes] | None = None

    def __call__(self, level: int) -> Iterator[bytes]:
        if self._rows is None:
            nodes = TreeNode.objects.filter(level=level).order_by("index")
            self._rows = map(bytes, nodes.values_list("digest", flat=True).iterator(5000))
        return self._rows
