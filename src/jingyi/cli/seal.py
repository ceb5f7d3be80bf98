"""`jingyi seal`: put files into the vault and print their digests."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from jingyi.cli import office, prepare
from jingyi.cli.progress import Progress
from jingyi.core.refusal import Refusal

CHUNK = 1 << 20


def add(commands) -> None:
    """Register `seal`."""
    parser = commands.add_parser(
        "seal",
        help="put files into the vault; print SHA-256 and SM3 of each",
        description="Store each FILE once, under the SHA-256 of its bytes, counting SM3 in the same "
        "pass, and record it in the ledger. The file itself stays where it is. A file that cannot be "
        "stored whole leaves nothing; those before it stay sealed.",
        epilog="example: jingyi seal video.mp4 scan.pdf --json",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Seal; 2 at the first file that cannot be."""
    for path in args.files:
        if not path.is_file():
            raise Refusal("没有文件 {path}；请核对文件名。", path=path)
    office()
    prepare()
    from django.utils import timezone

    from jingyi.web.evidence.actions import take_in

    progress = Progress(sys.stderr, "MB")
    total = sum(path.stat().st_size for path in args.files)
    sealed = []
    before = 0
    for path in args.files:
        try:
            blob, new = take_in(
                chunks=_read(path, progress, before, total), name=path.name, at=timezone.now()
            )
        except PermissionError:
            raise Refusal("文件 {path} 读不了；请核对权限。", path=path) from None
        finally:
            progress.end()
        before += blob.size
        row = {"file": str(path), "sha256": blob.sha256, "sm3": blob.sm3, "size": blob.size}
        sealed.append({**row, "new": new})
        if not args.json:
            print(f"{path}\n  SHA-256 {blob.sha256}\n  SM3     {blob.sm3}\n  {blob.size:,} 字节")
    if args.json:
        print(json.dumps({"files": sealed}, ensure_ascii=False))
    return 0


def _read(path: Path, progress: Progress, before: int, total: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
            before += len(chunk)
            progress(before >> 20, total >> 20)
