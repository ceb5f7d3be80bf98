"""`jingyi backup`: the whole office as one file, while it is in use."""

import json
import sys
from pathlib import Path

from jingyi.cli import office, prepare
from jingyi.cli.progress import Progress

MB = 1 << 20


def add(commands) -> None:
    """Register `backup`."""
    parser = commands.add_parser(
        "backup",
        help="write the whole office to one file, while it is in use",
        description="Write the database (one moment of it), every sealed file, the keys and the "
        "trained models to one signed file. With the keys it opens everything: keep it "
        "like the office itself. Nothing of the office is changed, and nobody has to stop.",
        epilog="example: jingyi backup /mnt/backup/jingyi-2026-11-23.zip",
    )
    parser.add_argument("file", metavar="OUT", type=Path, help="must not exist yet")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args) -> int:
    """Write it and say what is in it; what was missing in the vault is said, and does not stop it."""
    office()
    prepare()
    from django.utils import timezone

    from jingyi.web.operations import backups

    progress = Progress(sys.stderr, "MB")
    try:
        made = backups.back_up(
            args.file,
            at=timezone.now(),
            told=lambda done, total: progress(done // MB, max(total // MB, 1)),
        )
    finally:
        progress.end()
    if args.json:
        print(json.dumps(shown(made, args.file), ensure_ascii=False))
        return 0
    print(f"已备份到 {args.file}（{args.file.stat().st_size / MB:,.1f} MB）")
    print(f"账本 {made.entries} 条，根 {made.root}")
    print(f"数据 {made.rows} 行，证据库 {made.files} 个文件")
    for problem in made.problems:
        sys.stderr.write(f"{problem}\n")
    return 0


def shown(outcome, file: Path) -> dict[str, object]:
    """Return an outcome as JSON has it."""
    return {
        "file": str(file),
        "bytes": file.stat().st_size,
        "entries": outcome.entries,
        "root": outcome.root,
        "rows": outcome.rows,
        "files": outcome.files,
        "ok": not outcome.problems,
        "problems": [str(problem) for problem in outcome.problems],
    }
