"""The clock strip: what each clock of a case says to whoever looks at it today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from jingyi.core import clocks
from jingyi.core.calendars import RestDays
from jingyi.core.casefile import Law
from jingyi.core.clock_rules import Rule
from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.cases import ribbon

SOON = 7  # days
ORDER = ("overdue", "soon", "running", "unknown", "paused", "ahead")
OVER = ("in-time", "late", "elapsed", "void")
PARTIES = {
    "procuratorate": _("本院"),
    "organ": _("行政机关"),
    "court": _("人民法院"),
    "public": _("社会公众"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A last day with everything that explains it."""

    found: clocks.Deadline
    months: list[ribbon.Month]
    band: SafeString
    article: str
    quote: str

    @property
    def rolled(self) -> int:
        """By how many days the last day moved off rest days."""
        return (self.found.due - self.found.due_raw).days

    @property
    def left_out(self) -> int:
        """How many days were left out of the period."""
        return sum((span.last - span.first).days + 1 for span in self.found.spans)


@dataclass(frozen=True, slots=True)
class Shown:
    """One clock on the strip. `kind` is its look: overdue, soon, running, paused, …"""

    clock: clocks.Clock
    kind: str
    counted: Counted | None
    article: str

    @property
    def id(self) -> str:
        """An anchor for links: the rule and its start."""
        return anchor(self.clock.rule.id, self.clock.started_on)

    @property
    def party(self) -> object:
        return PARTIES[self.clock.rule.party]

    @property
    def number(self) -> int | None:
        """The big number: days left, or days late."""
        left = self.clock.days_left
        return None if left is None else abs(left)

    @property
    def unit(self) -> str:
        return ngettext("天", "天", self.number or 0)

    @property
    def word(self) -> object:
        """What the big number counts, or what stands in its place."""
        if self.kind == "overdue":
            return pgettext("heading", "已逾期")
        if self.number == 0:
            return _("今天到期")
        if self.kind in {"soon", "running"}:
            return _("还有")
        if self.kind == "unknown" and self.number:
            return _("至少还有")  # the last day may yet roll
        return clocks.STATES[self.clock.state]


def anchor(rule: str, started_on: date | None) -> str:
    """Return the anchor of a clock on its case's page."""
    return f"clock-{rule.replace('.', '-')}-{started_on}"


def count(found: clocks.Deadline, rule: Rule, calendar: RestDays, today: date) -> Counted:
    """Return a deadline with its pictures and its article."""
    source = rule.version_on(found.started_on).source
    return Counted(
        found,
        ribbon.months(found, calendar, today),
        ribbon.band(found, calendar, today),
        str(source),
        source.quote,
    )


def strip(found: Iterable[clocks.Clock], law: Law) -> tuple[list[Shown], list[Shown]]:
    """Return (what still runs or is to come, most pressing first; what is over, latest first)."""
    shown = [_shown(clock, law) for clock in found if clock.started_on]
    live = [item for item in shown if item.kind in ORDER]
    live.sort(key=lambda item: (ORDER.index(item.kind), item.clock.due or date.max))
    over = [item for item in shown if item.kind in OVER]
    over.sort(key=lambda item: item.clock.started_on or date.min, reverse=True)
    return live, over


def _shown(clock: clocks.Clock, law: Law) -> Shown:
    kind = clock.state
    left = clock.days_left
    if kind == "running" and left is not None and left <= SOON:
        kind = "soon"
    if kind == "running" and clock.due is None:
        kind = "unknown"
    counted = (
        count(clock.deadline, clock.rule, law.calendar, clock.as_of) if clock.deadline else None
    )
    article = counted.article if counted else str(clock.rule.versions[-1].source)
    return Shown(clock, kind, counted, article)


def what_if(
    rule: Rule, track: str, on: date, calendar: RestDays, today: date
) -> Counted | Sentence:
    """Return the last day if the clock began on `on`, or the sentence that says why there is none."""
    try:
        version = rule.version_on(on)
        chosen = track if track in version.tracks else ""
        found = clocks.deadline(rule, started_on=on, calendar=calendar, track=chosen)
    except Refusal as refusal:
        return refusal.sentence
    return count(found, rule, calendar, today)


def effects(
    kind: str, on: date, track: str, law: Law, today: date
) -> list[tuple[Rule, Counted | Sentence]]:
    """Return every clock that an event of `kind` on that day would start, with its last day."""
    return [
        (rule, what_if(rule, track, on, law.calendar, today))
        for rule in law.rules
        if kind in rule.starts and law.procedure.track in rule.procedures
    ]
