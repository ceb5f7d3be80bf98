"""An office in a folder of its own, as the command line sees it; made once, copied for each test."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MADE = """
import django; django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
call_command("migrate", verbosity=0)
from jingyi.web.evidence.actions import seal
from jingyi.web.ledger.actions import append
from tests import factories
from tests.web.jobs.tasks import write_line
city = factories.city()
who = factories.person("alice", role="prosecutor", office=city.office)
at = datetime(2026, 9, 1, 2, tzinfo=UTC)
factories.report(city.office, text="东津河北岸化工厂夜间偷排污水，河水发黑发臭。")
for n in range(3):
    blob = seal(chunks=[f"文件{n}".encode() * 1000], media_type="text/plain", at=at)
    append(kind="test.sealed", subject=f"file:{blob.sha256}", facts={"n": n, "x": 1.0, "none": None}, by=who, at=at)
from jingyi.web.leads.actions import gather
gather(office=city.office, at=at)
write_line.enqueue("/dev/null", "x")
"""


def environment(folder: Path, database: str = "") -> dict[str, str]:
    """Return what a process needs to be in the office of `folder`."""
    env = {
        **os.environ,
        "JINGYI_DATA": str(folder),
        "JINGYI_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "jingyi.web.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    return {name: value for name, value in env.items() if name != "JINGYI_SECRET_KEY"}


def python(folder: Path, code: str, database: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(folder, database),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def jingyi(folder: Path, *words: object, database: str = "") -> subprocess.CompletedProcess[str]:
    """Run one command in the office of `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "jingyi.cli", *map(str, words)], env=environment(folder, database),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def told(folder: Path, *words: object, database: str = "") -> dict[str, object]:
    """Run one command and return its JSON."""
    done = jingyi(folder, *words, "--json", database=database)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def _made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    python(folder, MADE)
    return folder


@pytest.fixture
def office(_made, tmp_path):
    return Path(shutil.copytree(_made, tmp_path / "office"))
