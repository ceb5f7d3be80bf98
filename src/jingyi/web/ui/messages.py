"""Compiled translations, made from the catalogues without gettext."""

import os
from pathlib import Path

import polib

PACKAGE = Path(__file__).parents[2]


def compile_messages(root: Path = PACKAGE) -> list[Path]:
    """Write each .mo that is missing or older than its .po; return those written.

    `jingyi run` and the tests call it first; nothing is done when nothing has changed.
    """
    written = []
    for source in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # replaced in one move: another process may be reading it
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(unfinished))
        unfinished.replace(target)
        written.append(target)
    return written
