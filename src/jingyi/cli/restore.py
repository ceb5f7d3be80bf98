"""`jingyi restore`: an office from its backup, into an empty place, proved at the end."""

import json
import os
import shutil
import sys
from pathlib import Path

from jingyi.cli import REFUSED, office, prepare
from jingyi.cli.backup import MB, shown
from jingyi.cli.progress import Progress
from jingyi.core.refusal import Refusal


def add(commands) -> None:
    """Register `restore`."""
    parser = commands.add_parser(
        "restore",
        help="bring an office back from its backup, into an empty data folder",
        description="Check the backup, write it into an empty data folder (and, with "
        "JINGYI_DATABASE, into an empty PostgreSQL database), then prove the ledger, hash every "
        "sealed file and count every table. A file that is not whole is refused.",
        epilog="example: jingyi restore /mnt/backup/jingyi-2026-11-23.zip --data /srv/jingyi",
    )
    parser.add_argument("file", metavar="IN", type=Path)
    parser.add_argument(
        "--key", metavar="HEX", help="the public key the backup must be signed with"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args) -> int:
    """Restore and verify; 2 if what came out is not what went in."""
    folder = Path(os.environ.get("JINGYI_DATA", "data")).resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(
            "数据目录 {folder} 不是空的；恢复只写入空目录，请用 --data 另指一个。", folder=folder
        )
    if not args.file.is_file():
        raise Refusal("没有文件 {path}；请核对文件名。", path=args.file)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        reader = _restore(args)
    except BaseException:
        for path in folder.iterdir():  # it was empty: whatever is there is ours, and half
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    prepare()
    from jingyi.web.operations import backups

    found = backups.proved(reader)
    if args.json:
        print(json.dumps(shown(found, args.file), ensure_ascii=False))
    else:
        print(f"已恢复到 {folder}（备份于 {reader.said['made_at'][:16]}）")
        print(f"账本 {found.entries} 条，根 {found.root}")
        print(f"数据 {found.rows} 行，证据库 {found.files} 个文件")
        print("\n".join(map(str, found.problems)) or "全部一致。")
    return REFUSED if found.problems else 0


def _restore(args):
    os.environ.setdefault(
        "JINGYI_SECRET_KEY", "none-while-restoring"
    )  # the office's own comes back
    office()
    from jingyi.web.operations import backups, copying

    if copying.served("default"):  # asking SQLite would make its file
        copying.reachable("default")
    reader = backups.opened(args.file)
    if args.key and args.key.lower() != reader.said["key"]:
        raise Refusal("备份 {path} 不是用这把公钥签名的；请核对来源。", path=args.file)
    if backups.occupied():
        raise Refusal("数据库里已经有数据；恢复只写入空的数据库，请另建一个。")
    progress = Progress(sys.stderr, "MB")
    try:
        backups.put_back(reader, told=lambda done, total: progress(done // MB, max(total // MB, 1)))
    finally:
        progress.end()
    return reader
