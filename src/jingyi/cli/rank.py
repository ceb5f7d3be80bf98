"""`jingyi rank`: a table of judges' scores becomes an order with intervals and a certificate."""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from jingyi.cli.progress import Progress

EPILOG = (
    "example: jingyi rank scores.csv --places 9 -o order.csv\n"
    "         jingyi rank 评分表.xlsx --places 9 --weight 创新=2 --weight 实效=3 --lot 20260801 -o order.csv"
)


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "rank",
        help="judges' scores: corrected for severity, ranked with intervals, certified",
        description="SCORES has one row a score: entry, judge, criterion, score (and judge_unit, entry_unit, where "
        "own units should be looked at). Writes entry, mean, trimmed_mean (without the highest and the lowest judge "
        "on each criterion), calibrated (judges' severity taken out), rank by it, and the interval that holds the "
        "rank in nine of ten draws. The certificate tells whether the chosen would change without any one judge or "
        "criterion.",
        epilog=EPILOG,
    )  # fmt: skip
    parser.add_argument("scores", metavar="SCORES", help="CSV, XLSX or Parquet")
    parser.add_argument("--places", type=int, metavar="K", help="how many are chosen (default: half)")  # fmt: skip
    for field in ("entry", "judge", "criterion", "score"):
        parser.add_argument(f"--{field}", metavar="C", help=f"column of the {field}")
    parser.add_argument(
        "--weight", action="append", default=[], metavar="CRITERION=W",
        help="weight of a criterion; all or none (default: equal)",
    )  # fmt: skip
    parser.add_argument("--trim", type=int, default=1, metavar="N", help="judges left out at each end (default 1)")  # fmt: skip
    parser.add_argument("--blank", action="append", default=[], metavar="V", help="a value that means no score")  # fmt: skip
    parser.add_argument("--lot", default="", metavar="SEED", help="published seed that tells ties apart")  # fmt: skip
    parser.add_argument("-o", dest="target", required=True, metavar="OUT", help=".csv or .parquet")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, rank, certify, write, say."""
    from jingyi.core.judging import certificate, kinship, means, ranking
    from jingyi.core.judging import scores as judged
    from jingyi.core.refusal import Refusal
    from jingyi.engines import scores

    target = Path(args.target)
    if target.suffix not in {".csv", ".parquet"}:
        raise Refusal("结果只能写成 .parquet 或 .csv，收到的是 {name}。", name=target.name)
    if args.trim < 0:
        raise Refusal("--trim 至少为 0，收到的是 {trim}。", trim=args.trim)
    began = time.perf_counter()
    named = {
        f: said for f in ("entry", "judge", "criterion", "score") if (said := getattr(args, f))
    }
    sheet = scores.read(args.scores, named, frozenset(args.blank))
    table = sheet.scores
    share = judged.shares(table, weights(args.weight))
    found = ranking.rank(table, share)
    known = int((found.rank > 0).sum())
    places = args.places if args.places is not None else max(known // 2, 1)
    bar = Progress(sys.stderr, "项")
    proof = certificate.certify(table, share, places, args.lot, told=bar)
    bar.end()
    trimmed, whole = means.trimmed(table, share, args.trim)
    columns = {
        "entry": list(table.entries),
        "mean": means.mean(table, share).tolist(),
        "trimmed_mean": trimmed.tolist(),
        "calibrated": found.value.tolist(),
        "rank": found.rank.tolist(),
        "rank_low": found.low.tolist(),
        "rank_high": found.high.tolist(),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    write(columns, target)
    every, single = kinship.favour(table, found.fits, sheet.judge_unit, sheet.entry_unit)
    summary = {
        "entries": len(table.entries),
        "judges": len(table.judges),
        "criteria": dict(zip(table.criteria, share.round(6).tolist(), strict=True)),
        "scores": len(table.score),
        "blank": len(sheet.blank),
        "unranked": [n for n, r in zip(table.entries, found.rank, strict=True) if not r],
        "untrimmed": [n for n, cut in zip(table.entries, whole, strict=True) if cut],
        "linked": all(fit.linked for fit in found.fits.values()),
        "severity": severity(table, found.fits, share),
        "certificate": told(proof),
        "seconds": round(time.perf_counter() - began, 3),
    }
    if every:
        summary["own_unit"] = own_unit(every, single)
    say(args, summary, sheet.blank, given=args.places is not None)
    return 0


def weights(given: list[str]) -> dict[str, float]:
    """Read --weight."""
    from jingyi.core.refusal import Refusal

    found = {}
    for text in given:
        name, _, number = text.rpartition("=")
        try:
            found[name] = float(number)
        except ValueError:
            name = ""
        if not name:
            raise Refusal("权重“{text}”读不懂，须写成 评分项=数字，例如 创新=2。", text=text[:40])
    return found


def severity(table: Any, fits: Any, share: Any) -> dict[str, float]:
    """Return each judge's severity: points added to the result by scoring lower or higher."""
    total = sum(share[number] * fit.severity for number, fit in fits.items())
    return dict(zip(table.judges, total.round(4).tolist(), strict=True))


