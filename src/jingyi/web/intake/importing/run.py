"""Taking one file in, chunk by chunk. Killed anywhere and run again, it goes on where it stopped.

Each chunk is one transaction: its reports, its entry in the ledger and the
batch's checkpoint are there together or not at all.
"""

import hmac
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice

import pyarrow as pa
from django.conf import settings
from django.db import transaction

from jingyi.engines import tables
from jingyi.web.evidence.actions import seal
from jingyi.web.intake.importing import mapping as columns
from jingyi.web.intake.importing import parsed, refused
from jingyi.web.intake.importing.rows import Row, read
from jingyi.web.intake.models import Batch, Report
from jingyi.web.ledger import actions as ledger

CHUNK = 1000  # rows in one transaction
Progress = Callable[[int, int], None]


def take_in(batch: Batch, *, at: datetime, progress: Progress | None = None) -> Batch:
    """Take the rest of a confirmed batch in; return it as it then is.

    Raises:
        Refusal: the file cannot be read, or its columns are not there.
    """
    began = time.monotonic()
    sheet = parsed.of(batch)
    chosen = columns.check(batch.mapping, sheet.names)
    table = tables.typed(sheet, chosen)
    total = table.num_rows + len(sheet.rejected)
    _begin(batch, total, at)
    wrong = []
    rows = read(table, chosen)
    while chunk := list(islice(rows, CHUNK)):
        wrong += [row for row in chunk if row.wrong]
        if chunk[-1].index >= batch.done:
            batch = _take_chunk(batch, chunk, at)
        if progress:
            progress(batch.done, total)
    lost = _file_of(sheet, wrong)
    ended = at + timedelta(seconds=time.monotonic() - began)
    return _finish(batch, lost, len(sheet.rejected), ended)


def fingerprints(batch: Batch) -> Iterator[str]:
    """Yield what each sound row of a batch's file is known by, also of rows that came earlier."""
    table = tables.typed(parsed.of(batch), batch.mapping)
    yield from (row.fingerprint for row in read(table, batch.mapping) if not row.wrong)


def reporter_key(office: str, name: str) -> str:
    """Tell reporters of one office apart without naming them; "" where nobody is named."""
    if not name:
        return ""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"{office}\x1f{name}".encode(), sha256
    ).hexdigest()


@transaction.atomic
def _begin(batch: Batch, total: int, at: datetime) -> None:
    batch.rows = total
    batch.state = Batch.State.RUNNING
    batch.started_at = batch.started_at or at
    batch.save(update_fields=["rows", "state", "started_at"])


@transaction.atomic
def _take_chunk(batch: Batch, chunk: Iterable[Row], at: datetime) -> Batch:
    """Write what is new of one chunk, and move the checkpoint past it."""
    now = _locked(batch)
    ahead = [row for row in chunk if row.index >= now.done]  # another worker may have been here
    if not ahead:
        return now
    sound: dict[str, Row] = {}
    for row in ahead:
        if not row.wrong:
            sound.setdefault(row.fingerprint, row)
    sender = now.sender
    earlier = Report.objects.filter(office=sender.office, sender=sender, fingerprint__in=sound)
    changed = []
    for fingerprint, title, text in earlier.values_list("fingerprint", "title", "text"):
        row = sound.pop(fingerprint)
        if (row.title, row.text) != (title, text):  # a report is never edited; it is said
            changed.append(row.number)
    Report.objects.bulk_create(
        [_report(now, fingerprint, row, at) for fingerprint, row in sound.items()],
        batch_size=500,
    )
    wrong = sum(row.wrong is not None for row in ahead)
    now.new += len(sound)
    now.known += len(ahead) - wrong - len(sound)
    now.rejected += wrong
    now.done = ahead[-1].index + 1
    now.save(update_fields=["new", "known", "rejected", "done"])
    _record(now, ahead, sound, at, changed=sorted(changed))
    return now


def _locked(batch: Batch) -> Batch:
    """Return the batch, held together with its sender: two files of one sender take turns."""
    return (
        Batch.objects.select_for_update(of=("self", "sender"))
        .select_related("sender__office", "by")
        .get(pk=batch.pk)
    )


def _report(batch: Batch, fingerprint: str, row: Row, at: datetime) -> Report:
    office = batch.sender.office
    return Report(
        ref=f"{batch.ref}-{row.number}",
        office=office,
        source=batch.sender.source,
        sender=batch.sender,
        batch=batch,
        external_id=row.external_id[:80],
        fingerprint=fingerprint,
        title=row.title,
        text=row.text,
        happened_at=row.happened_at,
        received_at=min(row.happened_at or at, at),  # the hotline got it when it was said
        place_words=row.place,
        lon=row.lon,
        lat=row.lat,
        datum=row.datum,
        given_lon=row.given_lon,
        given_lat=row.given_lat,
        reporter_key=reporter_key(office.code, row.reporter),
        likes=row.likes,
    )


def _record(
    batch: Batch, rows: list[Row], new: dict[str, Row], at: datetime, *, changed: list[int]
) -> None:
    ledger.append(
        kind="import.rows",
        subject=f"batch:{batch.ref}",
        facts={
            "rows": [rows[0].number, rows[-1].number],
            "new": len(new),
            "changed": changed,
            "undated": sum(row.happened_at is None for row in new.values()),
            "digest": ledger.digest_of(f"{key}:{row.content}".encode() for key, row in new.items()),
        },
        by=batch.by,
        at=at,
        office=batch.sender.office,
    )


def _file_of(sheet: tables.Sheet, wrong: list[Row]) -> bytes | None:
    """Return the rows that were not taken in, in the order of the file; None if there are none."""
    lost = [(one.row, str(one.reason), one.raw) for one in sheet.rejected]
    if wrong:
        picked = sheet.table.take(pa.array([row.index for row in wrong])).to_pylist()
        lost += [
            (row.number, str(row.wrong), [cells[name] or "" for name in sheet.names])
            for row, cells in zip(wrong, picked, strict=True)
        ]
    return refused.as_csv(sheet.names, sorted(lost, key=lambda one: one[0])) if lost else None


@transaction.atomic
def _finish(batch: Batch, lost: bytes | None, unread: int, at: datetime) -> Batch:
    """Close the batch: the rows nobody could read count as rejected, once."""
    now = _locked(batch)
    if now.state == Batch.State.DONE:
        return now
    if lost is not None:
        now.rejected_file = seal(chunks=[lost], media_type="text/csv", at=at)
    now.rejected += unread
    now.done = now.rows
    now.state = Batch.State.DONE
    now.finished_at = at
    now.save(update_fields=["rejected_file", "rejected", "done", "state", "finished_at"])
    ledger.append(
        kind="import.done",
        subject=f"batch:{now.ref}",
        facts={"new": now.new, "known": now.known, "rejected": now.rejected},
        by=now.by,
        at=at,
        office=now.sender.office,
    )
    return now
