"""`jingyi`: the command line. One module per command; the contract is in docs/reference/cli.md."""

import argparse
import os
import sys
from importlib import import_module

from jingyi.core.refusal import Refusal

COMMANDS = (
    "serve",
    "importing",
    "triage",
    "train",
    "classify",
    "match",
    "judge",
    "geofence",
    "rank",
    "screen",
    "collide",
    "clock",
    "ledger",
    "seal",
    "rulebook",
    "tick",
    "work",
    "backup",
    "restore",
    "migrate_store",
    "bundle",
    "faults",
    "keys",
)
REFUSED = 2


def parser() -> argparse.ArgumentParser:
    """Return the whole command line; `.commands` maps each command to its own parser."""
    top = argparse.ArgumentParser(
        prog="jingyi", description="精益 Jingyi: public-interest casework in procuratorates."
    )
    top.add_argument("--data", metavar="DIR", help="the office's data folder (default ./data)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"jingyi.cli.{name}").add(commands)
    for command in commands.choices.values():
        command.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
    top.commands = commands.choices
    return top


def main(argv: list[str] | None = None) -> int:
    """Run one command. 0 success · 2 refused, in one sentence · 1 a defect."""
    args = parser().parse_args(argv)
    if args.data:
        os.environ["JINGYI_DATA"] = args.data
    try:
        return args.run(args)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return REFUSED
    except BrokenPipeError:
        return 0


def office() -> None:
    """Load the office's database; commands that only count never call this."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingyi.web.settings")
    django.setup()


def prepare() -> None:
    """Bring an office's database and translations up to date; quick when they are."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from jingyi.web.ui.messages import compile_messages

    compile_messages()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
