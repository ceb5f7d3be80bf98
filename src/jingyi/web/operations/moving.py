"""A live SQLite office moves to PostgreSQL: every row, in one transaction on each side.

While it moves, the old side takes no writes; readers go on. When the new side has everything, the
old side is closed by a trigger on the ledger's head: an act that came too late is refused, not lost.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, transaction

from jingyi.core.refusal import Refusal
from jingyi.web.ledger import queries as ledger
from jingyi.web.operations import copying

CLOSED = "office_has_moved"
CLOSE = (
    "CREATE TRIGGER office_has_moved BEFORE UPDATE ON ledger_head BEGIN SELECT RAISE(ABORT, "
    "'this office has moved to PostgreSQL: set JINGYI_DATABASE'); END"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows of every table on both sides, and the ledger's size and root, the same on both."""

    tables: dict[str, int]
    entries: int
    root: str


def move(config: dict[str, Any], *, told: copying.Told) -> Moved:
    """Copy the office into the empty database of `config`, prove it there, close the old one.

    Raises:
        Refusal: the office is not on SQLite, has moved already, its ledger does not hold; the new
            database does not answer, is not empty, or holds a row differently. Nothing was moved.
    """
    _sound()
    copying.connect("target", config)
    copying.reachable("target")
    if copying.occupied("target"):
        raise Refusal("新的数据库里已经有数据；只能搬进空的数据库，请另建一个。")
    copying.migrate("target")
    with transaction.atomic():  # IMMEDIATE: from here on nobody else writes
        _close()
        with transaction.atomic(using="target"):
            before = copying.counts("default")
            after = copying.copy("default", "target", told)
            moved = _compared(before, after)
        # a crash here leaves both sides whole, and the new one is not empty: a second try says so
    connections["target"].close()
    return moved


def _sound() -> None:
    if connection.vendor != "sqlite":
        raise Refusal("本机的数据库已经是 PostgreSQL，不需要搬动；请去掉 JINGYI_DATABASE 后再试。")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE type='trigger' AND name=%s", [CLOSED])
        if cursor.fetchone():
            raise Refusal("这个数据库已经搬走；请设置 JINGYI_DATABASE，使用新的数据库。")
    if problem := ledger.verify().problem:
        raise Refusal(problem)


def _close() -> None:
    with connection.cursor() as cursor:
        cursor.execute(CLOSE)


def _compared(before: dict[str, int], after: dict[str, int]) -> Moved:
    """Hold both sides against each other, the new one proved from its own rows."""
    for name, n in before.items():
        if after[name] != n:
            raise Refusal(
                "表 {table} 应有 {n} 行，实有 {found} 行；没有搬动任何内容。",
                table=name, n=n, found=after[name],
            )  # fmt: skip
    size, root = ledger.head()
    with copying.office_in("target"):
        proof = ledger.verify()
    if proof.problem or (proof.size, proof.root) != (size, root):
        raise Refusal("账本搬过去以后与原来不一致，没有搬动任何内容；请报告开发者。")
    return Moved(after, size, root)
