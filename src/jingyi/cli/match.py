"""`jingyi match`: for every text of one table the texts of another that speak of the same matter."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from jingyi.cli.progress import Progress

EPILOG = (
    "example: jingyi match proposals.xlsx suggestions.csv --text 内容 --title 标题 -o pairs.parquet"
)
SHOWN = 20
LONGEST = 60  # characters of a sentence that are quoted


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "match",
        help="proposals against suggestions, leads or cases: the best candidates of each text",
        description="Writes a_id, b_id, score (probability that both speak of one matter) and because "
        "(reasons: what agrees, and the sentences that match), for each row of A its best candidates "
        "among B, best first. A and B may change places.",
        epilog=EPILOG,
    )
    parser.add_argument("a", metavar="A", help="XLSX, CSV (UTF-8, GB18030) or Parquet")
    parser.add_argument("b", metavar="B", help="the table to find candidates in")
    parser.add_argument("--text", required=True, metavar="C", help="column that holds the text")
    parser.add_argument(
        "--title", metavar="C", help="column that holds the title, where there is one"
    )
    parser.add_argument(
        "--top", type=int, default=5, metavar="N", help="candidates a row (default 5)"
    )
    parser.add_argument("--least", type=float, default=0.0, metavar="S",
                        help="leave out candidates of a lower score (0 to 1; default: none)")  # fmt: skip
    parser.add_argument("-o", dest="target", required=True, metavar="OUT", help=".parquet or .csv")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read both, index B, search it for A, write."""
    from jingyi.cli.labelled import read
    from jingyi.core.matching import index, matches, rules
    from jingyi.core.refusal import Refusal
    from jingyi.engines.embedded import cores

    if args.top < 1:
        raise Refusal("--top 至少为 1，收到的是 {top}。", top=args.top)
    if not 0 <= args.least <= 1:
        raise Refusal("--least 应在 0 与 1 之间，收到的是 {least}。", least=args.least)
    target = Path(args.target)
    if target.suffix not in {".parquet", ".csv"}:
        raise Refusal("结果只能写成 .parquet 或 .csv，收到的是 {name}。", name=target.name)
    began = time.perf_counter()
    bar = Progress(sys.stderr)
    bar.show("正在读取（首次运行要编译，约十秒）…")
    found = read_both(args, read)
    held = index.build(*columns(found[1]), len(found[1].ids), rules.shipped())
    bar = Progress(sys.stderr)
    total = len(found[0].ids)
    told = lambda done: bar(done, total)  # noqa: E731
    matched = matches.match(held, *columns(found[0]), total, args.top, cores(), told)
    bar.show("正在写明理由…")
    out = table(found[0].ids, found[1].ids, held, matched, args.least)
    bar.end()
    target.parent.mkdir(parents=True, exist_ok=True)
    write(out, target)
    offered = int((out["score"].to_numpy() >= held.rules.offer).sum())
    summary = {
        "a": total, "b": held.count, "pairs": out.num_rows, "offered": offered,
        "rejected": sum(len(one.rejected) for one in found),
        "seconds": round(time.perf_counter() - began, 3),
    }  # fmt: skip
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        print(
            f"{total:,} × {held.count:,} 行 → {out.num_rows:,} 对候选，其中 {offered:,} 对达到提示界限 "
            f"{held.rules.offer}；用时 {summary['seconds']:.1f} 秒"
        )
    for line in [*found[0].rejected, *found[1].rejected][:SHOWN]:
        sys.stderr.write(f"{line}\n")
    return 0


def read_both(args: argparse.Namespace, read: Any) -> list[Any]:
    """Return the rows of A and of B; only one of them may lack the title."""
    from jingyi.core.refusal import Refusal
    from jingyi.engines import tables

    found, titled = [], 0
    for name in (args.a, args.b):
        title = args.title
        if title and title not in tables.open_table(name).names:
            title = None
        titled += title is not None
        found.append(read([Path(name)], title, args.text, None))
    if args.title and not titled:
        raise Refusal("两个表中都没有名为“{heading}”的列。", heading=args.title)
    return found


def columns(rows: Any) -> tuple[Any, Any]:
    """Return titles and bodies as Arrow columns."""
    import pyarrow as pa

    kind = pa.large_string()
    return pa.array(rows.titles, kind), pa.array(rows.bodies, kind)


def table(a_ids: Any, b_ids: Any, held: Any, matched: Any, least: float) -> Any:
    """Return one row a candidate, in the order of A, best first."""
    import numpy as np
    import pyarrow as pa

    from jingyi.core.matching import matches

    pairs = np.argwhere((matched.row >= 0) & (matched.score >= least))
    a, b, because = [], [], []
    for query, place in pairs.tolist():
        one = matches.candidate(held, matched, query, place, LONGEST)
        a.append(a_ids[query])
        b.append(b_ids[one.row])
        because.append([str(each) for each in one.because])
    return pa.table(
        {
            "a_id": pa.array(a, pa.string()),
            "b_id": pa.array(b, pa.string()),
            "score": pa.array(matched.score[pairs[:, 0], pairs[:, 1]], pa.float32()),
            "because": pa.array(because, pa.list_(pa.string())),
        }
    )


def write(out: Any, target: Path) -> None:
    """Write Parquet, or CSV with the reasons in one cell."""
    import csv

    import pyarrow.parquet as pq

    if target.suffix == ".parquet":
        pq.write_table(out, target, compression="zstd")
        return
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(out.column_names)
        for one in out.to_pylist():
            cells = (one["a_id"], one["b_id"], f"{one['score']:.4f}", "；".join(one["because"]))
            lines.writerow([guarded(cell) for cell in cells])


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
