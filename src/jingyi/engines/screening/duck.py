"""DuckDB, embedded: in a child process with nothing open but the model's own tables."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from jingyi.core.refusal import Refusal
from jingyi.core.screening import compile as compiled
from jingyi.core.screening.model import STORED, Model, Value
from jingyi.core.screening.subset import placeholders
from jingyi.engines.screening import child
from jingyi.engines.screening.base import Limits, Run, settled
from jingyi.engines.screening.links import with_links

# Nothing of ours is in it, so that a query has nothing to find.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}

Sources = Mapping[str, Path | pa.Table]


def run(
    model: Model,
    sources: Sources,
    values: Mapping[str, Value],
    *,
    limits: Limits = Limits(),  # noqa: B008  frozen
    counted: bool = False,
    told: Callable[[int], None] | None = None,
) -> Run:
    """Return the hits of a model over its sources (Parquet files as `reading` writes them, or tables).

    `counted`: also each CTE's row count, which costs a table for each. `told` is
    called with the percentage done.

    Raises:
        Refusal: it needs more memory, disk or time than it may take, or the engine cannot run it.
    """
    began = time.perf_counter()
    sources = with_links(model, sources)
    with tempfile.TemporaryDirectory(prefix="jingyi-screen-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(
            json.dumps(
                _job(model, _files(model, sources, folder), values, limits, counted=counted)
            ),
            "utf-8",
        )
        _start(folder, limits, told)
        hits = pq.read_table(folder / "out.parquet")
        counts = json.loads((folder / "counts.json").read_text("utf-8"))
    return Run(settled(model, hits), counts, time.perf_counter() - began)


def _files(model: Model, sources: Sources, folder: Path) -> dict[str, list[str]]:
    found = {}
    for one in model.tables:
        given = sources[one.name]
        if isinstance(given, pa.Table):
            path = folder / f"{one.name}.parquet"
            pq.write_table(given, path)
            given = path
        found[one.name] = [str(given.resolve())]
    return found


def _job(
    model: Model,
    files: dict[str, list[str]],
    values: Mapping[str, Value],
    limits: Limits,
    *,
    counted: bool,
) -> dict[str, object]:
    query = compiled.prepared(model)
    kinds = {one.id: STORED[one.kind] for one in model.parameters}
    steps = [
        {
            "name": cte.alias,
            "sql": compiled.sql(cte.this, "duckdb"),
            "uses": sorted(placeholders(cte.this)),
        }
        for cte in (query.ctes if counted else ())
    ]
    if counted:
        query.set("with_", None)
    return {
        "sources": files,
        "sql": compiled.sql(query, "duckdb"),
        "uses": sorted(placeholders(query)),
        "steps": steps,
        "values": {name: [kinds[name], str(value)] for name, value in values.items()},
        "memory": limits.memory,
        "spill": limits.spill,
        "seconds": limits.seconds,
        "threads": limits.threads,
    }


def _start(folder: Path, limits: Limits, told: Callable[[int], None] | None) -> None:
    """Run the child to its end, and say in a sentence why it could not."""
    with subprocess.Popen(  # noqa: S603  our own child
        [sys.executable, "-I", "-m", "jingyi.engines.screening.child", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        env=ENVIRONMENT,
        start_new_session=True,
    ) as process:
        clock = threading.Timer(limits.seconds, _kill, [process])
        clock.start()
        try:
            assert process.stdout  # noqa: S101  it is a pipe
            for line in process.stdout:
                if told and line.strip().isdigit():
                    told(int(line))
            error = process.stderr.read() if process.stderr else ""
            code = process.wait()
        finally:
            clock.cancel()
            _kill(process)
    if code == 0:
        return
    if code == child.NO_MEMORY:
        raise Refusal(
            "模型需要的内存或临时空间超过上限（{memory} MiB）。请缩小范围，或调高上限后再试。",
            memory=limits.memory // 2**20,
        )
    if code == child.NOT_RUN:
        why = (folder / "error.txt").read_text("utf-8").splitlines()
        raise Refusal("模型没有运行完：{error}", error=why[0][:300] if why else "")
    if code in {-signal.SIGKILL, -signal.SIGXCPU}:
        raise Refusal(
            "模型运行超过 {seconds} 秒，已停止。请缩小范围，或调高上限后再试。",
            seconds=limits.seconds,
        )
    msg = f"the engine's child ended with {code}: {error[-2000:]}"
    raise RuntimeError(msg)


def _kill(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
