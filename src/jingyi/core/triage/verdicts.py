"""The verdicts of a run: what was judged row by row, with what only other reports could tell."""

import pyarrow as pa

from jingyi.core.triage import incidents, place, reasons
from jingyi.core.triage.book import Book
from jingyi.core.triage.ranking import Ranks

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("domain", pa.string()),
        ("domain_set", pa.list_(pa.string())),
        ("lead", pa.float32()),
        ("is_lead", pa.bool_()),
        ("region", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("radius_m", pa.float64()),
        ("place", pa.string()),
        ("parties", pa.list_(pa.string())),
        ("incident", pa.string()),
        ("protected", pa.list_(pa.string())),
        ("rank", pa.float32()),
        ("reasons", reasons.SAID),
        ("because", reasons.SAID),
        ("trace", pa.binary(incidents.TRACE.itemsize)),
    ]
)
COLUMNS = tuple(name for name in SCHEMA.names if name not in {"because", "trace"})


def table(judged: pa.Table, incident: pa.Array, ranks: Ranks, book: Book) -> pa.Table:
    """Lay out the verdicts in input order; a table of `SCHEMA`."""
    told = judged["told"].combine_chunks()
    off = told.offsets.to_numpy().astype("int64")
    every, numbers = reasons.appended(off - off[0], told.flatten().to_numpy(), ranks.more)
    in_words, stored = reasons.said(book, every, numbers)
    spot = ("lon", "lat", "radius_m")
    wide = place.at_centres(*(judged[name].combine_chunks() for name in (*spot, "region")))
    made = dict(zip(spot, wide, strict=True))
    made |= {"incident": incident, "rank": ranks.rank, "reasons": in_words, "because": stored}
    columns = [made[name] if name in made else judged[name] for name in SCHEMA.names]
    return pa.table(columns, schema=SCHEMA)
