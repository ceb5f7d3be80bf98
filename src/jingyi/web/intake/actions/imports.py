"""Files of messages: looked at, confirmed, taken in."""

import secrets
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.engines import tables
from jingyi.web.accounts.models import User
from jingyi.web.evidence.actions import seal
from jingyi.web.intake.importing import mapping as columns
from jingyi.web.intake.importing import parsed, run, shown
from jingyi.web.intake.models import Batch, Sender, Source
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

PART = 2**20  # bytes
TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
}


@transaction.atomic
def name_sender(
    *,
    office: Procuratorate,
    name: str,
    by: User | None,
    at: datetime,
    source: str = Source.HOTLINE,
) -> Sender:
    """Return the office's sender of that name, made if it is new."""
    if by:
        require(by, "import.run", office)
    sender, made = Sender.objects.get_or_create(
        office=office, name=name.strip()[:80], defaults={"source": source}
    )
    if made:
        facts = {"name": sender.name, "source": sender.source}
        ledger.append(
            kind="sender.named",
            subject=f"sender:{sender.pk}",
            facts=facts,
            by=by,
            at=at,
            office=office,
        )
    return sender


def start_import(
    *, sender: Sender, chunks: Iterable[bytes], file_name: str, by: User | None, at: datetime
) -> Batch:
    """Read a file, seal it, and propose which column is what; nothing is taken in yet.

    Raises:
        Refusal: the file is too large, or is no table that can be read. Nothing is kept of it.
    """
    if by:
        require(by, "import.run", sender.office)
    name = Path(file_name.replace("\\", "/")).name or "table"
    with tempfile.TemporaryDirectory(prefix="jingyi-") as folder:
        path = Path(folder) / name[-60:]
        most = settings.IMPORT_MAX_BYTES if by else tables.MOST_BYTES  # none waits at a page
        _receive(path, chunks, name, most)
        sheet = tables.open_table(path)
        with path.open("rb") as stream:
            parts = iter(lambda: stream.read(PART), b"")
            return _keep(sender, sheet=sheet, chunks=parts, name=name, by=by, at=at)


def _receive(path: Path, chunks: Iterable[bytes], name: str, most: int) -> None:
    size = 0
    with path.open("wb") as stream:
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise Refusal(
                    "文件 {name} 超过 {most} MB。请拆成几个文件，或存为 Parquet 后再试。",
                    name=name,
                    most=most // 2**20,
                )
            stream.write(chunk)


@transaction.atomic
def _keep(
    sender: Sender,
    *,
    sheet: tables.Sheet,
    chunks: Iterable[bytes],
    name: str,
    by: User | None,
    at: datetime,
) -> Batch:
    kind = TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
    blob = seal(chunks=chunks, media_type=kind, at=at)
    shown.keep(blob, sheet, at)
    if kind != TYPES[".parquet"]:
        parsed.keep(blob, sheet, at)
    batch = Batch.objects.create(
        ref=secrets.token_hex(8),  # its own number follows
        sender=sender,
        file=blob,
        file_name=name[-200:],
        mapping=columns.propose(sheet, sender.mapping),
        rows=sheet.table.num_rows + len(sheet.rejected),
        by=by,
        created_at=at,
    )
    batch.ref = f"I{batch.pk:04d}"
    batch.save(update_fields=["ref"])
    _record(batch, "import.started", by, at, sha256=blob.sha256, name=batch.file_name)
    return batch


@transaction.atomic
def confirm_import(
    *, batch: Batch, mapping: Mapping[str, str], by: User | None, at: datetime, queue: bool = True
) -> Batch:
    """Say which column is what; the sender's next file is proposed the same. Queue the work.

    Raises:
        Refusal: no text is named, a heading is not there, or the batch is past confirming.
    """
    now = Batch.objects.select_for_update(of=("self",)).select_related("sender__office")
    batch = now.get(pk=batch.pk)
    if by:
        require(by, "import.run", batch.sender.office)
    if batch.state != Batch.State.PREVIEW:
        raise Refusal("批次 {ref} 已经确认过，不必再次确认。", ref=batch.ref)
    batch.mapping = columns.check(mapping, shown.of(batch.file).names)
    batch.state = Batch.State.QUEUED
    batch.save(update_fields=["mapping", "state"])
    batch.sender.mapping = batch.mapping
    batch.sender.save(update_fields=["mapping"])
    _record(batch, "import.confirmed", by, at, mapping=batch.mapping)
    if queue:
        from jingyi.web.intake.jobs import import_batch  # noqa: PLC0415 -- the job calls back here

        import_batch.enqueue(batch.pk)
    return batch


def run_import(*, batch: Batch, at: datetime, progress: run.Progress | None = None) -> Batch:
    """Take a confirmed batch in, or the rest of it; once done, doing it again does nothing.

    Raises:
        Refusal: the file cannot be taken in; the batch keeps the sentence.
    """
    if batch.state == Batch.State.DONE:
        return batch
    try:
        return run.take_in(batch, at=at, progress=progress)
    except Refusal as refusal:
        give_up(batch=batch, refusal=refusal, at=at)
        raise


@transaction.atomic
def give_up(*, batch: Batch, refusal: Refusal, at: datetime) -> None:
    """Close a batch that cannot go on, with the reason for people to read."""
    Batch.objects.filter(pk=batch.pk).update(
        state=Batch.State.REFUSED, problem=refusal.sentence.to_json(), finished_at=at
    )
    _record(batch, "import.refused", batch.by, at, problem=str(refusal))


def _record(batch: Batch, kind: str, by: User | None, at: datetime, **facts: object) -> None:
    ledger.append(
        kind=kind,
        subject=f"batch:{batch.ref}",
        facts=facts,
        by=by,
        at=at,
        office=batch.sender.office,
    )
