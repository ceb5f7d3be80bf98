"""How the office runs: can this node serve, what waits, how old the backup is, what needs a look."""

import json
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from jingyi.core import rulebook
from jingyi.core.words import Sentence, say
from jingyi.web.evidence import queries as evidence
from jingyi.web.evidence.models import Sweep
from jingyi.web.evidence.witnesses.models import Peer
from jingyi.web.jobs.actions import LEASE
from jingyi.web.jobs.models import Worker
from jingyi.web.ledger import queries as ledger
from jingyi.web.operations.backups import LAST

# when the operator is warned
LEAST_FREE = 5 << 30  # bytes
OLDEST_BACKUP = timedelta(days=2)
LONGEST_WAIT = timedelta(minutes=15)  # of a job that nobody has begun
CALENDAR_ENDS = timedelta(days=60)  # longer than most periods: clocks beyond it are refused
SHOWN = 20


def readiness() -> dict[str, bool]:
    """Return what this node needs, and whether it has it."""
    return {"database": _database(), "storage": _storage()}


def _database() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _storage() -> bool:
    folder = Path(settings.DATA)
    if not os.access(folder, os.W_OK):
        return False
    about = os.statvfs(folder)  # a disk can be mounted read-only below a folder one may write to
    return not about.f_flag & os.ST_RDONLY and about.f_bavail * about.f_frsize > 64 << 20


@dataclass(frozen=True, slots=True)
class Jobs:
    """The queue: how many wait, run, and were given up; the oldest that waits; who works."""

    waiting: int
    running: int
    failed: int
    done: int
    oldest: datetime | None
    workers: int


@dataclass(frozen=True, slots=True)
class Backup:
    """The last backup that was finished, and how old it is."""

    at: datetime
    file: str
    bytes: int
    age: timedelta


@dataclass(frozen=True, slots=True)
class Found:
    """Everything the operator's page and the figures tell, at one moment."""

    at: datetime
    vendor: str
    database_bytes: int
    vault: evidence.Standing
    sweep: Sweep | None
    jobs: Jobs
    failures: list[DBTaskResult]
    backup: Backup | None
    entries: int
    root: str
    witnesses: list[Peer]
    calendar_through: date
    calendar_left: int  # days
    clocks: int
    unconfirmed: int


def standing(*, at: datetime) -> Found:
    """Return how the office runs; for operators only."""
    entries, root = ledger.head()
    through = rulebook.calendar().announced_through
    versions = [version for rule in rulebook.clocks() for version in rule.versions]
    return Found(
        at=at,
        vendor=connection.vendor,
        database_bytes=_database_bytes(),
        vault=evidence.standing(),
        sweep=evidence.last_sweep(),
        jobs=_jobs(at),
        failures=list(_failed().order_by("-finished_at", "pk")[:SHOWN]),
        backup=_backup(at),
        entries=entries,
        root=root,
        witnesses=list(Peer.objects.filter(retired_at=None)[:SHOWN]),
        calendar_through=through,
        calendar_left=(through - at.date()).days,
        clocks=len(versions),
        unconfirmed=sum(version.reading.status == "assumed" for version in versions),
    )


def _failed():
    return DBTaskResult.objects.filter(status=TaskResultStatus.FAILED)


def _jobs(at: datetime) -> Jobs:
    rows = DBTaskResult.objects.order_by().values_list("status")
    counted = dict(rows.annotate(n=Count("pk")).values_list("status", "n"))
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    return Jobs(
        counted.get(TaskResultStatus.READY, 0),
        counted.get(TaskResultStatus.RUNNING, 0),
        counted.get(TaskResultStatus.FAILED, 0),
        counted.get(TaskResultStatus.SUCCESSFUL, 0),
        waiting.aggregate(oldest=Min("enqueued_at"))["oldest"],
        Worker.objects.filter(seen_at__gt=at - LEASE).count(),
    )


def _backup(at: datetime) -> Backup | None:
    try:
        said = json.loads((Path(settings.DATA) / LAST).read_text("utf-8"))
        made = datetime.fromisoformat(said["at"])
        return Backup(made, str(said["file"]), int(said["bytes"]), at - made)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def warnings(found: Found) -> list[Sentence]:
    """Return what needs a look, the gravest first."""
    jobs, said = found.jobs, []
    if found.vault.failed:
        said.append(
            say("{n} 个封存文件丢失或者与封存时不一致；请从备份恢复。", n=found.vault.failed)
        )
    if found.vault.free < LEAST_FREE:
        said.append(say("磁盘只剩 {n} MB；写满以后不能再接收文件。", n=found.vault.free >> 20))
    if not found.backup:
        said.append(say("还没有备份。请运行 jingyi backup，并安排每天一次。"))
    elif found.backup.age > OLDEST_BACKUP:
        said.append(say("最近一次备份是 {n} 天以前；请检查每天的备份。", n=found.backup.age.days))
    if not jobs.workers:
        said.append(say("没有后台进程在工作，导入和分诊会一直等待；请运行 jingyi work。"))
    elif jobs.oldest and found.at - jobs.oldest > LONGEST_WAIT:
        said.append(say("有后台任务等待超过 {n} 分钟。", n=(found.at - jobs.oldest).seconds // 60))
    if jobs.failed:
        said.append(say("{n} 个后台任务已放弃；原因见下表。", n=jobs.failed))
    if found.calendar_left < CALENDAR_ENDS.days:
        said.append(
            say(
                "休假日历只公布到 {day}；之后届满的期限算不出来，请升级规则。",
                day=found.calendar_through,
            )
        )
    if not found.witnesses:
        said.append(say("账本没有外部见证；整本账被重写时无人能发现。"))
    said += [
        say("见证单位“{name}”最近一次没有收到账本树头。", name=peer.name)
        for peer in found.witnesses
        if peer.failed
    ]
    return said
