"""Nominations: entered, sent, returned for mending, accepted, withdrawn."""

from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils.timezone import localdate

from jingyi.core.judging import book
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.accounts.models import User
from jingyi.web.brands.models import Brand
from jingyi.web.brands.typical import actions as writing
from jingyi.web.brands.typical.models import Entry as CaseEntry
from jingyi.web.brands.typical.models import Typical
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.redaction.models import Redaction
from jingyi.web.registry.access import require
from jingyi.web.selection import films
from jingyi.web.selection.actions.editions import locked, record
from jingyi.web.selection.models import Edition, Entry, Material

OVER = {Entry.State.RETURNED, Entry.State.WITHDRAWN}  # of a typical case: a new version comes anew
OPEN = {Entry.State.DRAFT, Entry.State.RETURNED}
KINDS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"%PDF": "application/pdf",
}
MOST_BYTES = 20 * 2**20
MOST_FILES = 20


@transaction.atomic
def enter(
    *, edition: Edition, brand: Brand, category: str = "", by: User, at: datetime
) -> Entry:  # fmt: skip
    """Begin a nomination of a brand in a category; one that stands already is returned as it is.

    Raises:
        Refusal: nominations are not open, the brand is over or of another region, or no such category.
    """
    require(by, "brands.change", brand.office)
    _open(edition, at)
    if not brand.office.path.startswith(edition.office.path):
        raise Refusal("这次评选只接受{office}辖区内的品牌。", office=edition.office.name)
    if brand.stage in {"ended", "joined"}:
        raise Refusal("已退出或合并的品牌不能申报。")
    if (there := Entry.objects.filter(edition=edition, brand=brand).first()) is not None:
        return there
    if category not in {one.name for one in edition.kinds}:
        raise Refusal("请选择参评的类别。")
    made = Entry.objects.create(edition=edition, brand=brand, category=category, by=by, at=at)
    facts = {"brand": brand.pk} | ({"category": category} if category else {})
    record("selection.entered", edition, facts, by, at)
    return made


@transaction.atomic
def enter_case(
    *, edition: Edition, typical: Typical, category: str = "", by: User, at: datetime
) -> Entry:  # fmt: skip
    """Enter a typical case with the covered copy of its newest version, and nothing else.

    Raises:
        Refusal: nominations are not open, it is of another region, lacks something, has no covered
            copy, or stands already; or no such category.
    """
    require(by, "brands.enter", typical.case.office)
    _open(edition, at)
    if not typical.case.office.path.startswith(edition.office.path):
        raise Refusal("这次评选只接受{office}辖区内的典型案例。", office=edition.office.name)
    if category not in {one.name for one in edition.kinds}:
        raise Refusal("请选择参评的类别。")
    if edition.entries.filter(case__draft__typical=typical).exclude(state__in=OVER).exists():
        raise Refusal("这个典型案例已经参加这次评选。")
    sent = writing.enter(
        typical=typical, selection=edition.name, organiser=edition.office.name,
        on=localdate(at), by=by, at=at,
    )  # fmt: skip
    covered = Redaction.objects.filter(subject=typical.subject, copy=sent.copy_id).latest("pk")
    heading, _line, words = covered.found["text"].strip().partition("\n")
    made = Entry.objects.create(
        edition=edition, case=sent, heading=heading[:200], statement=words.strip(),
        category=category, state=Entry.State.SENT, by=by, at=at,
    )  # fmt: skip
    Material.objects.create(entry=made, blob=sent.copy, name=f"{heading[:100]}.docx", at=at)
    facts = {"typical": typical.pk, "version": sent.draft.n, "sha256": sent.copy_id}
    record("selection.entered", edition, facts, by, at)
    return made


def settle(*, entry: Entry, outcome: str, note: str, by: User, at: datetime) -> None:
    """Tell a typical case what came of its entry; nothing for a brand."""
    if entry.case and entry.case.outcome == CaseEntry.Outcome.PENDING:
        writing.settle(entry=entry.case, outcome=outcome, on=localdate(at), note=note, by=by, at=at)


@transaction.atomic
def write(*, entry: Entry, statement: str, effect: str, by: User, at: datetime) -> Entry:
    """Rewrite a nomination that has not been sent."""
    _mine(entry, by, at)
    entry.statement, entry.effect = statement, effect
    entry.save(update_fields=["statement", "effect"])
    entry.hands.add(by)
    return entry


