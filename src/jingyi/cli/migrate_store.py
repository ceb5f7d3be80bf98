"""`jingyi migrate-store`: a live SQLite office moves to PostgreSQL."""

import json
import sys

from jingyi.cli import office, prepare
from jingyi.cli.progress import Progress
from jingyi.core.refusal import Refusal


def add(commands) -> None:
    """Register `migrate-store`."""
    parser = commands.add_parser(
        "migrate-store",
        help="move a live SQLite office to PostgreSQL",
        description="Copy every row into an empty PostgreSQL database in one transaction, compare "
        "the rows of each table and prove the ledger on both sides. Pages can be read meanwhile; "
        "acts wait, and are refused once the office has moved. Whatever breaks off leaves the old "
        "office as it was and the new database empty: run it again. Sealed files and keys stay "
        "in the data folder. Afterwards set JINGYI_DATABASE and restart.",
        epilog="example: jingyi migrate-store postgresql://jingyi:secret@db:5432/jingyi",
    )
    parser.add_argument(
        "url", nargs="?", metavar="URL", help="postgresql://user:password@host/name"
    )
    parser.add_argument("--to", metavar="URL", help="the same, by name")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args) -> int:
    """Move, and say how many rows each table has on both sides."""
    url = args.to or args.url
    if not url:
        raise Refusal("没有写新数据库的地址；请写 postgresql://用户:密码@主机:5432/名称。")
    office()
    prepare()
    from jingyi.web import settings
    from jingyi.web.operations import moving

    try:
        config = settings.postgres(url)
    except ValueError:
        raise Refusal("数据库地址读不懂；须写成 postgresql://用户:密码@主机:5432/名称。") from None
    progress = Progress(sys.stderr)
    try:
        moved = moving.move(config, told=progress)
    finally:
        progress.end()
    if args.json:
        said = {
            "tables": moved.tables,
            "rows": sum(moved.tables.values()),
            "entries": moved.entries,
        }
        print(json.dumps({**said, "root": moved.root, "ok": True}, ensure_ascii=False))
        return 0
    for name, n in moved.tables.items():
        if n:
            print(f"{name}\t{n}")
    print(f"共 {sum(moved.tables.values())} 行，两边一致。")
    print(f"账本 {moved.entries} 条，两边的根都是 {moved.root}")
    print("请设置 JINGYI_DATABASE 后重新启动；原来的数据库不再接收新的记录。")
    return 0
