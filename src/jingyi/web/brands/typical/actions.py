"""Writes of typical cases: begin, write, cover, enter, record the outcome, record what is published."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from jingyi.core.refusal import Refusal
from jingyi.core.typical.drafting import lacks, paper
from jingyi.engines.typesetting.docx import to_docx
from jingyi.web.accounts.models import User
from jingyi.web.brands.typical import queries
from jingyi.web.brands.typical.models import Draft, Entry, Published, Typical
from jingyi.web.cases.models import Case
from jingyi.web.evidence.actions import seal
from jingyi.web.evidence.redaction import actions as covering
from jingyi.web.evidence.redaction.models import Redaction
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

DOCX = covering.TYPES[".docx"]


@transaction.atomic
def begin(*, case: Case, by: User, at: datetime) -> Typical:
    """Begin a draft of a closed case; what its file tells is filled in.

    Raises:
        Refusal: the case is not closed, or has a draft.
    """
    require(by, "brands.change", case.office)
    case = Case.objects.select_for_update(of=("self",)).select_related("office").get(pk=case.pk)
    if case.state not in queries.CLOSED:
        raise Refusal("案件还没有办结，不能起草典型案例。")
    if Typical.objects.filter(case=case).exists():
        raise Refusal("这个案件已经在起草典型案例。")
    title = case.title[:120]
    made = Typical.objects.create(case=case, title=title, by=by, at=at)
    Draft.objects.create(typical=made, n=1, title=title, sections=queries.begun(case), by=by, at=at)
    _record("typical.begun", made, {"case": case.ref}, by, at)
    return made


@transaction.atomic
def write(*, typical: Typical, title: str, sections: Mapping[str, str], version: int, by: User, at: datetime) -> Draft:  # fmt: skip
    """Write another version; the ones before stay.

    Raises:
        Refusal: somebody wrote meanwhile.
    """
    typical = _locked(typical, by, "brands.change")
    if typical.latest != version:
        raise Refusal("这份草稿刚刚被别人修改过。请重新打开页面，看过新的内容再改。")
    typical.title, typical.latest = title, version + 1
    typical.save(update_fields=["title", "latest"])
    kept = {name: text for name, text in sections.items() if text.strip()}
    made = Draft.objects.create(
        typical=typical, n=typical.latest, title=title, sections=kept, by=by, at=at
    )
    _record("typical.written", typical, {"version": made.n}, by, at)
    return made


def cover(*, typical: Typical, by: User, at: datetime) -> Redaction:
    """Seal the newest version as DOCX and propose what to cover in it."""
    require(by, "brands.change", typical.case.office)
    draft = typical.drafts.get(n=typical.latest)
    case = typical.case
    content = to_docx(paper(draft.title, case.office.name, draft.sections, localdate(draft.at)))
    blob = seal(chunks=[content], media_type=DOCX, at=at)
    names = [case.defendant, case.organ.name if case.organ else "", case.handler.name]
    return covering.begin(
        blob=blob, name=f"{draft.title}.docx", key=draft.key, subject=typical.subject, lines={},
        names=names, office=case.office, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def enter(*, typical: Typical, selection: str, organiser: str, on: date, by: User, at: datetime) -> Entry:  # fmt: skip
    """Enter the covered copy of the newest version in a selection.

    Raises:
        Refusal: the draft lacks something, has no covered copy, or is in that selection already.
    """
    typical = _locked(typical, by, "brands.enter")
    if on > localdate(at):
        raise Refusal("参评的日期不能晚于今天。")
    draft = typical.drafts.get(n=typical.latest)
    if missing := lacks(draft.sections):
        raise Refusal(missing[0])
    copy = queries.copy_of(draft)
    if copy is None:
        raise Refusal("最新一版还没有遮盖副本。参评材料要先遮盖，请先做遮盖副本。")
    pending = Entry.objects.filter(draft__typical=typical, selection=selection)
    if pending.filter(outcome=Entry.Outcome.PENDING).exists():
        raise Refusal("已经参加“{selection}”，结果还没有登记。", selection=selection)
    made = Entry.objects.create(
        draft=draft, selection=selection, organiser=organiser, on=on, copy=copy.copy, by=by, at=at
    )
    facts = {"selection": selection, "version": draft.n, "sha256": made.copy_id}
    _record("typical.entered", typical, facts, by, at)
    return made


@transaction.atomic
def settle(*, entry: Entry, outcome: str, on: date, note: str, by: User, at: datetime) -> Entry:
    """Record what a selection came to. What was chosen is from then on compared with as published.

    Raises:
        Refusal: the outcome is recorded, or its day is impossible.
    """
    typical = _locked(entry.draft.typical, by, "brands.enter")
    entry = Entry.objects.select_for_update(of=("self",)).select_related("draft").get(pk=entry.pk)
    if entry.outcome != Entry.Outcome.PENDING:
        raise Refusal("这次评选的结果已经登记。")
    if not entry.on <= on <= localdate(at):
        raise Refusal("结果的日期要在参评的 {since} 到今天之间。", since=entry.on)
    entry.outcome, entry.outcome_on, entry.note = outcome, on, note
    entry.save(update_fields=["outcome", "outcome_on", "note"])
    _record("typical.settled", typical, {"entry": entry.pk, "outcome": outcome}, by, at)
    if outcome == Entry.Outcome.CHOSEN:
        _put_out(typical, entry, by, at)
    return entry


def _put_out(typical: Typical, entry: Entry, by: User, at: datetime) -> None:
    """Record a chosen one as published, in the covered words: the draft's own name parties."""
    covered = Redaction.objects.filter(subject=typical.subject, copy=entry.copy_id).latest("pk")
    text = covered.found["text"].strip()
    title, source = text.partition("\n")[0][:190], f"{entry.organiser}《{entry.selection}》"
    if Published.objects.filter(title=title, source=source).exists():
        title = f"{title}（{typical.pk}）"  # covered titles of two cases may read alike
    publish(
        office=typical.case.office, title=title, on=entry.outcome_on, source=source, text=text, entry=entry, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def publish(
    *, office: Procuratorate, title: str, source: str, on: date, text: str,
    entry: Entry | None = None, by: User, at: datetime,
) -> Published:  # fmt: skip
    """Record a typical case that is out; new ones are compared with it.

    Raises:
        Refusal: it is on record.
    """
    require(by, "brands.change", office)
    if Published.objects.filter(title=title, source=source).exists():
        raise Refusal("“{title}”已经登记过。", title=title)
    made = Published.objects.create(
        office=office, title=title, source=source, on=on, text=text, entry=entry, by=by, at=at
    )
    ledger.append(
        kind="typical.published", subject=f"published:{made.pk}", by=by, at=at, office=office,
        facts={"title": title, "source": source, "on": on.isoformat()},
    )  # fmt: skip
    return made


def _locked(typical: Typical, by: User, act: str) -> Typical:
    found = Typical.objects.select_for_update(of=("self",)).select_related("case__office")
    found = found.get(pk=typical.pk)
    require(by, act, found.case.office)
    return found


def _record(kind: str, typical: Typical, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=typical.subject, facts=facts, by=by, at=at, office=typical.case.office
    )
