"""A second, slow opinion on every last day, written from the law's text and from nothing of ours.

It shares no code and no data with `jingyi`: the lengths below were taken from the articles by hand,
rest days come from an independent package, and every period is walked one day at a time. A history
is a list of (kind, day, more); `checked` returns what each period's last day must be.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

import chinese_calendar

ONE = timedelta(days=1)
RULES_IN_FORCE = date(2021, 7, 1)  # 办案规则
PROCEDURE_2021 = date(
    2022, 1, 1
)  # 民事诉讼法 as renumbered; the articles on suits are cited from it
END_OF_TRIAL = ("suit.withdrawn", "judgment.received")
ENDED = ("case.terminated", "case.transferred")

# what starts it: (T-number, length, what cuts it off, procedures, in force from)
# a length is (months, days); "cut off" is what makes a later grant belong to another period
SIMPLE = {
    "recusal.requested": [("T01", (0, 3), "ac")],  # 办案规则 23
    "recusal.reconsideration-requested": [("T02", (0, 3), "ac")],  # 23
    "commission.received": [("T06", (0, 30), "ac")],  # 43
    "case.filed": [
        ("T03", (0, 7), "a"),
        ("T05", (2, 0), "ac"),
    ],  # 70; own limit after 检察建议规定 15
    "suggestion.decided": [("T07", (0, 3), "a")],  # 76
    "suggestion.served": [("T08", (0, 5), "a"), ("T11", (0, 15), "a")],  # 75; own limit
    "review.suspended": [("T12", (1, 0), "a")],  # own limit
    "notice.published": [("T14", (0, 30), "c")],  # 91
    "case.sued": [("T17", (0, 5), "ac")],  # 46
    "hearing.notified": [("T19", (0, 3), "ac")],  # 49
    "claims.changed": [("T27", (0, 3), "ac")],  # 84, 99
    "judgment.received": [("T28", (0, 3), "ac")],  # 58
    "appeal.received": [("T30", (0, 3), "ac")],  # 62
    "support.withdrawn": [("T32", (0, 3), "c")],  # 102
    "suit.docketed": [
        ("T21", (0, 5), "ac"),
        ("T23", (0, 10), "c"),
    ],  # 行诉法 67, 解释 17; 民诉解释 284
    "defendant.served": [("T22", (0, 15), "ac")],  # 行诉法 67, 民诉法 128
    "acceptance.announced": [("T24", (0, 30), "c")],  # 环境民事公益诉讼解释 10
    "settlement.published": [("T26", (0, 30), "c")],  # 同上 25
}
SINCE = {"T23": date(2022, 4, 10)}
SINCE |= dict.fromkeys(("T11", "T24", "T26"), date(2021, 1, 1))
SINCE |= dict.fromkeys(("T21", "T22"), PROCEDURE_2021)


@cache
def rests(day):
    """A statutory rest day; None for a year that has not been announced."""
    return chinese_calendar.is_holiday(day) if 2017 <= day.year <= 2026 else None


def first_working(day):
    while rests(day):
        day += ONE
    return None if rests(day) is None else day


def corresponding(start, months):
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def walk(start, length, left_out=frozenset()):
    """The starting day is not counted; each day that is left out gives one more at the end."""
    months, days = length
    nominal = corresponding(start, months) + days * ONE
    to_count = (nominal - start).days
    day = start
    while to_count:
        day += ONE
        to_count -= day not in left_out
    return day


def days_out(history, begins, ends, until, *, last_counts_out):
    """The days on which something had begun and not ended, each once."""
    out = set()
    running = 0
    events = [(on, kind) for kind, on, _ in history if kind in (begins, ends)]
    followers = [on for on, _ in events[1:]] + [until + ONE]
    for (on, kind), following in zip(events, followers, strict=False):
        before = running
        running = running + 1 if kind == begins else max(running - 1, 0)
        if last_counts_out and (running or before):
            out.add(on)
        if running:
            day = on
            while day < following:
                out.add(day)
                day += ONE
    return out


def checked(history, procedure, on):
    """Return {(T-number, start): (last day before rolling, last day)}; None where there is none."""
    history = sorted((event for event in history if event[1] <= on), key=lambda event: event[1])
    own = procedure[0]
    found = {}
    for kind, start, _ in history:
        for number, length, tracks in SIMPLE.get(kind, ()):
            if own in tracks:
                in_force = start >= SINCE.get(number, RULES_IN_FORCE)
                raw = walk(start, length) if in_force else None
                found[number, start] = (raw, first_working(raw) if raw else None)
    if own == "a":
        replies(history, found)
        reviews(history, found, "T13", expiring(history, found), on)
    else:
        over = notices(history, found)
        reviews(history, found, "T15", over, on)
    courts(history, procedure, found, on)
    return found


def first(history, kinds, day):
    return min((on for kind, on, _ in history if kind in kinds and on >= day), default=None)


def replies(history, found):
    """解释 21(2): two months, or fifteen days where the harm is growing; also as first in force."""
    for kind, start, more in history:
        if kind == "suggestion.served":
            length = (0, 15) if more.get("track") == "urgent" else (2, 0)
            raw = walk(start, length) if start >= date(2018, 3, 2) else None
            found["T09", start] = (raw, first_working(raw) if raw else None)


def expiring(history, found):
    """办案规则 47(1): the review runs from the end of the rectification period, reply or none."""
    return over_by(
        history, found, "T09", ["suggestion.replied"],
        ["case.terminated", "suggestion.withdrawn"],
        ["case.sued", *ENDED, "suggestion.withdrawn"],
    )  # fmt: skip


def notices(history, found):
    """办案规则 47(2): and the civil one from the end of the notice."""
    return over_by(
        history, found, "T14", [], list(ENDED),
        ["case.sued", "support.given", *ENDED],
    )  # fmt: skip


def over_by(history, found, number, stops, voids, closes):  # noqa: PLR0917 -- as the text lists them
    starts = sorted(start for what, start in found if what == number)
    over = []
    for start, following in zip(starts, [*starts[1:], None], strict=False):
        last = found[number, start][1]
        if last is None:
            continue
        gone = [day for day in (first(history, voids, start), following) if day]
        stopped = first(history, stops, start)
        void = min(gone, default=None)
        if void and (not stopped or void < stopped) and void <= last:
            continue
        closed = first(history, closes, start)
        if not closed or closed >= last:
            over.append(last)
    return over


def reviews(history, found, number, starts, on):
    closes = ["case.sued", *ENDED, "suggestion.withdrawn"]
    if number == "T15":
        closes = ["case.sued", "support.given", *ENDED]
    received = [day for kind, day, _ in history if kind == "case.received-for-suit"]  # 47(3)
    starts = sorted([*received, *starts])
    months = 1 if number == "T13" else 3
    out = days_out(
        history, "appraisal.commissioned", "appraisal.returned", on, last_counts_out=True
    )  # 48
    if number == "T13":  # 78
        out |= days_out(history, "review.suspended", "review.resumed", on, last_counts_out=False)
    for start, following in zip(starts, [*starts[1:], None], strict=False):
        ends = [day for day in (first(history, closes, start), following) if day]
        closed = min(ends, default=on)
        grants = [
            (kind, day, more.get("until"))
            for kind, day, more in history
            if kind.startswith("review.extended.") and start <= day <= closed
        ]
        in_force = start >= RULES_IN_FORCE
        found[number, start] = extended(start, months, grants, out) if in_force else (None, None)


def extended(start, months, grants, out):
    """47(4): the chief once, a month; then the superior, who may name the last day. Never too late.

    A grant is weighed on its day; what is left out after it pushes the end on all the same.
    """
    chiefs = superiors = more = 0
    for kind, day, until in grants:
        length = (months + chiefs + superiors, more)
        raw = walk(start, length, {left for left in out if left <= day})
        if day > raw and (first_working(raw) is None or day > first_working(raw)):
            return None, None
        if kind == "review.extended.chief":
            if chiefs or until:
                return None, None
            chiefs += 1
        elif not chiefs:
            return None, None
        elif until:
            if until <= raw:
                return None, None
            more += (until - raw).days
        else:
            superiors += 1
    raw = walk(start, (months + chiefs + superiors, more), out)
    return raw, first_working(raw)


def courts(history, procedure, found, on):
    """What courts must do, and until when one may appeal."""
    stays = days_out(history, "trial.stayed", "trial.resumed", on, last_counts_out=True)
    mending = days_out(history, "suit.correction-asked", "suit.corrected", on, last_counts_out=True)
    second = sorted(day for kind, day, _ in history if kind in ("appeal.filed", "appeal.received"))
    for kind, start, more in history:
        if start < PROCEDURE_2021 and kind in ("case.sued", "suit.docketed", "judgment.received"):
            gone = {"case.sued": "T20", "suit.docketed": "T25", "judgment.received": "T29"}[kind]
            found[gone, start] = None, None
        elif kind == "case.sued":  # 行诉法 51, 民诉法 126
            raw = walk(start, (0, 7), mending)
            found["T20", start] = raw, first_working(raw)
        elif kind == "suit.docketed":  # 行诉法 81, 民诉法 152
            closed = first(history, END_OF_TRIAL, start) or on
            found["T25", start] = longer(history, start, (6, 0), stays, closed)
        elif kind == "judgment.received":  # 行诉法 85, 民诉法 171
            raw = walk(start, (0, 10 if more.get("track") == "ruling" else 15))
            found["T29", start] = raw, first_working(raw)
    for start, following in zip(second, [*second[1:], None], strict=False):  # 行诉法 88, 民诉法 183
        ends = [day for day in (first(history, ["appeal.decided"], start), following) if day]
        closed = min(ends, default=on)
        in_force = start >= PROCEDURE_2021
        found["T31", start] = (
            longer(history, start, (3, 0), stays, closed) if in_force else (None, None)
        )


def longer(history, start, length, out, closed):
    months, days = length
    granted = 0
    for kind, day, _ in history:
        if kind == "trial.extended" and start <= day <= closed:
            so_far = {left for left in out if left <= day}
            raw = walk(start, (months * (granted + 1), days), so_far)
            if day > raw and (first_working(raw) is None or day > first_working(raw)):
                return None, None
            granted += 1
    raw = walk(start, (months * (granted + 1), days), out)
    return raw, first_working(raw)
