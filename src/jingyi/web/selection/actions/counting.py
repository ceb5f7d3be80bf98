"""The count, the public notice, objections, the decision."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from jingyi.core.judging import book, rounds
from jingyi.core.ledger import canonical
from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.brands.typical.models import Entry as CaseEntry
from jingyi.web.registry.access import require
from jingyi.web.selection import polls, results
from jingyi.web.selection.actions.editions import locked, record
from jingyi.web.selection.actions.entries import settle
from jingyi.web.selection.models import Count, Edition, Objection, Seat


@transaction.atomic
def count(*, edition: Edition, reason: str = "", by: User, at: datetime) -> Count:
    """Close scoring, count, certify, and begin the public notice.

    Raises:
        Refusal: a sheet is not filled in.
    """
    edition = locked(edition)
    require(by, "selection.run", edition.office)
    book.move(edition.stage, "notice")
    if not edition.last_leg:
        raise Refusal("后面还有一轮，请先进入下一轮。")
    made = _counted(edition, reason, by, at)
    result = made.result
    edition.stage = "notice"
    edition.notice_until = localdate(at) + timedelta(days=edition.publicity_days)
    edition.save(update_fields=["stage", "notice_until"])
    facts = {"sha256": made.digest, "votes_root": result["votes_root"], "reason": reason}
    record("selection.counted", edition, facts, by, at)
    return made


@transaction.atomic
def advance(*, edition: Edition, by: User, at: datetime) -> Count:
    """Close a round that is not the last and count it; only those within its quota go on.

    Raises:
        Refusal: it is the last round, a sheet is not filled in, or too few judges voted.
    """
    edition = locked(edition)
    require(by, "selection.run", edition.office)
    book.move(edition.stage, "jury")
    if edition.last_leg:
        raise Refusal("这是最后一轮，请结束评分并计分。")
    made = _counted(edition, "", by, at)
    onward = made.result["certificate"]["chosen"]
    edition.entries.filter(number__in=map(int, onward)).update(round=edition.round + 1)
    facts = {"round": edition.round, "sha256": made.digest, "onward": onward}
    edition.round, edition.stage = edition.round + 1, "jury"
    edition.save(update_fields=["round", "stage"])
    record("selection.advanced", edition, facts, by, at)
    return made


def _counted(edition: Edition, reason: str, by: User, at: datetime) -> Count:
    if edition.leg.kind == rounds.BALLOT:
        result = polls.counted(edition)
    else:
        waiting = Seat.objects.filter(
            entry__edition=edition, round=edition.round, void_why="", scored_at=None
        )
        if n := waiting.count():
            who = "、".join(sorted(set(waiting.values_list("juror__person__name", flat=True)))[:5])
            raise Refusal("还有 {n} 张评分表没有填：{who}。请催办，或让评委申报回避。", n=n, who=who)  # fmt: skip
        result = results.counted(edition)
    return Count.objects.create(
        edition=edition, round=edition.round, result=result,
        digest=sha256(canonical(result)).hexdigest(), reason=reason, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def object_to(*, edition: Edition, name: str, contact: str, text: str, at: datetime) -> Objection:
    """Take an objection of anybody against the result under notice.

    Raises:
        Refusal: the notice is over.
    """
    edition = locked(edition)
    if edition.stage != "notice" or localdate(at) > edition.notice_until:
        raise Refusal("公示期已经结束，不再接收异议。")
    made = Objection.objects.create(edition=edition, name=name, contact=contact, text=text, at=at)
    record("selection.objected", edition, {"objection": made.pk}, None, at)
    return made


@transaction.atomic
def answer(*, objection: Objection, upheld: bool, text: str, by: User, at: datetime) -> Objection:
    """Answer an objection; one upheld opens the scoring again for a recount.

    Raises:
        Refusal: it is answered, or without reasons.
    """
    edition = locked(objection.edition)
    require(by, "selection.run", edition.office)
    if objection.answered_at or edition.stage not in {"notice", "scoring"}:
        raise Refusal("这条异议已经答复过。")
    if not text.strip():
        raise Refusal("答复要写明理由。")
    objection.upheld, objection.answer = upheld, text
    objection.answered_by, objection.answered_at = by, at
    objection.save()
    if upheld and edition.stage == "notice":
        edition.stage = "scoring"
        edition.save(update_fields=["stage"])
    facts = {"objection": objection.pk, "upheld": upheld, "answer": text}
    record("selection.answered", edition, facts, by, at)
    return objection


@transaction.atomic
def void(*, seat: Seat, why: str, by: User, at: datetime) -> Seat:
    """Void a sheet while a recount is prepared; the entry must keep a judge.

    Raises:
        Refusal: no recount is on, no reason, or it is the entry's last sheet.
    """
    edition = locked(seat.entry.edition)
    require(by, "selection.decide", edition.office)
    recounting = edition.counts.filter(round=edition.round).exists()
    if edition.stage != "scoring" or not recounting or seat.round != edition.round:
        raise Refusal("只有异议成立、重新计分时可以作废评分表。")
    if not why.strip():
        raise Refusal("作废评分表要写明理由。")
    others = seat.entry.seats.filter(void_why="", round=seat.round).exclude(pk=seat.pk)
    if not others.exclude(scored_at=None).exists():
        raise Refusal("这是该参评仅剩的评分表，不能作废。")
    seat.void_why = why
    seat.save(update_fields=["void_why"])
    record("selection.voided", edition, {"seat": seat.pk, "why": why}, by, at)
    return seat


@transaction.atomic
def decide(*, edition: Edition, by: User, at: datetime) -> Edition:
    """Make the result final once the notice is over and every objection answered; the lot is told.

    Raises:
        Refusal: the notice still runs, or an objection waits.
    """
    edition = locked(edition)
    require(by, "selection.decide", edition.office)
    book.move(edition.stage, "decided")
    if localdate(at) <= edition.notice_until:
        raise Refusal("公示到 {until} 结束，次日起才能定评。", until=edition.notice_until.isoformat())  # fmt: skip
    if waiting := edition.objections.filter(answered_at=None).count():
        raise Refusal("还有 {n} 条异议没有答复。", n=waiting)
    edition.stage, edition.decided_at = "decided", at
    edition.save(update_fields=["stage", "decided_at"])
    last = edition.counts.last()
    chosen = {int(n) for n in last.result["certificate"]["chosen"]}
    for entry in edition.entries.exclude(number=None).exclude(case=None):
        won = CaseEntry.Outcome.CHOSEN if entry.number in chosen else CaseEntry.Outcome.PASSED
        settle(entry=entry, outcome=won, note="", by=by, at=at)
    facts: dict[str, Any] = {"chosen": last.result["certificate"]["chosen"], "seed": edition.seed}
    record("selection.decided", edition, facts, by, at)
    return edition
