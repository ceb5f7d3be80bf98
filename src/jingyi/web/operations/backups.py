"""Backup and restore: the whole office as one file, taken while it is in use.

The database goes first, as one moment of it; then the files that this moment names. Originals are
never changed nor taken away, so what the database names is there when its turn comes.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.engines.backup import DATABASE, Reader, Told, Writer, pieces
from jingyi.web.evidence import queries as evidence
from jingyi.web.evidence import vault
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import queries as ledger
from jingyi.web.ledger import signing
from jingyi.web.ledger.verifier import signature_holds
from jingyi.web.operations import copying

MARK = b"jingyi backup\n"
LAST = "last-backup.json"  # in the data folder: so that the operator's page can say how old it is
PAGES = 4096  # of the database, copied between two words about progress
# made anew where they are missing, or of a moment only
LEFT_OUT = ("static", "vault", "sweep.lock", LAST, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is in a backup, or was restored from one."""

    entries: int
    root: str
    rows: int
    files: int
    bytes: int
    problems: list[Sentence]


def back_up(path: Path, *, at: datetime, told: Told) -> Outcome:
    """Write the office to one file.

    Raises:
        Refusal: the file exists, its folder does not, or the disk is full. Nothing is left.
    """
    try:
        with Writer(path) as out:
            outcome = _write(out, at, told)
    except OSError as wrong:
        if wrong.errno in vault.FULL:
            raise Refusal(
                "磁盘已满，备份没有写成，也没有留下半截文件。请换一个地方或者腾出空间后重试。"
            ) from wrong
        raise
    note = {"at": at.isoformat(), "file": str(path.resolve()), "bytes": path.stat().st_size}
    kept = Path(settings.DATA) / LAST
    fresh = kept.with_suffix(".new")
    fresh.write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
    fresh.replace(kept)
    return outcome


def _write(out: Writer, at: datetime, told: Told) -> Outcome:
    copy = out.folder / DATABASE
    told(0, 1)
    _snapshot(copy)
    copying.sqlite_file("backup", copy)
    with copying.office_in("backup"):
        size, root = ledger.head()
        tables = copying.counts("backup")
        applied = sorted(MigrationRecorder(connections["backup"]).applied_migrations())
        blobs = list(Blob.objects.order_by("pk").values_list("sha256", "size"))
    connections["backup"].close()
    key = signing.public_key()  # made at its first use: it must be among the files
    others = list(_others(Path(settings.DATA)))
    total = copy.stat().st_size + sum(n for _, n in blobs) + sum(n for _, n in others)
    _room(out.folder, total)
    done = 0

    def counted(chunks: Iterator[bytes]) -> Iterator[bytes]:
        nonlocal done
        for chunk in chunks:
            yield chunk
            done += len(chunk)
            told(done, total)

    with copy.open("rb") as stream:
        out.add(DATABASE, counted(pieces(stream)), packed=True)
    missing = [digest for digest, _ in blobs if not _sealed(out, digest, counted)]
    for name, _ in others:
        with suppress(FileNotFoundError), (Path(settings.DATA) / name).open("rb") as stream:
            out.add(name, counted(pieces(stream)))
    said = {
        "made_at": at.isoformat(), "made_from": connection.vendor,
        "ledger": {"size": size, "root": root}, "tables": tables, "migrations": applied,
        "missing": missing, "key": key,
    }  # fmt: skip
    out.finish(said, lambda text: signing.sign(MARK + text))
    problems = [vault.missing(digest).sentence for digest in missing]
    return Outcome(size, root, sum(tables.values()), len(blobs) - len(missing), done, problems)


def _room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted:
        raise Refusal(
            "磁盘剩余 {free} MB，备份约需 {wanted} MB，没有开始。请换一个地方或者腾出空间后重试。",
            free=free >> 20,
            wanted=wanted >> 20,
        )


def _snapshot(path: Path) -> None:
    """Copy one moment of the database into a SQLite file, while others read and write."""
    if connection.vendor == "sqlite":
        source = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20)
        target = sqlite3.connect(path)
        try:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM django_migrations").fetchone()  # the moment
            source.backup(target, pages=PAGES)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, no companions
        finally:
            target.close()
            source.close()
        return
    copying.sqlite_file("backup", path)
    copying.migrate("backup")
    with transaction.atomic(), transaction.atomic(using="backup"):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        copying.copy("default", "backup", lambda _done, _total: None)
    connections["backup"].close()


