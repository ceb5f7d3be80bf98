"""The child that runs one query: `python -m jingyi.engines.screening.child FOLDER`.

It reads `job.json`, writes `out.parquet` and `counts.json` there, and tells its progress
on standard output. Limits of the operating system stand behind those of DuckDB, whose
`repeat()` alone can pass its own memory limit.
"""

import json
import resource
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

NO_MEMORY, NOT_RUN = 3, 4
OVERHEAD = 2**30  # libraries, stacks and buffers outside DuckDB's own count


def main(arguments: Sequence[str]) -> int:
    """Run the job of a folder."""
    folder = Path(arguments[0])
    job = json.loads((folder / "job.json").read_text("utf-8"))
    whole = job["memory"] + OVERHEAD
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (whole, whole))
    resource.setrlimit(resource.RLIMIT_FSIZE, (job["spill"], job["spill"]))
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"] * job["threads"],) * 2)
    import duckdb  # noqa: PLC0415  after the limits

    try:
        run(duckdb, folder, job)
    except (duckdb.OutOfMemoryException, MemoryError):
        return NO_MEMORY
    except duckdb.Error as error:
        if "File too large" in str(
            error
        ):  # the operating system's word for the limit of temporary files
            return NO_MEMORY
        (folder / "error.txt").write_text(str(error)[:2000], "utf-8")
        return NOT_RUN
    return 0


def run(duckdb: Any, folder: Path, job: dict[str, Any]) -> None:
    """Lock the engine, then run what it is given."""
    connection = locked(duckdb, folder, job)
    values = {name: _value(*pair) for name, pair in job["values"].items()}
    with watched(connection):
        table, counts = _ran(connection, job, values)
    import pyarrow.parquet as pq  # noqa: PLC0415

    pq.write_table(table, folder / "out.parquet", compression="zstd")
    (folder / "counts.json").write_text(json.dumps(counts), "utf-8")


def _ran(
    connection: Any, job: dict[str, Any], values: dict[str, Any]
) -> tuple[Any, dict[str, int]]:
    """Return the hits, and the rows of each CTE, which is made once as a table of its own."""
    counts: dict[str, int] = {}
    for step in job["steps"]:
        used = {k: v for k, v in values.items() if k in step["uses"]}
        connection.execute(f"CREATE TEMP TABLE {step['name']} AS {step['sql']}", used)
        found = connection.execute(f"SELECT count(*) FROM {step['name']}").fetchall()  # noqa: S608  a checked name
        counts[step["name"]] = found[0][0]
    used = {k: v for k, v in values.items() if k in job["uses"]}
    return connection.sql(job["sql"], params=used).to_arrow_table(), counts


@contextmanager
def watched(connection: Any) -> Iterator[None]:
    """Tell the progress; the thread is gone before the interpreter goes, for it stands in the engine's code."""
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(connection, ended), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def locked(duckdb: Any, folder: Path, job: dict[str, Any]) -> Any:
    """Open DuckDB with the sources as views, and shut every other door."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": job["threads"],
            "memory_limit": f"{job['memory']}B",
            "temp_directory": str(folder / "spill"),
            "max_temp_directory_size": f"{job['spill']}B",
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "preserve_insertion_order": "false",
        },
    )
    paths = [path for one in job["sources"].values() for path in one]
    connection.execute("SET allowed_paths = $paths", {"paths": paths})
    for name, files in job["sources"].items():
        listed = ", ".join(
            "'" + path.replace("'", "''") + "'" for path in files
        )  # ours, not the model's
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _watch(connection: Any, ended: threading.Event) -> None:
    """Tell the share done four times a second, known or not: who listens may want to stop."""
    last = 0.0
    while not ended.wait(0.25):
        try:
            last = max(last, connection.query_progress())
        except Exception:  # noqa: BLE001  a bar is not worth a failed run
            return
        sys.stdout.write(f"{last:.0f}\n")
        sys.stdout.flush()


def _value(kind: str, words: str) -> Any:
    match kind:
        case "date":
            return date.fromisoformat(words)
        case "integer":
            return int(words)
        case "number":
            return Decimal(words)
    return words


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
