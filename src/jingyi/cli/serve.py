"""`jingyi run`: migrate, fill the demo city the first time, serve; one command, no broker."""

import os
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

from jingyi.cli import office, prepare
from jingyi.core.refusal import Refusal


def add(commands) -> None:
    """Register `run`."""
    parser = commands.add_parser(
        "run",
        help="serve Jingyi on this machine",
        description="Bring the database up to date, fill the demo city the first time, and serve.",
        epilog="example: jingyi run --port 8000 --data /srv/jingyi",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--empty", action="store_true", help="no demo city: start with nothing")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.set_defaults(run=run)


def run(args) -> int:
    """Serve until stopped."""
    _free(args.host, args.port)
    if args.host not in {"127.0.0.1", "localhost"}:
        hosts = os.environ.get("JINGYI_HOSTS", "127.0.0.1,localhost,[::1]")
        os.environ["JINGYI_HOSTS"] = f"{hosts},{args.host}"
    office()
    prepare()
    _assets()
    signs = [*([] if args.empty else _demo()), *_first_person()]
    over = Event()
    keeper = Thread(target=_keep_working, args=(over,), daemon=True)
    keeper.start()
    print(f"\n  精益 Jingyi  http://{args.host}:{args.port}/\n", flush=True)
    for line in signs:
        print(f"  {line}", flush=True)
    try:
        _serve(args)
    finally:
        over.set()
        keeper.join(15)
    return 0


def _keep_working(over: Event) -> None:
    """Keep one worker at work until it is over; one that dies is followed by another."""
    while not over.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "jingyi.cli", "work"])
        while worker.poll() is None and not over.wait(1):
            pass
        if worker.poll() is None:
            worker.terminate()
            worker.wait(10)
        over.wait(5)  # what killed it, such as a locked database, may pass


def _free(host: str, port: int) -> None:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Refusal(
                "端口 {port} 已被占用；请用 --port 另选一个，或先停止占用它的程序。", port=port
            ) from None


def _assets() -> None:
    """Collect the static files beside the data; names carry their hash."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def _demo() -> list[str]:
    from jingyi import demo

    return demo.load()


def _first_person() -> list[str]:
    """Make an account where there is none; its password is shown this once."""
    from django.utils import timezone

    from jingyi.web.registry.actions import first_person

    made = first_person(at=timezone.now())
    return [f"首个账号 {made[0].username}，密码 {made[1]}（只显示这一次）"] if made else []


def _serve(args) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "jingyi.web.wsgi:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        log_level="warning",
        websockets=False,
        blocking_threads=2,  # SQLite takes one writer; more threads only wait
        backpressure=64,
        working_dir=Path.cwd(),
    ).serve()
