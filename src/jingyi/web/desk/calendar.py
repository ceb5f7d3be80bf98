"""A person's clocks as an iCalendar file (RFC 5545), for the calendar program they already use.

A calendar program may be read by others, on a telephone or by a firm that keeps it. So an event
says which period ends in which file, and names no person and no matter.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from jingyi.core import rulebook
from jingyi.core.words import Sentence
from jingyi.web.cases.models import Clock

HOST = "jingyi"


def calendar_of(
    clocks: Iterable[Clock],
    *,
    at: datetime,
    address: Callable[[str], str],
    more: Iterable[Event] = (),
) -> bytes:
    """Return one all-day event for each clock that has a last day.

    Args:
        clocks: with `case` selected.
        at: when the file is made.
        address: turns a path into the address a calendar program can open.
        more: events of another room, such as the last days of an organ's ledger.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Jingyi//clocks//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("精益：我的期限"))
    calendar.add("x-published-ttl", "PT1H")
    for clock in clocks:
        if clock.due_on:
            calendar.add_component(_event(clock, at, address))
    for event in more:
        calendar.add_component(event)
    return calendar.to_ical()


def _event(clock: Clock, at: datetime, address: Callable[[str], str]) -> Event:
    title = rulebook.clock(clock.rule).title
    event = Event()
    # stays the same while the clock does, so that a changed date moves the entry
    event.add("uid", f"{clock.case.ref}.{clock.rule}.{clock.started_on:%Y%m%d}@{HOST}")
    event.add("sequence", clock.case.version)
    event.add("dtstamp", at)
    event.add("dtstart", clock.due_on)
    event.add("dtend", clock.due_on + timedelta(days=1))
    event.add("summary", f"{title.render(_)} · {clock.case.ref}")
    why = [Sentence.from_json(step).render(_) for step in clock.steps]
    event.add("description", "\n".join(f"{n}. {step}" for n, step in enumerate(why, 1)))
    event.add("url", address(clock.case.get_absolute_url()))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
