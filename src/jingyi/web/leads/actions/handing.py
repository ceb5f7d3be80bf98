"""Handing an incident on to the procuratorate that has jurisdiction (办案规则第二十六条)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from jingyi.core.refusal import Refusal
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.leads.actions.decisions import tell
from jingyi.web.leads.actions.record import change, decide, lock, record, still_open
from jingyi.web.leads.models import Decision, Incident
from jingyi.web.registry.models import Procuratorate
from jingyi.web.registry.queries import holders


@transaction.atomic
def hand_on(
    *,
    incident: Incident,
    to: Procuratorate,
    by: User,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> Decision:
    """Hand an incident on to a peer, report it to the superior, or assign it to a subordinate.

    Raises:
        Refusal: it was handed to this office by another (the receiver may not
            send it back or onward), or `to` is no peer, superior or subordinate.
    """
    now = lock(incident, "lead.transfer", by, version)
    still_open(now)
    source = now.office
    sender = now.received_from
    if sender and sender.level == source.level and to != source.parent:
        raise Refusal(
            "本线索由{sender}移送，受移送的检察院应当受理，不得退回或者再移送"
            "（办案规则第二十六条）；对管辖有异议的，可以报请上一级检察院。",
            sender=sender.name,
        )
    peer = to.level == source.level and to != source
    if not (peer or to == source.parent or to.parent == source):
        raise Refusal(
            "{to}不是同级的其他检察院，也不是本院的上级或下级检察院；请另选受移送的检察院。",
            to=to.name,
        )
    before = change(now, office_id=to.pk, received_from_id=source.pk, state="new", handler_id=None)
    now = Incident.objects.select_related("office").get(pk=now.pk)
    tell(now, "assessing", say("您反映的问题已移送有管辖权的检察院。"), by=by, at=at)
    for user in holders(to, "lead.take"):
        notify(
            user=user,
            sentence=say("{sender}移送来一条线索：{title}", sender=source.name, title=now.title),
            url=reverse("leads:incident", args=[now.ref]),
            key=f"lead.handed:{now.ref}:{now.version}",
            at=at,
        )
    decision = decide(
        now, Decision.Kind.HAND_ON, before=before, by=by, at=at, to=to.code, note=note
    )
    # the sender's own ledger shows the act as well
    record(now, "lead.sent", by=by, at=at, office=source, to=to.code)
    return decision
