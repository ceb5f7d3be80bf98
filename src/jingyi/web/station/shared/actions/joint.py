"""Joint inspections, trainings, meetings: planned, held with minutes, or dropped for a reason."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.access import require
from jingyi.web.registry.models import Organ, Procuratorate
from jingyi.web.registry.queries import seated
from jingyi.web.station.shared import queries
from jingyi.web.station.shared.models import Joint

ACT = "station.plan"
State = Joint.State


@transaction.atomic
def plan(
    *, kind: str, office: Procuratorate, organs: Sequence[Organ], subject: str, place: str, on: date,
    participants: Sequence[str] = (), by: User, at: datetime,
) -> Joint:  # fmt: skip
    """Plan joint work with one or more organs of the office's region; their stations are told."""
    require(by, ACT, office)
    if not organs or not all(queries.within(organ, office) for organ in organs):
        raise Http404
    joint = Joint.objects.create(
        kind=kind, office=office, subject=subject.strip(), place=place.strip(), on=on,
        participants=list(participants), by=by, at=at,
    )  # fmt: skip
    joint.organs.set(organs)
    for organ in organs:
        for user in seated(organ, "station.ledger"):
            notify(
                user=user, url=joint.get_absolute_url(), key=f"joint:{joint.pk}:planned", at=at,
                sentence=say("{day} {what}：{subject}", day=on, what=str(joint.get_kind_display()),
                             subject=joint.subject),
            )  # fmt: skip
    _record(joint, "station.joint-planned", by, at, organs=sorted(one.code for one in organs))
    return joint


@transaction.atomic
def hold(
    *, joint: Joint, on: date, participants: Sequence[str], findings: Sequence[str], minutes: str,
    by: User, at: datetime,
) -> Joint:  # fmt: skip
    """Enter that it took place: who came, what was found, the minutes.

    Raises:
        Refusal: the day is to come, minutes or participants lack, or it was dropped.
    """
    joint = _locked(joint, by)
    if on > timezone.localdate(at):
        raise Refusal("{day} 还没有到，不能登记为已开展。", day=on)
    if not minutes.strip() or not participants:
        raise Refusal("请写明参加人员和纪要。")
    joint.on, joint.state, joint.minutes = on, State.HELD, minutes.strip()
    joint.participants, joint.findings = list(participants), list(findings)
    joint.save()
    _record(joint, "station.joint-held", by, at, findings=len(joint.findings))
    return joint


@transaction.atomic
def drop(*, joint: Joint, reason: str, by: User, at: datetime) -> Joint:
    """Call it off, for a reason both sides read."""
    joint = _locked(joint, by)
    if not reason.strip():
        raise Refusal("请写明取消的原因。")
    joint.state, joint.reason = State.DROPPED, reason.strip()
    joint.save()
    _record(joint, "station.joint-dropped", by, at)
    return joint


def _locked(joint: Joint, by: User) -> Joint:
    joint = Joint.objects.select_for_update(of=("self",)).select_related("office").get(pk=joint.pk)
    require(by, ACT, joint.office)
    if joint.state != State.PLANNED:
        raise Refusal("这件事已经登记为“{state}”。", state=str(joint.get_state_display()))
    return joint


def _record(joint: Joint, kind: str, by: User, at: datetime, **facts: object) -> None:
    ledger.append(
        kind=kind, subject=f"joint:{joint.pk}", facts={"on": joint.on.isoformat(), **facts},
        by=by, at=at, office=joint.office,
    )  # fmt: skip
