"""Triage on Spark: the kernels of the embedded engine, on the cores of many machines.

    slices of the file ─judge─┬─ what a row says alone ────────────────────┐
                              └─ traces ─keys, packs, gather─ incidents ─rank──┴─finish─ OUT

Every stage is a `mapInArrow` over bundles (see `spark_bundles`); the verdicts
are those of the embedded engine, row for row, in the order of the file.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jingyi.core.refusal import Refusal
from jingyi.core.triage import pipeline
from jingyi.engines import spark_bundles as bundles
from jingyi.engines import spark_incidents, spark_source, spark_steps
from jingyi.engines.base import Done, Job
from jingyi.engines.spark_session import is_local, master_of, session
from jingyi.engines.spark_steps import code as own_code

if TYPE_CHECKING:
    from pyspark import Accumulator
    from pyspark.sql import DataFrame, SparkSession

    from jingyi.engines.spark_source import Source

Told = Callable[[int, int], None]
TICK = 0.5  # seconds between two looks at the progress


def run(job: Job, progress: Told | None = None, master: str | None = None) -> Done:
    """Read the file, judge it on Spark, write one Parquet file in the order of the rows.

    Args:
        master: where to run: `local[*]`, `spark://host:7077`, `yarn`, …; see `master_of`.

    Raises:
        Refusal: the file cannot be read or has no text; Spark or Java is missing or does not start.
    """
    clock = [time.perf_counter()]
    master = master_of(master)
    if is_local(master):
        # compiled once here, the first time, and not by every worker at once
        pipeline.triage(pa.table({"text": ["河水发黑"]}), job.book)
    job.target.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".jingyi-spark-", dir=job.target.parent) as work,
        session(master) as spark,
    ):
        cores = spark.sparkContext.defaultParallelism
        source, rejected = spark_source.open_source(job.source, job.columns, Path(work), cores)
        clock.append(time.perf_counter())
        verdicts = _verdicts(spark, job, source, progress, clock)
        _write(verdicts, Path(work) / "out.parquet").replace(job.target)
        clock.append(time.perf_counter())
    stages = ("start", "judge", "incidents", "write")
    return Done(source.rows, rejected, dict(zip(stages, np.diff(clock).tolist(), strict=True)))


def _verdicts(
    spark: "SparkSession", job: Job, source: "Source", progress: Told | None, clock: list[float]
) -> "DataFrame":
    """Return the verdicts, a partition for each slice, in order."""
    book = spark.sparkContext.broadcast(job.book)
    done = spark.sparkContext.accumulator(0)
    slices = spark.range(0, len(source.slices), 1, max(len(source.slices), 1))
    judge = spark_steps.judged(source, book, done, own_code())
    judged = slices.mapInArrow(judge, spark_steps.JUDGED).persist()
    with _watching(done, source.rows, progress):
        today = _newest(judged)
    clock.append(time.perf_counter())
    parts = max(2 * spark.sparkContext.defaultParallelism, len(source.slices) // 4)
    shared = judged.selectExpr("slot", "shared as bundle")
    gathered = spark_incidents.gathered(shared, book, source.rows, parts).persist()
    volumes = spark_steps.volumes(gathered)
    clock.append(time.perf_counter())
    firsts = [one.first + one.start for one in source.slices]
    ranked = gathered.mapInArrow(spark_steps.ranked(book, today, volumes, firsts), bundles.SCHEMA)
    alone = judged.selectExpr("slot", "alone as bundle")
    return (
        alone.unionAll(ranked)
        .repartitionById(max(len(source.slices), 1), "slot")
        .mapInArrow(spark_steps.finished(book), bundles.SCHEMA)
    )


def _newest(judged: "DataFrame") -> float:
    from pyspark.errors import PySparkException  # noqa: PLC0415  optional, and slow to import

    try:
        return spark_steps.newest(judged)
    except PySparkException as error:
        if spark_steps.OTHER_CODE not in str(error):
            raise
        raise Refusal(
            "集群节点上的精益与本机版本不同，结论会不一致。请在各节点安装同一版本后再试。"
        ) from error


@contextmanager
def _watching(done: "Accumulator[int]", rows: int, progress: Told | None) -> Iterator[None]:
    """Tell how many rows are judged, while Spark works; it adds up as each slice ends."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(TICK):
            if progress:
                progress(min(done.value, rows), rows)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _write(verdicts: "DataFrame", target: Path) -> Path:
    """Write the partitions one after the other; no more than two of them are held at a time."""
    with pq.ParquetWriter(
        target, spark_steps.VERDICTS, compression="zstd", store_schema=False
    ) as writer:
        verdicts.persist()
        verdicts.count()
        for row in verdicts.toLocalIterator():
            writer.write_table(bundles.unpacked(row.bundle))
    return target
