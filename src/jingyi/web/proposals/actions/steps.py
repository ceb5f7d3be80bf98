"""Steps with an item: sent, registered, taken up or declined, answered, told, rated."""

from datetime import date, datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.intake.actions import reports
from jingyi.web.intake.models import Source
from jingyi.web.leads.actions.gather import gather
from jingyi.web.leads.models import Incident
from jingyi.web.ledger import actions as ledger
from jingyi.web.proposals.access import require_side
from jingyi.web.proposals.models import Invitation, Item, Link, Proposer, Step
from jingyi.web.registry.queries import holders

ACTS = {"office": "proposals.assess", "committee": "proposals.send", "proposer": "proposals.mine"}


@transaction.atomic
def take(
    *, item: Item, kind: str, words: str = "", on: date | None = None, satisfaction: str = "",
    by: User, at: datetime,
) -> Step:  # fmt: skip
    """Take a step with an item. Taking it up makes it a report, and so a lead, of the office.

    Raises:
        Http404: `by` is not on the side that takes it.
        Refusal: it is not open now, a word is missing, or the day lies ahead.
    """
    course = rulebook.proposals()
    step = course.steps[kind]
    item = _locked(item)
    require_side(by, item, step.side, ACTS[step.side])
    today = timezone.localdate(at)
    on = on or today
    if on > today:
        raise Refusal("{on} 还没有到。", on=on)
    if step.words and not words.strip():
        raise Refusal("“{step}”要写明内容。", step=step.title)
    item.state = course.stand([*_taken(item), kind])
    if kind == "rate":
        if satisfaction not in {"satisfied", "mostly", "not"}:
            raise Refusal("请选择是否满意。")
        item.satisfaction = satisfaction
    made = Step.objects.create(item=item, kind=kind, words=words.strip(), on=on, by=by, at=at)
    if kind == "accept":
        _take_up(item, by, at)
    item.save()
    facts = {"words": words.strip(), "on": on.isoformat()}
    if kind == "rate":
        facts["satisfaction"] = satisfaction
    _record(item, f"proposal.{kind}", facts, by, at)
    _tell(item, made, at)
    return made


@transaction.atomic
def undo(*, item: Item, reason: str, by: User, at: datetime) -> Step:
    """Take the last step back, for a reason; the step stays on record.

    Raises:
        Refusal: there is none, no reason is given, or a case has grown from it since.
    """
    item = _locked(item)
    last = item.steps.filter(undone_at=None).order_by("at", "pk").last()
    if last is None:
        raise Refusal("还没有办理过，没有可以撤销的。")
    side = rulebook.proposals().steps[last.kind].side
    require_side(by, item, side, ACTS[side])
    if not reason.strip():
        raise Refusal("请写明撤销的理由。")
    if last.kind == "accept":
        _let_go(item, at)
    if last.kind == "rate":
        item.satisfaction = ""
    last.undone_at, last.undone_by, last.undone_reason = at, by, reason.strip()
    last.save()
    item.state = rulebook.proposals().stand(_taken(item))
    item.save()
    _record(item, "proposal.undone", {"step": last.kind, "reason": reason.strip()}, by, at)
    return last


@transaction.atomic
def invite(
    *, proposer: Proposer, kind: str, on: date, place: str, words: str = "", by: User, at: datetime
) -> Invitation:
    """Invite a proposer to a hearing, a delivery or a follow-up visit."""
    item = _locked(proposer.item)
    require_side(by, item, "office", "proposals.assess")
    if not place.strip():
        raise Refusal("请写明地点。")
    made = Invitation.objects.create(
        proposer=proposer, kind=kind, on=on, place=place.strip(), words=words.strip(), by=by, at=at
    )
    _record(item, "proposal.invited", {"who": proposer.name, "kind": kind, "on": on.isoformat()}, by, at)  # fmt: skip
    if proposer.user:
        notify(
            user=proposer.user, sentence=say("检察院邀请您参加：{title}", title=item.title),
            url="/proposals/mine/", key=f"invitation:{made.pk}", at=at,
        )  # fmt: skip
    return made


