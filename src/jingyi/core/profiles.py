"""A draft law held beside the rules in force: the same running case, its clocks under each.

A profile binds nobody and changes nothing. Where it gives a period no length, the one in force is
carried over and said to be so; a reader may assume another, and sees it marked as an assumption.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from jingyi.core.calendars import RestDays
from jingyi.core.clock_rules import Period, Rule, read_period
from jingyi.core.clocks import Clock, Event, clocks_of
from jingyi.core.law import titled
from jingyi.core.tables import Table
from jingyi.core.words import Sentence


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the rules in force, and the one the draft has for it."""

    now: str
    draft: str
    now_en: str
    draft_en: str
    where: str

    @property
    def title(self) -> Sentence:
        return titled(self.draft, self.draft_en)

    @property
    def before(self) -> Sentence:
        return titled(self.now, self.now_en)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something else that the draft would change for a procedure."""

    procedures: tuple[str, ...]
    title: Sentence
    text: Sentence
    where: str


@dataclass(frozen=True, slots=True)
class DraftClock:
    """What the draft says of one clock; without `lengths` (by track) it gives none that was seen."""

    rule: str
    note: Sentence
    lengths: Mapping[str, Period]


@dataclass(frozen=True, slots=True)
class Profile:
    """A draft, how far it has come, and what it would change."""

    id: str
    title: Sentence
    stage: Sentence
    seen_on: date
    terms: tuple[Term, ...]
    differences: tuple[Difference, ...]
    clocks: Mapping[str, DraftClock]

    def named(self, title: Sentence) -> Sentence:
        """Return a title in the draft's words."""
        values = {
            key: self._worded(value) if isinstance(value, str) else value
            for key, value in title.values.items()
        }
        return Sentence(self._worded(title.text), values)

    def _worded(self, text: str) -> str:
        for term in self.terms:
            text = text.replace(term.now, term.draft).replace(term.now_en, term.draft_en)
        return text


@dataclass(frozen=True, slots=True)
class Pair:
    """One clock under the rules in force and under the draft.

    `basis`: draft (it gives the length), assumed (the reader does) or same (carried over).
    """

    title: Sentence
    draft_title: Sentence
    now: Clock | None
    draft: Clock | None
    basis: str
    note: Sentence | None

    @property
    def differs(self) -> bool:
        """Whether a day is not the same."""
        return _days(self.now) != _days(self.draft)


def side_by_side(
    events: Iterable[Event],
    profile: Profile,
    *,
    rules: Iterable[Rule],
    procedure: str,
    calendar: RestDays,
    on: date,
    assumed: Mapping[str, Period] | None = None,
) -> tuple[Pair, ...]:
    """Return every started clock of a case beside what it would be under the draft.

    Args:
        events: of the case, in any order.
        profile: from `rulebook.profile`.
        rules: those in force for the case.
        assumed: a length that a reader takes for all tracks of a rule.
    """
    history = list(events)
    given = dict(assumed or {})
    now = list(rules)
    draft = [_under(rule, profile, given) for rule in now]
    found = [
        _started(clocks_of(history, rules=some, procedure=procedure, calendar=calendar, on=on))
        for some in (now, draft)
    ]
    return tuple(
        Pair(
            title=(found[0].get(key) or found[1][key]).title,
            draft_title=profile.named((found[0].get(key) or found[1][key]).title),
            now=found[0].get(key),
            draft=found[1].get(key),
            basis=_basis(key[0], profile, given),
            note=profile.clocks[key[0]].note if key[0] in profile.clocks else None,
        )
        for key in dict.fromkeys((*found[0], *found[1]))
    )


def _under(rule: Rule, profile: Profile, assumed: Mapping[str, Period]) -> Rule:
    """Return the rule with the lengths of the draft, or those assumed."""
    said = profile.clocks.get(rule.id)
    lengths = dict(said.lengths) if said else {}
    versions = tuple(
        replace(
            version,
            tracks={
                name: replace(
                    track, period=assumed.get(rule.id) or lengths.get(name) or track.period
                )
                for name, track in version.tracks.items()
            },
        )
        for version in rule.versions
    )
    return replace(rule, versions=versions)


def _basis(rule: str, profile: Profile, assumed: Mapping[str, Period]) -> str:
    if rule in assumed:
        return "assumed"
    said = profile.clocks.get(rule)
    return "draft" if said and said.lengths else "same"


def _started(clocks: Iterable[Clock]) -> dict[tuple[str, int], Clock]:
    """Return started clocks by rule and which start of it they are."""
    found: dict[tuple[str, int], Clock] = {}
    for clock in clocks:
        if clock.started_on:
            n = sum(name == clock.rule.id for name, _ in found)
            found[clock.rule.id, n] = clock
    return found


def _days(clock: Clock | None) -> tuple[date | None, ...]:
    return (clock.started_on, clock.raw, clock.due) if clock else ()


def read_profile(table: Table) -> Profile:
    """Read one file of rulebook/profiles."""
    clocks = [_clock(item) for item in table.tables("clock")]
    found = Profile(
        id=table.text("id"),
        title=titled(table.text("title"), table.text("title_en")),
        stage=titled(table.text("stage"), table.text("stage_en")),
        seen_on=table.day("seen_on"),
        terms=tuple(_term(item) for item in table.tables("term")),
        differences=tuple(_difference(item) for item in table.tables("difference")),
        clocks={clock.rule: clock for clock in clocks},
    )
    table.day("confirmed_on")
    table.done()
    return found


def _term(table: Table) -> Term:
    found = Term(*(table.text(key) for key in ("now", "draft", "now_en", "draft_en", "where")))
    table.done()
    return found


def _difference(table: Table) -> Difference:
    found = Difference(
        table.texts("procedures"),
        titled(table.text("title"), table.text("title_en")),
        titled(table.text("text"), table.text("text_en")),
        table.text("where"),
    )
    table.done()
    return found


def _clock(table: Table) -> DraftClock:
    lengths = {}
    if table.has("lengths"):
        for name, item in table.items("lengths"):
            lengths[name] = read_period(item)
            item.done()
    found = DraftClock(
        table.text("rule"), titled(table.text("note"), table.text("note_en")), lengths
    )
    table.done()
    return found
