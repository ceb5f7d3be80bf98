"""A city's file of messages taken in and triaged by the command line, and the same file again.

Into an empty folder, each in a process of its own, as somebody types it; what is made once per
machine (compiled kernels) is made before. Beside it the physical limit: the same cells read from
the workbook and written as rows of a bare SQLite table, with nothing recognised, judged or proved.

    benchmarks/importing.py [FILE]
"""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parents[1]
GIVEN = sys.argv[1:]
FILE = Path(GIVEN[0]) if GIVEN else ROOT.parent / "shared/data/citizen/messages_4326.xlsx"
WARM = "编号,标题,内容\n1,河水发黑,东津河排污口整夜排黑水气味刺鼻，岸边的鱼都死了\n"
LEADS = "SELECT count(*) FROM leads_incident WHERE is_lead"


def busy() -> float:
    """Return the seconds that processors have worked for our child processes so far."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def taken(file: Path, folder: Path) -> tuple[str, dict[str, Any]]:
    """Return the time of one import, from the start of Python on, and what the import says."""
    command = [
        sys.executable,
        "-m",
        "jingyi.cli",
        "import",
        str(file),
        "--sender",
        "12345",
        "--json",
    ]
    here = {**os.environ, "JINGYI_DATA": str(folder)}
    begun, before = perf_counter(), busy()
    done = subprocess.run(command, env=here, cwd=ROOT, capture_output=True, check=True)
    return f"{perf_counter() - begun:5.1f} s ({busy() - before:.1f} s of a core)", json.loads(
        done.stdout
    )


def leads(folder: Path) -> int:
    """Return how many incidents on the desk are leads."""
    with closing(sqlite3.connect(folder / "jingyi.sqlite3")) as database:
        return database.execute(LEADS).fetchone()[0]


def limit(file: Path, folder: Path) -> tuple[float, float]:
    """Return the seconds to read the cells, and to write them as rows that reach the disk."""
    begun = perf_counter()
    cells = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    read = perf_counter() - begun
    begun = perf_counter()
    with closing(sqlite3.connect(folder / "bare.sqlite3")) as database, database:
        database.execute("CREATE TABLE bare (cells TEXT)")
        database.executemany(
            "INSERT INTO bare VALUES (?)", (["\x1f".join(map(str, row))] for row in cells)
        )
    return read, perf_counter() - begun


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "one.csv").write_text(WARM, "utf-8")
        print(f"one message, compiling what is not: {taken(folder / 'one.csv', folder / 'a')[0]}")
        for what in ("into an empty folder", "the same file again"):
            seconds, said = taken(FILE, folder / "b")
            print(f"{what:<22}{seconds}   {said['rows']:,} rows: {said['new']:,} new, "
                  f"{said['known']:,} known, {said['rejected']:,} refused; "
                  f"{said['incidents']:,} incidents, {leads(folder / 'b'):,} leads")  # fmt: skip
        read, written = limit(FILE, folder)
        print(
            f"limit                 {read + written:5.1f} s   {read:.2f} read, {written:.2f} written"
        )


if __name__ == "__main__":
    if not FILE.is_file():
        sys.exit(print("没有 ../shared/data/citizen：收一份真实来件的用时不在这台机器上量。"))
    main()
