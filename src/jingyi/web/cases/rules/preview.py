"""What would change if running clocks were moved to a version: every date, before anybody confirms."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from jingyi.core import rulebook
from jingyi.core.clock_rules import Rule
from jingyi.core.clocks_columns import Columns, Fleet, Histories
from jingyi.web.cases import derive
from jingyi.web.cases.models import Case, Clock, Event
from jingyi.web.cases.rules import reading
from jingyi.web.registry.models import Procuratorate


@dataclass(frozen=True, slots=True)
class Dates:
    """One clock's days; `raw` and `due` are None where they cannot be said."""

    start: date | None = None
    raw: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A clock whose days would not be the same."""

    ref: str
    title: str
    rule: str
    before: Dates
    after: Dates

    @property
    def name(self) -> object:
        return rulebook.clock(self.rule).title

    def as_json(self) -> dict[str, object]:
        """Return the change as it is kept in the ledger and with the move."""
        return {
            "case": self.ref,
            "rule": self.rule,
            "before": [_iso(self.before.start), _iso(self.before.raw), _iso(self.before.due)],
            "after": [_iso(self.after.start), _iso(self.after.raw), _iso(self.after.due)],
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """Every case with a running clock of the rule, and every date that would change."""

    rule: Rule
    version: date
    cases: Sequence[Case]
    changes: Sequence[Change]

    @property
    def digest(self) -> str:
        """What a person confirms: the same only while not a single date is another."""
        told = [self.rule.id, _iso(self.version), [case.pk for case in self.cases]]
        text = json.dumps([told, [change.as_json() for change in self.changes]], sort_keys=True)
        return sha256(text.encode()).hexdigest()


def preview(office: Procuratorate, name: str, version: date, *, on: date) -> Preview:
    """Return what moving the office's running clocks of the rule `name` would change.

    Raises:
        UnknownRule, RuleNotInForce: there is no such rule or version.
    """
    rules = reading.office_rules([office.pk])[office.pk]
    rule = next(one for one in rules if one.id == rulebook.clock(name).id)
    rule.moved(version)  # refuses a version that there is not
    running = Clock.objects.filter(rule=rule.id, stopped_on=None, case__office=office)
    cases = list(
        Case.objects.filter(pk__in=running.values("case")).select_related("office").order_by("ref")
    )
    return Preview(rule, version, cases, _changes(cases, rules, rule.id, version, on))


def _changes(
    cases: Sequence[Case], rules: reading.Rules, name: str, version: date, on: date
) -> list[Change]:
    events: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(case__in=cases, undone_at=None).order_by("on", "place"):
        events[event.case_id].append(event)
    versions = reading.moved_of(case.pk for case in cases)
    alike: dict[tuple[str, tuple[tuple[str, date], ...]], list[Case]] = defaultdict(list)
    for case in cases:
        alike[case.track, tuple(sorted(versions.get(case.pk, {}).items()))].append(case)
    found = []
    for (track, so_far), group in alike.items():
        histories = Histories.of([derive.history(events[case.pk]) for case in group])
        calendar = rulebook.rest_days(group[0].office.region_id)
        before, after = (
            _days(Fleet(reading.moved(rules, dict(given)), track, calendar), histories, on)
            for given in (so_far, dict(so_far) | {name: version})
        )
        for key in sorted(before.keys() | after.keys()):
            was, will = before.get(key, Dates()), after.get(key, Dates())
            if was != will:
                case = group[key[0]]
                found.append(Change(case.ref, case.title, key[1], was, will))
    return sorted(found, key=lambda change: (change.ref, change.rule))


def _days(fleet: Fleet, histories: Histories, on: date) -> dict[tuple[int, str, int], Dates]:
    """Return the days of every clock that still runs, by case, rule and which start it is."""
    columns: Columns = fleet.clocks(histories, on)
    found: dict[tuple[int, str, int], Dates] = {}
    counted: dict[tuple[int, str], int] = defaultdict(int)
    fields = (columns.case, columns.rule, columns.ended, columns.start, columns.raw, columns.due)
    for case, rule, ended, *days in zip(*(field.tolist() for field in fields), strict=True):
        name = fleet.rules[rule].id
        counted[case, name] += 1
        if not ended:
            found[case, name, counted[case, name]] = Dates(*map(_day, days))
    return found


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
