"""The restore drill: an office leaves in one file, comes back in an empty place, and proves itself."""

import json
import sqlite3
import threading
import zipfile

import pytest

from tests.web.operations.conftest import jingyi, python, told

pytestmark = pytest.mark.slow
APPEND = """
import django; django.setup()
from datetime import UTC, datetime
from jingyi.web.ledger.actions import append
for n in range(150):
    append(kind="test.more", subject="x", facts={"n": n}, by=None, at=datetime(2026, 9, 2, tzinfo=UTC))
"""


def test_an_office_comes_back_whole_on_an_empty_machine(office, tmp_path):
    before = told(office, "verify")
    made = told(office, "backup", tmp_path / "b.zip")
    back = told(tmp_path / "new", "restore", tmp_path / "b.zip")

    assert (made["entries"], made["root"], made["files"]) == (before["entries"], before["root"], 3)
    assert (back["root"], back["rows"], back["problems"]) == (made["root"], made["rows"], [])
    assert told(tmp_path / "new", "verify") == before
    for key in (office / "keys").iterdir():
        assert (tmp_path / "new" / "keys" / key.name).read_bytes() == key.read_bytes()
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    again = jingyi(office, "backup", tmp_path / "b.zip")
    assert again.returncode == 2
    assert "不会覆盖" in again.stderr


def test_a_backup_is_one_moment_of_an_office_in_use(office, tmp_path):
    """Acts go on being recorded while the backup is written; what comes back proves itself."""
    writer = threading.Thread(target=python, args=(office, APPEND))
    writer.start()
    sizes = [told(office, "backup", tmp_path / f"{n}.zip")["entries"] for n in range(2)]
    writer.join()
    for n, size in enumerate(sizes):
        assert told(tmp_path / f"new{n}", "restore", tmp_path / f"{n}.zip")["entries"] == size
    assert told(office, "verify")["entries"] >= sizes[1] >= sizes[0]


@pytest.fixture
def backup(office, tmp_path):
    told(office, "backup", tmp_path / "b.zip")
    return tmp_path / "b.zip"


def refused(folder, file, *more):
    done = jingyi(folder, "restore", file, *more)
    assert done.returncode == 2, done.stderr
    assert not folder.exists() or not list(folder.glob("*.sqlite3"))
    return done.stderr


def test_what_is_not_the_whole_backup_is_refused_and_leaves_nothing(backup, office, tmp_path):
    data = backup.read_bytes()
    middle = data.index(b"vault/") + 200
    bad = {
        "half": data[: len(data) // 2],
        "tail": data[:-1],
        "bit": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
        "none": b"",
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        assert "不是完整的备份" in refused(tmp_path / "new", tmp_path / name), name
        assert not list((tmp_path / "new").iterdir()), name
    assert "不是空的" in jingyi(office, "restore", backup).stderr
    assert "公钥" in refused(tmp_path / "new", backup, "--key", "00" * 32)


def rewritten(backup, target, change):
    """The same backup with another manifest, unsigned by the office."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                said = json.loads(data)
                change(said)
                data = json.dumps(said).encode()
            new.writestr(name, data)
    return target


def test_a_newer_program_or_a_rewritten_list_is_refused(backup, tmp_path):
    newer = rewritten(backup, tmp_path / "newer.zip", lambda said: said.update(format=2))
    assert "更新的版本" in refused(tmp_path / "new", newer)
    forged = rewritten(backup, tmp_path / "forged.zip", lambda said: said["ledger"].update(size=1))
    assert "不是完整的备份" in refused(tmp_path / "new", forged)


def test_a_file_missing_from_the_vault_is_said_and_stops_nothing(office, tmp_path):
    next(path for path in (office / "vault").rglob("*") if path.is_file()).unlink()
    made = told(office, "backup", tmp_path / "b.zip")
    assert (made["files"], made["ok"]) == (2, False)
    back = jingyi(tmp_path / "new", "restore", tmp_path / "b.zip")
    assert back.returncode == 2
    assert "不在证据库中" in back.stdout


def test_rows_lost_after_the_backup_do_not_matter_to_it(backup, office, tmp_path):
    with sqlite3.connect(office / "jingyi.sqlite3") as lost:
        lost.execute("DELETE FROM ledger_entry")
    assert jingyi(office, "verify").returncode == 2
    assert told(tmp_path / "new", "restore", backup)["ok"]
