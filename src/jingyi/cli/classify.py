"""`jingyi classify`: the most probable label of every message, by a model of `jingyi train`."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jingyi.cli.progress import Progress

EPILOG = (
    "example: jingyi classify new.csv --model departments.model "
    "--title 留言主题 --text 留言详情 -o labels.parquet"
)
BATCH = 10_000
THREADS = 2
SHOWN = 20


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "classify",
        help="label every message of a table with a model of `train`",
        description="Writes id, label and score (calibrated probability of the label), one row per "
        "input row, in input order; label and score are null where there is nothing to read.",
        epilog=EPILOG,
    )
    parser.add_argument("file", metavar="FILE", help="XLSX, CSV or Parquet")
    parser.add_argument("--model", required=True, metavar="MODEL", help="written by `train`")
    parser.add_argument("--text", required=True, metavar="C", help="column that holds the text")
    parser.add_argument("--title", metavar="C", help="column that holds the title")
    parser.add_argument("-o", dest="target", required=True, metavar="OUT.parquet")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, score in batches on all cores, write; list what could not be read."""
    from jingyi.cli.labelled import read
    from jingyi.engines import models

    began = time.perf_counter()
    model = models.load(Path(args.model))
    bar = Progress(sys.stderr)
    bar.show("正在读取（首次运行要编译，约十秒）…")
    found = read([Path(args.file)], args.title, args.text, None)
    made = judged(model, found)
    write(Path(args.target), found.ids, made)
    tell(found, made, as_json=args.json, seconds=time.perf_counter() - began)
    return 0


@dataclass(frozen=True, slots=True)
class Judged:
    """Arrays of one value a message: `best` is an index of `labels`, `share` its probability.

    Where `empty` there was nothing to read, and the other two say nothing.
    """

    labels: Sequence[str]
    best: Any
    share: Any
    empty: Any


def judged(model: Any, found: Any) -> Judged:
    """Return the most probable label of every message."""
    import numpy as np
    import pyarrow as pa

    from jingyi.core.triage.learning import features

    total = len(found.ids)

    def judge(start: int) -> tuple[Any, Any, Any]:
        part = slice(start, start + BATCH)
        bodies = pa.array(found.bodies[part], pa.large_string())
        titles = pa.array(found.titles[part], pa.large_string())
        grams = features.read(titles, bodies, len(bodies))
        share = model.probabilities(grams)
        best = share.argmax(1)
        return best, share[np.arange(len(best)), best], grams.empty

    if not total:
        return Judged(model.labels, np.zeros(0, int), np.zeros(0, np.float32), np.zeros(0, bool))
    bar = Progress(sys.stderr)
    parts = []
    with ThreadPoolExecutor(THREADS) as pool:
        for part in pool.map(judge, range(0, total, BATCH)):
            parts.append(part)
            bar(min(len(parts) * BATCH, total), total)
    bar.end()
    return Judged(model.labels, *(np.concatenate(column) for column in zip(*parts, strict=True)))


def write(target: Path, ids: Sequence[str], made: Judged) -> None:
    """Write id, label and score; null where there was nothing to read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = pa.array(made.labels, pa.string())
    out = pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "label": names.take(pa.array(made.best, pa.int64(), mask=made.empty)),
            "score": pa.array(made.share, pa.float32(), mask=made.empty),
        }
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(out, target, compression="zstd")


def tell(found: Any, made: Judged, *, as_json: bool, seconds: float) -> None:
    """Print the counts, and on standard error the rows without a label."""
    unread = [one for one, nothing in zip(found.ids, made.empty, strict=True) if nothing]
    total = len(found.ids)
    if as_json:
        counts = {
            name: int(((made.best == k) & ~made.empty).sum()) for k, name in enumerate(made.labels)
        }
        print(
            json.dumps(
                {"rows": total, "labels": counts, "unread": unread, "seconds": round(seconds, 3)},
                ensure_ascii=False,
            )
        )
    else:
        print(f"{total:,} 行已标注，其中 {len(unread):,} 行没有可读的文字；用时 {seconds:.1f} 秒")
    for line in found.rejected[:SHOWN]:
        sys.stderr.write(f"{line}\n")
    for one in unread[:SHOWN]:
        sys.stderr.write(f"{one}：没有可读的文字，未标注\n")
