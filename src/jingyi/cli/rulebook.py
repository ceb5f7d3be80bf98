"""`jingyi rulebook check`: the rulebook's own test."""

import argparse
import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jingyi.core import rulebook, rulebook_check


def add(commands) -> None:
    """Register `rulebook check`."""
    parser = commands.add_parser(
        "rulebook",
        help="check the rules: citations, dates, events, calendars",
        description="Check every file of the rulebook and list the entries nobody has confirmed "
        "for a year. Exit 1 if anything has to be mended.",
        epilog="example: jingyi rulebook check --json",
    )
    parser.add_argument("what", choices=["check"], metavar="check")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="as of (today)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what is wrong and what is due for another look."""
    on = args.on or datetime.now(ZoneInfo("Asia/Shanghai")).date()
    report = rulebook_check.check(on)
    problems = [str(problem) for problem in report.problems]
    reminders = [str(reminder) for reminder in report.reminders]
    counted = {
        "clocks": len(rulebook.clocks()),
        "domains": len(rulebook.every_domain()),
        "instruments": len(rulebook.instruments()),
        "calendar_through": rulebook.calendar().announced_through.isoformat(),
    }
    if args.json:
        shape = {"ok": not problems, "problems": problems, "reminders": reminders, **counted}
        print(json.dumps(shape, ensure_ascii=False))
    else:
        print(
            "期限规则 {clocks} 条，办案领域 {domains} 个，引用文件 {instruments} 件，"
            "休假日历公布到 {calendar_through}。".format(**counted)
        )
        print("\n".join([*problems, *reminders]) or "全部一致。")
    return 1 if problems else 0
