"""`jingyi faults`: break what an office stands on, while it is in use, and tell what was lost."""

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pysqlite3

from jingyi.cli import REFUSED
from jingyi.cli.faults_load import Load, Node, held, python

SECONDS = 3.0  # of load before, during and after a fault
CUTS = 8
TRIES = 5
GROWS = 1 << 20  # bytes
SAID = {"holds": "成立", "broken": "不成立", "–": "–"}


def add(commands) -> None:
    """Register `faults`."""
    parser = commands.add_parser(
        "faults",
        help="break a throwaway office on purpose: fault, what users see, what was lost",
        description="Load the demo city into a folder of its own, serve it, let people file reports, "
        "and break one thing at a time. Then hold every report that was acknowledged to what is "
        "stored, and prove the ledger. Exit 2 if anything "
        "was lost or doubled. About five minutes; a full disk is tried as root only.",
        epilog="example: jingyi faults --json",
    )
    parser.add_argument("--only", metavar="FAULT", choices=[name for name, _ in FAULTS])
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args) -> int:
    """Try each fault on a copy of its own and print the table."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="jingyi-faults-") as name:
        city = Path(name) / "city"
        python(
            city, "from jingyi.cli import prepare; prepare(); from jingyi import demo; demo.load()"
        )
        for fault, attempt in FAULTS:
            if args.only in {None, fault}:
                rows.append({"fault": fault, **attempt(city, Path(name) / fault)})
    if args.json:
        print(json.dumps({"faults": rows}, ensure_ascii=False))
    else:
        print("| 故障 | 用户看到 | 已确认的 | 丢失 | 重复 | 账本 |\n|---|---|---:|---:|---:|---|")
        for row in rows:
            print(
                "| {fault} | {seen} | {acknowledged} | {lost} | {doubled} | {ledger} |".format(
                    **row
                )
            )
    bad = any(row["lost"] or row["doubled"] or row["ledger"] == "broken" for row in rows)
    return REFUSED if bad else 0


def _copied(city: Path, folder: Path) -> Path:
    return Path(shutil.copytree(city, folder))


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Node, Load]]:
    node = Node(folder)
    try:
        load = Load(node)
        load.go_on(SECONDS)
        yield node, load
    finally:
        node.kill()


def _row(folder: Path, load: Load, seen: list[str]) -> dict[str, object]:
    """Hold what was acknowledged to what is stored."""
    texts, sound = held(folder)
    return {
        "seen": ", ".join(f"{what} ×{seen.count(what)}" for what in sorted(set(seen)))
        or "没有异样",
        "acknowledged": len(load.acknowledged),
        "lost": sum(text not in texts for text in load.acknowledged),
        "doubled": len(texts) - len(set(texts)),
        "ledger": "holds" if sound else "broken",
    }


def _untried(why: str) -> dict[str, object]:
    return {"seen": f"没有试：{why}", "acknowledged": 0, "lost": 0, "doubled": 0, "ledger": "–"}


def _killed(city: Path, folder: Path) -> dict[str, object]:
    """The whole node is killed under load and started again."""
    _copied(city, folder)
    with _served(folder) as (node, load):
        seen = load.during(SECONDS, lambda: (time.sleep(1), node.kill()))
        node.start()
        load.go_on(SECONDS)
    return _row(folder, load, seen)


def _unwritable(city: Path, folder: Path) -> dict[str, object]:
    """The kernel refuses every write to a file, as a disk that turned read-only does."""
    _copied(city, folder)
    with _served(folder) as (node, load):
        seen = load.during(SECONDS, lambda: node.let_write(most=0))
        node.let_write(most=None)
        load.go_on(SECONDS)
    return _row(folder, load, seen)


def _full(city: Path, folder: Path) -> dict[str, object]:
    """A file system of its own is filled to the last byte, and emptied again."""
    folder.mkdir()
    size = sum(path.stat().st_size for path in city.rglob("*") if path.is_file())
    if os.system(f"mount -t tmpfs -o size={size + 96 * GROWS} none '{folder}' 2>/dev/null"):  # noqa: S605 -- our own folder
        return _untried("挂载文件系统需要 root")
    try:
        shutil.copytree(city, folder / "data")
        with _served(folder / "data") as (_, load):
            seen = load.during(SECONDS, lambda: _fill(folder / "filler"))
            (folder / "filler").unlink()
            load.go_on(SECONDS)
        return _row(folder / "data", load, seen)
    finally:
        os.system(f"umount -l '{folder}'")  # noqa: S605 -- likewise


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as out:
        try:
            while out.write(b"\0" * GROWS):
                pass
        except OSError:
            return


def _power(city: Path, folder: Path) -> dict[str, object]:
    """The power goes in a commit: after the last sync, any part of what was written may be missing.

    With `synchronous=FULL` what was acknowledged was synced; so the write-ahead log is cut, or
    scrambled, anywhere behind its length at the last acknowledgement.
    """
    _copied(city, folder)
    chance = random.Random(20260826)  # noqa: S311 -- where to cut
    data, log = folder / "jingyi.sqlite3", folder / "jingyi.sqlite3-wal"
    with _served(folder) as (node, load), closing(pysqlite3.connect(data)) as reader:
        reader.execute("BEGIN")
        reader.execute(
            "SELECT count(*) FROM ledger_entry"
        ).fetchone()  # so that the log stays a log
        for _ in range(TRIES):
            with node.stopped():  # no step of a commit is between these reads
                told, before, safe = len(load.acknowledged), data.read_bytes(), log.read_bytes()
            load.go_on(SECONDS)
            with node.stopped():
                after, whole = data.read_bytes(), log.read_bytes()
            if before == after and safe[:32] == whole[:32]:  # nothing was moved out of the log
                break
        else:
            return _untried("预写日志中途被清空，请再试一次")
    load.acknowledged = load.acknowledged[:told]
    rows = []
    for n in range(CUTS):
        crashed = folder.with_name(f"{folder.name}-{n}")
        shutil.copytree(folder, crashed, ignore=shutil.ignore_patterns("jingyi.sqlite3*"))
        cut = chance.randint(len(safe), len(whole))
        (crashed / data.name).write_bytes(before)
        (crashed / log.name).write_bytes(whole[:cut] + chance.randbytes(len(whole) - cut))
        rows.append(_row(crashed, load, []))
        shutil.rmtree(crashed)
    return max(rows, key=lambda row: (row["ledger"] == "broken", row["lost"] + row["doubled"]))


def _clock(city: Path, folder: Path) -> dict[str, object]:
    """The machine's clock jumps back a day while people file; acts keep their order."""
    _copied(city, folder)
    node = Node(folder, days_back=1)
    try:
        load = Load(node)
        seen = load.during(SECONDS, lambda: None)
    finally:
        node.kill()
    return _row(folder, load, seen)


FAULTS: tuple[tuple[str, Callable[[Path, Path], dict[str, object]]], ...] = (
    ("node-killed", _killed),
    ("disk-refuses-writes", _unwritable),
    ("disk-full", _full),
    ("power-loss-in-commit", _power),
    ("clock-jumps-back", _clock),
)
