"""Rank anew, as of today, what waits on the desk: nothing becomes fresher by lying there."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count

from jingyi.web.leads import standing
from jingyi.web.leads.actions.record import OPEN
from jingyi.web.leads.actions.settle import settle
from jingyi.web.leads.models import Incident
from jingyi.web.registry.models import Procuratorate

CHANGE = 0.001  # a tenth of a point


@transaction.atomic
def refresh(*, office: Procuratorate, at: datetime) -> int:
    """Rank the office's open leads as of `at`, by today's volume of each area; return how many moved.

    What people decide is untouched: no version is counted up, no page is out of date.
    """
    on = standing.day_of(at)
    held = Incident.objects.filter(office=office)
    settle(held.filter(facts={}, reports__gt=0).values_list("pk", flat=True)[:1000], at=at)
    volume = held.exclude(state=Incident.State.MERGED).order_by()
    lifts = standing.lifts(standing.volume_of(volume.values_list("region").annotate(Count("pk"))))
    waiting = held.filter(is_lead=True, state__in=OPEN).exclude(facts={})
    found = list(waiting.only("pk", "facts", "rank", "region_id"))
    for one in found:
        one.facts |= {"on": on, "lift": lifts.get(one.region_id, 1.0)}
    moved = []
    ranks = standing.ranks_of([one.facts for one in found])
    for one, rank in zip(found, ranks, strict=True):
        if abs(one.rank - rank) >= CHANGE:
            one.rank = rank
            moved.append(one)
    Incident.objects.bulk_update(moved, ["facts", "rank"], batch_size=200)
    return len(moved)
