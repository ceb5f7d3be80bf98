"""A selection's result out of its sheets and ballots, as it is kept and shown."""

from collections import Counter
from typing import Any

import numpy as np

from jingyi.core.judging import ballots, bursts, certificate, means, ranking, scores
from jingyi.core.judging.certificate import Public
from jingyi.web.selection.models import Edition, Seat

TOP = 100.0


def counted(edition: Edition) -> dict[str, Any]:
    """Return everything the count of the round says, as JSON: rows best first, certificate, severities.

    Entries are named by their numbers, judges by theirs, in the order they were appointed. Every
    category is counted by itself; the certificate is of all together.
    """
    file, root = published(edition)
    tally = ballots.count(file, edition.votes)
    places = zip(edition.kinds, edition.leg.onward, strict=True)
    parts = [_part(edition, kind.name, n, tally.votes) for kind, n in places]
    return {
        "rows": [row for part in parts for row in part["rows"]],
        "certificate": _together([part["certificate"] for part in parts]),
        "severity": {name: lean for part in parts for name, lean in part["severity"].items()},
        "ballots": tally.ballots,
        "votes_root": root.hex(),
    }


def _part(edition: Edition, category: str, places: int, votes: dict[str, int]) -> dict[str, Any]:
    seats = list(
        Seat.objects.filter(entry__edition=edition, entry__category=category, round=edition.round, void_why="")
        .exclude(scored_at=None).select_related("entry").order_by("entry__number", "juror_id")
    )  # fmt: skip
    order = {pk: n for n, pk in enumerate(edition.jurors.values_list("pk", flat=True), 1)}
    table = scores.Scores.of([
        (str(seat.entry.number), f"{order[seat.juror_id]}", name, float(points))
        for seat in seats for name, points in seat.points.items()
    ])  # fmt: skip
    unsure = np.array([seat.confidence == "low" for seat in seats for _name in seat.points])
    sure = Counter((str(seat.entry.number), seat.confidence) for seat in seats)
    share = scores.shares(table, edition.criteria)
    public = _public(edition, table.entries, votes)
    found = ranking.rank(table, share)
    part = public.share if public else 0.0
    final = found.value if public is None else (1 - part) * found.value + part * public.value
    low, high = ranking.intervals(table, share * (1 - part), found.fits, final)
    place = ranking.places_of(final)
    proof = certificate.certify(table, share, places, edition.seed, public=public, unsure=unsure)  # fmt: skip
    columns = {
        "mean": means.mean(table, share), "trimmed": means.trimmed(table, share)[0],
        "calibrated": found.value, "final": final,
    }  # fmt: skip
    rows = [
        {
            "entry": name,
            "category": category,
            **{k: round(float(v[n]), 4) for k, v in columns.items()},
            "votes": votes.get(name, 0),
            "confidence": [sure[name, kind] for kind in ("high", "middle", "low")],
            "rank": int(place[n]),
            "low": int(min(low[n], place[n])),
            "high": int(max(high[n], place[n])),
        }
        for n, name in enumerate(table.entries)
    ]
    severity = sum(share[k] * fit.severity for k, fit in found.fits.items())
    key = f"{category} " if category else ""
    return {
        "rows": sorted(rows, key=lambda row: (row["rank"], int(row["entry"]))),
        "certificate": told(proof),
        "severity": {f"{key}{name}": round(float(lean), 3) for name, lean in zip(table.judges, severity, strict=True)},
    }  # fmt: skip


def _together(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the certificates of the categories as one: a removal changes what it changes in any."""
    removals: dict[tuple[str, str], dict[str, Any]] = {}
    for one in (one for part in parts for one in part["removals"]):
        empty = {"kind": one["kind"], "name": one["name"], "in": [], "out": []}
        kept = removals.setdefault((one["kind"], one["name"]), empty)
        kept["in"] = kept["in"] + one["in"]
        kept["out"] = kept["out"] + one["out"]
    return {
        "places": sum(part["places"] for part in parts),
        "stable": all(part["stable"] for part in parts),
        "chosen": [name for part in parts for name in part["chosen"]],
        "margin": min((p["margin"] for p in parts if p["margin"] is not None), default=None),
        "tied": [name for part in parts for name in part["tied"]],
        "removals": list(removals.values()),
    }


def told(proof: certificate.Certificate) -> dict[str, Any]:
    """Return the certificate as it is kept."""
    return {
        "places": proof.places,
        "stable": proof.stable,
        "chosen": list(proof.chosen),
        "margin": proof.margin,
        "tied": list(proof.tied),
        "removals": [
            {"kind": one.kind, "name": one.name, "in": list(one.comes_in), "out": list(one.goes_out)}
            for one in proof.removals
        ],
    }  # fmt: skip


def published(edition: Edition) -> tuple[bytes, bytes]:
    """Return the file of all ballots and its root."""
    cast = edition.ballots.values_list("mark", "choices")
    return ballots.published(ballots.Ballot(mark, tuple(choices)) for mark, choices in cast)


def _public(edition: Edition, entries: tuple[str, ...], votes: dict[str, int]) -> Public | None:
    """Return the public's points: 100 for the most votes, the others in proportion."""
    most = max((votes.get(name, 0) for name in entries), default=0)
    if not edition.public_percent or not most:
        return None
    points = np.array([TOP * votes.get(name, 0) / most for name in entries])
    return Public(points, edition.public_percent / 100)


def by_hour(edition: Edition) -> list[tuple[int, int]]:
    """Return (hour since opening, ballots), every hour that had one."""
    return sorted(Counter(edition.ballots.values_list("hour", flat=True)).items())


def struck(edition: Edition, hours: int) -> list[bursts.Burst]:
    """Return what strikes about the votes so far."""
    votes = [
        bursts.Vote(choice, hour, source)
        for hour, source, choices in edition.ballots.values_list("hour", "source", "choices")
        for choice in choices
    ]
    return bursts.found(votes, hours)
