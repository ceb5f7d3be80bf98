"""`jingyi work`: run queued jobs. `jingyi run` starts one by itself."""

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
    from jingyi.web.jobs.worker import work

    work(until_empty=args.until_empty)
    return 0
