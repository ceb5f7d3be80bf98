"""The same decision about several incidents, each on its own: one refusal spoils no other."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404

from jingyi.core.refusal import Refusal
from jingyi.web.leads.actions import decisions, handing
from jingyi.web.leads.models import Decision, Incident

KINDS: dict[str, Callable[..., Decision]] = {
    "take": decisions.take,
    "assign": decisions.assign,
    "watch": decisions.watch,
    "decline": decisions.decline,
    "hand-on": handing.hand_on,
}


def in_bulk(
    kind: str, incidents: Iterable[Incident], **values: Any
) -> list[tuple[Incident, Decision | Refusal]]:
    """Do `kind` to each incident; return what became of each, in order."""
    outcome: list[tuple[Incident, Decision | Refusal]] = []
    for incident in incidents:
        try:
            outcome.append((incident, KINDS[kind](incident=incident, **values)))
        except Refusal as refusal:
            outcome.append((incident, refusal))
        except Http404:
            outcome.append((incident, Refusal("您在受理这条线索的检察院没有相应职务。")))
    return outcome
