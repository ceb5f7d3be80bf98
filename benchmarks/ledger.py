"""Appending to the ledger, and proofs out of a long one; medians of turns.

Ours: `append_many` in batches, each one durable transaction, as every import and every job writes.
Beside it in the same turn: the same rows and as many node hashes into bare SQLite tables with one
durable commit a batch (what the database can do), and the leaves hashed alone (what hashing can do).
Then a tree of many leaves in the database: time of a proof, and the memory it took.
Targets: 5,000 appends a second; a proof of inclusion, and of consistency, in under 5 ms.

    .venv/bin/python benchmarks/ledger.py [LEAVES]
"""

import hashlib
import os
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {"JINGYI_DATA": FOLDER.name, "DJANGO_SETTINGS_MODULE": "jingyi.web.settings"}

import django  # noqa: E402 -- the path and the settings come first

django.setup()

from django.core.management import call_command  # noqa: E402 -- as above
from django.db import connection  # noqa: E402 -- as above

from jingyi.core import ledger  # noqa: E402 -- as above
from jingyi.web.ledger.actions import Act, append_many, consistency_at, inclusion_at, root_at  # noqa: E402 -- as above

LEAVES = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
TURNS, BATCH, EACH = 5, 1000, 10_000
AT = datetime(2026, 9, 1, tzinfo=UTC)


def acts(start: int, n: int) -> Iterator[Act]:
    """Yield acts like those of a case."""
    for k in range(start, start + n):
        yield Act(
            "case.step",
            f"case:2026-{k}",
            AT,
            None,
            "zy",
            {"kind": "served", "on": "2026-08-03", "n": k},
        )


def ours(start: int) -> None:
    """Append in batches."""
    for k in range(start, start + EACH, BATCH):
        append_many(acts(k, BATCH))


def bare(start: int) -> None:
    """Write the same rows without hashing, a durable commit a batch."""
    with sqlite3.connect(Path(FOLDER.name) / "bare.sqlite3", isolation_level=None) as db:
        db.execute("pragma journal_mode=wal")
        db.execute(
            "create table if not exists entry (i integer primary key, kind, subject, body, at, office)"
        )
        db.execute("create table if not exists node (level, i, digest, unique (level, i))")
        for k in range(start, start + EACH, BATCH):
            db.execute("begin")
            rows = [
                (
                    n,
                    "case.step",
                    f"case:2026-{n}",
                    '{"kind":"served","on":"2026-08-03"}',
                    "2026-09-01",
                    "zy",
                )
                for n in range(k, k + BATCH)
            ]
            db.executemany("insert into entry values (?, ?, ?, ?, ?, ?)", rows)
            db.executemany(
                "insert into node values (?, ?, ?)",
                [(0, n, bytes(32)) for n in range(k, k + BATCH)],
            )
            db.executemany(
                "insert into node values (?, ?, ?)",
                [(1, n, bytes(32)) for n in range(k, k + BATCH)],
            )
            db.execute("commit")


def hashing(start: int) -> None:
    """Hash the leaves, and as many inner nodes, alone."""
    for k in range(start, start + EACH):
        hashlib.sha256(b"\x00" + b"x" * 180 + k.to_bytes(8, "big")).digest()
        hashlib.sha256(b"\x01" + bytes(64)).digest()


def speed(job, start: int) -> float:
    """Return acts a second."""
    began = time.perf_counter()
    job(start)
    return EACH / (time.perf_counter() - began)


def nodes(leaves: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield every node of a tree, level by level as its leaves come; O(log n) in memory."""
    peaks: list[tuple[int, bytes]] = []
    for n in range(leaves):
        digest = hashlib.sha256(n.to_bytes(8, "big")).digest()
        level, index = 0, n
        yield 0, n, digest
        while peaks and peaks[-1][0] == level:
            digest = ledger.node_hash(peaks.pop()[1], digest)
            level, index = level + 1, index >> 1
            yield level, index, digest
        peaks.append((level, digest))


def grow(leaves: int) -> None:
    """Fill the table of nodes with a tree of so many leaves."""
    with connection.cursor() as cursor:
        cursor.execute("delete from ledger_treenode")
    raw = connection.connection
    raw.execute("begin")
    raw.executemany(
        'insert into ledger_treenode (level, "index", digest) values (?, ?, ?)', nodes(leaves)
    )
    raw.execute("commit")


def proofs(leaves: int) -> tuple[list[float], list[float]]:
    """Return milliseconds of proofs of inclusion and of consistency at random places."""
    rng = random.Random(7)
    found: tuple[list[float], list[float]] = ([], [])
    root = root_at(leaves)
    for _ in range(200):
        place = rng.randrange(1, leaves)
        began = time.perf_counter()
        path = inclusion_at(place, leaves)
        found[0].append(1000 * (time.perf_counter() - began))
        leaf = hashlib.sha256(place.to_bytes(8, "big")).digest()
        assert ledger.verify_inclusion(leaf, place, leaves, path, root)
        began = time.perf_counter()
        consistency_at(place, leaves)
        found[1].append(1000 * (time.perf_counter() - began))
    return found


def main() -> None:
    """Print each turn, the medians, and the proofs."""
    call_command("migrate", verbosity=0)
    print(f"{EACH} acts a turn in batches of {BATCH}, {os.cpu_count()} cores")
    print(f"{'turn':>6} {'ours':>10} {'SQLite':>10} {'hashing':>10} {'of SQLite':>10}")
    turns = []
    for turn in range(TURNS):
        speeds = [speed(job, turn * EACH) for job in (ours, bare, hashing)]
        turns.append((*speeds, speeds[0] / speeds[1]))
        print(
            f"{turn + 1:>6} "
            + " ".join(f"{one:>8.0f}/s" for one in speeds)
            + f" {turns[-1][3]:>10.2f}"
        )
    middle = [median(column) for column in zip(*turns, strict=True)]
    print("median " + " ".join(f"{one:>8.0f}/s" for one in middle[:3]) + f" {middle[3]:>10.2f}")
    print(f"target 5,000 appends a second: {'met' if middle[0] >= 5000 else 'MISSED'}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grow(LEAVES)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    one, two = proofs(LEAVES)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{LEAVES:,} leaves: inclusion {median(one):.2f} ms (worst {max(one):.2f}), consistency {median(two):.2f} ms (worst {max(two):.2f})"
    )
    print(
        f"memory: {(grown - before) >> 10} MB more to build, {(after - grown) >> 10} MB more for the proofs"
    )
    print(f"target 5 ms: {'met' if max(median(one), median(two)) < 5 else 'MISSED'}")


if __name__ == "__main__":
    main()
