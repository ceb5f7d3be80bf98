"""`jingyi keys`: a new key for who reported, and the old one deleted when nothing needs it."""

import sys

from jingyi.cli import office, prepare
from jingyi.cli.progress import Progress


def add(commands) -> None:
    """Register `keys`."""
    parser = commands.add_parser(
        "keys",
        help="change the key that reporters' identities are encrypted with",
        description="`rotate` makes a new key, keeps the old one, and writes every identity anew; "
        "pages go on meanwhile, and a run that was killed is taken up where it stood. `retire` "
        "deletes the old key, an hour later at the earliest, once every identity opens with the "
        "new one alone. Backups made before need the old key: they hold it.",
        epilog="example: jingyi keys rotate; an hour later: jingyi keys retire",
    )
    parser.add_argument("what", choices=("rotate", "retire"))
    parser.set_defaults(run=run)


def run(args) -> int:
    """Do it and say how much was done."""
    office()
    prepare()
    from django.utils import timezone

    from jingyi.web.intake.actions import rotation

    if args.what == "retire":
        gone = rotation.retire(at=timezone.now())
        print(f"已删除旧密钥 {gone} 个")
        return 0
    progress = Progress(sys.stderr, "")
    try:
        done = rotation.rotate(at=timezone.now(), told=progress)
    finally:
        progress.end()
    print(
        f"已用新密钥重写 {done} 条举报人身份；旧密钥还在，一小时后可运行 jingyi keys retire 删除。"
    )
    return 0
