"""Writes of the meetings: convene, speak, plan, finish, carry on, guide, answer, close."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.timezone import localdate

from jingyi.core.minutes import minutes
from jingyi.core.refusal import Refusal
from jingyi.engines.typesetting.docx import to_docx
from jingyi.web.accounts.models import User
from jingyi.web.brands.meetings import queries
from jingyi.web.brands.meetings.models import Guidance, Measure, Meeting, Review, Word
from jingyi.web.evidence.actions import seal
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import may, require
from jingyi.web.registry.models import Department, Procuratorate

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@transaction.atomic
def convene(*, office: Procuratorate, title: str, on: date, place: str, chair: str, by: User, at: datetime) -> Meeting:  # fmt: skip
    """Open a review meeting; every measure of the office that is not done is carried to it.

    Raises:
        Refusal: the one before is still open.
    """
    require(by, "brands.meet", office)
    Procuratorate.objects.select_for_update().get(pk=office.pk)
    if Meeting.objects.filter(office=office, closed_at=None).exists():
        raise Refusal("本院还有一次推进会没有结束。请先结束它，再召开下一次。")
    meeting = Meeting.objects.create(
        office=office, title=title, on=on, place=place, chair=chair, by=by, at=at
    )
    carried = queries.open_measures().filter(meeting__office=office)
    Review.objects.bulk_create(
        [Review(meeting=meeting, measure=one, was_due_on=one.due_on) for one in carried]
    )
    waiting = Guidance.objects.filter(office=office, answered_on=None)
    waiting.update(meeting=meeting)
    facts = {"title": title, "on": on.isoformat(), "carried": carried.count()}
    _record("meeting.convened", meeting, facts, by, at)
    return meeting


@transaction.atomic
def speak(
    *, meeting: Meeting, department: Department, highlights: str, problems: str, version: int,
    by: User, at: datetime,
) -> Word:  # fmt: skip
    """Write or rewrite what a department says. `version` is 0 where nothing was said yet.

    Raises:
        Refusal: the meeting is closed, or somebody wrote meanwhile.
    """
    meeting = _open(meeting, by, "brands.change")
    if department.procuratorate_id != meeting.office_id:
        raise Http404
    word = Word.objects.filter(meeting=meeting, department=department).first()
    if (word.version if word else 0) != version:
        raise Refusal("这个部门的发言刚刚被别人修改过。请重新打开页面，看过新的内容再改。")
    word = word or Word(meeting=meeting, department=department, version=0)
    word.highlights, word.problems, word.by, word.at = highlights, problems, by, at
    word.version += 1
    word.save()
    facts = {"department": department.name, "version": word.version}
    _record("meeting.spoken", meeting, facts, by, at)
    return word


@transaction.atomic
def plan(
    *, meeting: Meeting, department: Department, what: str, owner: User, due_on: date,
    by: User, at: datetime,
) -> Measure:  # fmt: skip
    """Set a next measure with its owner and its date.

    Raises:
        Refusal: the meeting is closed, or the date lies before it.
    """
    meeting = _open(meeting, by, "brands.change")
    if department.procuratorate_id != meeting.office_id:
        raise Http404
    if due_on < meeting.on:
        raise Refusal("措施的时限不能早于开会的日期 {on}。", on=meeting.on)
    made = Measure.objects.create(
        meeting=meeting, department=department, what=what, owner=owner, due_on=due_on, by=by, at=at
    )
    facts = {"measure": made.pk, "what": what, "owner": owner.pk, "due": due_on.isoformat()}
    _record("meeting.planned", meeting, facts, by, at)
    return made


@transaction.atomic
def finish(*, measure: Measure, on: date, how: str, by: User, at: datetime) -> Measure:
    """Say that a measure is done, and how: its owner, or whoever may hold meetings.

    Raises:
        Refusal: it was done already, on a day to come, or before it was set.
    """
    measure = _measure(measure, by)
    if not measure.meeting.on <= on <= localdate(at):
        raise Refusal("完成日期要在定下措施的 {since} 到今天之间。", since=measure.meeting.on)
    measure.done_on, measure.how, measure.done_by = on, how, by
    measure.save(update_fields=["done_on", "how", "done_by"])
    facts = {"measure": measure.pk, "on": on.isoformat(), "how": how}
    _record("meeting.done", measure.meeting, facts, by, at)
    return measure


@transaction.atomic
def carry(*, review: Review, due_on: date, why: str, by: User, at: datetime) -> Review:
    """Say at a meeting why a measure is not done, and until when it goes on.

    Raises:
        Refusal: it is done, or the new date lies before the old one or before the meeting.
    """
    meeting = _open(review.meeting, by, "brands.change")
    measure = Measure.objects.select_for_update(of=("self",)).get(pk=review.measure_id)
    if measure.done_on:
        raise Refusal("这项措施已经完成，不必再延续。")
    least = max(review.was_due_on, meeting.on)
    if due_on < least:
        raise Refusal("新的时限不能早于 {least}。", least=least)
    review.due_on, review.why = due_on, why
    review.save(update_fields=["due_on", "why"])
    measure.due_on = due_on
    measure.save(update_fields=["due_on"])
    facts = {"measure": measure.pk, "due": due_on.isoformat(), "why": why}
    _record("meeting.carried", meeting, facts, by, at)
    return review


@transaction.atomic
def guide(
    *, office: Procuratorate, giver: str, document: str, text: str, on: date, by: User, at: datetime,
) -> Guidance:  # fmt: skip
    """Record what a superior said; while it is not answered, every meeting takes it along.

    Raises:
        Refusal: the day has not come.
    """
    require(by, "brands.meet", office)
    if on > localdate(at):
        raise Refusal("指导意见的日期不能晚于今天。")
    held = Meeting.objects.filter(office=office)
    meeting = held.filter(closed_at=None).first() or held.first()  # the newest
    made = Guidance.objects.create(
        office=office, meeting=meeting, giver=giver, document=document, text=text, on=on, by=by, at=at
    )  # fmt: skip
    _note("guidance.given", made, {"giver": giver, "on": on.isoformat()}, by, at)
    return made


@transaction.atomic
def answer(*, guidance: Guidance, text: str, on: date, by: User, at: datetime) -> Guidance:
    """Answer guidance, once.

    Raises:
        Refusal: it was answered, or on an impossible day.
    """
    require(by, "brands.meet", guidance.office)
    guidance = Guidance.objects.select_for_update(of=("self",)).select_related("office").get(pk=guidance.pk)  # fmt: skip
    if guidance.answered_on:
        raise Refusal("这条指导意见已经答复过。")
    if not guidance.on <= on <= localdate(at):
        raise Refusal("答复日期要在 {since} 到今天之间。", since=guidance.on)
    guidance.answer, guidance.answered_on, guidance.answered_by = text, on, by
    guidance.save(update_fields=["answer", "answered_on", "answered_by"])
    _note("guidance.answered", guidance, {"on": on.isoformat()}, by, at)
    return guidance


@transaction.atomic
def close(*, meeting: Meeting, by: User, at: datetime) -> Meeting:
    """End the meeting: its minutes are sealed and nothing of it changes any more.

    Raises:
        Refusal: it lies ahead, nobody spoke, or a carried measure was passed over.
    """
    meeting = _open(meeting, by, "brands.meet")
    if meeting.on > localdate(at):
        raise Refusal("会议日期还没有到，不能结束。")
    if not meeting.words.exists():
        raise Refusal("还没有部门发言，不能结束会议。")
    passed = meeting.reviews.filter(due_on=None, measure__done_on=None).count()
    if passed:
        raise Refusal("还有 {n} 项结转的措施没有交代：说明如何完成，或者为什么延续、到什么时候。", n=passed)  # fmt: skip
    meeting.closed_at = at
    paper = to_docx(minutes(queries.met(meeting)))
    meeting.minutes = seal(chunks=[paper], media_type=DOCX, at=at)
    meeting.save(update_fields=["closed_at", "minutes"])
    _record("meeting.closed", meeting, {"sha256": meeting.minutes_id}, by, at)
    return meeting


def _open(meeting: Meeting, by: User, act: str) -> Meeting:
    require(by, act, meeting.office)
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("office").get(pk=meeting.pk)  # fmt: skip
    if meeting.closed_at:
        raise Refusal("会议已经结束，纪要已封存，不能再改。")
    return meeting


def _measure(measure: Measure, by: User) -> Measure:
    measure = Measure.objects.select_for_update(of=("self",)).select_related("meeting__office").get(pk=measure.pk)  # fmt: skip
    office = measure.meeting.office
    require(by, "brands.read", office)
    if measure.owner_id != by.pk and not may(by, "brands.meet", office):
        raise Http404
    if measure.done_on:
        raise Refusal("这项措施已经登记为完成。")
    return measure


def _record(kind: str, meeting: Meeting, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"meeting:{meeting.pk}", facts=facts, by=by, at=at, office=meeting.office
    )


def _note(kind: str, about: Guidance, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"guidance:{about.pk}", facts=facts, by=by, at=at, office=about.office
    )
