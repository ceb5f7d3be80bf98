"""The figures of a triage run, counted in columns from what the run wrote."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from jingyi.core import rulebook
from jingyi.core.triage import division_table
from jingyi.engines.base import Done

TOP = 10
ASKS = 8
DOTS = 4000
LONGEST = 28
NONE = "不属于法定领域或待人工判断"
NEEDED = [
    "domain", "domain_set", "lead", "is_lead", "region", "lon", "lat", "place", "incident", "rank",
]  # fmt: skip
SHOWN = ["incident", "domain", "place", "rank", "reasons", "parties"]


def of(target: Path, done: Done) -> dict[str, Any]:
    """Return what a run found, JSON-ready: rows, leads, incidents, domains, top, stages, and
    `drawn`, the series of the report (arrays), which is no part of the JSON."""
    file = pq.ParquetFile(target)
    rows = file.read(NEEDED)
    sizes, best = _incidents(rows)
    lead = rows["is_lead"].to_numpy()
    named = titles()
    domains = _counted(rows["domain"])
    rank = rows["rank"].to_numpy()
    first = best[np.lexsort((-rank[best], ~lead[best]))[:TOP]]
    return {
        "rows": done.rows,
        "leads": int(lead.sum()),
        "incidents": len(best),
        "rejected": len(done.rejected),
        "seconds": round(sum(done.seconds.values()), 3),
        "stages": {name: round(value, 3) for name, value in done.seconds.items()},
        "domains": {named.get(slug or "", NONE): count for slug, count in domains.items()},
        "top": _top(file, first, sizes, named),
        "drawn": {
            "slugs": domains,
            "lead": np.histogram(rows["lead"].to_numpy(), 20, (0, 1))[0],
            "rank": np.histogram(rows["rank"].to_numpy(), 20, (0, 100))[0],
            "dots": _dots(rows, best, sizes),
            "regions": _regions(rows.filter(rows["is_lead"])["region"]),
            "asks": _asks(rows["domain_set"]),
        },
    }


def titles() -> dict[str, str]:
    """Return slug → title."""
    return {one.slug: str(one.title) for one in rulebook.every_domain()}


def _incidents(rows: pa.Table) -> tuple[dict[str, int], NDArray[np.int64]]:
    """Return (reports of each incident, the row of each that leads it: a lead first, then by rank)."""
    ids = rows["incident"].combine_chunks().dictionary_encode()
    code = ids.indices.to_numpy()
    counts = np.bincount(code, minlength=len(ids.dictionary))
    order = np.lexsort((-rows["rank"].to_numpy(), ~rows["is_lead"].to_numpy(), code))
    starts = np.flatnonzero(np.diff(code[order], prepend=-1))
    return dict(zip(ids.dictionary.to_pylist(), counts.tolist(), strict=True)), order[starts]


def _counted(column: pa.ChunkedArray) -> dict[str | None, int]:
    found = column.value_counts().to_pylist()
    return {one["values"]: one["counts"] for one in sorted(found, key=lambda o: -o["counts"])}


def _top(
    file: pq.ParquetFile, first: NDArray[np.int64], sizes: dict[str, int], named: dict[str, str]
) -> list[dict[str, Any]]:
    if not len(first):
        return []
    rows = file.read(SHOWN).take(pa.array(first)).to_pylist()
    return [
        {
            "incident": row["incident"],
            "rank": round(row["rank"], 1),
            "reports": sizes[row["incident"]],
            "domain": named.get(row["domain"], ""),
            "place": _short(row["place"] or ""),
            "parties": list(row["parties"] or ())[:3],
            "reasons": list(row["reasons"] or ())[:6],
        }
        for row in rows
    ]


def _short(place: str) -> str:
    plain = " ".join(place.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def _dots(
    rows: pa.Table, best: NDArray[np.int64], sizes: dict[str, int]
) -> list[tuple[float, float, int, str | None]]:
    """Return (lon, lat, reports, domain) of the incidents that are leads and have a position."""
    held = rows.select(["lon", "lat", "incident", "domain", "is_lead", "rank"]).take(pa.array(best))
    held = held.filter(pc.and_(held["is_lead"], pc.is_valid(held["lon"])))
    if held.num_rows > DOTS:
        held = held.take(pc.select_k_unstable(held, DOTS, sort_keys=[("rank", "descending")]))
    columns = (held[name].to_pylist() for name in ("lon", "lat", "incident", "domain"))
    return [(x, y, sizes[name], slug) for x, y, name, slug in zip(*columns, strict=True)]


def _regions(column: pa.ChunkedArray) -> dict[str, int]:
    counted = _counted(column)
    return {
        division_table.title(code) if code else "": count
        for code, count in list(counted.items())[:12]
    }


def _asks(sets: pa.ChunkedArray) -> list[tuple[tuple[str, ...], int]]:
    """Return the domain sets of two or more, the commonest first."""
    unsure = sets.filter(pc.greater(pc.list_value_length(sets), 1)).to_pylist()
    counted: dict[tuple[str, ...], int] = {}
    for one in unsure:
        key = tuple(sorted(one))
        counted[key] = counted.get(key, 0) + 1
    return sorted(counted.items(), key=lambda item: -item[1])[:ASKS]
