"""What measures are counted from, read two ways: from the tables, or from the ledger alone.

The tables hold what is known now. The ledger says what was known by the end of any day: acts
entered later, corrections and undoings among them, are not looked at. Both give the same columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from jingyi.core.measures import files
from jingyi.core.measures.files import Acts, CaseAct, Kept, LeadAct, Letter, Rating
from jingyi.web.cases.measures.picking import Picked
from jingyi.web.cases.models import Case, Event
from jingyi.web.cases.rules import reading
from jingyi.web.leads.models import Decision
from jingyi.web.ledger.models import Entry

OUTCOME = "outcome"  # the fact by which a judgment or a later visit says how it came out
KINDS = {
    Decision.Kind.TAKE: files.REGISTERED,
    Decision.Kind.ASSIGN: files.REGISTERED,
    Decision.Kind.FILE: files.FILED,
    Decision.Kind.DECLINE: files.DECLINED,
}
JUDGED = {f"lead.{kind}": code for kind, code in KINDS.items()}
TAKEN_BACK = ("lead.undone", "lead.unfiled")
TOLD = (
    ("facts", "track"), ("facts", "domain"), ("facts", "event"), ("facts", "place"),
    ("facts", "on"), ("facts", "until"), ("facts", "facts", "track"), ("facts", "facts", "urgent"),
    ("facts", "facts", OUTCOME),
)  # fmt: skip
ANSWERED = ("reporter.told", "reporter.answered")


@dataclass(slots=True)
class Numbers:
    """Names by number, in the order they were met."""

    of: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.of.setdefault(name, len(self.of))

    def names(self) -> list[str]:
        return list(self.of)


@dataclass(frozen=True, slots=True)
class Books:
    """Acts, and the names that their numbers stand for. `domains` and `tracks` are by case."""

    acts: Acts
    kept: Kept
    cases: list[str]
    leads: list[str]
    reports: list[str]
    proposals: list[str]
    domains: list[str]
    tracks: list[str]

    def chosen(self, *, track: str = "", domain: str = "") -> np.ndarray:
        """Return which cases are of a track and a domain, by number."""
        of_track = np.array([not track or one == track for one in self.tracks], np.bool_)
        of_domain = np.array([not domain or one == domain for one in self.domains], np.bool_)
        return of_track & of_domain


def from_tables(offices: Iterable[str]) -> Books:
    """Read what is known now of the cases and leads of `offices` (codes)."""
    codes = list(offices)
    rows = list(
        Case.objects.filter(office__code__in=codes)
        .order_by("pk")
        .values_list("pk", "ref", "track", "domain")
    )
    numbers = {pk: number for number, (pk, *_) in enumerate(rows)}
    refs = {ref: number for number, (_, ref, *_) in enumerate(rows)}
    events = Event.objects.filter(case__office__code__in=codes, undone_at=None)
    fields = ("case_id", "place", "kind", "on", "until", "facts")
    acts = (
        (numbers[case], place, kind, on.toordinal(), until, *_words(kind, facts), 0)
        for case, place, kind, on, last, facts in events.order_by("pk").values_list(*fields)
        for until in [last.toordinal() if last else 0]
    )
    leads, decided = _decided(codes, refs)
    reports, letters = _letters(codes, None)
    proposals, ratings = _ratings(codes, None)
    moved = {numbers[pk]: versions for pk, versions in reading.moved_of(numbers).items()}
    civil = np.array([track == Case.Track.CIVIL for _, _, track, _ in rows], np.bool_)
    return Books(
        Acts.of(acts, decided, letters, ratings),
        Kept(civil, len(leads), moved),
        list(refs),
        leads,
        reports,
        proposals,
        [domain for *_, domain in rows],
        [track for *_, track, _ in rows],
    )


def _decided(codes: list[str], refs: Mapping[str, int]) -> tuple[list[str], list[LeadAct]]:
    """Return the decisions about leads that stand."""
    standing = Decision.objects.filter(
        incident__office__code__in=codes, kind__in=KINDS, undone_at=None
    )
    numbers, zone = Numbers(), timezone.get_current_timezone()
    rows = [
        (numbers[lead], pk, KINDS[Decision.Kind(kind)], refs.get(to, -1), _day(at, zone))
        for lead, pk, kind, to, at in standing.order_by("pk").values_list(
            "incident__ref", "pk", "kind", "to", "at"
        )
    ]
    return numbers.names(), rows


def from_ledger(offices: Iterable[str], *, by: date) -> Books:
    """Read from the ledger alone what was known of cases and leads of `offices` by the day's end."""
    codes = list(offices)
    end = _end(by)
    found = _Cases(set(codes))
    picked = _entries("case:", end).annotate(told=Picked("body", *TOLD))
    for row in picked.values_list("kind", "subject", "office", "told"):
        found.read(*row)
    kept = found.kept()
    moves = _entries("rule:", end).filter(kind__in=("clocks.moved", "clocks.moved-back"))
    moved = _moved(moves.values_list("index", "kind", "body"), kept)
    leads, decided = _decided_by(codes, end, kept)
    reports, letters = _letters(codes, end)
    proposals, ratings = _ratings(codes, end)
    tracks = [found.track[ref] for ref in kept]
    civil = np.array([track == Case.Track.CIVIL for track in tracks], np.bool_)
    return Books(
        Acts.of(found.acts(kept), decided, letters, ratings),
        Kept(civil, len(leads), moved),
        list(kept),
        leads,
        reports,
        proposals,
        [found.domain[ref] for ref in kept],
        tracks,
    )


