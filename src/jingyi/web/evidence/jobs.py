"""The sweep beside other work: a thread of the worker, and a short turn of `jingyi tick`."""

import logging
import time
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django_tasks import task

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import leftovers, sweep, telling
from jingyi.web.evidence.models import Blob

TURN = 5.0  # seconds
REST = 60.0  # where nothing is due, or something is in the way
log = logging.getLogger(__name__)


@task
def recheck_file(digest: str) -> None:
    """Check one file now; the page tells what came of it. Safe to run twice."""
    sweep.recheck(blob=Blob.objects.get(pk=digest), at=timezone.now())


def sweep_once(*, at: datetime) -> dict[str, object]:
    """Clear leftovers and check files for a short while; return ``{"files", "wrong", "stopped"}``.

    The counts are those of the round so far; all zero where none is due or the worker is at it.
    """
    leftovers.clear(at=at)
    try:
        done = sweep.go_on(at=at, seconds=TURN)
    except Refusal as refusal:
        telling.stopped(why=refusal.sentence, at=at)
        return {"files": 0, "wrong": 0, "stopped": f"；{refusal}"}
    return {"files": done.files if done else 0, "wrong": done.wrong if done else 0, "stopped": ""}


def keep_sweeping() -> None:
    """Sweep as long as the process lives; whatever goes wrong is tried again later."""
    while True:
        try:
            done = _turn()
        except Exception:  # a locked database, a disk that is away: the next turn may find it well
            log.exception("the sweep broke off")
            done = False
        time.sleep(0 if done else REST)


def _turn() -> bool:
    """Check for a while; return whether there is more to do at once."""
    try:
        at = timezone.now()
        leftovers.clear(at=at)
        done = sweep.go_on(at=at, seconds=TURN)
    except Refusal as refusal:
        telling.stopped(why=refusal.sentence, at=timezone.now())
        return False
    finally:
        connection.close()
    return done is not None and done.ended_at is None
