"""A supervision model over N payments and N deaths: ours, bare DuckDB, pandas, polars, Spark, one run, same files.

    python benchmarks/screening.py [ROWS] [--spark] [--pandas] [--whole] [--memory MIB]

One row in a hundred dead was paid on. `--whole` also reads, checks and explains, as `jingyi screen`
does. Each engine runs three times in a process of its own, the median is told; peak memory is
the process's (and its child's).
"""

# ruff: noqa: PLC0415 -- each engine is imported in its own process only

import argparse
import contextlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

MODEL = "pension-of-the-dead"
BARE = """
SELECT d.id_number, d.person_name, d.died_on, count(*) AS payments, sum(p.amount) AS total, max(p.month) AS last_month
FROM death d JOIN pay p ON p.id_number = d.id_number
WHERE p.month > last_day(d.died_on) AND p.amount > 0
GROUP BY ALL HAVING sum(p.amount) >= 1
"""
RUNS = 3


def main() -> None:
    """Make the tables, run each engine in its own process, tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--pandas", action="store_true")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--memory", type=int, default=2048)
    parser.add_argument("--payments", type=int, help="default as many as deaths")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--make", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.make:
        tables(Path(args.make), args.rows, args.payments or args.rows)
        return
    if args.one:
        one(args.one[0], Path(args.one[1]), args.memory)
        return
    with tempfile.TemporaryDirectory() as name:
        # in a process of its own: what it held would be counted as every engine's peak
        payments = args.payments or args.rows
        made = [
            sys.executable,
            __file__,
            str(args.rows),
            "--payments",
            str(payments),
            "--make",
            name,
        ]
        subprocess.run(made, check=True)
        engines = ["bare DuckDB, no citations", "bare DuckDB, same text", "jingyi duckdb"]
        engines += ["jingyi, whole command"] * args.whole
        engines += ["pandas"] * args.pandas + ["polars"] * bool(find_spec("polars"))
        engines += ["pyspark local[2]"] * args.spark
        print(f"{payments:,} payments x {args.rows:,} deaths, {args.memory} MiB for DuckDB")
        for engine in engines:
            found = subprocess.run(
                [sys.executable, __file__, "--one", engine, name, "--memory", str(args.memory)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            words = found.stdout.strip() or f"failed: {found.stderr.strip().splitlines()[-1][:160]}"
            print(f"{engine:28} {words}", flush=True)


def tables(folder: Path, rows: int, payments: int) -> None:
    """Write pay.parquet and death.parquet; every hundredth of the dead is paid on after death.

    Payments come in pieces of as many as there are deaths; only the first piece has hits.
    """
    dice = np.random.default_rng(1)
    dead = dice.permutation(rows)
    died = np.array([date(2025, m, 15) for m in range(1, 7)])
    death = pa.table(
        {
            "row": np.arange(1, rows + 1),
            "id_number": numbers(dead),
            "person_name": pa.array(np.array(["张某", "李某", "王某"])[dice.integers(0, 3, rows)]),
            "died_on": pa.array(died[dice.integers(0, 6, rows)], pa.date32()),
        }
    )
    pq.write_table(death, folder / "death.parquet", compression="zstd")
    del death
    with contextlib.ExitStack() as stack:
        writer = None
        for start in range(0, payments, rows):
            piece = _payments(dice, start, min(rows, payments - start), rows)
            writer = writer or stack.enter_context(
                pq.ParquetWriter(folder / "pay.parquet", piece.schema, compression="zstd")
            )
            writer.write_table(piece)


def _payments(dice: np.random.Generator, start: int, count: int, rows: int) -> pa.Table:
    order = dice.permutation(rows)[:count]
    alive = order + rows + start  # paid rightly
    paid = np.where(order % 100 == 0, order, alive) if start == 0 else alive
    months = np.array([date(2025, m, 1) for m in range(1, 13)])
    return pa.table(
        {
            "row": np.arange(start + 1, start + count + 1),
            "id_number": numbers(paid),
            "month": pa.array(months[dice.integers(6, 12, count)], pa.date32()),
            "amount": pa.array(dice.integers(100_000, 400_000, count) / 100).cast(
                pa.decimal128(18, 4)
            ),
        }
    )


def numbers(order: np.ndarray) -> pa.Array:
    """Return valid identity numbers, one for each number."""
    from jingyi.engines.screening.reading import ID_LAST, ID_WEIGHTS

    digits = np.empty((len(order), 18), np.uint8)
    digits[:, :8] = np.frombuffer(b"34060319", np.uint8)
    rest = order.copy()
    for place in range(16, 7, -1):
        rest, digit = np.divmod(rest, 10)
        digits[:, place] = digit + 48
    total = np.zeros(len(order), np.int64)
    for place, weight in enumerate(ID_WEIGHTS):
        total += (digits[:, place] - 48).astype(np.int64) * weight
    digits[:, 17] = ID_LAST[total % 11]
    offsets = pa.py_buffer(np.arange(0, 18 * len(order) + 1, 18, dtype=np.int32).tobytes())
    return pa.StringArray.from_buffers(len(order), offsets, pa.py_buffer(digits.tobytes()))


def one(engine: str, folder: Path, memory: int) -> None:
    """Run one engine, tell the median, the hits and the peak of memory."""
    pay, death = folder / "pay.parquet", folder / "death.parquet"
    run = ENGINES[engine](pay, death, memory)
    times, hits = [], 0
    for _ in range(1 if "pyspark" in engine or "whole" in engine else RUNS):
        began = time.perf_counter()
        hits = run()
        times.append(time.perf_counter() - began)
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"{statistics.median(times):7.2f} s  {hits:,} hits  peak {peak / 2**20:.2f} GiB")


def bare(pay: Path, death: Path, memory: int, text: str = BARE):
    import duckdb

    connection = duckdb.connect(
        config={"threads": 2, "memory_limit": f"{memory}MiB", "preserve_insertion_order": False}
    )
    connection.execute(f"CREATE VIEW pay AS FROM read_parquet('{pay}')")
    connection.execute(f"CREATE VIEW death AS FROM read_parquet('{death}')")
    return lambda: connection.sql(text).to_arrow_table().num_rows


def same_text(pay: Path, death: Path, memory: int):
    from jingyi.core.screening import book
    from jingyi.core.screening import compile as compiled

    text = compiled.sql(compiled.prepared(book.model(MODEL)), "duckdb").replace("$least", "1")
    return bare(pay, death, memory, text)


def ours(pay: Path, death: Path, memory: int):
    from jingyi.core.screening import book
    from jingyi.core.screening.compile import bound
    from jingyi.engines.screening import duck
    from jingyi.engines.screening.base import Limits

    model = book.model(MODEL)
    limits = Limits(memory=memory * 2**20)
    return lambda: (
        duck.run(model, {"pay": pay, "death": death}, bound(model), limits=limits).hits.num_rows
    )


def whole(pay: Path, death: Path, memory: int):
    from jingyi.cli import main as command

    def run() -> int:
        out = pay.with_name("hits.parquet")
        arguments = [
            "screen",
            MODEL,
            f"--source=pay={pay}",
            f"--source=death={death}",
            "-o",
            str(out),
        ]
        sys.stdout, kept = open("/dev/null", "w", encoding="utf-8"), sys.stdout  # noqa: PTH123, SIM115
        code = command([*arguments, "--memory", str(memory)])
        sys.stdout = kept
        if code:
            raise SystemExit(code)
        return pq.read_metadata(out).num_rows

    return run


def in_pandas(pay: Path, death: Path, _: int):
    import pandas as pd

    def run() -> int:
        left, right = pd.read_parquet(death), pd.read_parquet(pay)
        right["amount"] = right["amount"].astype(float)
        both = left.merge(right, on="id_number")
        last = pd.to_datetime(both["died_on"]) + pd.offsets.MonthEnd(0)
        late = both[(pd.to_datetime(both["month"]) > last) & (both["amount"] > 0)]
        grouped = late.groupby(["id_number", "person_name", "died_on"])
        found = grouped.agg(
            payments=("amount", "size"), total=("amount", "sum"), last=("month", "max")
        )
        return int((found["total"] >= 1).sum())

    return run


def in_polars(pay: Path, death: Path, _: int):
    import polars as pl

    def run() -> int:
        late = pl.scan_parquet(death).join(pl.scan_parquet(pay), on="id_number").filter(
            (pl.col("month") > pl.col("died_on").dt.month_end()) & (pl.col("amount") > 0)
        )  # fmt: skip
        found = late.group_by("id_number", "person_name", "died_on").agg(
            pl.len().alias("payments"), pl.col("amount").sum().alias("total"), pl.col("month").max()
        )
        return found.filter(pl.col("total") >= 1).collect(engine="streaming").height

    return run


def on_spark(pay: Path, death: Path, _: int):
    from jingyi.core.screening import book
    from jingyi.core.screening.compile import bound
    from jingyi.engines.screening import spark

    model = book.model(MODEL)
    return lambda: (
        spark.run(
            model, {"pay": pay, "death": death}, bound(model), master="local[2]"
        ).hits.num_rows
    )


ENGINES = {
    "bare DuckDB, no citations": bare,
    "bare DuckDB, same text": same_text,
    "jingyi duckdb": ours,
    "jingyi, whole command": whole,
    "pandas": in_pandas,
    "polars": in_polars,
    "pyspark local[2]": on_spark,
}


if __name__ == "__main__":
    main()
