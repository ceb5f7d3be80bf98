"""The same file triaged by the embedded engine and by Spark on two cores of this machine.

In one run, for each size: generated reports, the seconds of the whole command for each engine, and
whether both wrote the same. Each run is a process of its own, its kernels compiled before, so that
a start counts as one. The physical limit is the embedded engine's: see `benchmarks/triage.py`.

    benchmarks/spark.py [ROWS …]     2,000 and 100,000 unless told
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import messages
import pyarrow.parquet as pq

REFUSED = 2
MASTER = "local[2]"
ENGINES = {"embedded": (), f"Spark {MASTER}": ("--engine", "spark", "--master", MASTER)}
SIZES = [int(one) for one in sys.argv[1:]] or [2_000, 100_000]


def taken(source: Path, target: Path, words: tuple[str, ...]) -> float:
    """Return the seconds of one run from the command line; end where Spark or Java is missing."""
    command = [sys.executable, "-m", "jingyi.cli", "triage", source, "-o", target, *words]
    begun = perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode == REFUSED:
        sys.exit(print(f"这项比对不在这台机器上量：{done.stderr.strip()}"))
    done.check_returncode()
    return perf_counter() - begun


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        source = folder / "in.parquet"
        messages.write(source, min(SIZES))
        taken(source, folder / "warm.parquet", ())
        for rows in SIZES:
            messages.write(source, rows)
            wrote = []
            for name, words in ENGINES.items():
                target = folder / f"{len(wrote)}.parquet"
                print(f"{rows:>9,} rows  {name:<15} {taken(source, target, words):6.1f} s")
                wrote.append(pq.read_table(target))
            same = wrote[0].equals(wrote[1])
            print(f"{'':>14}  the same verdicts, row for row: {'yes' if same else 'NO'}")


if __name__ == "__main__":
    main()