@transaction.atomic
def reply_to(*, invitation: Invitation, comes: bool, by: User, at: datetime) -> Invitation:
    """Say whether one comes; it can be changed until the day."""
    item = invitation.proposer.item
    if invitation.proposer.user_id != by.pk:
        require_side(by, item, "office", "proposals.assess")  # told by telephone
    if timezone.localdate(at) > invitation.on:
        raise Refusal("日期已过，不能再改。")
    invitation.answer = Invitation.Answer.COMES if comes else Invitation.Answer.ABSENT
    invitation.answered_at = at
    invitation.save(update_fields=["answer", "answered_at"])
    facts = {"invitation": invitation.pk, "comes": comes}
    _record(item, "proposal.invitation-answered", facts, by, at)
    return invitation


@transaction.atomic
def assign(*, item: Item, organ: str, on: date, difficult: bool, by: User, at: datetime) -> Item:
    """Enter to whom the committee assigned an item and when: its clock counts from then."""
    item = _locked(item)
    _one_of(by, item, ("committee", "office"))
    if on > timezone.localdate(at):
        raise Refusal("{on} 还没有到。", on=on)
    item.organ_words, item.assigned_on, item.difficult = organ.strip()[:120], on, difficult
    item.save(update_fields=["organ_words", "assigned_on", "difficult"])
    facts = {"organ": organ.strip(), "on": on.isoformat(), "difficult": difficult}
    _record(item, "proposal.assigned", facts, by, at)
    return item


def _one_of(by: User, item: Item, sides: tuple[str, ...]) -> None:
    for side in sides[:-1]:
        try:
            return require_side(by, item, side, ACTS[side])
        except Http404:
            continue
    return require_side(by, item, sides[-1], ACTS[sides[-1]])


def _locked(item: Item) -> Item:
    found = Item.objects.select_for_update(of=("self",)).select_related("session__office")
    return found.get(pk=item.pk)


def _taken(item: Item) -> list[str]:
    found = item.steps.filter(undone_at=None).order_by("at", "pk")
    return list(found.values_list("kind", flat=True))


def _take_up(item: Item, by: User, at: datetime) -> None:
    office = item.session.office
    report, _ = reports.receive(
        office=office, source=Source.DEPUTY, title=item.title, text=item.text or item.title,
        key=f"proposal:{item.pk}", at=at, by=by,
    )  # fmt: skip
    gather(office=office, at=at)
    incident = Incident.objects.get(findings__report=report)
    Link.objects.update_or_create(
        item=item, incident=incident, undone_at=None,
        defaults={"origin": Link.Origin.TAKEN_UP, "verdict": Link.Verdict.SAME, "by": by, "at": at},
    )  # fmt: skip


def _let_go(item: Item, at: datetime) -> None:
    links = item.links.filter(origin=Link.Origin.TAKEN_UP, undone_at=None)
    for link in links.select_related("incident"):
        if link.incident.cases.exists():
            raise Refusal("这一件已经立案，不能撤销。请在案件里办理。")
        link.undone_at = at
        link.save(update_fields=["undone_at"])


def _tell(item: Item, step: Step, at: datetime) -> None:
    if step.kind == "send":
        for user in holders(item.session.office, "proposals.assess"):
            notify(
                user=user, sentence=say("收到移送的建议提案：{title}", title=item.title),
                url=item.get_absolute_url(), key=f"proposal-sent:{step.pk}", at=at,
            )  # fmt: skip
    if step.kind in {"answer", "tell"}:
        for proposer in item.proposers.exclude(user=None).select_related("user"):
            notify(
                user=proposer.user, sentence=say("您的建议有了答复：{title}", title=item.title),
                url="/proposals/mine/", key=f"proposal-told:{step.pk}", at=at,
            )  # fmt: skip


def _record(item: Item, kind: str, facts: dict[str, object], by: User, at: datetime) -> None:
    ledger.append(
        kind=kind, subject=f"proposal:{item.pk}", facts=facts, by=by, at=at,
        office=item.session.office,
    )  # fmt: skip
