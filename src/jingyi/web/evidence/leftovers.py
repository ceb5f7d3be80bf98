"""What a killed process left in the vault's folder, and files there that no row names."""

import fcntl
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

from jingyi.web.evidence import bucket
from jingyi.web.evidence.models import Blob
from jingyi.web.evidence.vault import INCOMING

GRACE = 600  # seconds; a file younger than this may not have its lock yet
AT_ONCE = 500


def clear(*, at: datetime) -> int:
    """Take away incoming files whose writer is dead; return how many."""
    return sum(_clear(file, at) for file in Path(settings.VAULT).glob(f"{INCOMING}*"))


def _clear(file: Path, at: datetime) -> bool:
    with suppress(FileNotFoundError), file.open("rb") as held:
        if at.timestamp() - file.stat().st_mtime < GRACE:
            return False
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False  # its writer lives
        file.unlink()
        return True
    return False


def unlisted() -> int | None:
    """Return how many files lie in the vault without a row; nothing for a bucket.

    They are left where they are: a database restored from an older backup may be what is missing.
    """
    if bucket.used():
        return None
    count, every = 0, _names()
    while names := list(islice(every, AT_ONCE)):
        count += len(names) - Blob.objects.filter(pk__in=names).count()
    return count


def _names() -> Iterator[str]:
    for folder in Path(settings.VAULT).glob("??"):
        for file in folder.iterdir():
            yield folder.name + file.name
