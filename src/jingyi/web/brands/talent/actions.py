"""Writes about talent: tasks and their confirmation, mentors, plans, studios."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.timezone import localdate

from jingyi.core.refusal import Refusal
from jingyi.core.talent import book
from jingyi.web.accounts.models import User
from jingyi.web.brands.talent import queries
from jingyi.web.brands.talent.models import Honour, Member, Mentorship, Studio, Task, Training
from jingyi.web.cases.models import Case
from jingyi.web.cases.queries import events
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate


@transaction.atomic
def tell(*, kind: str, case: Case, what: str, on: date, by: User, at: datetime) -> Task:
    """Tell what one did in a real case; the case's own file has to show it.

    Raises:
        Refusal: the file does not show it, it is told already, or the day has not come.
    """
    one = book().tasks[kind]
    if not queries.shown(by, one, case):
        raise Refusal("案卷 {ref} 里看不出您做过“{task}”。请选案卷有记录的案件，或者先把记录补全。", ref=case.ref, task=one.title)  # fmt: skip
    if on > localdate(at):
        raise Refusal("日期不能晚于今天。")
    if Task.objects.filter(person=by, kind=kind, case=case).exists():
        raise Refusal("这件案件的这项任务已经登记过。")
    made = Task.objects.create(
        person=by, kind=kind, case=case, what=what, on=on, at=at,
        event=events().filter(case=case, kind__in=one.events).order_by("on", "place").first() if one.events else None,
        typical=getattr(case, "typical", None) if one.shown_by == "typical" else None,
    )  # fmt: skip
    _record("talent.told", by, {"kind": kind, "case": case.ref}, by, at)
    return made


@transaction.atomic
def confirm(*, task: Task, by: User, at: datetime) -> Task:
    """Confirm another person's task: only then does it show a skill.

    Raises:
        Refusal: it is one's own, or confirmed.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("person").get(pk=task.pk)
    require(by, "brands.train", _office(task.person))
    if task.person_id == by.pk:
        raise Refusal("自己的任务要由别人确认。")
    if task.confirmed_at:
        raise Refusal("这项任务已经确认过。")
    task.confirmed_by, task.confirmed_at = by, at
    task.save(update_fields=["confirmed_by", "confirmed_at"])
    _record("talent.confirmed", task.person, {"task": task.pk}, by, at)
    return task


@transaction.atomic
def propose(*, mentor: User, learner: User, goal: str, by: User, at: datetime) -> Mentorship:
    """Propose that one teaches the other. Whoever proposes has agreed for themselves, for nobody else.

    Raises:
        Refusal: they are one person, or have agreed or are asked already.
    """
    office = _office(learner)
    if by.pk not in {mentor.pk, learner.pk}:
        require(by, "brands.train", office)
    if mentor.pk == learner.pk:
        raise Refusal("导师和学员不能是同一个人。")
    if Mentorship.objects.filter(mentor=mentor, learner=learner, ended_on=None).exists():
        raise Refusal("他们之间已经有师带徒关系，或者正在等待同意。")
    made = Mentorship.objects.create(
        office=office, mentor=mentor, learner=learner, goal=goal, by=by, at=at,
        mentor_agreed_at=at if by.pk == mentor.pk else None,
        learner_agreed_at=at if by.pk == learner.pk else None,
    )  # fmt: skip
    _record("talent.mentor-proposed", learner, {"mentor": mentor.pk, "goal": goal}, by, at)
    return made


@transaction.atomic
def agree(*, mentorship: Mentorship, by: User, at: datetime) -> Mentorship:
    """Agree, each for oneself."""
    one = Mentorship.objects.select_for_update(of=("self",)).select_related("learner").get(pk=mentorship.pk)  # fmt: skip
    side = {one.mentor_id: "mentor_agreed_at", one.learner_id: "learner_agreed_at"}.get(by.pk)
    if side is None:
        raise Http404
    if one.ended_on:
        raise Refusal("这段师带徒关系已经结束。")
    if getattr(one, side) is None:
        setattr(one, side, at)
        one.save(update_fields=[side])
        _record("talent.mentor-agreed", one.learner, {"mentorship": one.pk}, by, at)
    return one


@transaction.atomic
def end(*, mentorship: Mentorship, why: str, by: User, at: datetime) -> Mentorship:
    """End it, or decline it: either side, or whoever trains."""
    one = Mentorship.objects.select_for_update(of=("self",)).select_related("learner", "office").get(pk=mentorship.pk)  # fmt: skip
    if by.pk not in {one.mentor_id, one.learner_id}:
        require(by, "brands.train", one.office)
    if one.ended_on is None:
        one.ended_on, one.ended_why = localdate(at), why
        one.save(update_fields=["ended_on", "ended_why"])
        _record("talent.mentor-ended", one.learner, {"mentorship": one.pk, "why": why}, by, at)
    return one


