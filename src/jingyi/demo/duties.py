"""Replies duty by duty, some contradicting themselves, and rounds of verification that went on site."""

from datetime import timedelta

from django.utils import timezone

from jingyi.demo.institutions import Institutions
from jingyi.demo.stories import NOW
from jingyi.web.cases.models import Case, Event, Suggestion
from jingyi.web.cases.verification import actions, schedule
from jingyi.web.cases.verification.actions import Found, Line, Visit

TODAY = timezone.localdate(NOW)
YEAR = timedelta(days=365)
SEEN = frozenset({"verification.passed", "verification.failed", "case.terminated", "case.sued"})


def load(made: Institutions) -> None:
    """Plan the visits of cases closed of late; enter the last replies, and verify two of them."""
    closed = Event.objects.filter(kind__in=schedule.CLOSING, on__gte=TODAY - YEAR, undone_at=None)
    schedule.follow(Case.objects.filter(pk__in=closed.values("case")))
    for stage, suggestion in enumerate(_replied(6)):
        _reply(suggestion, stage)
        if stage in {1, 3}:
            _verify(made, suggestion)


def _replied(count: int) -> list[Suggestion]:
    """Return the suggestions replied to last that nobody has verified."""
    replied = Suggestion.objects.exclude(replied_on=None).select_related("case__office", "organ")
    found = [
        one
        for one in replied.order_by("-replied_on", "pk")[: 20 * count]
        if len(one.asks) > 1
        and schedule.kind_of(one.case) == "open"
        and not one.case.events.filter(kind__in=SEEN, undone_at=None).exists()
    ]
    return found[:count]


def _reply(suggestion: Suggestion, stage: int) -> None:
    """Enter the reply: all done, or one part left over, or a plan told as if it were done."""
    on = suggestion.replied_on
    lines = [
        Line(n, "done", f"已于{on.month}月{max(1, on.day - 1)}日完成：{words}。")
        for n, words in enumerate(suggestion.asks, 1)
    ]
    if stage % 2:
        lines[-1] = Line(len(lines), "partly", "已完成主体部分，其余部分正在收尾。")
    if stage % 3 == 0:
        lines[0] = Line(1, "done", "将于明年汛期前全部完成，目前正在制定实施方案。")
    actions.take_reply(
        suggestion=suggestion, on=on, lines=lines, by=suggestion.case.handler,
        at=NOW - timedelta(hours=5),
    )  # fmt: skip


def _verify(made: Institutions, suggestion: Suggestion) -> None:
    case = Case.objects.select_related("office", "handler").get(pk=suggestion.case_id)
    people = made.staff[case.office.code, "prosecutor"]
    other = next(one for one in people if one != case.handler)
    found = [Found(n, "fixed", "到现场查看，已经做到。") for n in range(1, len(suggestion.asks))]
    last = Found(len(suggestion.asks), "partly", "现场仍有约三分之一没有完成，已拍照。")
    actions.verify(
        suggestion=suggestion,
        visit=Visit(TODAY - timedelta(days=1), ["visit", "image"], "问题所在地", case.handler, other),
        found=[*found, last], by=case.handler, at=NOW - timedelta(hours=4), version=case.version,
    )  # fmt: skip
