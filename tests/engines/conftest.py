"""Spark's tests are skipped where no Java can be found; everywhere else they run."""

import pytest

from jingyi.core.refusal import Refusal
from jingyi.engines import spark_java


@pytest.fixture(autouse=True)
def _java(request, tmp_path):
    if request.node.get_closest_marker("spark"):
        pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
        try:
            spark_java.home(tmp_path)
        except Refusal as refusal:
            pytest.skip(str(refusal))
