"""`jingyi work`: run queued jobs. `jingyi run` starts one by itself."""

from threading import Thread

from jingyi.cli import office, prepare


def add(commands) -> None:
    """Register `work`."""
    parser = commands.add_parser(
        "work",
        help="run queued jobs (imports, triage) until stopped",
        epilog="example: jingyi work --until-empty",
    )
    parser.add_argument("--until-empty", action="store_true", help="stop when nothing is queued")
    parser.set_defaults(run=run)


def run(args) -> int:
    """Work until stopped, or until nothing is left."""
    office()
    prepare()
    from jingyi.core.matching.matches import compile_kernels
    from jingyi.web.evidence.jobs import keep_sweeping
    from jingyi.web.jobs.worker import work

    if not args.until_empty:  # half a minute on a new machine; the server then finds them compiled
        Thread(target=compile_kernels, daemon=True).start()
        Thread(target=keep_sweeping, daemon=True).start()
    work(until_empty=args.until_empty)
    return 0
