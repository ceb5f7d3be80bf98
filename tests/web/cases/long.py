"""A case with a long file: an administrative one in whose course an organ is visited again and again."""

from datetime import date, timedelta

from jingyi.web.cases import derive
from jingyi.web.cases.models import Event
from tests.web.cases import course


def lengthen(case, by, many):
    """Write follow-up visits until the file has `many` events; each with what was seen there."""
    first = case.events.count() + 1
    Event.objects.bulk_create(
        Event(
            case=case,
            kind="followup.done",
            on=date(2026, 8, 2) + timedelta(days=n // 6),
            place=n,
            facts={"note": f"第 {n} 次跟进：排口仍有少量渗水，已拍照、取样"},
            by=by,
            at=course.noon("2026-11-20"),
        )
        for n in range(first, many + 1)
    )
    derive.rewrite([case], on=date(2026, 11, 20))
    case.save()
