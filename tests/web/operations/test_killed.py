"""kill -9 of a worker in twenty places loses nothing and doubles nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.operations.conftest import environment

KILLING = Path(__file__).parents[1] / "jobs" / "killing.py"
PLACES = 20


@pytest.mark.slow
def test_a_worker_killed_in_twenty_places_loses_and_doubles_nothing(office):
    """An import and its triage, killed before 20 of its statements, the first and last among them."""
    done = subprocess.run(
        [sys.executable, KILLING, str(PLACES)], env=environment(office),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ends = json.loads(done.stdout)["ends"]
    assert len(ends) == PLACES + 1
    jobs = {place: end.pop("jobs") for place, end in ends.items()}
    never = ends["never"]
    assert never["sound"]
    assert never["reports"][0] == never["findings"][0] == 121
    assert {place: end for place, end in ends.items() if end != never} == {}
    # a follow-up may be queued twice, and then finds nothing to do; none is lost or given up
    for place, queued in jobs.items():
        assert {state for _, state in queued} == {"SUCCESSFUL"}, place
        assert {path for path, _ in queued} == {path for path, _ in jobs["never"]}, place
