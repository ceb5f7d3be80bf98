"""Data sources: taken in by upload, from the exchange folder, from a database; deleted on their day."""

import shutil
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.screening.masking import masked
from jingyi.core.screening.practice import practice
from jingyi.engines.profiling import ColumnProfile, profile
from jingyi.web.accounts.models import User
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate
from jingyi.web.screening import exchange
from jingyi.web.screening.actions.record import record
from jingyi.web.screening.models import DataSource, Hit, Negative, Run

MOST_BYTES = 2 * 2**30
PIECE = 2**20
Origin = DataSource.Origin


def take_upload(
    *, office: Procuratorate, name: str, holder: str, delete_on: date, chunks: Iterable[bytes],
    file_name: str, by: User, at: datetime,
) -> DataSource:  # fmt: skip
    """Take in a file that somebody sends.

    Raises:
        Refusal: it is not a table, too large, or kept too long.
    """
    plain = Path(file_name.replace("\\", "/")).name
    return _take(office, (name, holder, delete_on, Origin.UPLOAD, plain), chunks, by, at)


def take_file(
    *, office: Procuratorate, name: str, holder: str, delete_on: date, path: str, by: User,
    at: datetime,
) -> DataSource:  # fmt: skip
    """Take in a file that lies in the exchange folder; what is there is copied, not moved."""
    found = exchange.file(path)
    with found.open("rb") as stream:
        pieces = iter(lambda: stream.read(PIECE), b"")
        return _take(office, (name, holder, delete_on, Origin.FOLDER, path), pieces, by, at)


def take_table(
    *, office: Procuratorate, name: str, holder: str, delete_on: date, connection: str, table: str,
    by: User, at: datetime,
) -> DataSource:  # fmt: skip
    """Take in a table of a database as it is now, through a connection that can only read."""
    detail = f"{connection}:{table}"
    with exchange.snapshot(connection, table) as path, path.open("rb") as stream:
        pieces = iter(lambda: stream.read(PIECE), b"")
        return _take(office, (name, holder, delete_on, Origin.DATABASE, detail), pieces, by, at)


def _take(
    office: Procuratorate, head: tuple[str, str, date, str, str], chunks: Iterable[bytes], by: User,
    at: datetime,
) -> DataSource:  # fmt: skip
    """Keep a file under its digest, and say what is in it; nothing stays of what is no table."""
    require(by, "screening.run", office)
    name, holder, delete_on, origin, detail = head
    _last_day(delete_on, timezone.localdate(at))
    made = DataSource(
        office=office, name=name.strip(), holder=holder.strip(), origin=origin, detail=detail[:300],
        sha256="", size=0, delete_on=delete_on, by=by, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
            made.sha256, made.size = _keep(made.path, chunks)
            made.rows, made.profile = _profiled(made)
            made.save()
            record(
                "source-taken", f"data:{made.pk}", office=office, by=by, at=at, sha256=made.sha256,
                rows=made.rows, origin=origin, holder=made.holder, delete_on=delete_on.isoformat(),
            )  # fmt: skip
    except Exception:
        shutil.rmtree(made.path.parent, ignore_errors=True)
        raise
    return made


def _last_day(delete_on: date, today: date) -> None:
    rule = practice()
    if not today <= delete_on <= today + timedelta(days=rule.most_days):
        raise Refusal("删除日期须在今天与 {n} 天之内。", n=rule.most_days)


def _keep(path: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    total, size = sha256(), 0
    with path.open("wb") as stream:
        for chunk in chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                raise Refusal("文件超过 2 GB。请拆成几个文件，或者放到交换文件夹后分批取用。")
            total.update(chunk)
            stream.write(chunk)
    return total.hexdigest(), size


def _profiled(made: DataSource) -> tuple[int, list[dict[str, object]]]:
    rows, columns = profile(made.path)
    if not rows:
        raise Refusal("{name} 里没有数据行。请检查后重新导出。", name=made.detail)
    return rows, [_shown(one) for one in columns]


def _shown(one: ColumnProfile) -> dict[str, object]:
    """Return a profile for the page; identity numbers among the examples are masked."""
    found = asdict(one)
    if one.kind == "person-id":
        found["examples"] = [masked(cell) for cell in one.examples]
    return found


@transaction.atomic
def keep_until(*, source: DataSource, day: date, by: User, at: datetime) -> DataSource:
    """Set another last day; never beyond what is allowed from the day it came."""
    require(by, "screening.run", source.office)
    now = DataSource.objects.select_for_update().get(pk=source.pk)
    if now.deleted_at:
        raise Refusal("这份数据已经删除。")
    most = timezone.localdate(now.at) + timedelta(days=practice().most_days)
    if not timezone.localdate(at) <= day <= most:
        raise Refusal("删除日期须在今天与 {day} 之间。", day=most)
    now.delete_on = day
    now.save(update_fields=["delete_on"])
    record("source-kept", f"data:{now.pk}", office=now.office, by=by, at=at, until=day.isoformat())
    return now


@transaction.atomic
def delete(*, source: DataSource, by: User | None, at: datetime) -> DataSource:
    """Delete a source and every row that was taken from it; digests and leads stay.

    Raises:
        Refusal: a run is reading it.
    """
    if by is not None:
        require(by, "screening.run", source.office)
    now = DataSource.objects.select_for_update().get(pk=source.pk)
    if now.deleted_at:
        return now
    runs = Run.objects.filter(inputs__source=now)
    if runs.filter(state__in=(Run.State.QUEUED, Run.State.RUNNING)).exists():
        raise Refusal("有一次运行正在使用这份数据。请等它结束，或者先取消它。")
    Hit.objects.filter(run__in=runs).update(rows={}, values={})
    Negative.objects.filter(run__in=runs).update(values={})
    now.deleted_at, now.profile = at, []
    now.save(update_fields=["deleted_at", "profile"])
    record("source-deleted", f"data:{now.pk}", office=now.office, by=by, at=at, sha256=now.sha256)
    folders = [now.path.parent, *(run.folder for run in runs)]
    transaction.on_commit(lambda: [shutil.rmtree(one, ignore_errors=True) for one in folders])
    return now


def expire(*, at: datetime) -> int:
    """Delete what has passed its last day; return how many sources."""
    due = DataSource.objects.filter(deleted_at=None, delete_on__lt=timezone.localdate(at))
    gone = 0
    for source in due.order_by("pk"):
        try:
            delete(source=source, by=None, at=at)
        except Refusal:  # in use: the next time
            continue
        gone += 1
    return gone