@transaction.atomic
def add_file(*, entry: Entry, stream: IO[bytes], name: str, size: int, by: User, at: datetime) -> Material:  # fmt: skip
    """Add a picture, a PDF or a film.

    Raises:
        Refusal: too large, too many, or of another kind.
    """
    _mine(entry, by, at)
    if entry.materials.count() >= MOST_FILES:
        raise Refusal("一份申报最多 {most} 个文件。", most=MOST_FILES)
    kind = _kind(stream, size)
    blob = seal(chunks=iter(lambda: stream.read(2**20), b""), media_type=kind, at=at)
    entry.hands.add(by)
    made = Material.objects.create(entry=entry, blob=blob, name=name[-120:], at=at)
    record("selection.filed", entry.edition, {"entry": entry.pk, "sha256": blob.sha256}, by, at)
    return made


def _kind(stream: IO[bytes], size: int) -> str:
    """Return the media type by content, whatever the name says; the stream stands at its beginning."""
    head = stream.read(8)
    stream.seek(0)
    if head[4:] == b"ftyp" or head.startswith(b"\x1a\x45\xdf\xa3"):
        return films.looked_at(stream, size=size).media_type
    if size > MOST_BYTES:
        raise Refusal("文件超过 {most} MB。请压缩后再传。", most=MOST_BYTES >> 20)
    kind = next((kind for magic, kind in KINDS.items() if head.startswith(magic)), "")
    if not kind:
        raise Refusal("佐证材料只收 JPEG、PNG 图片、PDF 和 MP4、WebM 录像。")
    return kind


def lacking(entry: Entry) -> list[Sentence]:
    """Return what a nomination lacks to be complete."""
    return book.lacks(
        {
            "statement": len(entry.statement),
            "effect": len(entry.effect),
            "materials": entry.materials.count(),
        }
    )


@transaction.atomic
def send(*, entry: Entry, by: User, at: datetime) -> Entry:
    """Send a complete nomination.

    Raises:
        Refusal: something lacks.
    """
    _mine(entry, by, at)
    if missing := lacking(entry):
        raise Refusal("申报还不完整：{what}", what=missing[0])
    entry.hands.add(by)
    return _moved(entry, Entry.State.SENT, "selection.sent", {}, by, at)


@transaction.atomic
def answer(*, entry: Entry, accept: bool, why: str, by: User, at: datetime) -> Entry:
    """Accept a nomination that was sent, or return it for mending.

    Raises:
        Refusal: it was not sent, or is returned without a reason.
    """
    require(by, "selection.run", entry.edition.office)
    if entry.state != Entry.State.SENT:
        raise Refusal("这份申报不在待审核状态。")
    if not accept and not why.strip():
        raise Refusal("退回要写明需要补正什么。")
    entry.returned_why = "" if accept else why
    if not accept:
        settle(entry=entry, outcome=CaseEntry.Outcome.RETURNED, note=why, by=by, at=at)
    state = Entry.State.ACCEPTED if accept else Entry.State.RETURNED
    kind = "selection.accepted" if accept else "selection.returned"
    return _moved(entry, state, kind, {} if accept else {"why": why}, by, at)


@transaction.atomic
def withdraw(*, entry: Entry, by: User, at: datetime) -> Entry:
    """Withdraw a nomination; it stays on file.

    Raises:
        Refusal: the jury is at work.
    """
    require(by, "brands.change", entry.office)
    if entry.edition.stage != "nomination":
        raise Refusal("申报阶段已经结束，不能再撤回。")
    settle(entry=entry, outcome=CaseEntry.Outcome.RETURNED, note="撤回申报", by=by, at=at)
    return _moved(entry, Entry.State.WITHDRAWN, "selection.withdrawn", {}, by, at)


def _moved(entry: Entry, state: str, kind: str, facts: dict, by: User, at: datetime) -> Entry:  # noqa: PLR0917
    entry.state = state
    entry.save(update_fields=["state", "returned_why"])
    record(kind, entry.edition, {"entry": entry.pk, **_what(entry), **facts}, by, at)
    return entry


def _what(entry: Entry) -> dict[str, int]:
    return {"brand": entry.brand_id} if entry.brand_id else {"typical": entry.case.draft.typical_id}


def _open(edition: Edition, at: datetime) -> None:
    edition = locked(edition)
    if edition.stage != "nomination" or localdate(at) > edition.closes_on:
        raise Refusal("现在不在申报期内。")


def _mine(entry: Entry, by: User, at: datetime) -> None:
    require(by, "brands.change", entry.office)
    _open(entry.edition, at)
    if entry.case_id:
        raise Refusal("典型案例只提交遮盖副本。请在典型案例中修改、重新遮盖后再参评。")
    if entry.state not in OPEN:
        raise Refusal("申报已经提交，退回后才能修改。")
