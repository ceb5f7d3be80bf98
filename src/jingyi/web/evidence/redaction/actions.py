"""Preparing a covered copy and making it: sealed beside the original, one entry in the ledger."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from jingyi.core import evidence_book, sensitive
from jingyi.core.reading.page import Box, Line
from jingyi.core.refusal import Refusal
from jingyi.engines.redaction import run
from jingyi.engines.redaction.order import Order
from jingyi.web.accounts.models import User
from jingyi.web.evidence import vault
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.models import Blob, Derivative
from jingyi.web.evidence.redaction.models import Redaction
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.models import Procuratorate

TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MOST_BYTES = 200 * 2**20
MOST_TEXT = 100_000  # letters of a Word document that are shown beforehand
State = Redaction.State
Lines = Mapping[int, Sequence[Line]]


def begin(
    *, blob: Blob, name: str, key: str, subject: str, lines: Lines, names: Sequence[str] = (),
    office: Procuratorate, by: User, at: datetime,
) -> Redaction:  # fmt: skip
    """Open a file and propose what to cover; nothing of it is chosen yet.

    Args:
        lines: what was read on pages that have no text of their own, by page.
        names: known beforehand, such as the parties'.

    Raises:
        Refusal: too large, or of no kind that can be covered.
    """
    if blob.size > MOST_BYTES:
        raise Refusal("文件超过 {most} MB，请拆分后再遮盖。", most=MOST_BYTES >> 20)
    with opened(blob) as path:
        looked = run.look(path, Order())
    read = "\n".join(line.text for page in sorted(lines) for line in lines[page])
    words = sensitive.proposed(f"{looked.text}\n{read}", evidence_book.redaction(), names)
    return Redaction.objects.create(
        parent=blob, name=name, key=key, subject=subject, kind=looked.kind, office=office, by=by,
        at=at, found=_found(looked, Order(lines=lines)),
        proposed=[[one.kind, one.text, one.times] for one in words],
    )  # fmt: skip


def choose(
    *, redaction: Redaction, words: Sequence[str], boxes: Sequence[tuple[int, Box]], lines: Lines
) -> Redaction:
    """Say which words and boxes are covered, and find where they stand. Nothing is made yet.

    Raises:
        Refusal: nothing or too much is asked for, or a box lies on no page.
    """
    _still_open(redaction)
    said = sensitive.words(words)
    if not said and not boxes:
        raise Refusal("还没有选要遮盖的词，也没有框选。")
    if wrong := next((page for page, _box in boxes if not 1 <= page <= redaction.pages), None):
        raise Refusal("没有第 {page} 页，不能在那里框选。", page=wrong)
    drawn: dict[int, list[Box]] = {}
    for page, box in boxes:
        drawn.setdefault(page, []).append(box)
    order = Order(said, drawn, lines)
    with opened(redaction.parent) as path:
        looked = run.look(path, order)
    redaction.words, redaction.state, redaction.refusal = list(said), State.DRAFT, None
    redaction.boxes = [[page, box.x, box.y, box.w, box.h] for page, box in boxes]
    redaction.found = _found(looked, order)
    redaction.save(update_fields=["words", "boxes", "found", "state", "refusal"])
    return redaction


def ask(*, redaction: Redaction) -> None:
    """Have the copy made.

    Raises:
        Refusal: nothing was chosen, or it is being made or made already.
    """
    _still_open(redaction)
    if not redaction.words and not redaction.boxes:
        raise Refusal("还没有选要遮盖的词，也没有框选。")
    redaction.state, redaction.refusal = State.WAITING, None
    redaction.save(update_fields=["state", "refusal"])


def make(*, redaction: Redaction, at: datetime) -> Redaction:
    """Make the copy that was asked for, seal it beside its original and enter it in the ledger.

    What stands in the ledger tells how much was covered, never what.
    """
    boxes = {one["number"]: [Box(*box) for box in one["boxes"]] for one in redaction.found["pages"]}
    try:
        with opened(redaction.parent) as path, tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "copy"
            run.make(path, Order(tuple(redaction.words), boxes), target)
            copy = seal(chunks=_chunks(target), media_type=TYPES[redaction.kind], at=at)
    except Refusal as refusal:
        redaction.state, redaction.refusal = State.REFUSED, refusal.sentence.to_json()
        redaction.save(update_fields=["state", "refusal"])
        return redaction
    return _keep(redaction, copy, at)


@transaction.atomic
def _keep(redaction: Redaction, copy: Blob, at: datetime) -> Redaction:
    row = Redaction.objects.select_for_update(of=("self",)).get(pk=redaction.pk)
    if row.state == State.DONE:
        return row
    row.copy, row.made_at, row.state = copy, at, State.DONE
    row.save(update_fields=["copy", "made_at", "state"])
    Derivative.objects.get_or_create(
        parent=row.parent, kind=Derivative.REDACTED, blob=copy, defaults={}
    )
    ledger.append(
        kind="evidence.redacted",
        subject=row.subject,
        facts={
            "parent": row.parent_id, "copy": copy.sha256, "file": row.key, "words": len(row.words),
            "places": sum(row.found["times"]), "boxes": len(row.boxes), "pages": row.pages,
        },
        by=row.by, at=at, office=row.office,
    )  # fmt: skip
    return row


@contextmanager
def opened(blob: Blob) -> Iterator[Path]:
    """Copy a sealed file to a place of its own, checked on the way, for as long as it is looked at."""
    with tempfile.NamedTemporaryFile(prefix="jingyi-cover-") as copy:
        for chunk in vault.read(blob.pk, folder=Path(settings.VAULT)):
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _still_open(redaction: Redaction) -> None:
    if redaction.state in {State.WAITING, State.DONE}:
        raise Refusal("这份副本已经生成或者正在生成。要改，请另做一份。")


def _found(looked: run.Looked, order: Order) -> dict[str, object]:
    pages = [
        {
            "number": one.number, "boxes": [[box.x, box.y, box.w, box.h] for box in one.boxes],
            "times": list(one.times), "readable": one.readable or bool(order.lines.get(one.number)),
        }
        for one in looked.pages
    ]  # fmt: skip
    text = looked.text[:MOST_TEXT] if looked.kind == ".docx" else ""
    return {"pages": pages, "times": list(looked.times), "gone": looked.gone, "text": text}
