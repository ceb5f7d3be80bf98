"""A session on this machine: starts quietly, on the loopback only, and leaves nothing behind."""

import os
import sys

import pyarrow as pa
import pytest

from jingyi.core.refusal import Refusal
from jingyi.engines import spark_session


def test_the_master_is_as_named_then_as_set_then_this_machine():
    setting = {"JINGYI_SPARK_MASTER": "spark://hub:7077"}

    assert spark_session.master_of("local[1]", setting) == "local[1]"
    assert spark_session.master_of(None, setting) == "spark://hub:7077"
    assert spark_session.master_of(None, {}) == "local[*]"


def test_without_pyspark_the_way_out_is_told(monkeypatch):
    monkeypatch.setattr(spark_session, "find_spec", lambda _: None)

    with pytest.raises(Refusal, match="jingyi\\[spark\\]"), spark_session.session("local[1]"):
        pass


@pytest.mark.spark
@pytest.mark.slow
def test_python_workers_see_this_very_environment_and_nothing_is_said(capfd):
    ours = ("JAVA_HOME", "PYSPARK_PYTHON", "SPARK_LOCAL_IP")
    before = [os.environ.get(name) for name in ours]

    with spark_session.session("local[1]") as spark:
        seen = spark.range(3).mapInArrow(_prefix, "id long, prefix string").toArrow()
        host = spark.conf.get("spark.driver.host")

    assert set(seen["prefix"].to_pylist()) == {sys.prefix}
    assert host == "127.0.0.1"
    assert [os.environ.get(name) for name in ours] == before
    assert capfd.readouterr().out == ""


def _prefix(batches):
    import jingyi.engines.spark_components  # noqa: F401

    for batch in batches:
        yield pa.record_batch(
            {"id": batch["id"], "prefix": pa.array([sys.prefix] * batch.num_rows)}
        )


@pytest.mark.spark
@pytest.mark.slow
def test_a_cluster_that_is_misnamed_is_refused_in_a_sentence():
    with (
        pytest.raises(Refusal, match="Spark 没有启动"),
        spark_session.session("not-a-master"),
    ):
        pass
