"""What time itself changes: days left out so far, periods about to end. `jingyi tick` looks."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from jingyi.core import rulebook
from jingyi.core.words import Sentence, say
from jingyi.web.accounts.actions import notify
from jingyi.web.accounts.models import Notice
from jingyi.web.cases import derive, queries
from jingyi.web.cases.models import Case, Clock
from jingyi.web.cases.strip import anchor

AHEAD = timedelta(days=7)
LONGEST_ROLL = timedelta(days=15)  # no run of rest days is longer, so a raw end is within it


def recount(*, at: datetime) -> int:
    """Count anew the clocks that depend on today or on a calendar; return how many cases.

    A pause that has not ended moves the last day every day, and a calendar announced since gives
    a last day to clocks that had none.
    """
    moving = Q(clocks__paused=True) | Q(clocks__due_on=None)
    cases = list(
        Case.objects.filter(moving, clocks__stopped_on=None).distinct().select_related("office")
    )
    derive.rewrite(cases, on=timezone.localdate(at))
    return len(cases)


def remind(*, at: datetime) -> dict[str, int]:
    """Tell each handler once that a period ends within a week, today, or has ended.

    Until it has ended the day warned on is the earlier one, before a last day rolls.

    Returns:
        How many notices of each kind were new: ``{"soon", "today", "overdue"}``.
    """
    today = timezone.localdate(at)
    given = {"soon": 0, "today": 0, "overdue": 0}
    due = queries.due_between(Clock.objects.all(), None, today + AHEAD + LONGEST_ROLL, on=today)
    for clock in due.select_related("case__handler").iterator(500):
        warned = min(clock.due_raw, clock.due_on)  # the earlier: the roll is our reading
        if warned > today + AHEAD:
            continue
        kind = "overdue" if clock.due_on < today else "today" if warned <= today else "soon"
        rolling = ":raw" if kind == "today" and today < clock.due_on else ""
        key = f"clock:{kind}:{clock.case.ref}:{clock.rule}:{clock.due_on}{rolling}"
        if Notice.objects.filter(user=clock.case.handler, key=key).exists():
            continue
        notify(
            user=clock.case.handler,
            sentence=_said(clock, kind, today),
            url=f"{clock.case.get_absolute_url()}#{anchor(clock.rule, clock.started_on)}",
            key=key,
            at=at,
        )
        given[kind] += 1
    return given


def _said(clock: Clock, kind: str, today: date) -> Sentence:
    what = {
        "ref": clock.case.ref,
        "rule": rulebook.clock(clock.rule).title,
        "due": clock.due_on,
        "raw": clock.due_raw,
        "days": abs((clock.due_on - today).days),
    }
    if kind == "overdue":
        return say("{ref} “{rule}”已于 {due} 届满，逾期 {days} 天", **what)
    if clock.due_raw < clock.due_on and today < clock.due_on:
        return say(
            "{ref} “{rule}”按原数 {raw} 届满，遇休假日顺延至 {due}；请按较早的一日安排", **what
        )
    if kind == "today":
        return say("{ref} “{rule}”今天（{due}）到期", **what)
    return say("{ref} “{rule}”还有 {days} 天，最后一日 {due}", **what)