class _Cases:
    """The acts about cases, read in order; a case is of the office that its last act names."""

    def __init__(self, codes: set[str]) -> None:
        self.codes = codes
        self.office: dict[str, str] = {}
        self.track: dict[str, str] = {}
        self.domain: dict[str, str] = {}
        self.acts_read: list[tuple[str, tuple[int, str, int, int, str, str, int]]] = []

    def read(self, kind: str, subject: str, office: str, told: Sequence[Any]) -> None:
        ref = subject.removeprefix("case:")
        track, domain, event, place, on, until, of_clock, urgent, outcome = told
        self.office[ref] = office
        if track and domain:
            self.track[ref], self.domain[ref] = track, domain
        if place is not None:
            words = _words(event, {"track": of_clock, "urgent": urgent, OUTCOME: outcome})
            days = _ordinal(on), _ordinal(until)
            event = files.GONE if kind == "case.undone" else event
            # nothing entered later was read, so the day of entry says nothing more
            self.acts_read.append((ref, (place, event, *days, *words, 0)))

    def kept(self) -> dict[str, int]:
        """Return the cases of the offices asked for, by number."""
        mine = (ref for ref in self.track if self.office[ref] in self.codes)
        return {ref: number for number, ref in enumerate(mine)}

    def acts(self, kept: Mapping[str, int]) -> Iterator[CaseAct]:
        for ref, act in self.acts_read:
            if ref in kept:
                yield kept[ref], *act


