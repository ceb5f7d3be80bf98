"""Spark, for an office that has outgrown one machine: the same text, rewritten; the same hits."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from jingyi.core.refusal import Refusal
from jingyi.core.screening import compile as compiled
from jingyi.core.screening.model import Model, Value
from jingyi.core.screening.subset import placeholders
from jingyi.engines.screening.base import Run, settled
from jingyi.engines.screening.links import with_links
from jingyi.engines.spark_session import master_of, session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Sources = Mapping[str, Path | pa.Table]


def run(
    model: Model,
    sources: Sources,
    values: Mapping[str, Value],
    *,
    master: str | None = None,
    counted: bool = False,
) -> Run:
    """Return the hits of a model; see `duck.run`. `master`: as `JINGYI_SPARK_MASTER` has it, if not given.

    Raises:
        Refusal: PySpark or Java is missing, the cluster does not answer, or the query fails.
    """
    with session(master_of(master)) as spark:
        return run_in(spark, model, sources, values, counted=counted)


def run_in(
    spark: "SparkSession",
    model: Model,
    sources: Sources,
    values: Mapping[str, Value],
    *,
    counted: bool = False,
) -> Run:
    """Do the same in a session that is open."""
    from pyspark.errors import PySparkException  # noqa: PLC0415  optional, and slow to import

    began = time.perf_counter()
    # Exact products of exact numbers keep their places, as DuckDB's do.
    spark.conf.set("spark.sql.decimalOperations.allowPrecisionLoss", "false")
    spark.conf.set("spark.sql.ansi.enabled", "true")
    query, sources = compiled.prepared(model), with_links(model, sources)
    with tempfile.TemporaryDirectory(prefix="jingyi-screen-") as folder:
        try:
            for one in model.tables:
                given = sources[one.name]
                if isinstance(given, pa.Table):
                    path = Path(folder) / f"{one.name}.parquet"
                    pq.write_table(given, path)
                    given = path
                spark.read.parquet(str(given.resolve())).createOrReplaceTempView(one.name)
            counts = {}
            for step in model.steps if counted else ():
                part = compiled.upto(query, step)
                rows = spark.sql(compiled.sql(part, "spark"), args=_used(part, values)).collect()
                counts[step] = int(rows[0]["n"])
            text = compiled.sql(query, "spark")
            hits = spark.sql(text, args=_used(query, values)).toArrow()
        except PySparkException as error:
            raise Refusal(
                "Spark 没有运行完模型：{error}", error=str(error).splitlines()[0][:300]
            ) from error
    return Run(settled(model, hits), counts, time.perf_counter() - began)


def _used(query: exp.Expr, values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in placeholders(query)}
