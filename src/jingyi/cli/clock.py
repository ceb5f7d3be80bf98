"""`jingyi clock`: the last day in time of any statutory period, with every step of the counting."""

import argparse
import json
from datetime import date, datetime

from jingyi.core import clocks, rulebook
from jingyi.core.refusal import Refusal


def add(commands) -> None:
    """Register `clock`."""
    parser = commands.add_parser(
        "clock",
        help="the last day in time of a statutory period, and why",
        description="Count a statutory period from a day and say every step. RULE is a rule's id "
        "or its T-number; --list names them with their tracks and events.",
        epilog="example: jingyi clock suggestion.reply --from 2026-08-01 --track ordinary\n"
        "         jingyi clock T13 --from 2026-03-31 --event suspend=2026-04-10..2026-04-19",
    )
    parser.add_argument("rule", nargs="?", metavar="RULE", help="such as suggestion.reply or T09")
    parser.add_argument("--from", dest="start", metavar="DATE", help="the day that starts it")
    parser.add_argument("--track", default="", metavar="T", help="such as urgent; T10 implies it")
    parser.add_argument(
        "--event",
        action="append",
        default=[],
        metavar="KIND=DATE[..DATE]",
        help="exclude=, suspend= (both days included), extend.chief=, extend.superior=",
    )
    parser.add_argument("--list", action="store_true", help="name the rules, tracks and events")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print one deadline, or the list of rules."""
    if args.list:
        return listing(args)
    if not args.rule or not args.start:
        raise Refusal(
            "须写明规则和起算日，例如 jingyi clock suggestion.reply --from 2026-08-01；"
            "规则见 jingyi clock --list。"
        )
    named = rulebook.clocks_named(args.rule)
    counted = [counted_by(rule, args) for rule in named]
    if len({(one.track, one.due_raw, one.due, one.due_at) for one in counted}) > 1:
        raise rulebook.ambiguous(args.rule, named)
    rule, found = named[0], counted[0]
    if args.json:
        print(json.dumps(as_json(found), ensure_ascii=False))
    else:
        print(f"{rule.title}（{'、'.join(rule.numbers)}）")
        print(f"最后一日：{found.due_at or found.due}")
        print("\n".join(f"{n}. {step}" for n, step in enumerate(found.steps, 1)))
        for other in named[1:]:
            print(f"{other.id}（{other.versions[-1].source}）算得的结果相同。")
    return 0


def counted_by(rule: clocks.Rule, args: argparse.Namespace) -> clocks.Deadline:
    """Count one rule over what was asked."""
    spans, extensions = read_events(args.event)
    return clocks.deadline(
        rule,
        started_on=read_moment(args.start),
        track=args.track or rule.track_numbered(args.rule.upper()),
        calendar=rulebook.rest_days(),
        spans=spans,
        extensions=extensions,
    )


def as_json(found: clocks.Deadline) -> dict[str, object]:
    """Return the promised shape; `due_at` only where the period runs by the hour."""
    shape: dict[str, object] = {
        "rule": found.rule_id,
        "version": found.version.isoformat(),
        "track": found.track,
        "raw": found.due_raw.isoformat(),
        "due": found.due.isoformat(),
        "settled": found.settled,
        "because": [str(step) for step in found.steps],
    }
    if found.due_at:
        shape["due_at"] = found.due_at.isoformat()
    return shape


def listing(args: argparse.Namespace) -> int:
    """Name every rule with its tracks and the events it takes."""
    rows = [describe(rule) for rule in rulebook.clocks()]
    if args.json:
        print(json.dumps({"rules": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        own = "（本院自定，非法定期限）" if row["own"] else ""
        print(f"{'/'.join(row['numbers']):8} {row['rule']:24} {row['title']}{own}")
        print(f"{'':8} 情形：{'、'.join(f'{k} {v}' for k, v in row['tracks'].items())}")
        if row["events"]:
            print(f"{'':8} 事件：{'、'.join(row['events'])}")
    return 0


def describe(rule: clocks.Rule) -> dict:
    """Return what the latest version of a rule offers."""
    latest = rule.versions[-1]
    return {
        "rule": rule.id,
        "numbers": list(rule.numbers),
        "title": str(rule.title),
        "tracks": {track.id: str(track.period.sentence) for track in latest.tracks.values()},
        "starts": list(rule.starts),
        "events": [*latest.pauses, *(f"extend.{kind}" for kind in latest.extensions)],
        "source": str(latest.source),
        "own": rule.nature == "soft",
    }


def read_events(texts: list[str]) -> tuple[list[clocks.Span], list[clocks.Extension]]:
    """Read KIND=DATE[..DATE]: what is left out, and what was granted."""
    spans, extensions = [], []
    for text in texts:
        kind, equals, days = text.partition("=")
        if not equals:
            raise Refusal("事件“{given}”读不懂，须写成 KIND=日期 或 KIND=日期..日期。", given=text)
        first, _, last = days.partition("..")
        begun = read_day(first)
        ended = read_day(last) if last else None
        if kind.startswith("extend."):
            extensions.append(clocks.Extension(kind.removeprefix("extend."), begun, ended))
        else:
            spans.append(clocks.Span(kind, begun, ended or begun))
    return spans, extensions


def read_day(text: str) -> date:
    """Read a day as 2026-08-01."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("“{given}”不是日期，须写成 2026-08-01 这样。", given=text) from None


def read_moment(text: str) -> date:
    """Read a day, or a moment as 2026-08-03T09:30 for periods that run by the hour."""
    if "T" not in text:
        return read_day(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refusal("“{given}”不是时刻，须写成 2026-08-03T09:30 这样。", given=text) from None
