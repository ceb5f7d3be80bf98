"""`jingyi judge`: a table of readings against a standard's limits, one row out per row in."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from jingyi.cli.progress import Progress

EPILOG = (
    "example: jingyi judge readings.csv --standard gb3838-2002 -o classes.parquet\n"
    "         jingyi judge soil.xlsx --standard gb15618-2018 --where land=paddy -o risk.csv"
)


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "judge",
        help="readings against the limits of a standard",
        description="Writes id, class (null with the reason where it cannot be told), worst item and "
        "because, one row out per row in, in order. READINGS has one column an item with the unit in "
        "its heading, or the columns id, item, value, unit. XLSX, CSV or Parquet.",
        epilog=EPILOG,
    )
    parser.add_argument("readings", metavar="READINGS", nargs="?")
    parser.add_argument("--standard", metavar="S", help="such as gb3838-2002; --list names them")
    parser.add_argument(
        "--body", metavar="B", help="river or lake, for the whole table; otherwise row by row"
    )
    parser.add_argument(
        "--where", action="append", default=[], metavar="CHOICE=OPTION",
        help="a condition of the standard that holds for the whole table; --list names them",
    )  # fmt: skip
    parser.add_argument(
        "--own-units", action="store_true", help="headings without a unit are in the standard's"
    )
    parser.add_argument(
        "--official", metavar="C", help="compare with this column of official classes, and say why"
    )
    parser.add_argument("-o", dest="target", metavar="OUT", help=".parquet or .csv")
    parser.add_argument("--list", action="store_true", help="name the standards and conditions")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, judge, write; say how many rows have which class."""
    from jingyi.core.lab import book
    from jingyi.core.refusal import Refusal

    if args.list:
        return listing(args.json)
    if not args.readings or not args.standard or not args.target:
        raise Refusal(
            "须写明读数文件、--standard 和 -o，例如 jingyi judge readings.csv --standard gb3838-2002 -o out.parquet；"
            "标准见 jingyi judge --list。"
        )
    target = Path(args.target)
    if target.suffix not in {".parquet", ".csv"}:
        raise Refusal("结果只能写成 .parquet 或 .csv，收到的是 {name}。", name=target.name)
    from jingyi.engines import judging, tables

    began = time.perf_counter()
    bar = Progress(sys.stderr)
    standard = book.standard(args.standard)
    sheet = tables.open_table(args.readings)
    said = conditions(args)
    judged = judging.judge(sheet.table, standard, said, own_units=args.own_units, told=bar.show)
    against = comparison(judged, sheet.table, args.official)
    bar.end()
    target.parent.mkdir(parents=True, exist_ok=True)
    write(judged.table, target)
    tell(args, standard, judged, against, len(sheet.rejected), time.perf_counter() - began)
    return 0


def conditions(args: argparse.Namespace) -> dict[str, str]:
    """Read --where and --body."""
    from jingyi.core.refusal import Refusal

    said = {"body": args.body} if args.body else {}
    for text in args.where:
        name, equals, option = text.partition("=")
        if not equals:
            raise Refusal("条件“{text}”读不懂，须写成 名称=选项，例如 land=paddy。", text=text[:40])
        said[name] = option
    return said


def comparison(judged: Any, table: Any, column: str | None) -> Any:
    """Return the comparison with an official class, if one is asked for."""
    from jingyi.core.refusal import Refusal

    if not column:
        return None
    from jingyi.engines import judging_official

    if column not in table.column_names:
        raise Refusal("表中没有名为“{heading}”的列。", heading=column)
    if judged.why is None:
        raise Refusal("--official 只用于一列一个项目的表。")
    return judging_official.compare(judged.why, table[column].combine_chunks())


def tell(  # noqa: PLR0917 -- everything there is to say, once
    args: argparse.Namespace, standard: Any, judged: Any, against: Any, rejected: int, seconds: float
) -> None:  # fmt: skip
    """Print the summary."""
    counts: dict[str | None, int] = {}
    for one in judged.table["class"].value_counts().to_pylist():
        counts[one["values"]] = one["counts"]
    order = [*standard.levels, standard.beyond]
    named = {name: counts[name] for name in order if name in counts}
    summary = {
        "standard": standard.id,
        "rows": judged.table.num_rows,
        "classes": named,
        "none": counts.get(None, 0),
        "bad_cells": judged.bad_cells,
        "left_out": list(judged.left_out),
        "rejected": rejected,
        "seconds": round(seconds, 3),
    }
    if against:
        summary["official"] = {"agreed": round(against.agreed, 6), **against.counts}
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
        return
    said = "，".join(f"{name} {count:,}" for name, count in named.items())
    print(f"{standard}：{summary['rows']:,} 行，{said}，未评 {summary['none']:,}；用时 {seconds:.1f} 秒")  # fmt: skip
    if standard.status != "settled":
        print("该标准的限值凭记忆录入，用作依据前须与原文核对。")
    if judged.left_out:
        print(f"没有限值的列：{'、'.join(judged.left_out)}")
    if against:
        from jingyi.engines.judging_official import KINDS, line

        print(f"与“{args.official}”一致 {against.agreed:.2%}")
        for name in KINDS[1:]:
            if against.counts[name]:
                print(f"  {line(name, against)}")


def write(table: Any, target: Path) -> None:
    """Write Parquet, or CSV with the reasons in one cell."""
    import csv

    import pyarrow.parquet as pq

    from jingyi.cli.match import guarded

    if target.suffix == ".parquet":
        pq.write_table(table, target, compression="zstd")
        return
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(table.column_names)
        for one in table.to_pylist():
            cells = (one["id"], one["class"] or "", one["worst"] or "", "；".join(one["because"]))
            lines.writerow([guarded(cell) for cell in cells])


def listing(as_json: bool) -> int:
    """Name every standard, with its conditions and how far it is checked."""
    from jingyi.core.lab import book

    rows = [
        {
            "standard": one.id,
            "number": one.number,
            "title": str(one.title),
            "table": one.table,
            "from": one.in_force_from.isoformat(),
            "to": one.in_force_to.isoformat() if one.in_force_to else None,
            "status": one.status,
            "where": {c.id: [option.id for option in c.options] for c in one.choices},
            "items": sorted({limit.item.id for limit in one.limits}),
        }
        for one in book.standards().values()
    ]
    if as_json:
        print(json.dumps({"standards": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        ended = f"，{row['to']} 止" if row["to"] else ""
        doubt = "" if row["status"] == "settled" else "（凭记忆，待核对）"
        print(f"{row['standard']:22} {row['number']} {row['title']} {row['table']}{doubt}")
        print(f"{'':22} {row['from']} 起{ended}；项目 {len(row['items'])} 个")
        for name, options in row["where"].items():
            print(f"{'':22} --where {name}={'|'.join(options)}")
    return 0
