"""`jingyi screen`: a supervision model over tables of several organs; hits with their reasons."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jingyi.cli.progress import Progress

EPILOG = (
    "example: jingyi screen pension-of-the-dead --source pay=pay.xlsx --source death=death.csv -o hits.parquet\n"
    "         jingyi screen dust-tax --source project=a.csv --source declaration=b.csv --param least_area=1000 -o hits.csv"
)
ENGINES = ("duckdb", "spark", "plain")


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "screen",
        help="run a supervision model over tables",
        description="Writes one row per hit: the columns that the model declares, and because. "
        "Tables are XLSX, CSV or Parquet; what is repaired or set aside in them is said.",
        epilog=EPILOG,
    )
    parser.add_argument(
        "model", metavar="MODEL", nargs="?", help="such as dust-tax; --list names them"
    )
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="a table of the model's contract",
    )
    parser.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="K=V",
        help="a parameter other than its default",
    )
    parser.add_argument(
        "--column", action="append", default=[], metavar="NAME.COLUMN=HEADING",
        help="what a column is called in the file, where its heading does not tell",
    )  # fmt: skip
    parser.add_argument("--engine", choices=ENGINES, default="duckdb")
    parser.add_argument("--master", metavar="URL", help="with --engine spark: the cluster")
    parser.add_argument(
        "--memory", type=int, default=2048, metavar="MIB", help="for DuckDB (default 2048)"
    )
    parser.add_argument("-o", dest="target", metavar="OUT", help=".parquet or .csv")
    parser.add_argument("--report", metavar="HTML", help="also write a page about the run")
    parser.add_argument(
        "--list", action="store_true", help="name the models, their tables and parameters"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, run, explain, write; say what was found and what was wrong with the tables."""
    from jingyi.core.refusal import Refusal
    from jingyi.core.screening import book
    from jingyi.core.screening.compile import bound
    from jingyi.engines.screening.reading import strangers

    if args.list:
        return listing(args.json)
    if not args.model or not args.target:
        raise Refusal(
            "须写明模型、--source 和 -o，例如 jingyi screen dust-tax --source project=a.csv --source declaration=b.csv "
            "-o hits.parquet；模型见 jingyi screen --list。"
        )
    target = Path(args.target)
    if target.suffix not in {".parquet", ".csv"}:
        raise Refusal("结果只能写成 .parquet 或 .csv，收到的是 {name}。", name=target.name)
    began = time.perf_counter()
    model = book.model(args.model)
    values = bound(model, pairs(args.param, "--param"))
    bar = Progress(sys.stderr, "%")
    with tempfile.TemporaryDirectory(prefix="jingyi-screen-") as folder:
        prepared = read(args, model, bar, Path(folder))
        strange = strangers(model, prepared)
        done = engine(args, model, prepared, values, bar)
    bar.show("正在写出结果……")
    table = explained(model, values, done.hits)
    target.parent.mkdir(parents=True, exist_ok=True)
    write(table, target)
    bar.end()
    summary = summed(args, model, prepared, strange, done, time.perf_counter() - began)
    if args.report:
        from jingyi.cli.screen_report import page

        Path(args.report).write_text(page(model, values, prepared, done, summary), "utf-8")
    tell(args, model, summary)
    return 0


def pairs(texts: list[str], option: str) -> dict[str, str]:
    """Read NAME=VALUE."""
    from jingyi.core.refusal import Refusal

    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise Refusal(
                "{option} “{text}”读不懂，须写成 名称=值。", option=option, text=text[:60]
            )
        if name in found:
            raise Refusal("{option} “{name}”写了两次。", option=option, name=name)
        found[name] = value
    return found


