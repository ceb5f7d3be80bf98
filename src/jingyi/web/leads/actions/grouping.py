"""Merge and split: people's word on what is one incident, remembered by later runs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.web.accounts.models import User
from jingyi.web.intake.models import Report
from jingyi.web.leads.actions.record import change, decide, lock, still_open
from jingyi.web.leads.actions.settle import settle
from jingyi.web.leads.models import Decision, Finding, Incident, Judgement

Kind, State = Decision.Kind, Incident.State


@transaction.atomic
def merge(
    *,
    into: Incident,
    incidents: Sequence[Incident],
    by: User,
    at: datetime,
    version: int | None = None,
) -> list[Decision]:
    """Put the reports of `incidents` into one; each of them keeps its name and can come back."""
    target = lock(into, "lead.merge", by, version)
    still_open(target)
    anchor = _founder(target)
    decisions = []
    for incident in incidents:
        if incident.pk == target.pk:
            raise Refusal("不能把线索并入它自己；请选择另一条作为并入的对象。")
        now = lock(incident, "lead.merge", by, None)
        still_open(now)
        if now.office_id != target.office_id:
            raise Refusal("{title}属于另一个检察院；请先移送，再合并。", title=now.title)
        own = _founder(now)
        moved = list(now.findings.values_list("pk", flat=True))
        judged = _judge([(anchor, own)], same=True, by=by, at=at)
        Finding.objects.filter(pk__in=moved).update(incident=target)
        before = change(now, state=State.MERGED, merged_into_id=target.pk)
        before |= {"findings": moved, "from": now.pk, "judged": judged}
        decisions.append(decide(now, Kind.MERGE, before=before, by=by, at=at, to=target.ref))
    change(target)  # whoever still shows it without these reports has an old page
    settle([target.pk])
    return decisions


@transaction.atomic
def split(
    *,
    incident: Incident,
    reports: Sequence[Report],
    by: User,
    at: datetime,
    version: int | None = None,
) -> Decision:
    """Take some reports out into an incident of their own.

    Raises:
        Refusal: none or all of the reports were chosen.
    """
    source = lock(incident, "lead.merge", by, version)
    still_open(source)
    moved = list(source.findings.filter(report__in=reports).order_by("pk"))
    rest = source.findings.exclude(pk__in=[finding.pk for finding in moved])
    if not moved or not rest.exists():
        raise Refusal("请选择一部分反映：全部或一条都不选，就没有什么可以拆出。")
    stays = rest.order_by("pk").first().report_id
    first = moved[0].report_id
    pairs = [(stays, finding.report_id) for finding in moved]
    judged = _judge(pairs, same=False, by=by, at=at)
    judged += _judge([(first, f.report_id) for f in moved[1:]], same=True, by=by, at=at)
    fresh = Incident.objects.create(
        ref=_ref(f"{source.office.code}-{first}"),
        office=source.office,
        title=source.title,
        first_at=source.first_at,
        last_at=source.last_at,
    )
    groups = {str(finding.pk): finding.group for finding in moved}
    for finding in moved:
        finding.incident, finding.group = fresh, f"{finding.group}/{fresh.pk}"
    Finding.objects.bulk_update(moved, ["incident", "group"])
    change(source)
    settle([source.pk, fresh.pk])
    fresh.refresh_from_db()
    before = {
        "findings": [finding.pk for finding in moved],
        "groups": groups,
        "from": source.pk,
        "judged": judged,
    }
    return decide(fresh, Kind.SPLIT, before=before, by=by, at=at, to=source.ref)


@transaction.atomic
def apart(
    *, incident: Incident, others: Sequence[Incident], by: User, at: datetime
) -> list[Decision]:
    """Say that other incidents are not this one: they are not offered again, nor joined by triage."""
    now = lock(incident, "lead.merge", by, None)
    still_open(now)
    decisions = []
    for other in others:
        if other.pk == now.pk:
            raise Refusal("不能说一条线索不是它自己；请另选。")
        judged = _judge([(_founder(now), _founder(other))], same=False, by=by, at=at)
        before = change(now) | {"judged": judged}
        decisions.append(decide(now, Kind.APART, before=before, by=by, at=at, to=other.ref))
    return decisions


@transaction.atomic
def same_matter(*, first: Report, second: Report, by: User, at: datetime) -> None:
    """Say of two reports that they are one matter, before triage looks at the later one."""
    _judge([(first.pk, second.pk)], same=True, by=by, at=at)


def _ref(stem: str) -> str:
    """Return a name not given yet: the founding report's, and which split it is."""
    return f"{stem}-{Incident.objects.filter(ref__startswith=f'{stem}-').count() + 1}"


def _founder(incident: Incident) -> int:
    return incident.findings.order_by("report_id").values_list("report_id", flat=True)[0]


def _judge(pairs: list[tuple[int, int]], *, same: bool, by: User, at: datetime) -> list[list[Any]]:
    """Keep what a person said of pairs of reports; return (key, what was said before or None)."""
    kept = []
    for pair in pairs:
        one, other = sorted(pair)
        before = Judgement.objects.filter(one=one, other=other).first()
        judgement = Judgement.objects.update_or_create(
            one_id=one, other_id=other, defaults={"same": same, "by": by, "at": at}
        )[0]
        kept.append([judgement.pk, before.same if before else None])
    return kept
