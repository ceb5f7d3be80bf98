"""How a case goes, step by step: lawful courses over the days on which people work.

A course is the story of a file. It is cut off at the demo's present, so that younger cases are
still under way; the cases room then reads the events and finds state and clocks by the rulebook.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from jingyi.core import rulebook
from jingyi.core.clocks import deadline
from jingyi.core.refusal import Refusal

LATE = date(2026, 10, 12)  # two months from soon after this end where no calendar is announced


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a case: its kind, its day, and what is put on file with it."""

    kind: str
    on: date
    facts: dict[str, Any] = field(default_factory=dict)
    until: date | None = None


@dataclass(slots=True)
class Diary:
    """A case's days: moves on over rest days, and writes down what was done."""

    day: date
    dice: Random
    words: Mapping[str, Any]  # what the story puts on file
    steps: list[Step] = field(default_factory=list)

    def later(self, least: int, most: int) -> date:
        """Move on by so many days, to a day on which people work."""
        self.day = workday(self.day + timedelta(days=self.dice.randint(least, most)))
        return self.day

    def did(self, kind: str, least: int = 0, most: int = 0, **facts: Any) -> None:
        """Move on and enter a step."""
        on = self.later(least, most)
        self.steps.append(Step(kind, on, {key: value for key, value in facts.items() if value}))

    def chance(self, share: float) -> bool:
        return self.dice.random() < share


