"""When whoever reported must hear from the office (T40): a first answer, and how it came out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localdate

from jingyi.core import rulebook
from jingyi.core.clocks import Clock, Event, clocks_of
from jingyi.web.accounts.models import User
from jingyi.web.intake.models import Report
from jingyi.web.ledger.queries import history_of
from jingyi.web.registry.queries import offices_for

# stages of a receipt that are a first answer and no more; any later one tells how it goes on
FIRST = frozenset({"received", "assessing"})
SOON = timedelta(days=7)
RUNNING = frozenset({"running", "overdue", "unknown"})


@dataclass(frozen=True, slots=True)
class Letter:
    """A report that somebody must still be told about, with the clock that ends first."""

    report: Report
    clock: Clock


def clocks(reports: Iterable[Report], *, on: date) -> dict[int, tuple[Clock, ...]]:
    """Return the clocks of each report (by key) as of the day `on`; none without a receipt.

    What the reporter was told, and when, is read from the ledger in one query.
    """
    kept = {
        f"report:{one.ref}": one for one in reports if not one.sender_id and hasattr(one, "receipt")
    }
    told: dict[str, list[Event]] = defaultdict(list)
    entries = history_of(*kept).filter(kind__in=("reporter.told", "reporter.answered"))
    for subject, kind, at, body in entries.values_list("subject", "kind", "at", "body"):
        day = localdate(at)
        told[subject].append(Event("letter.answered", day))
        if kind == "reporter.told" and body["facts"]["stage"] not in FIRST:
            told[subject].append(Event("letter.concluded", day))
    return {
        one.pk: clocks_of(
            [Event("letter.received", localdate(one.received_at)), *told[subject]],
            rules=rulebook.clocks(),
            procedure="letter",
            calendar=rulebook.rest_days(one.office.region_id),
            on=on,
        )
        for subject, one in kept.items()
    }


def waiting_for(user: User, *, on: date) -> list[Letter]:
    """Return what `user` may answer and is late or due within seven days: due first, then late."""
    found = (
        Report.objects.filter(
            office__in=offices_for(user, "report.answer"), sender=None, receipt__stage__in=FIRST
        )
        .select_related("office", "receipt")
        .order_by("pk")
    )
    reports = list(found)
    counted = clocks(reports, on=on)
    letters = []
    for report in reports:
        open_ones = [one for one in counted[report.pk] if one.state in RUNNING and one.due]
        if open_ones:
            first = min(open_ones, key=lambda one: one.due)
            if first.due <= on + SOON:
                letters.append(Letter(report, first))
    return sorted(letters, key=lambda one: (one.clock.due < on, abs(one.clock.due - on)))