def _words(kind: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """Return the track of the clocks that an event starts, and how a judgment or visit came out."""
    track = facts.get("track") or ""
    if kind == files.DECIDED:
        track = "urgent" if facts.get("urgent") else ""
    return track, facts.get(OUTCOME) or ""


def _ordinal(day: str | None) -> int:
    return date.fromisoformat(day).toordinal() if day else 0


def _moved(
    rows: Iterable[tuple[int, str, dict[str, Any]]], kept: Mapping[str, int]
) -> dict[int, dict[str, date]]:
    """Return the versions that the clocks of each case were moved to."""
    moves: dict[int, Mapping[str, Any]] = {}
    for index, kind, body in rows:
        if kind == "clocks.moved":
            moves[index] = body["facts"]
        else:
            moves.pop(body["facts"]["move"], None)
    found: dict[int, dict[str, date]] = {}
    for facts in moves.values():
        for ref in facts["cases"]:
            if ref in kept:
                versions = found.setdefault(kept[ref], {})
                versions[facts["rule"]] = date.fromisoformat(facts["version"])
    return found


def _decided_by(
    codes: list[str], end: datetime, cases: Mapping[str, int]
) -> tuple[list[str], list[LeadAct]]:
    """Return the acts about leads of `codes`; a lead is of the office that its last act names."""
    office: dict[str, str] = {}
    read: list[tuple[str, int, int, str, int]] = []
    filed: dict[tuple[str, str], int] = {}
    zone = timezone.get_current_timezone()
    entries = _entries("incident:", end).exclude(  # acts of whoever sent it on, and papers
        Q(kind="lead.sent") | Q(kind__startswith="document.")
    )
    for kind, subject, code, at, body in entries.values_list(
        "kind", "subject", "office", "at", "body"
    ):
        lead, facts = subject.removeprefix("incident:"), body["facts"]
        office[lead] = code
        if kind in JUDGED:
            number = facts["decision"]
            filed[lead, facts.get("to", "")] = number
            read.append((lead, number, JUDGED[kind], facts.get("to", ""), _day(at, zone)))
        elif kind in TAKEN_BACK:
            number = facts.get("decision") or filed.get((lead, facts.get("case", "")), -1)
            read.append((lead, number, files.UNDONE, "", _day(at, zone)))
    wanted, numbers = set(codes), Numbers()
    rows = [
        (numbers[lead], number, kind, cases.get(to, -1), day)
        for lead, number, kind, to, day in read
        if office[lead] in wanted
    ]
    return numbers.names(), rows


def _letters(codes: list[str], end: datetime | None) -> tuple[list[str], list[Letter]]:
    """Return the public's reports with a receipt: when each came and when it was first answered."""
    entries = _entries("report:", end).filter(office__in=codes)
    received = entries.filter(kind="report.received").values_list("subject", "at")
    answered: dict[str, int] = {}
    zone = timezone.get_current_timezone()
    for subject, at in entries.filter(kind__in=ANSWERED).values_list("subject", "at"):
        answered.setdefault(subject, _day(at, zone))
    found = [(subject, _day(at, zone)) for subject, at in received]
    rows = [(n, day, answered.get(subject, 0)) for n, (subject, day) in enumerate(found)]
    return [subject.removeprefix("report:") for subject, _ in found], rows


def _ratings(codes: list[str], end: datetime | None) -> tuple[list[str], list[Rating]]:
    """Return what proposers said of the answers; the ledger is read either way.

    The room of proposals lies above this one: what it wrote in the ledger is all that is read.
    """
    entries = _entries("proposal:", end).filter(
        office__in=codes, kind__in=("proposal.rate", "proposal.undone")
    )
    zone = timezone.get_current_timezone()
    stands: dict[str, tuple[int, int]] = {}
    for kind, subject, at, body in entries.values_list("kind", "subject", "at", "body"):
        if kind == "proposal.rate":
            said = files.RATINGS.index(body["facts"].get("satisfaction", ""))
            stands[subject] = (_day(at, zone), said)
        elif body["facts"].get("step") == "rate":
            stands.pop(subject, None)
    rows = [(n, day, said) for n, (day, said) in enumerate(stands.values())]
    return [subject.removeprefix("proposal:") for subject in stands], rows


def _entries(prefix: str, end: datetime | None) -> QuerySet[Entry]:
    """Return the acts about one kind of thing, oldest first, up to a moment."""
    found = Entry.objects.filter(subject__startswith=prefix).order_by("index")
    if connection.vendor == "sqlite":  # whose index serves a range of bytes, and no LIKE
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        found = Entry.objects.filter(subject__gte=prefix, subject__lt=after).order_by("index")
    return found.filter(at__lt=end) if end else found


def _end(day: date) -> datetime:
    """Return the moment a day ends here."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _day(at: datetime, zone: tzinfo) -> int:
    return at.astimezone(zone).toordinal()
