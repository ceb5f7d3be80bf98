"""`jingyi train`: a model of any labels, from tables of messages that have them."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from jingyi.cli.progress import Progress
from jingyi.core.refusal import Refusal

EPILOG = (
    "example: jingyi train messages.csv --title 留言主题 --text 留言详情 --label 一级标签 -o departments.model\n"
    "Several files may be given; one may have only titles, another only bodies."
)


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "train",
        help="learn labels from messages that have them; writes a model for `classify`",
        epilog=EPILOG,
    )
    parser.add_argument("file", nargs="+", metavar="FILE", help="XLSX, CSV or Parquet")
    parser.add_argument("--text", required=True, metavar="C", help="column that holds the text")
    parser.add_argument("--title", metavar="C", help="column that holds the title")
    parser.add_argument("--label", required=True, metavar="C", help="column that holds the label")
    parser.add_argument("-o", dest="target", required=True, metavar="MODEL", help="file to write")
    parser.add_argument(
        "--error", type=float, default=0.1, metavar="E",
        help="share of messages that a set of labels may miss (default 0.1)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, fit, store, and say how good it is on messages it was not fitted on."""
    import pyarrow as pa

    from jingyi.cli.labelled import read
    from jingyi.core.triage.learning import features, fitting, grouping
    from jingyi.engines import models

    if not 0 < args.error < 1:
        raise Refusal("允许的误差应在 0 与 1 之间，例如 --error 0.1。")
    if Path(args.target).is_dir():
        raise Refusal("{name} 是一个文件夹。请给模型另取文件名。", name=args.target)
    bar = Progress(sys.stderr)
    bar.show("正在读取（首次运行要编译，约十秒）…")
    found = read([Path(name) for name in args.file], args.title, args.text, args.label)
    grams = features.read(pa.array(found.titles), pa.array(found.bodies), len(found.labels))
    usable = [i for i, empty in enumerate(grams.empty) if not empty and found.labels[i]]
    if len(usable) < 2:
        raise Refusal("有标签又有文字的行不足两行，无法训练。请检查列名。")
    kept = found.taken(usable)
    learned = fitting.train(
        grams.taken(usable),
        kept.labels,
        groups=grouping.same_message(kept.titles, kept.bodies),
        error=args.error,
        tell=lambda done, of: bar.show(f"正在训练：第 {done} 次拟合，共 {of} 次"),
    )
    left_out = len(found.labels) - len(usable)
    about = {
        "trained_on": "、".join(Path(name).name for name in args.file),
        "rows": len(usable),
        "left_out": left_out,
        "measured": "交叉验证：被测的留言（含同题、同文的行）不参与训练",
        "made_on": date.today().isoformat(),  # noqa: DTZ011
    }
    models.save(Path(args.target), learned, about)
    bar.end()
    if args.json:
        print(json.dumps(_figures(learned, about, args.target), ensure_ascii=False))
    else:
        print(_as_text(learned, about, args.target))
    for line in found.rejected[:20]:
        sys.stderr.write(f"{line}\n")
    return 0


def _figures(learned, about: dict[str, str | int], target: str) -> dict[str, Any]:
    quality = learned.quality
    return {
        "model": target,
        "rows": about["rows"],
        "left_out": about["left_out"],
        "accuracy": quality.accuracy,
        "macro_f1": quality.macro_f1,
        "labels": {
            one.label: {
                "messages": one.messages,
                "precision": one.precision,
                "recall": one.recall,
                "f1": one.f1,
            }
            for one in quality.labels
        },
    }


def _as_text(learned, about: dict[str, str | int], target: str) -> str:
    quality = learned.quality
    left = f"，另有 {about['left_out']} 行没有标签或文字" if about["left_out"] else ""
    lines = [
        f"用 {about['rows']:,} 行训练{left}；模型已写入 {target}",
        f"交叉验证：准确率 {quality.accuracy:.3f}，macro-F1 {quality.macro_f1:.3f}",
        "",
        *(
            f"  {one.label}  {one.messages:,} 行  F1 {one.f1:.3f}"
            f"（查准 {one.precision:.3f}，查全 {one.recall:.3f}）"
            for one in quality.labels[:40]
        ),
    ]
    return "\n".join(lines)
