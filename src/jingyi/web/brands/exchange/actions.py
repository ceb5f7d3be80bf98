"""Writes of the exchange."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.brands.exchange.models import Note, Reply
from jingyi.web.brands.models import Brand
from jingyi.web.cases.queries import cases_for
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Post


@transaction.atomic
def post(
    *, seat: Post, kind: str, title: str, text: str, refs: Iterable[str], brands: Iterable[Brand],
    by: User, at: datetime,
) -> Note:  # fmt: skip
    """Post a note in the name of the department of one's own post.

    Raises:
        Refusal: a case is not there for `by`.
    """
    if seat.user_id != by.pk:
        raise Http404
    require(by, "brands.read", seat.procuratorate)
    refs = list(dict.fromkeys(refs))
    cases = {case.ref: case for case in cases_for(by).filter(ref__in=refs)}
    if missing := [ref for ref in refs if ref not in cases]:
        raise Refusal("没有编号为 {refs} 的案件，请核对。", refs="、".join(missing))
    made = Note.objects.create(
        office=seat.procuratorate, department=seat.department, kind=kind, title=title, text=text,
        by=by, at=at,
    )  # fmt: skip
    made.cases.set(cases.values())
    made.brands.set(brands)
    _record("note.posted", made, {"kind": kind, "title": title, "cases": refs}, by, at)
    return made


@transaction.atomic
def reply(*, note: Note, text: str, by: User, at: datetime) -> Reply:
    """Say something to a note."""
    require(by, "brands.read", note.office)
    note = Note.objects.select_for_update(of=("self",)).select_related("office").get(pk=note.pk)
    if note.withdrawn_at:
        raise Refusal("这一篇已经撤下。")
    made = Reply.objects.create(note=note, text=text, by=by, at=at)
    _record("note.replied", note, {"reply": made.pk}, by, at)
    return made


@transaction.atomic
def settle(*, note: Note, reply: Reply, by: User, at: datetime) -> Note:
    """Say which reply answers one's question; another may be named later."""
    if note.by_id != by.pk or reply.note_id != note.pk or note.kind != Note.Kind.QUESTION:
        raise Http404
    note.answer = reply
    note.save(update_fields=["answer"])
    _record("note.settled", note, {"reply": reply.pk}, by, at)
    return note


@transaction.atomic
def withdraw(*, note: Note, by: User, at: datetime) -> Note:
    """Take one's note back; it stays on file and is shown to nobody."""
    if note.by_id != by.pk:
        raise Http404
    if note.withdrawn_at is None:
        note.withdrawn_at = at
        note.save(update_fields=["withdrawn_at"])
        _record("note.withdrawn", note, {}, by, at)
    return note


def _record(kind: str, note: Note, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"note:{note.pk}", facts=facts, by=by, at=at, office=note.office
    )
