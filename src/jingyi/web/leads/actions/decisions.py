"""Take, assign, watch, decline, note; and what a case does to its incidents."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Report
from jingyi.web.leads.actions.receipt import acknowledge
from jingyi.web.leads.actions.record import change, decide, lock, still_open
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.registry.access import may

Kind, State = Decision.Kind, Incident.State


@transaction.atomic
def take(*, incident: Incident, by: User, at: datetime, version: int | None = None) -> Decision:
    """Begin to assess an incident; it is then one's own, and a lead whatever triage thought."""
    now = lock(incident, "lead.take", by, version)
    still_open(now)
    acknowledge(now, by=by, at=at)
    before = change(now, state=State.TAKEN, handler_id=by.pk, is_lead=True)
    tell(now, "assessing", say("检察院正在核实您反映的问题。"), by=by, at=at)
    return decide(now, Kind.TAKE, before=before, by=by, at=at)


@transaction.atomic
def assign(
    *, incident: Incident, to: User, by: User, at: datetime, version: int | None = None
) -> Decision:
    """Give an incident to a colleague, who is told."""
    now = lock(incident, "lead.take", by, version)
    still_open(now)
    if not may(to, "lead.take", now.office):
        raise Refusal("{name}在本院没有处理线索的职务；请另选一人。", name=to.name)
    acknowledge(now, by=by, at=at)
    before = change(now, state=State.TAKEN, handler_id=to.pk)
    decision = decide(now, Kind.ASSIGN, before=before, by=by, at=at, to=to.username)
    if to != by:
        notify(
            user=to,
            sentence=say("{who}把线索“{title}”交给了您。", who=by.name, title=now.title),
            url=reverse("leads:incident", args=[now.ref]),
            key=f"lead.assign:{decision.pk}",
            at=at,
        )
    return decision


@transaction.atomic
def watch(
    *, incident: Incident, by: User, at: datetime, note: str = "", version: int | None = None
) -> Decision:
    """Keep an eye on an incident without taking it up now."""
    now = lock(incident, "lead.take", by, version)
    still_open(now)
    before = change(now, state=State.WATCHED)
    return decide(now, Kind.WATCH, before=before, by=by, at=at, note=note)


@transaction.atomic
def decline(
    *,
    incident: Incident,
    reason: str,
    by: User,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> Decision:
    """Decline an incident for a listed reason; whoever reported it is told in plain words.

    Raises:
        Refusal: the reason is not listed (rulebook/decline.toml).
    """
    now = lock(incident, "lead.decline", by, version)
    still_open(now)
    listed = rulebook.decline_reasons()
    if reason not in listed:
        raise Refusal("不予受理必须选择一项列明的理由；请从清单中选择。")
    before = change(now, state=State.DECLINED)
    words = say("经评估，不作为公益诉讼线索办理：{reason}。", reason=listed[reason].title)
    tell(now, "declined", words, by=by, at=at)
    return decide(now, Kind.DECLINE, before=before, by=by, at=at, reason=reason, note=note)


@transaction.atomic
def note(
    *, incident: Incident, text: str, by: User, at: datetime, version: int | None = None
) -> Decision:
    """Write a remark for colleagues."""
    now = lock(incident, "lead.note", by, version)
    return decide(now, Kind.NOTE, before={}, by=by, at=at, note=text)


@transaction.atomic
def file(*, incidents: Iterable[Incident], case: str, by: User, at: datetime) -> list[Decision]:
    """Mark incidents as filed under a case; called by the cases room, which has checked `by`."""
    decisions = []
    for incident in incidents:
        now = Incident.objects.select_for_update().select_related("office").get(pk=incident.pk)
        still_open(now)
        before = change(now, state=State.FILED)
        tell(now, "filed", say("检察院已对您反映的问题立案。"), by=by, at=at)
        decisions.append(decide(now, Kind.FILE, before=before, by=by, at=at, to=case))
    return decisions


def tell(incident: Incident, stage: str, words: Sentence, *, by: User, at: datetime) -> None:
    """Tell everybody who reported this and kept a receipt."""
    kept = Report.objects.filter(finding__incident=incident, receipt__isnull=False)
    for report in kept:
        reports.tell_reporter(report=report, stage=stage, sentence=words, by=by, at=at)
