"""A Spark session set up for triage: on this machine, or on a cluster that is named."""

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from jingyi.core.refusal import Refusal
from jingyi.engines import spark_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HERE = "local[*]"  # all cores of this machine, no cluster
LOOPBACK = "127.0.0.1"
BATCH = 32_768  # rows that a kernel is handed at once
# Errors only: Spark's warnings speak of this machine's name and of libraries that are not needed.
LOGGING = """
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = error
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n%ex
"""
QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
    "spark.sql.execution.pythonUDF.arrow.enabled": "true",
    "spark.sql.parquet.compression.codec": "lz4_raw",
}
LOCAL = {
    "spark.driver.bindAddress": LOOPBACK,
    "spark.driver.host": LOOPBACK,
    "spark.driver.memory": "3g",  # executors live in the driver here
}


def master_of(named: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """Return where to run: as named, else `JINGYI_SPARK_MASTER`, else this machine."""
    return named or environ.get("JINGYI_SPARK_MASTER") or HERE


@contextmanager
def session(master: str) -> Iterator["SparkSession"]:
    """Open a session and stop it at the end; whatever a cluster needs besides is in its own files.

    Memory, cores and sign-in of a cluster are read from `spark-defaults.conf`
    in `SPARK_CONF_DIR`, as every Spark program does.

    Raises:
        Refusal: PySpark or Java is missing, or the cluster does not answer.
    """
    if find_spec("pyspark") is None:
        raise Refusal(
            "没有安装 PySpark。请运行 pip install 'jingyi[spark]'，或不用 --engine spark。"
        )
    from py4j.protocol import Py4JError  # noqa: PLC0415  optional, and slow to import
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="jingyi-spark-") as name:
        folder = Path(name)
        options = _options(master, folder)
        builder = SparkSession.builder.appName("jingyi triage").master(master)
        with _environment(_variables(master, folder)):
            try:
                spark = builder.config(map={**options}).getOrCreate()
            except (PySparkException, Py4JError) as error:
                raise Refusal(
                    "Spark 没有启动（{master}）：{error}。请检查地址，或先用 --master local[2] 试。",
                    master=master,
                    error=_first_line(error),
                ) from error
        try:
            yield spark
        finally:
            spark.stop()


def is_local(master: str) -> bool:
    """Tell whether everything runs in this machine."""
    return master.startswith("local")


def _first_line(error: Exception) -> str:
    """Return what went wrong without the Java stack."""
    cause = getattr(error, "java_exception", None)
    told = str(error if cause is None else cause.getMessage())
    return told.splitlines()[0] if told else type(error).__name__


def _options(master: str, folder: Path) -> dict[str, str]:
    logging = folder / "log4j2.properties"
    logging.write_text(LOGGING, "utf-8")
    java = {"spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={logging}"}
    return QUIET | java | (LOCAL if is_local(master) else {})


def _variables(master: str, folder: Path) -> dict[str, str]:
    """Return what the launcher reads; a cluster's Python is the operator's to name."""
    found = {
        "JAVA_HOME": str(spark_java.home(folder)),
        "PYSPARK_PYTHON": os.environ.get("PYSPARK_PYTHON", sys.executable),
    }
    if is_local(master):
        found |= {"SPARK_LOCAL_IP": LOOPBACK, "PYSPARK_PYTHON": sys.executable}
    return found


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