def told(proof: Any) -> dict[str, Any]:
    """Return the certificate as JSON."""
    return {
        "places": proof.places,
        "stable": proof.stable,
        "chosen": list(proof.chosen),
        "margin": proof.margin,
        "tied": list(proof.tied),
        "by_mean": list(proof.by_mean),
        "by_trimmed_mean": list(proof.by_trimmed),
        "removals": [
            {
                "kind": one.kind,
                "name": one.name,
                "changes": one.changes,
                "in": list(one.comes_in),
                "out": list(one.goes_out),
            }
            for one in proof.removals
        ],
    }


def own_unit(every: Any, single: Any) -> dict[str, Any]:
    """Return what judges give their own unit beyond what others give it."""
    from dataclasses import asdict

    return {"all": asdict(every), "judges": {name: asdict(one) for name, one in single.items()}}


def write(columns: dict[str, list[Any]], target: Path) -> None:
    """Write best first, those without a rank at the end."""
    import csv
    from math import isnan

    import pyarrow as pa
    import pyarrow.parquet as pq

    from jingyi.cli.match import guarded

    order = sorted(range(len(columns["rank"])), key=lambda n: (columns["rank"][n] or 10**9, n))
    rows = {name: [cells[n] for n in order] for name, cells in columns.items()}
    for name in ("rank", "rank_low", "rank_high"):
        rows[name] = [one or None for one in rows[name]]
    for name in ("mean", "trimmed_mean", "calibrated"):
        rows[name] = [None if isnan(one) else one for one in rows[name]]
    if target.suffix == ".parquet":
        pq.write_table(pa.table(rows), target, compression="zstd")
        return
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(rows)
        for entry, *cells in zip(*rows.values(), strict=True):
            shown = ["" if one is None else f"{one:.6g}" if isinstance(one, float) else one for one in cells]  # fmt: skip
            lines.writerow([guarded(entry), *shown])


def say(args: argparse.Namespace, summary: dict[str, Any], blank: Any, *, given: bool) -> None:
    """Print the summary: the chosen, what hangs on whom."""
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
        return
    proof = summary["certificate"]
    print(
        f"{summary['entries']:,} 个参评、{summary['judges']:,} 位评委、{summary['scores']:,} 个分数；"
        f"用时 {summary['seconds']:.1f} 秒"
    )
    by = "" if given else "（未写 --places，按一半计）"
    print(f"前 {proof['places']} 名{by}：{'、'.join(proof['chosen'])}")
    changed = [one for one in proof["removals"] if one["changes"]]
    if not changed:
        print(
            f"稳定：去掉任何一位评委或任何一个评分项，入选不变（试了 {len(proof['removals'])} 种）"
        )
    for one in changed:
        what = "评委" if one["kind"] == "judge" else "评分项"
        print(f"  去掉{what}“{one['name']}”：{'、'.join(one['in'])} 进，{'、'.join(one['out'])} 出")
    if proof["tied"]:
        print(f"末位并列，由抽签排定：{'、'.join(proof['tied'])}")
    if not summary["linked"]:
        print("有的评委组之间没有共同的评委或参评：跨组比较以各组宽严相近为前提。")
    if summary["unranked"]:
        print(f"缺评分项、未排名：{'、'.join(summary['unranked'])}")
    if blank:
        print(f"没有打分 {len(blank):,} 处，未计入")
