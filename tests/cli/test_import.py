"""`jingyi import`, as promised to those who script it; also when it is killed in the middle."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from jingyi.cli import main
from jingyi.web.intake.models import Report
from jingyi.web.registry.models import Procuratorate

KEYS = ["rows", "new", "known", "rejected", "rejected_file", "incidents", "seconds"]
HEAD = "留言编号,留言主题,留言时间,留言详情\n"
ROWS = (
    "7,河水发黑,2019/2/28 11:25:05,东津河排污口整夜排黑水气味刺鼻\n"
    "8,空的,2019/2/28,\n"
    "9,砖厂黑烟,2019/3/1,西陵砖厂昼夜冒黑烟窗台一层灰\n"
)


@pytest.fixture
def folder(settings, tmp_path):
    """An empty data folder with a hotline's file beside it."""
    settings.DATA = tmp_path
    (tmp_path / "messages.csv").write_text(HEAD + ROWS, "utf-8")
    return tmp_path


def run(capsys, *words):
    code = main(["import", *map(str, words)])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.django_db(transaction=True)
def test_an_empty_folder_takes_a_file_at_once_and_the_same_file_adds_nothing(folder, capsys):
    file = folder / "messages.csv"

    code, out, err = run(capsys, file, "--sender", "12345", "--json")
    first = json.loads(out)
    assert code == 0
    assert list(first) == KEYS
    assert [first[key] for key in KEYS[:4]] == [3, 2, 0, 1]
    assert "没有正文" in (folder / first["rejected_file"]).read_text("utf-8-sig")
    assert first["incidents"] == 2
    assert "（代码 own）" in err

    again = json.loads(run(capsys, file, "--sender", "12345", "--json")[1])
    assert [again[key] for key in KEYS[:4]] == [3, 0, 2, 1]
    assert again["incidents"] == 2
    assert Report.objects.count() == 2
    assert Procuratorate.objects.get().code == "own"

    code, out, err = run(capsys, file, "--sender", "12345")
    assert "新收 0 件" in out
    assert err == ""


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "--office"),
        (["--office", "nowhere"], "nowhere"),
        (["--office", "zy", "--column", "text=没有"], "没有名为“没有”的列"),
        (["--office", "zy", "--column", "words=留言详情"], "words"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(folder, capsys, words, says):
    code, out, err = run(capsys, folder / "messages.csv", "--sender", "12345", *words)

    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_file_that_is_not_there_is_refused_before_anything_is_made(folder, capsys):
    code, out, err = run(capsys, folder / "none.csv", "--sender", "12345")

    assert (code, out) == (2, "")
    assert "none.csv" in err


@pytest.mark.usefixtures("city")
def test_a_column_can_be_named(folder, capsys):
    words = ("--office", "zy", "--column", "text=留言主题", "--column", "title=", "--json")

    result = json.loads(run(capsys, folder / "messages.csv", "--sender", "12345", *words)[1])

    assert result["new"] == 3
    assert set(Report.objects.values_list("text", flat=True)) == {"河水发黑", "空的", "砖厂黑烟"}


@pytest.mark.slow
def test_killed_anywhere_and_run_again_nothing_is_lost_or_doubled(tmp_path):
    """A real process, really killed: at moments spread over the whole of its work."""
    many = 6000
    rows = [f"{n},第{n}条,2019/2/28,第{n}条：东津河{n}号排污口排黑水\n" for n in range(many)]
    file = tmp_path / "many.csv"
    file.write_text(HEAD + "".join(rows), "utf-8")
    code = (
        "import django; django.setup(); from django.conf import settings; "
        "settings.JINGYI_AFTER_REPORTS = []; "  # this test is about the rows
        "from jingyi.cli import main; raise SystemExit(main("
        f"['import', {str(file)!r}, '--sender', '12345', '--json']))"
    )
    env = {
        **os.environ,
        "JINGYI_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "jingyi.web.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    start = [sys.executable, "-c", code]
    database = tmp_path / "data" / "jingyi.sqlite3"
    moments = random.Random(20260901)
    kills, seen = 0, set()
    for _ in range(40):
        process = subprocess.Popen(
            start, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        before = stored(database)
        while stored(database) == before and process.poll() is None:
            time.sleep(0.01)
        time.sleep(moments.random() * 0.25)
        if process.poll() is not None:
            break
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
        seen.add(stored(database))

    done = subprocess.run(start, env=env, capture_output=True, check=True)
    result = json.loads(done.stdout)
    assert kills >= 2
    assert len(seen) >= 2, "every kill fell outside the work"
    assert result["rows"] == many
    assert result["new"] + result["known"] == many
    assert stored(database) == many
    with closing(sqlite3.connect(database)) as found:
        texts = found.execute("select count(distinct text) from intake_report").fetchone()[0]
        new = found.execute("select sum(new) from intake_batch").fetchone()[0]
    assert texts == new == many


def stored(database):
    """How many reports have really been committed."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(database, timeout=5)) as found:
        try:
            return found.execute("select count(*) from intake_report").fetchone()[0]
        except sqlite3.OperationalError:  # the tables are not there yet
            return 0
