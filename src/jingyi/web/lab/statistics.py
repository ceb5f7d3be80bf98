"""What the laboratory did in a period: asked, taken, measured, held, repeated, confirmed, how fast."""

from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from django.db.models import Count
from django.utils import timezone

from jingyi.core.lab import book
from jingyi.web.accounts.models import User
from jingyi.web.lab import queries, showing
from jingyi.web.lab.models import Commission, Result, Sample, Worksheet


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period, both days included. Hours are None where there is nothing to count."""

    requests: int
    samples: int
    results: int
    held: int
    late: int
    repeated: int
    hours: float | None
    states: list[tuple[Any, int]]
    items: list[dict[str, Any]]
    confirmed: int
    agreed: int


def figures(user: User, start: date, end: date) -> Figures:
    """Return what may be seen of a period.

    `agreed`: of the samples that a qualified body reported on, in how many its conclusion is what
    the quick test had suspected or cleared.
    """
    asked = queries.requests_for(user).filter(at__date__range=(start, end))
    samples = queries.samples_for(user).filter(taken_at__date__range=(start, end))
    sheets = queries.worksheets_for(user).filter(
        state=Worksheet.State.VERIFIED, on__range=(start, end)
    )
    results = Result.objects.filter(worksheet__in=sheets).exclude(sample__kind=Sample.Kind.BLANK)
    counted = dict(results.values_list("state").annotate(n=Count("pk")).order_by("state"))
    return Figures(
        requests=asked.count(),
        samples=samples.count(),
        results=results.count(),
        held=results.exclude(holds=[]).count(),
        late=results.exclude(late=[]).count(),
        repeated=results.exclude(repeats=None).count(),
        hours=_hours(results),
        states=[(showing.mark(state), n) for state, n in counted.items() if showing.mark(state)],
        items=_items(results),
        **_confirmed(user, start, end),
    )


def _hours(results: Any) -> float | None:
    """Median hours from sampling to a verified result."""
    pairs = results.values_list("sample__taken_at", "worksheet__verified_at")
    spans = [(done - taken).total_seconds() / 3600 for taken, done in pairs if done]
    return median(spans) if spans else None


def _items(results: Any) -> list[dict[str, Any]]:
    rows = results.values("worksheet__method__item", "state").annotate(n=Count("pk"))
    found: dict[str, dict[str, Any]] = {}
    for row in rows.order_by("worksheet__method__item"):
        item = row["worksheet__method__item"]
        one = found.setdefault(item, {"item": book.names().items[item].title, "n": 0, "suspect": 0})
        one["n"] += row["n"]
        one["suspect"] += row["n"] if row["state"] == "screen_suspect" else 0
    return sorted(found.values(), key=lambda one: -one["n"])


def _confirmed(user: User, start: date, end: date) -> dict[str, int]:
    sent = Commission.objects.filter(request__in=queries.requests_for(user)).exclude(state="")
    sent = sent.filter(issued_on__range=(start, end))
    agreed = 0
    for one in sent:
        last = (
            Result.objects.filter(
                sample_id=one.sample_id, worksheet__method__item=one.item,
                worksheet__state=Worksheet.State.VERIFIED,
                state__in=["screen_suspect", "screen_clear"],
            ).order_by("-pk").first()
        )  # fmt: skip
        agreed += bool(last and (last.state == "screen_suspect") == one.over)
    return {"confirmed": len(sent), "agreed": agreed}


def this_year() -> tuple[date, date]:
    """Return the first day of this year and today."""
    today = timezone.localdate()
    return today.replace(month=1, day=1), today
