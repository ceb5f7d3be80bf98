"""What executors do with reports before and after the incident step."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import jingyi
from jingyi.core.triage import incidents, judging, pipeline, rank, ranking, verdicts
from jingyi.engines import spark_bundles as bundles
from jingyi.engines import spark_source
from jingyi.engines.spark_bundles import Batches
from jingyi.engines.spark_source import POSITION, Source

if TYPE_CHECKING:
    from pyspark import Accumulator, Broadcast
    from pyspark.sql import DataFrame

    from jingyi.core.triage.book import Book

I64 = NDArray[np.int64]
Step = Callable[[Batches], Batches]
JUDGED = "slot int, alone binary, shared binary, newest double"
# what the incident and its rank are made of
SHARED = (
    *("id", "trace", "reporter", "days", "lead", "region", "lon", "lat", "place", "protected"),
    *("likes", "photos", "harm", "duty"),
)
OTHER_CODE = "jingyi: this node has another version"  # looked for by `spark.run`
TRACE = pa.binary(incidents.TRACE.itemsize)
VERDICTS = pa.schema([pipeline.SCHEMA.field(name) for name in pipeline.COLUMNS])


def judged(
    source: Source, book: "Broadcast[Book]", done: "Accumulator[int]", expected: str
) -> Step:
    """Read the slice of each row and judge its reports, each by itself, with the `expected` code."""

    def step(batches: Batches) -> Batches:
        if code() != expected:
            raise RuntimeError(OTHER_CODE)
        for batch in batches:
            for slot in batch["id"].to_pylist():
                for table in spark_source.read(source, slot):
                    at = table[POSITION]
                    found = judging.judge(table, book.value, at[0].as_py())
                    found = found.append_column(POSITION, at)
                    yield _row(slot, found)
                    done.add(found.num_rows)

    return step


@cache
def code() -> str:
    """Return a digest of the code that judges: other code on a node would give other verdicts."""
    found = hashlib.sha256()
    for folder in ("core/triage", "engines"):
        for path in sorted(Path(jingyi.__path__[0], folder).glob("*.py")):
            found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def _row(slot: int, found: pa.Table) -> pa.RecordBatch:
    alone = bundles.packed(slot, found.drop_columns("trace"))
    shared = bundles.packed(slot, found.select([POSITION, *SHARED]))
    days = found["days"].to_numpy()
    newest = float(np.nanmax(days)) if np.isfinite(days).any() else np.nan
    arrays = [alone["slot"], alone["bundle"], shared["bundle"], pa.array([newest], pa.float64())]
    return pa.record_batch(arrays, ["slot", "alone", "shared", "newest"])


def newest(judged: "DataFrame") -> float:
    """Return the day, since 1970, of the newest report; NaN where no report has a time."""
    days = judged.select("newest").toArrow()["newest"].to_numpy()
    return float(np.nanmax(days)) if np.isfinite(days).any() else np.nan


def volumes(gathered: "DataFrame") -> tuple[I64, I64]:
    """Return every area of the run, ascending, and how many incidents it has."""
    found = gathered.mapInArrow(_volumes, bundles.SCHEMA).toArrow()
    parts = [bundles.unpacked(one.as_buffer()) for one in found["bundle"]]
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    table = pa.concat_tables(parts).group_by("area").aggregate([("incidents", "sum")])
    table = table.sort_by("area")
    return table["area"].to_numpy(), table["incidents_sum"].to_numpy()


def _volumes(batches: Batches) -> Batches:
    for slot, table in bundles.each(batches):
        area, _ = ranking.areas(table, table["incident"].combine_chunks())
        names, count = np.unique(area[area >= 0], return_counts=True)
        yield bundles.packed(slot, pa.table({"area": names, "incidents": count}))


def ranked(
    book: "Broadcast[Book]", today: float, volume: tuple[I64, I64], firsts: Sequence[int]
) -> Step:
    """Rank reports whose incidents are whole; the result is slotted by slice."""
    areas, incidents_of = volume
    starts = np.asarray(firsts)

    def step(batches: Batches) -> Batches:
        rules = book.value.rank
        lifts = rank.lift_of(rules, incidents_of) if len(areas) else np.ones(0)
        for _, table in bundles.each(batches):
            incident = table["incident"].combine_chunks()
            own, group = ranking.areas(table, incident)
            lift = np.ones(len(own), np.float32)
            lift[own >= 0] = lifts[np.searchsorted(areas, own[own >= 0])]
            behind = ranking.crowd(table, incident)
            found = ranking.of(table, incident, behind, book.value, today, lift[group])
            at = table[POSITION].to_numpy()
            more = {f"more{k}": found.more[:, k] for k in range(found.more.shape[1])}
            out = pa.table({POSITION: at, "incident": incident, "rank": found.rank, **more})
            yield from bundles.by_slot(out, np.searchsorted(starts, at, side="right") - 1)

    return step


def finished(book: "Broadcast[Book]") -> Step:
    """Put together what a row says alone and what its incident says, with the reasons."""

    def step(batches: Batches) -> Batches:
        alone: list[pa.Table] = []
        placed: list[pa.Table] = []
        slots: set[int] = set()
        for slot, table in bundles.each(batches):
            slots.add(slot)
            (placed if "incident" in table.column_names else alone).append(table)
        if not alone:
            return
        (slot,) = slots
        rows = pa.concat_tables(alone).sort_by(POSITION).combine_chunks()
        found = pa.concat_tables(placed).sort_by(POSITION).combine_chunks()
        rows = rows.append_column("trace", pa.nulls(rows.num_rows, TRACE))
        more = [found[name].to_numpy() for name in found.column_names if name.startswith("more")]
        ranks = ranking.Ranks(found["rank"].to_numpy(), np.stack(more, axis=1))
        done = verdicts.table(rows, found["incident"].combine_chunks(), ranks, book.value)
        yield bundles.packed(slot, done.select(VERDICTS.names))

    return step
