"""Reads of the ledger, and its proof."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from jingyi.core import ledger
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User
from jingyi.web.evidence.actions import read_node
from jingyi.web.evidence.models import Entry, Head, TreeNode
from jingyi.web.registry.queries import offices_for


def entries_for(user: User) -> QuerySet[Entry]:
    """Return the acts done in the offices `user` may audit, newest first."""
    return (
        Entry.objects.filter(office__in=offices_for(user, "ledger.read"))
        .select_related("by", "office")
        .order_by("-index")
    )


def history_of(*subjects: str) -> QuerySet[Entry]:
    """Return what was done to one thing, oldest first. The caller has checked who asks."""
    return Entry.objects.filter(subject__in=subjects).select_related("by").order_by("index")


@dataclass(frozen=True, slots=True)
class Proof:
    """Outcome of checking every leaf: the tree's size and root, and the first thing wrong."""

    size: int
    root: str
    problem: Sentence | None


def verify() -> Proof:
    """Recompute the whole tree from the entries' bodies and compare every stored node."""
    size = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    stored = _root(size)
    leaves, problem = _check_leaves()
    count, root = ledger.root_of(leaves)
    if problem is None and count != size:
        problem = say("账本应有 {size} 条，实有 {count} 条。", size=size, count=count)
    if problem is None and stored is not None and stored != root:
        problem = say("账本的根与各条记录重新计算的结果不一致。")
    return Proof(size, root.hex(), problem)


def _root(size: int) -> bytes | None:
    try:
        return ledger.root(size, read_node)
    except TreeNode.DoesNotExist:
        return b""


def _check_leaves() -> tuple[list[bytes], Sentence | None]:
    """Return the leaf hashes recomputed from bodies, and the first stored one that differs."""
    hashes: list[bytes] = []
    problem = None
    kept = TreeNode.objects.filter(level=0).order_by("index").values_list("digest", flat=True)
    rows = Entry.objects.order_by("index").values_list(
        "index", "kind", "subject", "at", "by__username", "office__code", "body"
    )
    for expected, (row, digest) in enumerate(
        zip(rows.iterator(5000), kept.iterator(5000), strict=False)
    ):
        index, kind, subject, at, by, office, body = row
        leaf = ledger.leaf_hash(ledger.canonical(body))
        same = (body["kind"], body["subject"], body["by"], body["office"]) == (
            kind,
            subject,
            by,
            office,
        ) and datetime.fromisoformat(body["at"]) == at
        if problem is None and (index != expected or leaf != bytes(digest) or not same):
            problem = say("第 {index} 条记录（{kind}）与入账时不一致。", index=expected, kind=kind)
        hashes.append(leaf)
    return hashes, problem
