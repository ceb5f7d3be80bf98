"""What people do to a case's evidence list: upload, describe, order, have read, take out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.engines.reading.pages import look
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.documents.actions import add_exhibit
from jingyi.web.cases.documents.models import Exhibit
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading.files import File, files_of, item_of
from jingyi.web.cases.reading.models import Item, Reading
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob
from jingyi.web.ledger import actions as ledger

PAGED = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"II*\x00", b"MM\x00*")
FIELDS = ("group", "kind", "purpose", "collected_by", "collected_on", "source")


@transaction.atomic
def add_file(
    *,
    case: Case,
    path: Path,
    chunks: Iterable[bytes],
    name: str,
    kind: str,
    group: str = "",
    source: str = "",
    by: User,
    at: datetime,
) -> Exhibit:
    """Seal one uploaded file as an exhibit and have its pages read.

    Files that have no pages (sound, film, data) are sealed as they are.

    Raises:
        NotReadable: a PDF or a picture that is damaged, cut off, encrypted, or too large.
        Refusal: an empty file. Nothing has been written after either.
    """
    require_on(by, "document.draft", case)
    with path.open("rb") as stream:
        start = stream.read(1024)
    if not start:
        raise Refusal("这是一个空文件，没有内容可以封存。请核对后重新上传。")
    media_type = look(path).media_type if paged(start) else "application/octet-stream"
    blob = seal(chunks=chunks, media_type=media_type, at=at)
    if case.exhibits.filter(blob=blob).exists():
        raise Refusal(
            "本案已经有内容完全相同的证据{n}，不重复封存。",
            n=case.exhibits.filter(blob=blob).first().number,
        )
    found = add_exhibit(case=case, blob=blob, name=name, kind=kind, source=source, by=by, at=at)
    Item.objects.create(case=case, key=f"exhibit-{found.number}", blob=blob, group=group)
    if paged(start):
        have_read(blobs=[blob], at=at)
    return found


def paged(start: bytes) -> bool:
    """Whether a file that begins so is one of pages: a PDF or a picture."""
    return b"%PDF-" in start or start.startswith(PAGED)


@transaction.atomic
def have_read(*, blobs: Iterable[Blob], at: datetime) -> int:
    """Queue files to be read; return how many. Those read or under way stay as they are."""
    from jingyi.web.cases.reading.jobs import read_file  # noqa: PLC0415 -- the job calls actions

    queued = 0
    for blob in blobs:
        reading, new = Reading.objects.get_or_create(blob=blob, defaults={"queued_at": at})
        if not new and reading.state != Reading.State.REFUSED:
            continue
        reading.state, reading.refusal, reading.queued_at = Reading.State.WAITING, None, at
        reading.save()
        read_file.enqueue(blob.pk)
        queued += 1
    return queued


@transaction.atomic
def have_case_read(*, case: Case, by: User, at: datetime) -> int:
    """Queue every file of a case that has not been read; return how many."""
    require_on(by, "document.draft", case)
    return have_read(blobs=[one.blob for one in files_of(case)], at=at)


@transaction.atomic
def describe(*, case: Case, file: File, said: Mapping[str, Any], by: User, at: datetime) -> Item:
    """Say what the evidence list says of a file; what is sealed with the file stays.

    Args:
        said: new values by name, of `FIELDS`; what the file had is in the ledger.
    """
    require_on(by, "document.draft", case)
    if said.get("collected_on") and said["collected_on"] > at.date():
        raise Refusal("收集日期 {on} 还没有到，请核对。", on=said["collected_on"])
    item = item_of(case, file)
    changed = {
        name: said[name] for name in FIELDS if name in said and said[name] != getattr(item, name)
    }
    for name, value in changed.items():
        setattr(item, name, value)
    if changed:
        item.save()
        shown = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in changed.items()
        }
        enter("evidence.described", case, {"file": file.cited, **shown}, by, at)
    return item


@transaction.atomic
def move(*, case: Case, key: str, to: int, by: User, at: datetime) -> Sequence[File]:
    """Put a file at number `to` of the list (from 1; beyond either end is the end).

    Within its group the file moves by itself; past the group's end the whole group changes places.
    """
    require_on(by, "document.draft", case)
    Case.objects.select_for_update().get(pk=case.pk)  # one order at a time
    files = files_of(case)
    moved = next(one for one in files if one.key == key)
    to = min(max(to, 1), len(files))
    there = files[to - 1]
    if to == moved.number:
        return files
    if there.group == moved.group:
        rest = [one for one in files if one.key != key]
        rest.insert(to - 1, moved)
    else:
        block = [one for one in files if one.group == moved.group]
        rest = [one for one in files if one.group != moved.group]
        places = [n for n, one in enumerate(rest) if one.group == there.group]
        begin = places[0] if to < moved.number else places[-1] + 1
        rest[begin:begin] = block
    for place, one in enumerate(rest, 1):
        item = item_of(case, one)
        item.place = place
        item.save(update_fields=["place"])
    enter("evidence.ordered", case, {"order": [one.cited for one in rest]}, by, at)
    return files_of(case)


def record_taken(*, case: Case, what: str, rows: int, by: User, at: datetime) -> None:
    """Record that a list of the case was taken out as a file."""
    enter("reading.exported", case, {"what": what, "rows": rows}, by, at)


def enter(kind: str, case: Case, facts: Mapping[str, Any], by: User, at: datetime) -> None:
    """Enter one act on the case in the ledger."""
    ledger.append(
        kind=kind, subject=f"case:{case.ref}", facts=facts, by=by, at=at, office=case.office
    )
