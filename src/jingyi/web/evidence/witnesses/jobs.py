"""Our head to every peer, a turn of `jingyi tick`."""

from datetime import datetime, timedelta

from jingyi.core.refusal import Refusal
from jingyi.web.evidence.witnesses import actions
from jingyi.web.evidence.witnesses.models import Peer
from jingyi.web.ledger.queries import head

EVERY = timedelta(hours=6)


def tell_peers(*, at: datetime) -> dict[str, int]:
    """Tell each peer that has not been told for a while; return ``{"told", "failed"}``."""
    told = failed = 0
    if not head()[0]:
        return {"told": 0, "failed": 0}
    for peer in Peer.objects.filter(retired_at=None).exclude(address=""):
        if peer.told_at and at - peer.told_at < EVERY:
            continue
        try:
            actions.tell(peer=peer, at=at)
            told += 1
        except Refusal:
            failed += 1
    return {"told": told, "failed": failed}
