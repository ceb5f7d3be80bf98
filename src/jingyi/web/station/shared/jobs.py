"""What time itself changes: last days coming near, clues whose report was triaged since."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from jingyi.core.duties import SOON
from jingyi.core.words import say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import Notice
from jingyi.web.registry.models import Organ
from jingyi.web.registry.queries import seated
from jingyi.web.station.shared.actions import clues, uploads
from jingyi.web.station.shared.models import Clue, Due, Row

WEEK = timedelta(days=7)


def warn(*, at: datetime) -> int:
    """Tell an organ's people which of its last days are near or past; return how many notices.

    One notice for an organ, not one a row; it is given again only when something has newly come
    near: a last day within thirty days, within seven, or past.
    """
    today = timezone.localdate(at)
    near = Due.objects.filter(open=True, wait=False, party="organ", due_on__lte=today + SOON)
    found: dict[int, list[tuple[str, str, date]]] = defaultdict(list)
    for organ, *what in near.order_by("pk").values_list("row__organ", "row__key", "rule", "due_on"):
        found[organ].append(tuple(what))
    return sum(
        _tell(organ, found[organ.pk], today, at) for organ in Organ.objects.filter(pk__in=found)
    )


def _tell(organ: Organ, near: list[tuple[str, str, date]], today: date, at: datetime) -> int:
    late = sum(due < today for *_, due in near)
    week = sum(today <= due <= today + WEEK for *_, due in near)
    words = say(
        "义务日历：已逾期 {late} 项，七日内届满 {week} 项，三十日内届满 {month} 项",
        late=late, week=week, month=len(near) - late - week,
    )  # fmt: skip
    told = sorted(f"{key}:{rule}:{due}:{_stage(due, today)}" for key, rule, due in near)
    key = f"duties:{organ.code}:{sha256('|'.join(told).encode()).hexdigest()[:24]}"
    given = 0
    for user in seated(organ, "station.import"):
        if Notice.objects.filter(user=user, key=key).exists():
            continue
        notify(user=user, sentence=words, url=reverse("shared:agenda"), key=key, at=at)
        given += 1
    return given


def _stage(due: date, today: date) -> str:
    return "late" if due < today else "week" if due <= today + WEEK else "month"


def follow(*, at: datetime) -> int:
    """Make leads of accepted clues whose report triage has read since; return how many."""
    waiting = Clue.objects.filter(report__finding__isnull=False, incident=None)
    made = 0
    for clue in waiting.select_related("office", "report", "decided_by").order_by("pk"):
        made += clues.follow(clue=clue, at=at).incident_id is not None
    return made


def recount(*, at: datetime) -> int:
    """Count anew the last days a calendar announced since may move; return how many rows."""
    del at
    moving = Row.objects.filter(Q(dues__provisional=True)).distinct()
    return uploads.recount(moving) if moving.exists() else 0
