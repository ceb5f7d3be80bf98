"""The receipt of an incident handed on: the office that sent it hears that it has been taken up."""

from datetime import datetime

from django.urls import reverse

from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import User
from jingyi.web.leads.actions.record import record
from jingyi.web.leads.models import Decision, Incident


def acknowledge(incident: Incident, *, by: User, at: datetime) -> None:
    """Tell the sender, and its ledger, that what it handed on has been received.

    The receiver must take it (办案规则第二十六条), so the first person to take it, or to be given it,
    is the receipt. Nothing happens if the incident was not handed on, or was taken up before.
    """
    sender = incident.received_from
    if sender is None or incident.state != Incident.State.NEW:
        return
    last = incident.decisions.filter(kind=Decision.Kind.HAND_ON, undone_at=None)
    handed = last.select_related("by").order_by("-pk").first()
    if handed is None:
        return
    record(incident, "lead.received", by=by, at=at, office=sender, by_office=incident.office.code)
    notify(
        user=handed.by,
        sentence=say(
            "{office}已接收移送的线索：{title}", office=incident.office.name, title=incident.title
        ),
        url=reverse("leads:incident", args=[incident.ref]),
        key=f"lead.received:{handed.pk}",
        at=at,
    )
