"""`jingyi collide`: which identifiers two organs have in common, and nothing else."""

import argparse
import csv
import json
from pathlib import Path
from typing import Any

EPILOG = (
    "example: jingyi collide blind pay.xlsx --column 身份证号 --key agreed.key --agreement A7 --query 1 -o ours.csv\n"
    "         jingyi collide meet pay.xlsx theirs.csv --column 身份证号 --key agreed.key --agreement A7 --query 1 -o common.csv\n"
    "         jingyi collide key -o agreed.key"
)


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "collide",
        help="find the identifiers two organs have in common, by keyed hashes",
        description="key: make a key for the two organs. blind: turn a column into keyed hashes to hand "
        "over. meet: find which of one's own rows are in the other's hashes.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("key", "blind", "meet"))
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="the table; for meet, then the other's hashes"
    )
    parser.add_argument("--column", metavar="HEADING", help="the identifiers")
    parser.add_argument("--kind", choices=("person-id", "credit-code"), default="person-id")
    parser.add_argument("--key", metavar="FILE", help="the key that both organs hold")
    parser.add_argument("--agreement", metavar="ID", help="what the two agreed on")
    parser.add_argument(
        "--query", type=int, metavar="N", help="number of the query under it, from 1"
    )
    parser.add_argument("--digest", choices=("sha256", "sm3"), default="sha256")
    parser.add_argument("-o", dest="target", metavar="OUT", required=True)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make a key, blind a column, or find what is in common."""
    from jingyi.core.refusal import Refusal
    from jingyi.core.screening import private

    target = Path(args.target)
    if args.what == "key":
        if target.exists():
            raise Refusal("{name} 已经有了。密钥不覆盖，请另取一个文件名。", name=target.name)
        target.touch(mode=0o600)
        target.write_text(private.new_key() + "\n", "ascii")
        return _tell(args, {"key": target.name})
    from jingyi.engines.screening.colliding import identifiers

    key = _key(args)
    rows = identifiers(Path(args.files[0]), args.column, args.kind)
    private.refuse_probing(len(rows), _least())
    if args.what == "blind":
        told = private.blinded(rows, key, args.digest)
        target.write_text("\n".join(["hash", *told]) + "\n", "ascii")
        return _tell(args, {"identifiers": len(told)})
    theirs = Path(args.files[1]).read_text("ascii").split()[1:]
    private.refuse_probing(len(theirs), _least())
    common = private.in_common(private.hashed(rows, key, args.digest), theirs)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([args.column, "rows"])
        lines.writerows([value, " ".join(map(str, rows[value]))] for value in common)
    return _tell(args, {"ours": len(rows), "theirs": len(theirs), "common": len(common)})


def _least() -> int:
    from jingyi.core.screening.practice import practice

    return practice().least_blinded


def _key(args: argparse.Namespace) -> bytes:
    from jingyi.core.refusal import Refusal
    from jingyi.core.screening.private import query_key

    wanted = 2 if args.what == "meet" else 1
    if len(args.files) != wanted or not (
        args.column and args.key and args.agreement and args.query
    ):
        raise Refusal(
            "须写明文件、--column、--key、--agreement 和 --query；写法见 jingyi collide --help。"
        )
    for name in (args.key, *args.files):
        if not Path(name).is_file():
            raise Refusal("找不到文件 {name}。请检查路径。", name=Path(name).name)
    return query_key(Path(args.key).read_text("ascii").strip(), args.agreement, args.query)


def _tell(args: argparse.Namespace, found: dict[str, Any]) -> int:
    if args.json:
        print(json.dumps(found, ensure_ascii=False))
    elif args.what == "meet":
        print(
            f"本方 {found['ours']:,} 个，对方 {found['theirs']:,} 个，相同 {found['common']:,} 个"
        )
    elif args.what == "blind":
        print(f"已写出 {found['identifiers']:,} 个密钥摘要；交给对方的只有这个文件")
    else:
        print("密钥已写出；只交给约定的另一方，双方都要妥善保管")
    return 0
