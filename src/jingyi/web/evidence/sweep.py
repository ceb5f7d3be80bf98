"""The sweep: every sealed file is hashed again in rounds, slowly, and stopped at no cost.

Where a round stands is in each file's `checked_at`, so a killed sweep goes on with the next file.
One process at a time holds the lock; the others leave the work to it.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from jingyi.core.refusal import Refusal
from jingyi.core.words import Sentence
from jingyi.web.evidence import bucket, leftovers, telling, vault
from jingyi.web.evidence.models import Blob, Sweep
from jingyi.web.ledger import actions as ledger

AT_ONCE = 100  # files looked up, and written down, together
WRITE_EVERY = 1.0  # seconds; what was checked since the last time is checked again after a kill


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one file; `wrong` is nothing where it is what was sealed."""

    blob: Blob
    sm3: str = ""
    wrong: Sentence | None = None


class Pace:
    """Waits where more would be read than `rate` bytes a second since it was made."""

    def __init__(self, rate: int) -> None:
        self.rate, self.began, self.read = rate, time.monotonic(), 0

    def __call__(self, size: int) -> None:
        self.read += size
        early = self.began + self.read / self.rate - time.monotonic()
        if early > 0:
            time.sleep(early)


def go_on(*, at: datetime, seconds: float) -> Sweep | None:
    """Check files for about `seconds` (the file in hand to its end); return the round, if one is due.

    Nothing happens, and nothing is returned, where another process is at it.

    Raises:
        bucket.Unreachable, Refusal: the store as a whole is not there; no file is blamed.
    """
    with _alone() as alone:
        if not alone or not (sweep := _round(at)):
            return None
        if not bucket.used() and not any(Path(settings.VAULT).glob("??")):
            raise Refusal("证据库的文件夹不在或者是空的，核对没有进行。请检查磁盘是否已经挂载。")
        pace, until = Pace(settings.SWEEP_BYTES_PER_SECOND), time.monotonic() + seconds
        while batch := list(_waiting(sweep)[:AT_ONCE]):
            _check_all(sweep, batch, pace, until, at)
            if time.monotonic() >= until:
                return sweep
        _end(sweep, at)
    return sweep


def recheck(*, blob: Blob, at: datetime) -> Checked:
    """Check one file now, at full speed: after it was restored from a backup, say."""
    found = _check(blob, Pace(2**40))
    with transaction.atomic():
        _write_down([found], at)
    return found


def _check_all(sweep: Sweep, batch: list[Blob], pace: Pace, until: float, at: datetime) -> None:
    done: list[Checked] = []
    written = time.monotonic()
    for blob in batch:
        done.append(_check(blob, pace))
        now = time.monotonic()
        if now - written >= WRITE_EVERY or now >= until:
            _note(sweep, done, at)
            done, written = [], now
        if now >= until:
            return
    _note(sweep, done, at)


def _check(blob: Blob, pace: Pace) -> Checked:
    try:
        found = vault.check(blob.sha256, folder=Path(settings.VAULT), read=pace)
    except bucket.Unreachable:
        raise
    except Refusal as refusal:
        return Checked(blob, wrong=refusal.sentence)
    if blob.sm3 and blob.sm3 != found.sm3:
        return Checked(blob, wrong=vault.changed(blob.sha256).sentence)
    return Checked(blob, found.sm3)


@transaction.atomic
def _note(sweep: Sweep, done: list[Checked], at: datetime) -> None:
    if not done:
        return
    wrong = _write_down(done, at)
    sweep.files += len(done)
    sweep.bytes += sum(one.blob.size for one in done)
    sweep.wrong += wrong
    sweep.save(update_fields=["files", "bytes", "wrong"])
    if wrong:
        telling.failed(sweep=sweep, at=at)


def _write_down(done: list[Checked], at: datetime) -> int:
    """Write what was found on each file, and in the ledger what changed; return how many are wrong."""
    for one in done:
        blob, before = one.blob, one.blob.failed_at
        blob.checked_at = at
        blob.failed_at = (before or at) if one.wrong else None
        blob.sm3 = blob.sm3 or one.sm3
        if bool(before) != bool(one.wrong):
            kind = "evidence.failed" if one.wrong else "evidence.whole"
            facts = {"found": str(one.wrong or ""), "sealed_at": blob.sealed_at.isoformat()}
            ledger.append(kind=kind, subject=f"file:{blob.pk}", facts=facts, by=None, at=at)
    Blob.objects.bulk_update([one.blob for one in done], ["checked_at", "failed_at", "sm3"])
    return sum(one.wrong is not None for one in done)


def _round(at: datetime) -> Sweep | None:
    """Return the round under way; begin one if it is time and there is anything to check."""
    last = Sweep.objects.order_by("-began_at", "-pk").first()
    if last and not last.ended_at:
        return last
    if last and last.began_at + timedelta(days=settings.SWEEP_EVERY_DAYS) > at:
        return None
    if not Blob.objects.filter(sealed_at__lt=at).exists():
        return None
    return Sweep.objects.create(began_at=at)


def _waiting(sweep: Sweep) -> QuerySet[Blob]:
    """Return what this round has not checked: of what was sealed before it began."""
    unchecked = Q(checked_at=None) | Q(checked_at__lt=sweep.began_at)
    return Blob.objects.filter(unchecked, sealed_at__lt=sweep.began_at).order_by(
        F("checked_at").asc(nulls_first=True), "sha256"
    )


def _end(sweep: Sweep, at: datetime) -> None:
    sweep.cleaned = leftovers.clear(at=at)
    sweep.unlisted = leftovers.unlisted()
    sweep.ended_at = at
    with transaction.atomic():
        sweep.save(update_fields=["cleaned", "unlisted", "ended_at"])
        telling.ended(sweep=sweep, at=at)


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the sweep's lock; yield whether we got it."""
    Path(settings.DATA).mkdir(parents=True, exist_ok=True)
    with (Path(settings.DATA) / "sweep.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
