"""A large file into the vault, beside the two bare digests of the same bytes; medians of turns.

Ours: `vault.store`, whole: both digests, written, flushed to the disk, in its place. Beside it in the
same turn: SHA-256 and SM3 alone, a thread each, on the same bytes in memory (what hashing can do on
this machine); and writing alone, with its flush (what the disk can do). Target: ours at no less than
80 % of bare hashing; where the disk is slower than that, of what the disk can do.

    .venv/bin/python benchmarks/sealing.py [MB]
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {"JINGYI_DATA": FOLDER.name, "DJANGO_SETTINGS_MODULE": "jingyi.web.settings"}

import django  # noqa: E402 -- the path and the settings come first

django.setup()

from jingyi.web.evidence import vault  # noqa: E402 -- as above
from jingyi.web.evidence.digests import sm3  # noqa: E402 -- as above

SIZE = int(sys.argv[1]) if len(sys.argv) > 1 else 1024  # MB
TURNS, TARGET = 5, 0.8
BLOCK = os.urandom(1 << 20)


def stream() -> Iterator[bytes]:
    """Yield the file; random bytes repeat, for making them is not what is measured."""
    return (BLOCK for _ in range(SIZE))


def bare() -> None:
    """Count both digests, a thread each, and nothing else."""

    def count(hasher: vault.Digests) -> None:
        for block in stream():
            hasher.update(block)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(count, (hashlib.sha256(), sm3())))


def ours() -> None:
    """Store it, then let go of it."""
    folder = Path(FOLDER.name) / "vault"
    stored = vault.store(stream(), folder=folder)
    vault.path_of(stored.sha256, folder=folder).unlink()


def disk() -> None:
    """Write and flush the same bytes."""
    with tempfile.NamedTemporaryFile(dir=FOLDER.name, buffering=0) as file:
        for block in stream():
            file.write(block)
        os.fsync(file.fileno())


def speed(job: Callable[[], None]) -> float:
    """Return MB a second."""
    began = time.perf_counter()
    job()
    return SIZE / (time.perf_counter() - began)


def main() -> None:
    """Print each turn and the medians."""
    print(
        f"{SIZE} MB, {os.cpu_count()} cores\n{'turn':>6} {'ours':>9} {'bare':>9} {'disk':>9} {'ratio':>6}"
    )
    turns = []
    for turn in range(TURNS):
        speeds = [speed(job) for job in (ours, bare, disk)]
        turns.append((*speeds, speeds[0] / speeds[1]))
        print(
            f"{turn + 1:>6} "
            + " ".join(f"{one:>4.0f} MB/s" for one in speeds)
            + f" {turns[-1][3]:>6.2f}"
        )
    middle = [median(column) for column in zip(*turns, strict=True)]
    print("median " + " ".join(f"{one:>4.0f} MB/s" for one in middle[:3]) + f" {middle[3]:>6.2f}")
    slower, name = min((middle[1], "hashing"), (middle[2], "the disk"))
    share = middle[0] / slower
    print(
        f"{share:.2f} of {name}, the slower; target {TARGET}: {'met' if share >= TARGET else 'MISSED'}"
    )


if __name__ == "__main__":
    main()
