"""What the rank of an incident counts: gathered from its reports, and ranked by `core.triage`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
from django.utils.timezone import localtime

from jingyi.core import rulebook
from jingyi.core.triage import exhibits, rank
from jingyi.core.triage.exhibits import Facts, Gain, Share
from jingyi.core.triage.place import WIDE
from jingyi.core.triage.rank import RankRules
from jingyi.web.leads.summarise import Row

EPOCH = date(1970, 1, 1)


@cache
def rules() -> RankRules:
    """Return `rulebook/triage/rank.toml`."""
    return RankRules.of(rulebook.raw("triage/rank.toml"))


def day_of(at: datetime) -> float:
    """Return the local day as days since 1970."""
    return float((localtime(at).date() - EPOCH).days)


def facts_of(rows: Sequence[Row], *, lift: float, on: float | None) -> dict[str, Any]:
    """Return, as plain JSON, what is known of an incident over all its reports.

    Every value is a maximum or a count, so that another report can only add to it.
    `on`: the day on which freshness is counted; default that of the latest report.
    """
    days = [day_of(row.at) for row in rows]
    harm, word = max(
        (exhibits.harm_in(rules(), f"{row.title} {row.text}") for row in rows),
        key=lambda one: one[0],
    )
    facts = Facts(
        lead=max(row.lead for row in rows),
        harm=harm,
        harm_word=word,
        reporters=len({row.reporter or f"report {row.report}" for row in rows}),
        likes=sum(row.likes for row in rows),
        lift=lift,
        protected=any(row.protected for row in rows),
        duty=any(row.party for row in rows),
        pinned=any(_sharp(row) for row in rows),
        named=any(row.place for row in rows),
        dated=any(row.dated for row in rows),
        photos=sum(row.photos for row in rows),
        last_day=max(days),
        span_days=max(days) - min(days),
    )
    return exhibits.stored(facts) | {"on": max(days) if on is None else on}


def _sharp(row: Row) -> bool:
    return row.lon is not None and (row.radius_m is None or row.radius_m <= WIDE)


def ranks_of(found: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return the ranks, 0 to 1, of incidents by their stored facts."""
    if not found:
        return []
    # each is fresh as of its own day, so all can be counted at once with today as 0
    facts = [_as_of(one) for one in found]
    return [round(float(points) / 100, 6) for points in exhibits.ranks(rules(), facts, 0.0)]


def _as_of(stored: Mapping[str, Any]) -> Facts:
    last = stored.get("last_day")
    moved = None if last is None else last - stored["on"]
    return Facts.read({**stored, "last_day": moved})


def explained(stored: Mapping[str, Any]) -> tuple[Share, ...]:
    """Return the shares of one incident's rank; none where its facts are not yet kept."""
    return exhibits.explained(rules(), _as_of(stored), 0.0) if stored else ()


def next_exhibits(stored: Mapping[str, Any]) -> tuple[Gain, ...]:
    """Return which checks would raise the rank of one incident, and by how much."""
    return exhibits.next_exhibits(rules(), _as_of(stored), 0.0) if stored else ()


def lifts(volume: Mapping[str | None, int]) -> dict[str | None, float]:
    """Return how much more a reporter counts in each region, by how many incidents each has."""
    regions = [region for region in volume if region]
    numbers = np.repeat(np.arange(len(regions)), [volume[region] for region in regions])
    lift = rank.lifted(rules(), numbers.astype(np.int64))
    first = np.cumsum([0, *(volume[region] for region in regions)])[:-1]
    return {region: float(lift[at]) for region, at in zip(regions, first, strict=True)}


def volume_of(regions: Iterable[tuple[str | None, int]]) -> Counter[str | None]:
    """Add up (region, incidents)."""
    out: Counter[str | None] = Counter()
    for region, count in regions:
        out[region] += count
    return out