@transaction.atomic
def plan(*, person: User, skill: str, what: str, due_on: date, by: User, at: datetime) -> Training:
    """Put a line into a person's training plan: the person, an agreed mentor, or whoever trains.

    Raises:
        Refusal: the day is over.
    """
    _may_plan(person, by)
    if due_on < localdate(at):
        raise Refusal("训练计划的日期不能早于今天。")
    made = Training.objects.create(
        person=person, skill=skill, what=what, due_on=due_on, by=by, at=at
    )
    facts = {"skill": skill, "what": what, "due": due_on.isoformat()}
    _record("talent.planned", person, facts, by, at)
    return made


@transaction.atomic
def train(*, training: Training, task: Task | None, how: str, by: User, at: datetime) -> Training:
    """Say that a line of the plan is done: by a task of the person, or by something told in words.

    Raises:
        Refusal: it is done, or nothing shows it.
    """
    one = Training.objects.select_for_update(of=("self",)).select_related("person").get(pk=training.pk)  # fmt: skip
    _may_plan(one.person, by)
    if one.done_on:
        raise Refusal("这一项已经完成。")
    if task is None and not how.strip():
        raise Refusal("请选一项实务任务作为依据，或者写明怎样完成。")
    if task is not None and task.person_id != one.person_id:
        raise Http404
    one.task, one.how, one.done_on = task, how, localdate(at)
    one.save(update_fields=["task", "how", "done_on"])
    facts = {"training": one.pk, "task": task.pk if task else None}
    _record("talent.trained", one.person, facts, by, at)
    return one


@transaction.atomic
def found(*, office: Procuratorate, name: str, purpose: str, founded_on: date, by: User, at: datetime) -> Studio:  # fmt: skip
    """Found a studio.

    Raises:
        Refusal: the name is taken.
    """
    require(by, "brands.train", office)
    if Studio.objects.filter(office=office, name=name).exists():
        raise Refusal("本院已有名为“{name}”的工作室，请另取名称。", name=name)
    made = Studio.objects.create(
        office=office, name=name, purpose=purpose, founded_on=founded_on, by=by, at=at
    )
    _studio("studio.founded", made, {"name": name}, by, at)
    return made


@transaction.atomic
def join(*, studio: Studio, person: User, does: str, since: date, by: User, at: datetime) -> Member:
    """Take somebody into a studio.

    Raises:
        Refusal: the person is in it.
    """
    require(by, "brands.train", studio.office)
    if studio.members.filter(person=person, until=None).exists():
        raise Refusal("{name} 已经是成员。", name=person.name)
    made = Member.objects.create(studio=studio, person=person, does=does, since=since)
    _studio("studio.joined", studio, {"person": person.pk, "does": does}, by, at)
    return made


@transaction.atomic
def leave(*, member: Member, by: User, at: datetime) -> Member:
    """Let somebody leave a studio today."""
    require(by, "brands.train", member.studio.office)
    if member.until is None:
        member.until = localdate(at)
        member.save(update_fields=["until"])
        _studio("studio.left", member.studio, {"person": member.person_id}, by, at)
    return member


@transaction.atomic
def honour(*, studio: Studio, title: str, source: str, on: date, by: User, at: datetime) -> Honour:
    """Record an honour of a studio with its document."""
    require(by, "brands.train", studio.office)
    made = Honour.objects.create(studio=studio, title=title, source=source, on=on, by=by)
    _studio("studio.honoured", studio, {"title": title, "source": source}, by, at)
    return made


def _may_plan(person: User, by: User) -> None:
    teaching = Mentorship.objects.filter(mentor=by, learner=person, ended_on=None)
    agreed = teaching.filter(mentor_agreed_at__isnull=False, learner_agreed_at__isnull=False)
    if by.pk != person.pk and not agreed.exists():
        require(by, "brands.train", _office(person))


def _office(person: User) -> Procuratorate:
    office = queries.office_of(person)
    if office is None:
        raise Http404
    return office


def _record(kind: str, person: User, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"person:{person.pk}", facts=facts, by=by, at=at,
        office=queries.office_of(person),
    )  # fmt: skip


def _studio(kind: str, studio: Studio, facts: dict[str, Any], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"studio:{studio.pk}", facts=facts, by=by, at=at, office=studio.office
    )