def _sealed(out: Writer, digest: str, counted: Callable[..., Iterator[bytes]]) -> bool:
    """Add one original; False if it is not there. One that changed is taken as it is: see restore."""
    try:
        stream = vault.open_file(digest, folder=settings.VAULT)
    except Refusal:
        return False
    with stream:
        out.add(f"vault/{digest[:2]}/{digest[2:]}", counted(pieces(stream)))
    return True


def _others(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield whatever else is in the data folder: keys, models, tables for screening."""
    for place, folders, files in os.walk(folder):
        left_out = LEFT_OUT if Path(place) == folder else ()
        folders[:] = sorted(name for name in folders if name not in left_out)
        for name in sorted(set(files).difference(left_out)):
            path = Path(place) / name
            with suppress(FileNotFoundError):  # gone since the folder was read
                if not path.is_symlink() and path.is_file():
                    yield str(path.relative_to(folder)), path.stat().st_size


def opened(path: Path) -> Reader:
    """Open a backup, its list of contents checked.

    Raises:
        Refusal: it is no whole backup, or of a newer program.
    """
    reader = Reader(
        path,
        lambda key, text, signature: signature_holds(bytes.fromhex(key), MARK + text, signature),
    )
    ours = {tuple(found) for found in MigrationLoader(None).disk_migrations}
    if {tuple(found) for found in reader.said["migrations"]} - ours:
        raise Refusal(
            "备份 {path} 由更新的版本写成，本机的程序读不了；请先升级程序再恢复。", path=path
        )
    return reader


def put_back(reader: Reader, *, told: Told) -> None:
    """Write the files of a backup into an empty data folder; the database gets its name last."""
    folder = Path(settings.DATA)
    _room(folder, reader.total)
    done = 0
    for name in sorted(reader.entries, key=lambda name: name == DATABASE):
        target = folder / (f"{DATABASE}.incoming" if name == DATABASE else name)
        if name.startswith("vault/") and settings.VAULT_BUCKET:
            target = folder / "incoming"
        done += reader.extract(name, target)
        if target == folder / "incoming":
            with target.open("rb") as stream:
                vault.store(pieces(stream), folder=settings.VAULT)
            target.unlink()
        elif name.startswith("vault/"):
            target.chmod(0o440)
        told(done, reader.total)
    if connection.vendor == "sqlite":
        (folder / f"{DATABASE}.incoming").replace(folder / DATABASE)
        return
    _into_postgres(folder / f"{DATABASE}.incoming")


def _into_postgres(path: Path) -> None:
    copying.sqlite_file("backup", path)
    copying.migrate("backup")  # a backup of an older program
    copying.migrate("default")
    with transaction.atomic(), transaction.atomic(using="backup"):
        copying.copy("backup", "default", lambda _done, _total: None)
    connections["backup"].close()
    path.unlink()


def proved(reader: Reader) -> Outcome:
    """Hold what was restored to what was backed up: ledger, every file, rows of every table."""
    said, proof = reader.said, ledger.verify()
    files, wrong = evidence.verify_vault()
    tables = copying.counts("default")
    problems = [proof.problem] if proof.problem else []
    problems += wrong
    if [proof.size, proof.root] != [said["ledger"]["size"], said["ledger"]["root"]]:
        problems.append(say("账本与备份时不一致：应有 {size} 条。", size=said["ledger"]["size"]))
    problems += [
        say("表 {table} 应有 {n} 行，实有 {found} 行。", table=name, n=n, found=tables.get(name, 0))
        for name, n in sorted(said["tables"].items())
        if tables.get(name, n) != n
    ]
    return Outcome(proof.size, proof.root, sum(tables.values()), files, reader.total, problems)


def occupied() -> bool:
    """Tell whether the database has an office in it already (a SQLite file is not there yet)."""
    return connection.vendor != "sqlite" and copying.occupied("default")
