"""One million reports triaged, from a Parquet file to a Parquet file, on the cores there are.

In one run, on one file: ours, whole and by stage, with its peak of memory; a straightforward
pipeline of the libraries people use on a sample, scaled per row; and the physical limit: the file
read and written back, and the text scanned. Then whether incidents are the true ones.

    benchmarks/triage.py [ROWS]      5 M rows too, where there are 12 GiB of memory for them

ROWS are triaged three times, as one run says little on a machine that does other things too; then
a part of them again, of which one in twenty has lost its place.
"""

import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import geopandas
import jieba
import messages
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rensa import RMinHash, RMinHashLSH
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier

from jingyi.core.triage import book
from jingyi.engines import embedded
from jingyi.engines.base import Done, Job

GIVEN = [one for one in sys.argv[1:] if one.isdigit()]
ROWS = int(GIVEN[0]) if GIVEN else 1_000_000
MILLION, LARGE = 1_000_000, 5_000_000
ENOUGH = 12 * 2**30  # bytes
SAMPLE = 5_000
RUNS = 3
PART, LOST = 300_000, 0.05
COLUMNS = {"id": "编号", "text": "留言内容", "time": "留言时间", "lon": "经度", "lat": "纬度",
           "reporter": "留言用户", "likes": "点赞数"}  # fmt: skip


def memory() -> int:
    """Return the bytes of memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def timed(work: Callable[[], object]) -> float:
    """Return the seconds the work takes."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def ours(source: Path, target: Path) -> tuple[float, Done]:
    """Return (seconds, what was done) of one run of the engine."""
    begun = perf_counter()
    done = embedded.run(Job(source, target, COLUMNS, book.load()))
    return perf_counter() - begun, done


def peers(source: Path, truth: messages.Truth) -> dict[str, float]:
    """Return seconds a row, by step, of the libraries people use, on the first rows."""
    rows = pq.read_table(source).slice(0, SAMPLE)
    texts = rows["留言内容"].to_pylist()
    hashing = HashingVectorizer(analyzer="char", ngram_range=(1, 2), n_features=1 << 16)
    model = SGDClassifier().fit(hashing.transform(texts), truth.domain[:SAMPLE])
    points = geopandas.GeoDataFrame(
        geometry=geopandas.points_from_xy(rows["经度"], rows["纬度"], crs=4326)
    ).to_crs(3857)
    zones = points.iloc[::10].copy()
    zones.geometry = zones.buffer(500)
    jieba.setLogLevel(60)
    jieba.initialize()

    def similar() -> None:
        index = RMinHashLSH(threshold=0.5, num_perm=64, num_bands=16)
        for key, text in enumerate(texts):
            sketch = RMinHash(num_perm=64, seed=1)
            sketch.update([text[k : k + 3] for k in range(len(text) - 2)])
            index.insert(key, sketch)
            index.query(sketch)

    return {
        "scikit-learn": timed(lambda: model.predict(hashing.transform(texts))) / SAMPLE,
        "jieba": timed(lambda: [jieba.lcut(text) for text in texts]) / SAMPLE,
        "rensa": timed(similar) / SAMPLE,
        "geopandas": timed(lambda: points.sjoin(zones, predicate="dwithin", distance=500)) / SAMPLE,
    }


def limits(source: Path, target: Path) -> dict[str, float]:
    """Return the seconds to read and write the same files, and to scan the text once."""
    made = pq.read_table(target)
    text = pq.read_table(source, columns=["留言内容"])["留言内容"]
    held = [np.frombuffer(part.buffers()[2], np.uint8) for part in text.chunks]
    return {
        "read": timed(lambda: pq.read_table(source)),
        "write": timed(lambda: pq.write_table(made, target, compression="zstd")),
        "scan": timed(lambda: [part.sum(dtype=np.int64) for part in held]),
    }


def agreement(found: pa.ChunkedArray, true: np.ndarray) -> tuple[float, float, float, float]:
    """Return precision and recall of pairs, then of B³, of incidents against the truth."""
    ours_ = found.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    cell = np.unique(ours_ * (int(true.max()) + 1) + true, return_inverse=True)[1]
    both, mine, real = (np.bincount(code).astype(float) for code in (cell, ours_, true))

    def pairs(size: np.ndarray) -> float:
        return float((size * (size - 1)).sum())

    share = both[cell]
    return (
        pairs(both) / pairs(mine), pairs(both) / pairs(real),
        float((share / mine[ours_]).mean()), float((share / real[true]).mean()),
    )  # fmt: skip


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        messages.write(source, 2_000)
        print(f"first run, with what must be compiled or loaded: {ours(source, target)[0]:.1f} s")
        sizes = sorted(
            {10_000, 100_000, ROWS} | ({LARGE} if ROWS == MILLION and memory() >= ENOUGH else set())
        )
        for rows in sizes:
            made = perf_counter()
            truth = messages.write(source, rows)
            made = perf_counter() - made
            taken, done = ours(source, target)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            stages = "  ".join(f"{name} {value:.2f}" for name, value in done.seconds.items())
            print(f"{rows:>9,} rows  {taken:7.2f} s  {taken / rows * 1e6:6.1f} µs a row  "
                  f"peak {peak:.2f} GiB  ({stages}; generated in {made:.1f} s)")  # fmt: skip
            found = pq.read_table(target, columns=["incident"])["incident"]
            print("           incidents: pairs P {:.3f} R {:.3f}, B³ P {:.3f} R {:.3f}".format(
                *agreement(found, truth.incident)))  # fmt: skip
            if rows == ROWS:
                more = [ours(source, target)[0] for _ in range(RUNS - 1)]
                print("           again:", "  ".join(f"{one:.2f} s" for one in more))
                compare(source, target, truth, min(taken, *more))
                unplaced(source, target, truth)


def compare(source: Path, target: Path, truth: messages.Truth, taken: float) -> None:
    """Print the others and the limit, as ratios to ours."""
    steps = peers(source, truth)
    for name, one in (*steps.items(), ("all four", sum(steps.values()))):
        print(f"           {name:<13}{one * 1e6:8.1f} µs a row   {one * ROWS / taken:6.2f} × ours")
    bare = limits(source, target)
    for name, seconds in (*bare.items(), ("limit", sum(bare.values()))):
        print(f"           {name:<13}{seconds:8.2f} s           ours is {taken / seconds:6.1f} ×")


def unplaced(source: Path, target: Path, truth: messages.Truth) -> None:
    """Print what it costs, and what is found, where some reports do not say where."""
    rows = pq.read_table(source).slice(0, PART)
    lost = np.random.default_rng(20261123).random(rows.num_rows) < LOST
    for share in (0, LOST):
        if share:
            for name in ("经度", "纬度"):
                held = pc.if_else(pa.array(lost), None, rows[name])
                rows = rows.set_column(rows.column_names.index(name), name, held)
        pq.write_table(rows, source)
        taken = ours(source, target)[0]
        found = pq.read_table(target, columns=["incident"])["incident"]
        print("           {:,} rows, {:.0%} without a place: {:.2f} s, pairs P {:.3f} R {:.3f}".format(
            rows.num_rows, share, taken, *agreement(found, truth.incident[: rows.num_rows])[:2]))  # fmt: skip


if __name__ == "__main__":
    main()
