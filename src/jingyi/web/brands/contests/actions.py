"""Writes of contests: open, hand in, assign, mark, release."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.timezone import localdate

from jingyi.core.refusal import Refusal
from jingyi.core.sensitive import FEWEST, find, folded
from jingyi.core.talent import book
from jingyi.web.accounts.models import User
from jingyi.web.brands.contests import queries
from jingyi.web.brands.contests.models import Contest, Paper, Reading
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Procuratorate

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another
CODE = 6


@transaction.atomic
def start(
    *, office: Procuratorate, title: str, task: str, due_on: date, readers: Iterable[User],
    by: User, at: datetime,
) -> Contest:  # fmt: skip
    """Open a contest; the full marks and the threshold are fixed from the rulebook now.

    Raises:
        Refusal: the day is over, or there are fewer than three readers.
    """
    require(by, "brands.train", office)
    readers = list(readers)
    if due_on < localdate(at):
        raise Refusal("交卷的截止日期不能早于今天。")
    if len(readers) < 3:
        raise Refusal("至少要有三位评卷人：两人分别评卷，相差大时由第三人评。")
    rules = book()
    made = Contest.objects.create(
        office=office, title=title, task=task, due_on=due_on, full_marks=rules.full_marks,
        threshold=rules.threshold, by=by, at=at,
    )  # fmt: skip
    made.readers.set(readers)
    facts = {"title": title, "due": due_on.isoformat(), "threshold": made.threshold}
    _record("contest.started", made, facts, by, at)
    return made


@transaction.atomic
def hand_in(*, contest: Contest, text: str, by: User, at: datetime) -> Paper:
    """Hand in one's paper, or a better one, until the last day. The ledger names no author.

    Raises:
        Refusal: it is too late, one is a reader, or the text names its author.
    """
    require(by, "brands.read", contest.office)
    contest = _locked(contest)
    if contest.assigned_at or localdate(at) > contest.due_on:
        raise Refusal("交卷已经截止。")
    if contest.readers.filter(pk=by.pk).exists():
        raise Refusal("您是评卷人，不能交卷。")
    if len(folded(by.name)[0]) >= FEWEST and find(text, [by.name]):
        raise Refusal("答卷里出现了您的姓名。为了双盲评卷，请删去能认出您的内容。")
    paper = Paper.objects.filter(contest=contest, author=by).first()
    paper = paper or Paper(contest=contest, author=by, code=_code(contest))
    paper.text, paper.at = text, at
    paper.save()
    _record("contest.handed-in", contest, {"code": paper.code}, None, at)
    return paper


@transaction.atomic
def assign(*, contest: Contest, by: User, at: datetime) -> Contest:
    """Give each paper to two readers, evenly; neither the author nor the author's mentor or learner.

    Raises:
        Refusal: it is too early, done, nothing was handed in, or a paper has too few free readers.
    """
    require(by, "brands.train", contest.office)
    contest = _locked(contest)
    if contest.assigned_at:
        raise Refusal("已经分卷。")
    if localdate(at) <= contest.due_on:
        raise Refusal("还没有到截止日期，不能分卷。")
    papers = list(contest.papers.select_related("contest"))
    if not papers:
        raise Refusal("没有人交卷。")
    for paper in papers:
        free = queries.free_readers(paper)[:2]
        if len(free) < 2:
            raise Refusal("答卷 {code} 能评的人不足两位（要避开作者和师徒）。请增加评卷人。", code=paper.code)  # fmt: skip
        Reading.objects.bulk_create(
            [Reading(paper=paper, reader=one, place=n) for n, one in enumerate(free, 1)]
        )
    contest.assigned_at = at
    contest.save(update_fields=["assigned_at"])
    _record("contest.assigned", contest, {"papers": len(papers)}, by, at)
    return contest


@transaction.atomic
def mark(*, reading: Reading, mark: int, note: str, by: User, at: datetime) -> Reading:
    """Give a mark, once. Where the two differ by more than the threshold, a third is asked.

    Raises:
        Refusal: it is given already, or beyond the full marks.
    """
    if reading.reader_id != by.pk:
        raise Http404
    contest = _locked(reading.paper.contest)
    reading = Reading.objects.select_for_update(of=("self",)).select_related("paper").get(pk=reading.pk)  # fmt: skip
    if reading.mark is not None:
        raise Refusal("这份答卷您已经评过，分数不能再改。")
    if not 0 <= mark <= contest.full_marks:
        raise Refusal("分数要在 0 到 {full} 之间。", full=contest.full_marks)
    reading.mark, reading.note, reading.marked_at = mark, note, at
    reading.save(update_fields=["mark", "note", "marked_at"])
    _record("contest.marked", contest, {"code": reading.paper.code, "place": reading.place}, None, at)  # fmt: skip
    _third(reading.paper)
    return reading


def _third(paper: Paper) -> None:
    """Ask a third reader where one is needed and somebody is free."""
    if not queries.grade_of(paper).third or paper.readings.filter(place=3).exists():
        return
    if free := queries.free_readers(paper):
        Reading.objects.create(paper=paper, reader=free[0], place=3)


@transaction.atomic
def enlist(*, contest: Contest, reader: User, by: User, at: datetime) -> Contest:
    """Add a reader; papers that wait for a third are given out.

    Raises:
        Refusal: the person handed in a paper, or the marks are out.
    """
    require(by, "brands.train", contest.office)
    contest = _locked(contest)
    if contest.released_at:
        raise Refusal("成绩已经公布。")
    if contest.papers.filter(author=reader).exists():
        raise Refusal("交了卷的人不能评卷。")
    contest.readers.add(reader)
    for paper in contest.papers.prefetch_related("readings"):
        _third(paper)
    _record("contest.enlisted", contest, {"reader": reader.pk}, by, at)
    return contest


@transaction.atomic
def release(*, contest: Contest, by: User, at: datetime) -> Contest:
    """Give the marks out: each author sees their own.

    Raises:
        Refusal: some paper has no mark yet, or they are out.
    """
    require(by, "brands.train", contest.office)
    contest = _locked(contest)
    if contest.released_at:
        raise Refusal("成绩已经公布。")
    papers = contest.papers.prefetch_related("readings")
    waiting = [one.code for one in papers if queries.grade_of(one).mark is None]
    if waiting or not contest.assigned_at:
        raise Refusal(
            "还有 {n} 份答卷没有评完，不能公布。", n=len(waiting) or contest.papers.count()
        )
    contest.released_at = at
    contest.save(update_fields=["released_at"])
    _record("contest.released", contest, {"papers": contest.papers.count()}, by, at)
    return contest


def _locked(contest: Contest) -> Contest:
    return Contest.objects.select_for_update(of=("self",)).select_related("office").get(pk=contest.pk)  # fmt: skip


def _code(contest: Contest) -> str:
    taken = set(contest.papers.values_list("code", flat=True))
    while (code := "".join(secrets.choice(LETTERS) for _ in range(CODE))) in taken:
        pass
    return code


def _record(kind: str, contest: Contest, facts: dict[str, Any], by: User | None, at: datetime) -> None:  # fmt: skip
    ledger.append(
        kind=kind, subject=f"contest:{contest.pk}", facts=facts, by=by, at=at, office=contest.office
    )
