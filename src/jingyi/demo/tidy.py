"""What people did after triage: put together what it kept apart, take apart what it put together.

The real gathering runs over all reports; where it differs from what really happened, somebody of
the office merged or split, as the desk lets them, and later runs obey. So each story ends as one
incident, however good the triage of the day is, and every correction is on record.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from jingyi.demo.chance import dice
from jingyi.demo.institutions import Institutions
from jingyi.demo.reports import Taken, soon
from jingyi.web.accounts.models import User
from jingyi.web.leads.actions.settle import settle
from jingyi.web.leads.models import Decision, Finding, Incident, Judgement
from jingyi.web.ledger.actions import Act

Kind, State = Decision.Kind, Incident.State


@dataclass(slots=True)
class _Part:
    """The findings of one story within one incident."""

    story: int  # index of the story
    incident: Incident
    findings: list[Finding] = field(default_factory=list)

    @property
    def founder(self) -> int:
        return min(finding.report_id for finding in self.findings)


@dataclass(slots=True)
class _Correction:
    """One merge or split: `incident` is what is merged away, or what is split off."""

    kind: str
    incident: Incident
    other: Incident
    findings: list[Finding]
    pairs: list[tuple[int, int, bool]]
    by: User
    at: datetime


class Tidy:
    """Works out the corrections of all offices, then writes them at once."""

    def __init__(self, made: Institutions, taken: Sequence[Taken]) -> None:
        self.made = made
        self.taken = taken
        self.corrections: list[_Correction] = []
        self.home: dict[int, Incident] = {}
        self.fresh: list[Incident] = []

    def work(self) -> tuple[list[Incident], list[Act]]:
        """Return the incident of each story, in their order, and the acts to record."""
        parts = self._parts()
        owners = self._owners(parts)
        for part in parts:
            if owners[part.incident.pk] is part and part.story not in self.home:
                self.home[part.story] = part.incident
        for part in parts:
            if owners[part.incident.pk] is not part:
                self._split(part, owners[part.incident.pk])
            elif self.home[part.story] is not part.incident:
                self._merge(part, part.incident)
        acts = self._write()
        homes = [self.home[n].pk for n in range(len(self.taken))]
        settle({one.pk for made in self.corrections for one in (made.incident, made.other)})
        found = Incident.objects.select_related("office").in_bulk(homes)
        return [found[pk] for pk in homes], acts

    def _parts(self) -> list[_Part]:
        """Return the parts, the fullest first."""
        story_of = {report.pk: n for n, taken in enumerate(self.taken) for report in taken.reports}
        parts: dict[tuple[int, int], _Part] = {}
        rows = Finding.objects.only("report_id", "incident", "group").select_related("incident")
        for finding in rows.order_by("report_id"):
            key = finding.incident_id, story_of[finding.report_id]
            if key not in parts:
                parts[key] = _Part(key[1], finding.incident)
            parts[key].findings.append(finding)
        return sorted(parts.values(), key=lambda part: (-len(part.findings), part.founder))

    def _owners(self, parts: Sequence[_Part]) -> dict[int, _Part]:
        """Return which part keeps each incident: its fullest."""
        owners: dict[int, _Part] = {}
        for part in parts:
            owners.setdefault(part.incident.pk, part)
        return owners

    def _split(self, part: _Part, stays: _Part) -> None:
        """Take a story's reports out of an incident that is another story's."""
        source = part.incident
        first = part.founder
        fresh = Incident(
            ref=f"{self.taken[part.story].office.code}-{first}-1",
            office=self.taken[part.story].office,
            title=source.title,
            first_at=source.first_at,
            last_at=source.last_at,
        )
        self.fresh.append(fresh)
        moved = [finding.report_id for finding in part.findings]
        pairs = [(stays.founder, report, False) for report in moved]
        pairs += [(first, report, True) for report in moved if report != first]
        self._correct(Kind.SPLIT, part, fresh, source, pairs)
        if part.story in self.home:
            self._merge(part, fresh)
        else:
            self.home[part.story] = fresh

    def _merge(self, part: _Part, incident: Incident) -> None:
        home = self.home[part.story]
        anchor = min(report.pk for report in self.taken[part.story].reports)
        own = part.founder
        pairs = [(anchor, own, True)] if anchor != own else []
        self._correct(Kind.MERGE, part, incident, home, pairs)

    def _correct(
        self,
        kind: str,
        part: _Part,
        incident: Incident,
        other: Incident,
        pairs: list[tuple[int, int, bool]],
    ) -> None:
        taken = self.taken[part.story]
        own = dice("tidy", kind, part.founder)
        staff = self.made.staff[taken.office.code, "assistant"]
        staff = staff + self.made.staff[taken.office.code, "prosecutor"]
        last = max(report.received_at for report in taken.reports)
        at = soon(last, own.uniform(3, 60) + (24 if kind == Kind.MERGE else 0))
        self.corrections.append(
            _Correction(kind, incident, other, list(part.findings), pairs, own.choice(staff), at)
        )

    # ------------------------------------------------------------ writing

    def _write(self) -> list[Act]:
        Incident.objects.bulk_create(self.fresh, batch_size=500)
        judged = self._judge()
        decisions, moved, merged = [], {}, []
        for one in self.corrections:
            before = {
                "findings": [finding.pk for finding in one.findings],
                "from": one.other.pk if one.kind == Kind.SPLIT else one.incident.pk,
                "judged": [[judged[_key(*pair)].pk, None] for pair in one.pairs],
            }
            if one.kind == Kind.SPLIT:
                before["groups"] = {str(finding.pk): finding.group for finding in one.findings}
            else:
                before |= {"state": one.incident.state, "merged_into_id": None}
                one.incident.state, one.incident.merged_into = State.MERGED, one.other
                merged.append(one.incident)
            for finding in one.findings:
                finding.incident = one.incident if one.kind == Kind.SPLIT else one.other
                if one.kind == Kind.SPLIT:
                    finding.group = f"{finding.group}/{one.incident.pk}"
                moved[finding.pk] = finding
            one.incident.version += 1
            decisions.append(
                Decision(
                    incident=one.incident,
                    kind=one.kind,
                    to=one.other.ref,
                    before=before,
                    by=one.by,
                    at=one.at,
                )
            )
        Finding.objects.bulk_update(moved.values(), ["incident", "group"], batch_size=400)
        Incident.objects.bulk_update(
            [*merged, *self.fresh], ["state", "merged_into", "version"], batch_size=400
        )
        Decision.objects.bulk_create(decisions, batch_size=400)
        return [act_of(decision) for decision in decisions]

    def _judge(self) -> dict[tuple[int, int], Judgement]:
        """Keep what people said of pairs of reports; the last word on a pair counts."""
        said: dict[tuple[int, int], Judgement] = {}
        for one in self.corrections:
            for first, second, same in one.pairs:
                key = _key(first, second, same)
                said[key] = Judgement(
                    one_id=key[0], other_id=key[1], same=same, by=one.by, at=one.at
                )
        Judgement.objects.bulk_create(said.values(), batch_size=500)
        return said


def _key(first: int, second: int, _same: bool) -> tuple[int, int]:
    return min(first, second), max(first, second)


def act_of(decision: Decision) -> Act:
    """Return the ledger's act of a decision, as the desk would record it."""
    facts = {"decision": decision.pk}
    facts |= {key: value for key in ("to", "reason") if (value := getattr(decision, key))}
    incident = decision.incident
    return Act(
        f"lead.{decision.kind}",
        f"incident:{incident.ref}",
        decision.at,
        decision.by,
        incident.office.code,
        facts,
    )
