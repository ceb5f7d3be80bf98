"""What people do to notes: write, change, take back, make a fact of."""

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from jingyi.core.law import Source
from jingyi.core.reading.page import Box
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.documents.actions import enter_fact
from jingyi.web.cases.documents.models import Fact
from jingyi.web.cases.models import Case
from jingyi.web.cases.reading.actions.files import enter
from jingyi.web.cases.reading.files import File, item_of
from jingyi.web.cases.reading.models import Note, NoteVersion


class NoteChanged(Refusal):
    """Somebody else has changed the note since it was read."""


@transaction.atomic
def write_note(
    *, case: Case, file: File, page: int, box: Box, quote: str, text: str, by: User, at: datetime
) -> Note:
    """Write a note about a place on a page.

    Raises:
        Refusal: it says nothing.
    """
    require_on(by, "document.draft", case)
    if not text.strip():
        raise Refusal("请写下批注的内容。")
    note = Note.objects.create(
        item=item_of(case, file), page=page, x=box.x, y=box.y, w=box.w, h=box.h,
        quote=quote, text=text.strip(), by=by, at=at,
    )  # fmt: skip
    facts = {"note": note.pk, "file": file.cited, "page": page, "content": _digest(note.text)}
    enter("note.written", case, facts, by, at)
    return note


@transaction.atomic
def change_note(*, note: Note, text: str, version: int, by: User, at: datetime) -> Note:
    """Change what a note says; what it said is kept.

    Raises:
        NoteChanged: somebody else changed it since. Refusal: it says nothing, or is taken back.
    """
    note = _open(note, by)
    if note.version != version:
        raise NoteChanged(
            "您打开之后，这条批注已有第 {n} 版。请先看这一版，再改动。", n=note.version
        )
    if not text.strip():
        raise Refusal("请写下批注的内容。")
    if text.strip() == note.text:
        return note
    NoteVersion.objects.create(note=note, n=note.version, text=note.text, by=note.by, at=note.at)
    note.text, note.version = text.strip(), note.version + 1
    note.by, note.at = by, at
    note.save()
    facts = {"note": note.pk, "n": note.version, "content": _digest(note.text)}
    enter("note.changed", note.item.case, facts, by, at)
    return note


@transaction.atomic
def take_back(*, note: Note, reason: str, by: User, at: datetime) -> Note:
    """Take a note back; it stays on file, struck through, with the reason."""
    note = _open(note, by)
    if not reason.strip():
        raise Refusal("请写明撤回的理由，它随这条批注一起留存。")
    note.removed_at, note.removed_by, note.removed_reason = at, by, reason.strip()
    note.save()
    enter(
        "note.taken_back", note.item.case, {"note": note.pk, "reason": note.removed_reason}, by, at
    )
    return note


@transaction.atomic
def make_fact(
    *,
    note: Note,
    file: File,
    kind: str,
    text: str,
    on: date | None,
    articles: Sequence[Source],
    by: User,
    at: datetime,
) -> Fact:
    """Enter a fact of the case that the note's file proves; the note says which.

    Raises:
        Refusal: as `enter_fact`, or the note has made one already.
    """
    note = _open(note, by)
    if note.fact and not note.fact.withdrawn_at:
        raise Refusal("这条批注已经登记为事实。")
    note.fact = enter_fact(
        case=note.item.case, kind=kind, text=text, on=on, exhibits=[file.cited],
        articles=articles, by=by, at=at,
    )  # fmt: skip
    note.save(update_fields=["fact"])
    facts = {"note": note.pk, "fact": note.fact_id, "file": file.cited, "page": note.page}
    enter("note.proves", note.item.case, facts, by, at)
    return note.fact


def _open(note: Note, by: User) -> Note:
    """Return the note, locked, for whoever may change it."""
    found = (
        Note.objects.select_for_update(of=("self",))
        .select_related("item__case__office", "by", "fact")
        .get(pk=note.pk)
    )
    require_on(by, "document.draft", found.item.case)
    if found.removed_at:
        raise Refusal("这条批注已经撤回，不再改动。")
    return found


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