def read(args: argparse.Namespace, model: Any, bar: Progress, folder: Path) -> dict[str, Any]:
    """Prepare every source of the contract."""
    from jingyi.core.refusal import Refusal
    from jingyi.engines.screening.reading import prepare

    paths = pairs(args.source, "--source")
    names = [one.name for one in model.sources]
    unknown = sorted(set(paths) - set(names))
    missing = [one for one in model.sources if one.name not in paths]
    if unknown:
        raise Refusal(
            "模型 {model} 没有名为“{name}”的表。它要的表：{names}。",
            model=model.id, name=unknown[0], names="、".join(names),
        )  # fmt: skip
    if missing:
        raise Refusal(
            "模型 {model} 还缺“{title}”：请加上 --source {name}=文件。",
            model=model.id, title=missing[0].title, name=missing[0].name,
        )  # fmt: skip
    mapping: dict[str, dict[str, str]] = {}
    for key, heading in pairs(args.column, "--column").items():
        source, dot, column = key.partition(".")
        if (
            not dot
            or source not in names
            or column not in {c.name for c in model.source(source).columns}
        ):
            raise Refusal(
                "--column “{key}”须写成 表.列=列名，且表和列都在模型的数据约定里。", key=key[:60]
            )
        mapping.setdefault(source, {})[column] = heading
    found = {}
    for one in model.sources:
        bar.show(f"正在读取 {one.title} ……")
        into = folder / f"{one.name}.parquet"
        found[one.name] = prepare(one, Path(paths[one.name]), into, mapping.get(one.name))
    return found


def engine(args, model, prepared, values, bar: Progress) -> Any:
    """Run the query on the engine asked for."""
    from jingyi.engines.screening import duck, plain, spark
    from jingyi.engines.screening.base import Limits

    counted = bool(args.report)
    tables = {name: one.path for name, one in prepared.items()}
    if args.engine == "plain":
        return plain.run(model, tables, values)
    if args.engine == "spark":
        return spark.run(model, tables, values, master=args.master, counted=counted)
    limits = Limits(memory=args.memory * 2**20)
    return duck.run(
        model, tables, values, limits=limits, counted=counted, told=lambda share: bar(share, 100)
    )


def explained(model: Any, values: Any, hits: Any) -> Any:
    """Add `because`, a list of sentences, to every hit."""
    import pyarrow as pa

    from jingyi.core.screening.explain import Reasons

    reasons = Reasons(model, values)
    because = [reasons.texts(hit) for hit in hits.to_pylist()]
    return hits.append_column("because", pa.array(because, pa.list_(pa.string())))


def write(table: Any, target: Path) -> None:
    """Write Parquet, or CSV with lists in one cell."""
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
            cells = [
                "；".join(map(str, v)) if isinstance(v, list) else "" if v is None else str(v)
                for v in one.values()
            ]
            lines.writerow([guarded(cell) for cell in cells])


def summed(args, model, prepared, strange, done, seconds: float) -> dict[str, Any]:  # noqa: PLR0917
    """Return what there is to say of a run."""
    warnings = [str(one) for source in prepared.values() for one in source.warnings]
    warnings += [str(one) for one in strange]
    return {
        "model": model.id,
        "version": model.version,
        "digest": model.digest,
        "engine": args.engine,
        "rows": {name: one.rows for name, one in prepared.items()},
        "set_aside": {name: one.set_aside for name, one in prepared.items()},
        "hits": done.hits.num_rows,
        "steps": dict(done.counts),
        "warnings": warnings,
        "seconds": round(seconds, 3),
    }


def tell(args: argparse.Namespace, model: Any, summary: dict[str, Any]) -> None:
    """Print the summary."""
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
        return
    rows = "，".join(
        f"{one.title} {summary['rows'][one.name]:,} 行"
        + (f"（另有 {n:,} 行不可用）" if (n := summary["set_aside"][one.name]) else "")
        for one in model.sources
    )
    print(f"{model.title}：{rows}；命中 {summary['hits']:,}；用时 {summary['seconds']:.1f} 秒")
    for one in summary["warnings"]:
        print(f"  {one}")
    print("命中是线索，不是事实：须经人工核实。")


def listing(as_json: bool) -> int:
    """Name every model with what it asks for."""
    from jingyi.core.screening import book
    from jingyi.core.screening.compile import shown

    rows = [
        {
            "model": one.id,
            "version": one.version,
            "title": str(one.title),
            "question": str(one.question),
            "domain": one.domain,
            "sources": {s.name: [c.name for c in s.columns] for s in one.sources},
            "parameters": {p.id: shown(p.default) for p in one.parameters},
            "outputs": [o.name for o in one.outputs],
        }
        for one in book.models().values()
    ]
    if as_json:
        print(json.dumps({"models": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row['model']:28} {row['title']}：{row['question']}")
        for name, columns in row["sources"].items():
            print(f"{'':28} --source {name}=…  {'、'.join(columns)}")
        for name, default in row["parameters"].items():
            print(f"{'':28} --param {name}={default}")
    return 0
