"""`jingyi faults`: what breaks is broken for real; what was acknowledged is there afterwards."""

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["node-killed", "power-loss-in-commit"])
def test_nothing_acknowledged_is_lost(fault):
    done = subprocess.run(
        [sys.executable, "-m", "jingyi.cli", "faults", "--only", fault, "--json"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["faults"]
    assert row["acknowledged"] > 0
    assert (row["lost"], row["doubled"], row["ledger"]) == (0, 0, "holds")
