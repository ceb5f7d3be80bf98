"""What an incident is, from what triage found in its reports. Pure: rows in, values out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One report with its finding, as far as the incident's summary needs them."""

    report: int
    title: str
    text: str
    source: str
    reporter: str
    at: datetime
    domain: str
    domain_set: Sequence[str]
    lead: float
    is_lead: bool
    rank: float
    reasons: Sequence[Any]
    region: str | None
    place: str
    lon: float | None
    lat: float | None
    radius_m: float | None
    protected: Sequence[str]
    likes: int = 0
    photos: int = 0
    dated: bool = False
    party: bool = False


TITLE = 60  # characters of a text that stand for a missing title


def summarise(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the fields of the incident that these reports make up.

    The report that ranks highest speaks for it: its title and its reasons. A
    domain is chosen by the reports' weight together; the incident is a lead
    when any of them is. How it ranks is counted apart, from what all of them say.
    """
    found = sorted(rows, key=lambda row: (-row.rank, row.report))
    best = found[0]
    placed = min(
        (row for row in found if row.lon is not None),
        key=lambda row: (row.radius_m if row.radius_m is not None else float("inf"), row.report),
        default=best,
    )
    weight: Counter[str] = Counter()
    for row in found:
        weight[row.domain] += row.lead + 1e-6
    domain = max(sorted(weight), key=lambda slug: (bool(slug), weight[slug]))
    return {
        "title": best.title or best.text[:TITLE],
        "domain": domain,
        "domain_set": sorted({slug for row in found for slug in row.domain_set}),
        "lead": max(row.lead for row in found),
        "is_lead": any(row.is_lead for row in found),
        "reasons": list(best.reasons),
        "region_id": next((row.region for row in found if row.region), None),
        "place_words": _most(row.place for row in found),
        "lon": placed.lon,
        "lat": placed.lat,
        "radius_m": placed.radius_m,
        "reports": len(found),
        "reporters": len({row.reporter or f"report {row.report}" for row in found}),
        "sources": sorted({row.source for row in found}),
        "first_at": min(row.at for row in found),
        "last_at": max(row.at for row in found),
        "protected": sorted({code for row in found for code in row.protected}),
    }


def _most(words: Iterable[str]) -> str:
    counted = Counter(word for word in words if word)
    return max(sorted(counted), key=lambda word: (counted[word], len(word)), default="")
