"""`jingyi bundle`: what leaves here installs where there is no network, and only if it is whole."""

import json
import os
import shutil
import subprocess
import sys

import pytest

ALONE = ["unshare", "--map-root-user", "--net"]


def jingyi(*words):
    return subprocess.run(
        [sys.executable, "-m", "jingyi.cli", *map(str, words)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_packages_that_are_not_the_locked_ones_are_refused(tmp_path):
    (tmp_path / "django-5.2.19-py3-none-any.whl").write_bytes(b"not it")
    done = jingyi("bundle", "-o", tmp_path / "b.tar", "--wheelhouse", tmp_path)
    assert done.returncode == 2, done.stderr
    assert "与锁定文件一致" in done.stderr
    assert not (tmp_path / "b.tar").exists()


@pytest.mark.slow
def test_a_bundle_installs_and_runs_in_a_network_without_routes(tmp_path):
    if not shutil.which("unshare") or subprocess.run([*ALONE, "true"], check=False).returncode:
        pytest.skip("no network namespace may be made here: the offline installation is not tried")
    more = (
        ["--wheelhouse", os.environ["JINGYI_WHEELHOUSE"]]
        if "JINGYI_WHEELHOUSE" in os.environ
        else []
    )
    made = jingyi("bundle", "-o", tmp_path / "b.tar", "--json", *more)
    if "没有取到" in made.stderr:
        pytest.skip(
            "the packages cannot be fetched here: set JINGYI_WHEELHOUSE to a folder of them"
        )
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["packages"] > 40
    subprocess.run(["tar", "xf", tmp_path / "b.tar", "-C", tmp_path], check=True)
    bill = json.loads((tmp_path / "jingyi-bundle/sbom.cdx.json").read_text("utf-8"))
    assert len(bill["components"]) == json.loads(made.stdout)["packages"]
    licensed = [one for one in bill["components"] if "licenses" in one]
    assert len(licensed) >= 0.9 * len(bill["components"])  # not every package states one
    where = tmp_path / "opt"
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHON": sys._base_executable}

    def alone(*words):
        return subprocess.run(
            [*ALONE, *map(str, words)], env=env, capture_output=True, text=True, check=False
        )

    routes = alone("cat", "/proc/net/route")
    assert len(routes.stdout.splitlines()) <= 1, "there is a way out"
    installed = alone(tmp_path / "jingyi-bundle/install.sh", where)
    assert installed.returncode == 0, installed.stderr
    checked = alone(where / "bin/jingyi", "verify", "--json", "--data", tmp_path / "data")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["ok"]

    lock = tmp_path / "jingyi-bundle/program/requirements.lock"
    lock.write_text(lock.read_text() + "\n")
    changed = alone(tmp_path / "jingyi-bundle/install.sh", where)
    assert changed.returncode == 1
    assert "not whole" in changed.stderr
