"""What a statutory period is: its versions by date, tracks, pauses, extensions, and where it stands.

These are the values of rulebook/clocks/*.toml. How they are counted is `core/clocks.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from jingyi.core.law import Instrument, Reading, Source, read_reading, read_source, titled
from jingyi.core.refusal import Refusal
from jingyi.core.tables import Table
from jingyi.core.words import Sentence, say

UNITS = ("months", "days", "workdays", "hours")
NATURES = frozenset({"duty", "wait", "soft"})
PARTIES = frozenset({"procuratorate", "organ", "court", "public"})
# Where a clock runs: in a case of either track, or in something that is not (yet) a case.
PROCEDURES = frozenset(
    {
        "administrative", "civil", "lead", "hearing", "enforcement", "inspection", "proposal",
        "letter",
    }
)  # fmt: skip


class RuleNotInForce(Refusal):
    """No version of the rule covers the starting day."""


class NotTheOffices(Refusal):
    """A period of the law, which an office cannot change."""


@dataclass(frozen=True, slots=True)
class Period:
    """A length in one unit. A year is twelve months."""

    months: int = 0
    days: int = 0
    workdays: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        lengths = [getattr(self, unit) for unit in UNITS]
        if min(lengths) < 0 or sum(length > 0 for length in lengths) != 1:
            msg = f"a period has one positive length, in one unit: {self}"
            raise ValueError(msg)

    @property
    def sentence(self) -> Sentence:
        if self.months == 1:
            return say("1 个月")
        if self.months:
            return say("{n} 个月", n=self.months)
        if self.days:
            return say("{n} 日", n=self.days)
        if self.workdays:
            return say("{n} 个工作日", n=self.workdays)
        return say("{n} 小时", n=self.hours)


@dataclass(frozen=True, slots=True)
class Counting:
    """The articles on counting that a rule relies on (rulebook/counting.toml)."""

    id: str
    start_day: Source
    month_end: Source
    roll: Source
    hours: Source


@dataclass(frozen=True, slots=True)
class Track:
    """One way a rule can run, such as the urgent one."""

    id: str
    title: Sentence
    period: Period
    number: str  # its T-number where the rule has several
    source: Source | None = None  # where it stands in another article than the rule


@dataclass(frozen=True, slots=True)
class Pause:
    """Days a rule leaves out: those from the event `begins` to the event `ends`.

    `through_end`: the day of the ending event is still left out.
    """

    kind: str
    title: Sentence
    begins: str
    ends: str
    through_end: bool
    source: Source
    reading: Reading


@dataclass(frozen=True, slots=True)
class Prolongation:
    """An extension that may be granted `most` times (0: the text sets no limit).

    `after` names the kinds that must have been granted before; `may_name_end` tells whether the
    decision may set the new last day itself.
    """

    kind: str
    title: Sentence
    event: str
    adds: Period
    most: int
    after: tuple[str, ...]
    may_name_end: bool
    source: Source
    reading: Reading


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """The rule as it stands from `in_force_from` through `in_force_to` (None: still)."""

    in_force_from: date
    in_force_to: date | None
    tracks: Mapping[str, Track]
    roll_off_rest_days: bool
    counts_back: bool  # the latest day before the starting event ("three days before the hearing")
    source: Source
    reading: Reading
    counting: Counting
    confirmed_on: date
    pauses: Mapping[str, Pause]
    extensions: Mapping[str, Prolongation]

    def cites(self, track: Track) -> Source:
        """Return the article that gives the length of `track`."""
        return track.source or self.source

    def covers(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


@dataclass(frozen=True, slots=True)
class Rule:
    """One clock of the rulebook.

    `starts`, `stops` and `voids` are kinds of events; `expires` is the event that the passing of
    the last day itself amounts to. `nature`: duty (someone must act), wait (a period to sit out)
    or soft (the office's own limit). `party` is whose act the rule is about.
    """

    id: str
    numbers: tuple[str, ...]
    title: Sentence
    party: str
    nature: str
    procedures: tuple[str, ...]
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    voids: tuple[str, ...]
    expires: str
    versions: tuple[RuleVersion, ...]  # oldest first
    moved_to: date | None = None  # the version that running clocks were moved to, by its first day

    def version_on(self, day: date) -> RuleVersion:
        """Return the version that counts a clock begun on `day`: in force then, or moved to.

        Raises:
            RuleNotInForce: none is.
        """
        for version in self.versions:
            if self.applies(version, day):
                return version
        raise RuleNotInForce(
            "{day} 没有施行中的“{rule}”规定（最早自 {since} 起施行），无法计算期限。请核对起算日。",
            day=day,
            rule=self.title,
            since=self.versions[0].in_force_from,
        )

    def applies(self, version: RuleVersion, day: date) -> bool:
        """Tell whether `version` counts a clock begun on `day`."""
        if self.moved_to:
            return version.in_force_from == self.moved_to
        return version.covers(day)

    def moved(self, version: date) -> "Rule":
        """Return the rule with every clock counted by the version that came into force on a day.

        Raises:
            RuleNotInForce: there is no such version.
        """
        if all(one.in_force_from != version for one in self.versions):
            raise RuleNotInForce(
                "“{rule}”没有自 {day} 起施行的版本。请另选一个版本。", rule=self.title, day=version
            )
        return replace(self, moved_to=version)

    def limited(self, since: date, lengths: Mapping[str, Period]) -> "Rule":
        """Return the rule with the office's own lengths of its tracks for clocks begun from `since`.

        Raises:
            NotTheOffices: the law sets the period.
        """
        if self.nature != "soft":
            raise NotTheOffices(
                "“{rule}”由{source}规定，本院不能更改。只有本院自定的期限可以更改。",
                rule=self.title,
                source=str(self.versions[-1].source),
            )
        latest = self.version_on(since)
        tracks = {
            name: replace(track, period=lengths.get(name, track.period))
            for name, track in latest.tracks.items()
        }
        earlier = tuple(
            replace(one, in_force_to=since - timedelta(days=1)) if one is latest else one
            for one in self.versions
            if one.in_force_from < since
        )
        own = replace(latest, in_force_from=since, tracks=tracks, in_force_to=None)
        return replace(self, versions=(*earlier, own))

    def track_numbered(self, number: str) -> str:
        """Return the track that has the T-number `number`, or "" if the rule as a whole has it."""
        latest = self.versions[-1]
        return next((track.id for track in latest.tracks.values() if track.number == number), "")

    @property
    def events(self) -> frozenset[str]:
        """Every kind of event the rule listens to or amounts to."""
        heard = {*self.starts, *self.stops, *self.voids}
        for version in self.versions:
            for pause in version.pauses.values():
                heard |= {pause.begins, pause.ends}
            heard |= {extension.event for extension in version.extensions.values()}
        return frozenset(heard | ({self.expires} if self.expires else set()))


class RuleReader:
    """Reads clock files; knows the instruments and counting articles they may name."""

    def __init__(self, instruments: dict[str, Instrument], counting: dict[str, Counting]) -> None:
        self.instruments = instruments
        self.counting = counting

    def rule(self, table: Table) -> Rule:
        versions = tuple(self.version(item) for item in table.tables("version", least=1))
        for before, after in pairwise(versions):
            if before.in_force_to is None or after.in_force_from <= before.in_force_to:
                raise table.wrong("version", f"{after.in_force_from} overlaps the one before")
        procedures = table.texts("procedures")
        if not set(procedures) <= PROCEDURES:
            raise table.wrong("procedures", f"are of {', '.join(sorted(PROCEDURES))}")
        rule = Rule(
            id=table.text("id"),
            numbers=table.texts("number"),
            title=titled(table.text("title"), table.text("title_en")),
            party=table.one_of("party", PARTIES),
            nature=table.one_of("nature", NATURES, "duty"),
            procedures=procedures,
            starts=table.texts("starts"),
            stops=table.texts("stops", ()),
            voids=table.texts("voids", ()),
            expires=table.text("expires", ""),
            versions=versions,
        )
        table.done()
        if not rule.starts or (rule.nature == "duty" and not rule.stops):
            raise table.wrong("stops", "a duty needs what starts it and what fulfils it")
        return rule

    def version(self, table: Table) -> RuleVersion:
        counting = table.text("counting")
        if counting not in self.counting:
            raise table.wrong("counting", f"{counting!r} is not in counting.toml")
        version = RuleVersion(
            in_force_from=table.day("in_force_from"),
            in_force_to=table.day_or_none("in_force_to"),
            tracks={name: self.track(name, item) for name, item in table.items("tracks")},
            roll_off_rest_days=table.yes("roll_off_rest_days"),
            counts_back=table.yes("counts_back", default=False),
            source=read_source(table.table("source"), self.instruments),
            reading=read_reading(table.table("reading")),
            counting=self.counting[counting],
            confirmed_on=table.day("confirmed_on"),
            pauses={pause.kind: pause for pause in map(self.pause, table.tables("pause"))},
            extensions={item.kind: item for item in map(self.extension, table.tables("extension"))},
        )
        table.done()
        if not version.tracks:
            raise table.wrong("tracks", "needs at least one")
        if version.counts_back and not all(track.period.days for track in version.tracks.values()):
            raise table.wrong("counts_back", "is only for periods of days")
        if version.counts_back and (version.roll_off_rest_days or version.pauses):
            raise table.wrong("counts_back", "neither rolls nor pauses")
        if version.source.instrument.in_force_from > version.in_force_from:
            raise table.wrong("in_force_from", "is before the instrument is in force")
        return version

    def track(self, name: str, table: Table) -> Track:
        source = table.table_or_none("source")
        track = Track(
            name,
            titled(table.text("title"), table.text("title_en")),
            read_period(table),
            table.text("number", ""),
            read_source(source, self.instruments) if source else None,
        )
        table.done()
        return track

    def pause(self, table: Table) -> Pause:
        pause = Pause(
            kind=table.text("kind"),
            title=titled(table.text("title"), table.text("title_en")),
            begins=table.text("begins"),
            ends=table.text("ends"),
            through_end=table.yes("through_end"),
            source=read_source(table.table("source"), self.instruments),
            reading=read_reading(table.table("reading")),
        )
        table.done()
        return pause

    def extension(self, table: Table) -> Prolongation:
        adds = table.table("adds")
        extension = Prolongation(
            kind=table.text("kind"),
            title=titled(table.text("title"), table.text("title_en")),
            event=table.text("event"),
            adds=read_period(adds),
            most=table.number("most", 0),
            after=table.texts("after", ()),
            may_name_end=table.yes("may_name_end", default=False),
            source=read_source(table.table("source"), self.instruments),
            reading=read_reading(table.table("reading")),
        )
        adds.done()
        table.done()
        return extension


def read_period(table: Table) -> Period:
    try:
        return Period(**{unit: table.number(unit, 0) for unit in UNITS})
    except ValueError as error:
        raise table.wrong("months", str(error)) from None


def read_counting(name: str, table: Table, instruments: dict[str, Instrument]) -> Counting:
    """Read one set of counting articles."""
    parts = ("start_day", "month_end", "roll", "hours")
    found = Counting(name, *(read_source(table.table(part), instruments) for part in parts))
    table.done()
    return found
