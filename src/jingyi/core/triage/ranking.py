"""The shares behind each report's rank, gathered from its verdict and from its incident."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jingyi.core.triage import domain, incidents, rank
from jingyi.core.triage.book import Book
from jingyi.core.triage.rank import Shares
from jingyi.core.triage.verdicts import Part
from jingyi.core.words import Sentence, say

if TYPE_CHECKING:
    from jingyi.core.triage.pipeline import Reports

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """The rank of every report, its shares, and how many people stand behind its incident."""

    rank: NDArray[np.float32]
    shares: Shares
    reporters: NDArray[np.float32]
    reports: NDArray[np.float32]

    def reasons(self, row: int) -> list[Sentence]:
        """Return what raised the rank of one report beyond its domain."""
        told = []
        if self.reports[row] > 1:
            told.append(
                say(
                    "同一件事已有 {reports} 件反映，来自 {reporters} 人",
                    reports=int(self.reports[row]),
                    reporters=int(self.reporters[row]),
                )
            )
        if self.shares.recurrence[row] > 0:
            told.append(say("相隔较久后再次出现"))
        if self.shares.harm[row] >= 1:
            told.append(say("涉及生命健康"))
        return told


def of(  # noqa: PLR0917
    reports: "Reports",
    parts: Sequence[Part],
    incident: Sequence[str],
    known: pa.Table | None,
    found: NDArray[np.void],
    book: Book,
    on: date | None,
) -> Ranks:
    """Rank every report; those of one incident share its reach and recurrence."""
    rules = book.rank
    days = reports.days
    today = (on - EPOCH).days if on else (np.nanmax(days) if np.isfinite(days).any() else np.nan)
    people, count, spread = _by_incident(reports, incident, known, days)
    party = np.array([kind.party for kind in book.names.kinds])
    lead = np.concatenate([domain.judge(book.model, book.domains, p.scores).lead for p in parts])
    dutied = np.concatenate([_any_kind(p, party) for p in parts])
    named = np.concatenate([p.address[:, 0] >= 0 for p in parts]).astype(np.float32)
    shares = Shares(
        harm=np.concatenate([p.harm for p in parts]),
        reach=rank.reach(rules, people, reports.likes),
        protected=np.array([bool(n) for p in parts for n in p.near], np.float32),
        duty=dutied,
        evidence=rank.evidence(
            rules,
            pinned=(~np.isnan(found["lon"])).astype(np.float32),
            named=named,
            dated=(~np.isnan(days)).astype(np.float32),
            photos=reports.photos,
            party=dutied,
        ),
        freshness=rank.freshness(rules, np.asarray(today - days, np.float32)),
        recurrence=(spread >= rules.again_days).astype(np.float32),
    )
    return Ranks(rank.rank(rules, lead, shares), shares, people, count)


def _any_kind(part: Part, wanted: NDArray[np.bool_]) -> NDArray[np.float32]:
    here = np.arange(part.spans.kind.shape[1])[None, :] < part.spans.count[:, None]
    return np.asarray((wanted[part.spans.kind] & here).any(1), np.float32)


def _by_incident(
    reports: "Reports", incident: Sequence[str], known: pa.Table | None, days: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return for each report its incident's distinct reporters, its reports, and its span in days.

    A report without a reporter counts as one person of its own.
    """
    people: dict[str, set[str]] = defaultdict(set)
    count: dict[str, int] = defaultdict(int)
    first: dict[str, float] = {}
    last: dict[str, float] = {}

    def note(name: str, who: str, day: float) -> None:
        people[name].add(who)
        count[name] += 1
        if not np.isnan(day):
            first[name] = min(first.get(name, day), day)
            last[name] = max(last.get(name, day), day)

    if known is not None and known.num_rows:
        told = known["reporter"].to_pylist() if "reporter" in known.column_names else []
        earlier = incidents.unpack(known["trace"])["day"]
        for n, name in enumerate(known["incident"].to_pylist()):
            who = told[n] if told and told[n] else f"known:{n}"
            note(name, who, float(earlier[n]))
    for n, name in enumerate(incident):
        note(name, reports.reporter[n] or f"new:{n}", float(days[n]))
    return (
        np.array([len(people[name]) for name in incident], np.float32),
        np.array([count[name] for name in incident], np.float32),
        np.array([last.get(name, 0) - first.get(name, 0) for name in incident], np.float32),
    )
