"""The jury's secret ballot: who voted is kept, and what was voted, and nothing between the two.

The ledger says that a judge voted; the papers lie sorted in one value (`Box`), without a time.
Limitations: whoever copies the database between two votes can compare the copies.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from jingyi.core.judging import ballots, rounds
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.models import User
from jingyi.web.selection import queries
from jingyi.web.selection.actions.editions import locked, record
from jingyi.web.selection.models import Box, Conflict, Edition, Entry, Juror, Turnout


def open_box(edition: Edition) -> None:
    """Set up a round's box and the list of those who may vote. Runs inside the opening's transaction.

    Raises:
        Refusal: there is no judge.
    """
    active = list(edition.jurors.filter(active=True))
    if not active:
        raise Refusal("还没有评委。请先增加评委。")
    Box.objects.get_or_create(edition=edition, round=edition.round)
    for juror in active:
        Turnout.objects.get_or_create(juror=juror, round=edition.round)


@transaction.atomic
def vote(*, turnout: Turnout, choices: Sequence[str], by: User, at: datetime) -> None:
    """Put a judge's paper into the box.

    Raises:
        Refusal: not one's own, voted already, not open, too many, or one in conflict with the judge.
    """
    edition = locked(turnout.juror.edition)
    turnout = Turnout.objects.select_for_update(of=("self",)).select_related("juror").get(pk=turnout.pk)  # fmt: skip
    _open(turnout, edition, by)
    if turnout.voted:
        raise Refusal("您在这一轮已经投过票，每人只有一票。")
    able = {str(entry.number) for entry in able_for(turnout.juror, edition)}
    paper = ballots.fill(secrets.token_hex(32), choices, able, edition.leg.each)
    box = Box.objects.select_for_update().get(edition=edition, round=edition.round)
    box.papers = sorted([*box.papers, [paper.mark, list(paper.choices)]])
    box.save(update_fields=["papers"])
    turnout.voted = True
    turnout.save(update_fields=["voted"])
    record("selection.voted", edition, {"round": edition.round, "juror": by.username}, by, at)


@transaction.atomic
def recuse(*, turnout: Turnout, entry: Entry, why: str, by: User, at: datetime) -> Conflict:
    """Declare a conflict with an entry before voting: the judge's paper cannot name it.

    Raises:
        Refusal: voted already, or no reason.
    """
    edition = locked(turnout.juror.edition)
    turnout = Turnout.objects.select_for_update(of=("self",)).select_related("juror").get(pk=turnout.pk)  # fmt: skip
    _open(turnout, edition, by)
    if turnout.voted:
        raise Refusal("已经投票，不能再申报回避。")
    if not why.strip():
        raise Refusal("请写明回避的理由。")
    reason = say("本人申报回避：{why}", why=why)
    made, _ = Conflict.objects.update_or_create(
        entry=entry, juror=turnout.juror,
        defaults={"declared": True, "why": reason.to_json(), "at": at},
    )  # fmt: skip
    record("selection.recused", edition, {"entry": entry.pk, "juror": by.username}, by, at)
    return made


def able_for(juror: Juror, edition: Edition) -> list[Entry]:
    """Return the entries of the round that a judge is in no conflict with."""
    barred = Conflict.objects.filter(juror=juror).values("entry")
    return list(queries.standing(edition).exclude(pk__in=barred))


def read_by(user: User, edition: Edition) -> list[Entry]:
    """Return the entries that a judge reads for a secret ballot that is on."""
    mine = queries.papers_for(user).filter(juror__edition=edition).first()
    return able_for(mine.juror, edition) if mine else []


def _open(turnout: Turnout, edition: Edition, by: User) -> None:
    if turnout.juror.person_id != by.pk:
        raise Refusal("这张选票不是您的。")
    now = edition.stage == "scoring" and turnout.round == edition.round
    if not now or edition.leg.kind != rounds.BALLOT:
        raise Refusal("现在没有开放投票。")
