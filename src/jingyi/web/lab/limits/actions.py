"""Limits loaded, and ended."""

import tempfile
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from jingyi.core.lab.own import Row
from jingyi.core.ledger import canonical
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.models import User
from jingyi.web.evidence.actions import seal
from jingyi.web.lab.actions.record import record
from jingyi.web.lab.limits import reading
from jingyi.web.lab.limits.models import OwnLimit, OwnTable
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

MOST_BYTES = 20 * 2**20


class WrongRows(Refusal):
    """Rows that are no limits; nothing was loaded."""

    def __init__(self, rows: list[tuple[int, Sentence]]) -> None:
        super().__init__(
            say("有 {n} 行不能读成限值，整个文件没有录入。请改正后再传。", n=len(rows))
        )
        self.rows = rows


def load(
    *,
    office: Procuratorate,
    number: str,
    title: str,
    start: date,
    end: date | None = None,
    unit: str = "",
    replaces: OwnTable | None = None,
    chunks: Iterable[bytes],
    file_name: str,
    by: User,
    at: datetime,
) -> OwnTable:
    """Load a file of limits whole. The table it replaces ends on the day before.

    Args:
        unit: of rows that do not say theirs.

    Raises:
        WrongRows: with every row that is wrong; nothing is loaded.
        Refusal: no table, too large, or the one replaced is not the office's or ended before.
    """
    require(by, "lab.manage", office)
    if not number.strip() or not title.strip():
        raise Refusal("请写明标准号和名称：限值要能注明出处。")
    if end is not None and end < start:
        raise Refusal("失效日期 {end} 早于施行日期 {start}。", end=end, start=start)
    with tempfile.TemporaryDirectory(prefix="jingyi-") as folder:
        path = Path(folder) / (Path(file_name.replace("\\", "/")).name[-60:] or "limits")
        _receive(path, chunks)
        found = reading.read(path, start, end, unit)
        if found.wrong:
            raise WrongRows(found.wrong)
        if not found.rows:
            raise Refusal("文件里没有限值。")
        with path.open("rb") as stream:
            pieces = iter(lambda: stream.read(2**20), b"")
            head = (number.strip(), title.strip(), start, end)
            return _keep(
                office=office, head=head, replaces=replaces, found=found, chunks=pieces,
                name=path.name, by=by, at=at,
            )  # fmt: skip


def _receive(path: Path, chunks: Iterable[bytes]) -> None:
    size = 0
    with path.open("wb") as stream:
        for chunk in chunks:
            size += len(chunk)
            if size > MOST_BYTES:
                raise Refusal("文件超过 {most} MB，请拆成几个文件。", most=MOST_BYTES >> 20)
            stream.write(chunk)


@transaction.atomic
def _keep(
    *, office: Procuratorate, head: tuple[str, str, date, date | None], replaces: OwnTable | None,
    found: reading.Read, chunks: Iterable[bytes], name: str, by: User, at: datetime,
) -> OwnTable:  # fmt: skip
    number, title, start, end = head
    blob = seal(chunks=chunks, media_type="application/octet-stream", at=at)
    made = OwnTable.objects.create(
        office=office, number=number, title=title, in_force_from=start, in_force_to=end, file=blob,
        file_name=name[-200:], by=by, at=at,
    )  # fmt: skip
    OwnLimit.objects.bulk_create(
        [
            OwnLimit(
                table=made, row=n, item=row.item.id, name=row.name[:40], food=row.food, low=row.low,
                high=row.high, below=row.below, temporary=row.temporary, unit=row.unit.id,
                cited=row.cited, in_force_from=row.start, in_force_to=row.end,
            )
            for n, row in found.rows
        ],
        batch_size=500,
    )  # fmt: skip
    facts = {
        "number": number, "title": title, "from": start.isoformat(), "to": end.isoformat() if end else "",
        "rows": len(found.rows), "file": blob.sha256,
        "sha256": sha256(canonical({"rows": [_told(row) for _, row in found.rows]})).hexdigest(),
    }  # fmt: skip
    record("lab.limits", f"limits:{made.pk}", facts, office=office, by=by, at=at)
    if replaces is not None:
        finish(table=replaces, last=start - timedelta(days=1), by=by, at=at, replaced_by=made)
    return made


def _told(row: Row) -> list[str]:
    return [row.item.id, row.food, str(row.low or ""), str(row.high or ""), row.unit.id, row.cited, row.start.isoformat(), row.end.isoformat() if row.end else ""]  # fmt: skip


@transaction.atomic
def finish(
    *, table: OwnTable, last: date, replaced_by: OwnTable | None = None, by: User, at: datetime
) -> OwnTable:
    """End a table: its last day is kept, and what was judged by it stays judged.

    Raises:
        Refusal: the day lies before its first, or it has ended.
    """
    require(by, "lab.manage", table.office)
    now = OwnTable.objects.select_for_update().get(pk=table.pk)
    if now.in_force_to is not None and now.in_force_to <= last:
        raise Refusal("{number} 已经到 {day} 为止。", number=now.number, day=now.in_force_to)
    if last < now.in_force_from:
        raise Refusal("{number} 自 {start} 起施行，最后一天不能早于这一天。", number=now.number, start=now.in_force_from)  # fmt: skip
    now.in_force_to, now.replaced_by = last, replaced_by
    now.save(update_fields=["in_force_to", "replaced_by"])
    facts = {"last": last.isoformat(), "replaced_by": replaced_by.pk if replaced_by else None}
    record("lab.limits-ended", f"limits:{now.pk}", facts, office=now.office, by=by, at=at)
    return now
