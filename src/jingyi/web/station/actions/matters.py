"""Sending a suggestion to an organ's station, and the organ's receipt for it."""

from datetime import date, datetime

from django.db import transaction

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.cases.actions import steps
from jingyi.web.cases.approvals.access import require_on
from jingyi.web.cases.models import Suggestion
from jingyi.web.ledger import actions as ledger
from jingyi.web.registry.queries import seated
from jingyi.web.station.access import require_in
from jingyi.web.station.models import Link, Matter, Seen


@transaction.atomic
def send(*, suggestion: Suggestion, by: User, at: datetime) -> Matter:
    """Send a suggestion to the station of its organ; sent twice it is the same matter.

    Raises:
        Http404: `by` does not handle cases of this office.
        Refusal: it is addressed to no organ, or nobody sits in the organ's station.
    """
    require_on(by, "case.step", suggestion.case)
    organ = suggestion.organ
    if organ is None:
        raise Refusal("这份检察建议没有写明行政机关，不能送到工作站。")
    people = list(seated(organ, "station.receive"))
    if not people:
        raise Refusal("{organ}还没有登记工作站的联络员。请先由系统管理员登记。", organ=organ.name)
    matter, new = Matter.objects.get_or_create(
        suggestion=suggestion, defaults={"organ": organ, "sent_by": by, "sent_at": at}
    )
    if new:
        record(matter, "station.sent", {"organ": organ.code}, by, at)
        for user in people:
            notify(
                user=user, sentence=say("收到一份检察建议，请签收"), url=matter.get_absolute_url(),
                key=f"station-sent:{matter.pk}", at=at,
            )  # fmt: skip
    return matter


@transaction.atomic
def open_served(*, suggestion: Suggestion, by: User, at: datetime) -> Matter:
    """Open in the station what was served on paper; the day it was served stays as it is."""
    require_in(by, "station.read", suggestion.organ)
    if suggestion.served_on is None:
        raise Refusal("这份检察建议还没有送达。")
    matter, new = Matter.objects.get_or_create(
        suggestion=suggestion,
        defaults={
            "organ": suggestion.organ, "sent_by": by, "sent_at": at, "received_by": by.name,
            "received_on": suggestion.served_on, "received_at": at,
        },
    )  # fmt: skip
    if new:
        record(matter, "station.opened", {"served_on": suggestion.served_on.isoformat()}, by, at)
    return matter


@transaction.atomic
def receive(
    *, matter: Matter, on: date, name: str = "", link: Link | None = None, by: User, at: datetime
) -> Matter:
    """Sign for a suggestion; the day it was received is the day its period counts from.

    Args:
        name: who signed, where it was opened by a link; else it is `by`.
        by: the person of the organ, or with a link whoever of the office made it.

    Raises:
        Refusal: it was signed for before, was taken back, or the day does not fit.
    """
    matter = Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    if link is None:
        require_in(by, "station.receive", matter.organ)
    suggestion = matter.suggestion
    case = steps.locked_as_it_is(suggestion.case)
    if matter.received_at:
        raise Refusal("这份检察建议已于 {on} 签收。", on=matter.received_on)
    if on < suggestion.decided_on:
        raise Refusal("{on} 早于检察建议作出之日 {made}。", on=on, made=suggestion.decided_on)
    if suggestion.served_on and suggestion.served_on != on:
        raise Refusal(
            "检察院登记的送达之日是 {day}。有出入请与承办人核对。", day=suggestion.served_on
        )
    steps.not_ahead(on, None, at)
    matter.received_on, matter.received_at, matter.received_by = on, at, name.strip() or by.name
    matter.save()
    warrant = f"station:{matter.pk}"
    if suggestion.served_on is None:
        facts = {"manner": "electronic", "recipient": matter.received_by}
        steps.record_event(
            case=case, kind="suggestion.served", on=on, facts=facts, uncounted=True,
            warrant=warrant, by=by, at=at, version=case.version,
        )  # fmt: skip
    facts = {"on": on.isoformat(), "link": link.pk if link else None}
    record(matter, "station.received", facts, by, at)
    return matter


def note(
    matter: Matter, part: str, *, by: User | None = None, link: Link | None = None, at: datetime
) -> None:
    """Write down who looked at what."""
    Seen.objects.create(matter=matter, part=part, by=by, link=link, at=at)


def record(matter: Matter, kind: str, facts: dict[str, object], by: User, at: datetime) -> None:
    """Enter an act in a station into the ledger, under the case it belongs to."""
    case = matter.suggestion.case
    ledger.append(
        kind=kind, subject=f"case:{case.ref}", facts={"matter": matter.pk, **facts}, by=by, at=at,
        office=case.office,
    )  # fmt: skip
