"""`jingyi triage`: judge a table of messages; one verdict per row, in input order."""

import argparse
import json
import sys
import unicodedata
from pathlib import Path
from typing import Any

from jingyi.cli.progress import Progress

EPILOG = "example: jingyi triage messages.xlsx -o leads.parquet --report report.html"
FIELDS = ("id", "title", "text", "time", "lon", "lat", "datum")


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "triage",
        help="domain, lead or not, place, incident and rank of every message in a table",
        epilog=EPILOG,
    )
    parser.add_argument("file", metavar="FILE", help="XLSX, CSV (UTF-8, GB18030) or Parquet")
    parser.add_argument("-o", dest="target", metavar="OUT.parquet", required=True)
    for field in FIELDS:
        parser.add_argument(f"--{field}", metavar="C", help=f"column that holds the {field}")
    parser.add_argument("--engine", choices=("embedded", "spark"), default="embedded")
    parser.add_argument(
        "--master",
        metavar="URL",
        help="with --engine spark: the cluster; default JINGYI_SPARK_MASTER, else local[*]",
    )
    parser.add_argument(
        "--report", metavar="OUT.html", help="also write a report to open in a browser"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object and nothing else"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the engine, then say what was found."""
    from jingyi.core.triage import book
    from jingyi.engines import embedded
    from jingyi.engines.base import Job

    bar = Progress(sys.stderr)
    bar.show("正在准备（首次运行要编译，约十秒）…")
    columns = {field: getattr(args, field) for field in FIELDS if getattr(args, field)}
    job = Job(Path(args.file), Path(args.target), columns, book.load())
    if args.engine == "spark":
        from jingyi.engines import spark

        done = spark.run(job, bar, args.master)
    else:
        done = embedded.run(job, bar)
    bar.end()
    from jingyi.cli import triage_figures, triage_report

    summary = triage_figures.of(job.target, done)
    if args.report:
        Path(args.report).write_text(triage_report.page(job, done, summary), "utf-8")
    del summary["drawn"]
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        print(_as_text(summary))
    for line in done.rejected[:20]:
        sys.stderr.write(f"{line}\n")
    return 0


def _as_text(summary: dict[str, Any]) -> str:
    wide = max((width(name) for name in summary["domains"]), default=4)
    most = max(summary["domains"].values(), default=1)
    lines = [
        (
            f"{summary['rows']:,} 行 → {summary['leads']:,} 条线索，{summary['incidents']:,} 件事，"
            f"用时 {summary['seconds']:.1f} 秒；拒收 {summary['rejected']:,} 行"
        ),
        "",
        *(
            f"  {padded(name, wide)}{count:>11,}  {'▇' * round(24 * count / most)}".rstrip()
            for name, count in summary["domains"].items()
        ),
        "",
        *(
            f"  {one['rank']:5.1f}  {one['reports']:>6,} 件  {padded(one['domain'] or '—', 22)}"
            f"  {one['place'] or '地点不明'}  {one['incident']}"
            for one in summary["top"]
        ),
    ]
    return "\n".join(lines)


def width(text: str) -> int:
    """Return the columns a terminal gives the text: two for a wide character."""
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)


def padded(text: str, columns: int) -> str:
    """Fill the text with blanks up to so many columns."""
    return text + " " * max(columns - width(text), 0)
