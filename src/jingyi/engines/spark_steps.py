"""What executors do with reports before and after the incident step."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jingyi.core.triage import incidents, judging, pipeline, ranking, verdicts
from jingyi.engines import spark_bundles as bundles
from jingyi.engines import spark_source
from jingyi.engines.spark_bundles import Batches
from jingyi.engines.spark_source import POSITION, Source

if TYPE_CHECKING:
    from pyspark import Accumulator, Broadcast
    from pyspark.sql import DataFrame

    from jingyi.core.triage.book import Book

Step = Callable[[Batches], Batches]
JUDGED = "slot int, alone binary, shared binary, newest double"
SHARED = ("id", "trace", "reporter", "days")  # what the incident step looks at
CROWD = ("people", "reports", "spread")
TRACE = pa.binary(incidents.TRACE.itemsize)
VERDICTS = pa.schema([pipeline.SCHEMA.field(name) for name in pipeline.COLUMNS])


def judged(source: Source, book: "Broadcast[Book]", done: "Accumulator[int]") -> Step:
    """Read the slice of each row and judge its reports, each by itself."""

    def step(batches: Batches) -> Batches:
        for batch in batches:
            for slot in batch["id"].to_pylist():
                for table in spark_source.read(source, slot):
                    at = table[POSITION]
                    found = judging.judge(table, book.value, at[0].as_py())
                    found = found.append_column(POSITION, at)
                    yield _row(slot, found)
                    done.add(found.num_rows)

    return step


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


def finished(book: "Broadcast[Book]", today: float) -> Step:
    """Put together what a row says alone and what its incident says; rank, and give reasons."""

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
        behind = ranking.Crowd(*(found[name].to_numpy() for name in CROWD))
        incident = found["incident"].combine_chunks()
        ranks = ranking.of(rows, incident, behind, book.value, today)
        done = verdicts.table(rows, incident, ranks, book.value)
        yield bundles.packed(slot, done.select(VERDICTS.names))

    return step
