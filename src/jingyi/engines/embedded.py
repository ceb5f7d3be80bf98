"""Triage in this process: the engine that needs nothing."""

import os
import time
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq

from jingyi.core.triage import pipeline
from jingyi.engines import tables
from jingyi.engines.base import Done, Job


def run(job: Job, progress: Callable[[int, int], None] | None = None) -> Done:
    """Read the file, judge it, write Parquet with the columns of the command line.

    Raises:
        Refusal: the file cannot be read, or has no text.
    """
    began = time.perf_counter()
    _keep_memory()
    found = tables.pieces(job.source, job.columns)
    told = (lambda done: progress(done, found.count)) if progress else None
    read = time.perf_counter()
    reports = pipeline.Pieces(found.count, found.tables)
    verdicts = pipeline.triage(reports, job.book, progress=told, workers=cores())
    judged = time.perf_counter()
    job.target.parent.mkdir(parents=True, exist_ok=True)
    # lists of dictionary values cannot be read back over several row groups: plain strings
    pq.write_table(
        verdicts.select(pipeline.COLUMNS), job.target, compression="zstd", store_schema=False
    )
    written = time.perf_counter()
    return Done(
        found.count,
        tuple(f"第 {one.row} 行：{one.reason}" for one in found.rejected),
        {"read": read - began, "judge": judged - read, "write": written - judged},
    )


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def _keep_memory() -> None:
    """Let Arrow keep the memory it has: where giving it back is dear, reading takes half as long."""
    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