def workday(day: date) -> date:
    """Return the first day from `day` on that is worked; beyond the calendar, a weekday."""
    calendar = rulebook.rest_days()
    if calendar.knows(day) and calendar.knows(day + timedelta(days=10)):
        return calendar.first_workday(day)
    return day + timedelta(days=max(0, 7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def last_day(rule: str, start: date, track: str = "") -> date:
    """Return the last day of a period; a guess where the calendar is not announced."""
    try:
        return deadline(
            rulebook.clock(rule), started_on=start, calendar=rulebook.rest_days(), track=track
        ).due
    except Refusal:
        return start + timedelta(days=75)


# ---------------------------------------------------------------- administrative


def _open(diary: Diary) -> None:
    """Filing served, plan, investigation: what every administrative case begins with."""
    diary.did("case.filed", number=diary.words["filing"])
    diary.did("case.served", 1, 6 if diary.chance(0.975) else 11)
    diary.did("investigation.planned", 1, 6)
    if diary.chance(0.1):
        diary.did("appraisal.commissioned", 3, 10, note=diary.words["appraisal"])
        diary.did("appraisal.returned", 12, 26)
    if diary.chance(0.3):
        diary.did("consultation.held", 5, 12, note=diary.words["consulted"])


def _suggest(diary: Diary) -> date:
    """Conclude, suggest, serve, record; return the last day of the organ's period."""
    words = diary.words
    urgent = diary.chance(0.07) or (diary.day > LATE and diary.chance(0.75))
    diary.did("investigation.concluded", 8, 30, note=words["concluded"])
    diary.did("suggestion.decided", 2, 8, number=words["number"], asks=words["asks"], urgent=urgent)
    diary.did("suggestion.served", 0, 2)
    served = diary.day
    diary.did("suggestion.recorded", 1, 4)
    return last_day("suggestion.reply", served, "urgent" if urgent else "ordinary")


def _reply(diary: Diary, due: date, *, late: bool = False) -> None:
    """The organ's written reply, in time or late, and the visit to the place between."""
    left = (due - diary.day).days
    if left > 20:
        diary.did("followup.done", 12, max(13, left - 12), found=diary.words["followed"])
    left = (due - diary.day).days
    if late:
        diary.did(
            "suggestion.replied", max(left, 0) + 4, max(left, 0) + 20, found=diary.words["replied"]
        )
        return
    day = diary.day + timedelta(days=max(1, left - diary.dice.randint(0, max(0, left // 2))))
    while workday(day) > due:
        day -= timedelta(days=1)
    diary.day = max(diary.day, day)
    diary.did("suggestion.replied", found=diary.words["replied"])


def _close(diary: Diary, ground: str = "ground.rectified") -> None:
    """Verify on site, terminate, look back, archive."""
    diary.did("verification.passed", 2, 14, found=diary.words["verified"])
    diary.did("case.terminated", 1, 9, ground=ground)
    if diary.chance(0.45):
        diary.did("lookback.done", 50, 150, outcome="held", found=diary.words["lookback"])
    if diary.chance(0.8):
        diary.did("case.archived", 10, 60)


def rectified(diary: Diary) -> None:
    _open(diary)
    _reply(diary, _suggest(diary))
    _close(diary)


def late(diary: Diary) -> None:
    """No reply in time: the review begins, and the organ moves at last."""
    _open(diary)
    due = _suggest(diary)
    diary.day = max(diary.day, due)
    diary.did("review.opened", 1, 6)
    diary.did("suggestion.replied", 2, 12, found=diary.words["replied"])
    _close(diary)


def suspended(diary: Diary) -> None:
    """The organ decided in time but cannot finish: review suspended, then resumed."""
    _open(diary)
    due = _suggest(diary)
    _reply(diary, due)
    diary.did("organ.decided", 0, 2, found=diary.words["hindered"])
    diary.day = max(diary.day, due)
    diary.did("review.opened", 1, 4)
    diary.did("review.suspended", 1, 8, note=diary.words["hindered"])
    diary.did("review.resumed", 60, 130)
    _close(diary)


def extended(diary: Diary) -> None:
    """Not rectified at the first visit: the review is extended by the chief procurator."""
    _open(diary)
    due = _suggest(diary)
    _reply(diary, due)
    diary.day = max(diary.day, due)
    diary.did("verification.failed", 0, 3, found=diary.words["failed"])
    diary.did("review.opened", 1, 3)
    diary.did("review.extended.chief", 14, 22)
    _close(diary)


def silent(diary: Diary) -> None:
    """No reply and no rectification; the review is not even begun when the period is over."""
    _open(diary)
    due = _suggest(diary)
    diary.day = max(diary.day, due) + timedelta(days=30)
    diary.did("review.opened", 1, 3)
    diary.did("suggestion.replied", 1, 4, found=diary.words["replied"])
    _close(diary)


def consulted(diary: Diary) -> None:
    """Rectified after a talk: no suggestion is needed."""
    diary.did("case.filed", number=diary.words["filing"])
    diary.did("case.served", 1, 5)
    diary.did("investigation.planned", 1, 5)
    diary.did("consultation.held", 4, 12, note=diary.words["consulted"])
    diary.did("investigation.concluded", 6, 20, note=diary.words["concluded"])
    _close(diary, "ground.protected")


def lawful(diary: Diary) -> None:
    """The investigation finds that the organ did its duty."""
    diary.did("case.filed", number=diary.words["filing"])
    diary.did("case.served", 1, 5)
    diary.did("investigation.planned", 1, 5)
    diary.did("investigation.concluded", 12, 35, note=diary.words["concluded"])
    diary.did("case.terminated", 2, 8, ground="ground.no-breach")
    diary.did("case.archived", 10, 50)


# ---------------------------------------------------------------- civil


def _notice(diary: Diary) -> None:
    """Investigate and publish the notice, or ask the relatives."""
    diary.did("case.filed", number=diary.words["filing"])
    diary.did("investigation.planned", 2, 7)
    if diary.chance(0.4):
        diary.did("appraisal.commissioned", 3, 12, note=diary.words["appraisal"])
        diary.did("appraisal.returned", 15, 35)
    diary.did("investigation.concluded", 8, 30, note=diary.words["concluded"])
    if diary.words["heroes"]:
        diary.did("relatives.asked", 2, 7)
        diary.did("relatives.silent", 10, 25)
        diary.later(1, 3)
    else:
        diary.did("notice.published", 2, 8, medium="全国性报纸公告版（演示）")
        diary.day = last_day("notice.period", diary.day)
        diary.later(1, 5)


def sued(diary: Diary) -> None:
    """Nobody else sues: the procuratorate does, and wins."""
    words = diary.words
    _notice(diary)
    diary.did("plaintiff.none")
    diary.did("review.opened", 0, 2)
    if diary.chance(0.5):
        diary.did("followup.done", 3, 12, found=words["followed"])
    diary.did("review.concluded", 6, 28)
    diary.did("case.sued", 2, 9, court=words["court"], number=words["number"])
    diary.did("suit.recorded", 1, 4)
    diary.did("suit.docketed", 1, 3)
    diary.did("defendant.served", 2, 4)
    diary.did("department.informed", 0, 3)
    diary.did("defence.filed", 4, 10)
    diary.did("hearing.notified", 20, 60)
    diary.did("appearance.filed", 0, 2)
    diary.did(
        "judgment.received",
        20,
        80,
        outcome="supported",
        court=words["court"],
        found=words["judged"],
    )
    diary.did("judgment.recorded", 0, 2)
    diary.did("judgment.final", 16, 24)
    diary.did("execution.done", 20, 90)
    diary.did("verification.passed", 3, 15, found=words["verified"])
    diary.did("case.concluded", 1, 8)
    diary.did("case.archived", 10, 50)


def protected(diary: Diary) -> None:
    """The harm is made good during the notice: no suit is needed."""
    _notice(diary)
    diary.did("verification.passed", 2, 12, found=diary.words["verified"])
    diary.did("case.terminated", 1, 7, ground="ground.civil.protected")
    diary.did("case.archived", 10, 50)


def supported(diary: Diary) -> None:
    """An eligible organisation sues; its suit is supported."""
    _notice(diary)
    diary.did("plaintiff.sued")
    diary.did("support.given", 3, 10)
    diary.did("verification.passed", 60, 140, found=diary.words["verified"])
    diary.did("case.concluded", 2, 9)
    diary.did("case.archived", 10, 50)


Course = Callable[[Diary], None]
SUGGESTED: tuple[tuple[Course, int], ...] = (
    (rectified, 86),
    (late, 5),
    (suspended, 9),
    (extended, 5),
)
UNSUGGESTED: tuple[tuple[Course, int], ...] = ((consulted, 75), (lawful, 25))
UNSUED: tuple[tuple[Course, int], ...] = ((protected, 80), (supported, 20))


def walk(
    course: Course, opened: date, words: Mapping[str, Any], dice: Random, *, until: date
) -> list[Step]:
    """Return the steps of a course as far as they have been taken by the day `until`."""
    diary = Diary(workday(opened), dice, words)
    course(diary)
    return [step for step in diary.steps if step.on <= until]


def pick(courses: tuple[tuple[Course, int], ...], dice: Random) -> Course:
    return dice.choices([course for course, _ in courses], [share for _, share in courses])[0]


def reaches(steps: Iterator[Step] | list[Step], kind: str) -> bool:
    """Tell whether a step of that kind has been taken."""
    return any(step.kind == kind for step in steps)
