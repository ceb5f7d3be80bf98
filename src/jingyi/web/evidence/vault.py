"""Original files, each under the name of its own SHA-256: in a folder, or in an S3 bucket.

A file is written to `incoming-*` in the office's own folder first, counted on the way, and put in
its place whole. What broke off is taken away at once; what a killed process left is taken away by
the sweep, which knows it by the lock that is gone.
"""

import errno
import fcntl
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from jingyi.core.refusal import Refusal
from jingyi.web.evidence import bucket
from jingyi.web.evidence.digests import Digests, blocks
from jingyi.web.evidence.models import Blob

CHUNK = 1 << 20  # bytes
FLUSH_EVERY = 32 * CHUNK  # so that the disk works while the digests are counted
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
INCOMING = "incoming-"


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: both digests in hex, and how many bytes."""

    sha256: str
    sm3: str
    size: int


def store(chunks: Iterable[bytes], *, folder: Path) -> Stored:
    """Write a stream and count SHA-256 and SM3 in the same pass.

    The file and its folder reach the disk before this returns, so a database
    row that names the digest never points at nothing.

    Raises:
        Refusal: the disk is full; nothing of the file is left.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        incoming = tempfile.NamedTemporaryFile(  # noqa: SIM115 -- closed below, in its place or gone
            dir=folder, prefix=INCOMING, delete=False, buffering=0
        )
    except OSError as wrong:
        raise refused(wrong) from wrong
    try:
        with incoming:
            fcntl.flock(incoming, fcntl.LOCK_EX)  # the sweep leaves it alone while we live
            stored = _write(chunks, incoming)
            _keep(Path(incoming.name), stored, folder)
    except BaseException as wrong:
        with suppress(FileNotFoundError):
            Path(incoming.name).unlink()
        if isinstance(wrong, OSError) and wrong.errno in FULL:
            raise refused(wrong) from wrong
        raise
    return stored


def refused(wrong: OSError) -> Exception:
    """Return a full disk as a refusal; anything else as it is, for it is a defect."""
    if wrong.errno not in FULL:
        return wrong
    return Refusal(
        "磁盘已满，文件没有存下，也没有留下任何半截内容。请联系系统管理员腾出空间后重新上传。"
    )


def _write(chunks: Iterable[bytes], file: IO[bytes]) -> Stored:
    """Count, write and flush side by side: each waits for its own core or for the disk."""
    flushed: Future[None] | None = None
    unflushed = 0
    with Digests() as digests, ThreadPoolExecutor(1) as flusher:
        for block in blocks(chunks):
            digests.update(block)
            _all(file, block)
            unflushed += len(block)
            if unflushed >= FLUSH_EVERY:
                if flushed:
                    flushed.result()
                flushed, unflushed = flusher.submit(os.fdatasync, file.fileno()), 0
        if flushed:
            flushed.result()
        os.fsync(file.fileno())
        return Stored(*digests.hex(), digests.size)


def _all(file: IO[bytes], block: bytes) -> None:
    rest = memoryview(block)
    while rest:  # an unbuffered file may take less than it was given
        rest = rest[file.write(rest) :]


def _keep(incoming: Path, stored: Stored, folder: Path) -> None:
    if bucket.used():
        bucket.put(incoming, stored.sha256, stored.size)
        incoming.unlink()
        return
    place = path_of(stored.sha256, folder=folder)
    new = not place.parent.exists()
    place.parent.mkdir(parents=True, exist_ok=True)
    incoming.chmod(0o440)
    incoming.replace(place)
    _sync(place.parent)
    if new:
        _sync(folder)


def read(digest: str, *, folder: Path) -> Iterator[bytes]:
    """Yield a file's bytes; its last piece only if all of them are still what was sealed.

    Raises:
        Refusal: it is missing, no longer what was sealed, or the sweep found it so.
    """
    if Blob.objects.filter(pk=digest, failed_at__isnull=False).exists():
        raise changed(digest)
    hasher = sha256()
    last = b""
    with open_file(digest, folder=folder) as stream:
        while chunk := stream.read(CHUNK):
            if last:
                yield last
            hasher.update(chunk)
            last = chunk
    if hasher.hexdigest() != digest:
        raise changed(digest)
    if last:
        yield last


def part(blob: Blob, start: int, end: int, *, folder: Path) -> Iterator[bytes]:
    """Return a file's bytes from `start` to `end`, not held to its digest.

    Raises:
        Refusal: it is missing, or was found changed.
    """
    if blob.failed_at:
        raise changed(blob.pk)
    stream = here_and_there(blob.pk, folder=folder)
    stream.seek(start)
    return _pieces(stream, end - start)


def _pieces(stream: IO[bytes], left: int) -> Iterator[bytes]:
    with stream:
        while left and (chunk := stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield bytes(chunk)


def here_and_there(digest: str, *, folder: Path) -> IO[bytes]:
    """Open a file to be read in any order, without checking it.

    Raises:
        Refusal: it is missing.
    """
    if not bucket.used():
        return open_file(digest, folder=folder)
    try:
        return bucket.anywhere(digest)
    except FileNotFoundError:
        raise missing(digest) from None


def check(digest: str, *, folder: Path, read: Callable[[int], object] = lambda _: None) -> Stored:
    """Hash a file anew, whatever was found before; `read` is told of each piece's bytes.

    Raises:
        Refusal: it is missing or cannot be read, or it is no longer what was sealed.
        bucket.Unreachable: the store does not answer, so nothing is known of the file.
    """
    with open_file(digest, folder=folder) as stream, Digests() as digests:
        while chunk := _piece(stream, digest):
            digests.update(chunk)
            read(len(chunk))
        found = Stored(*digests.hex(), digests.size)
    if found.sha256 != digest:
        raise changed(digest)
    return found


def _piece(stream: IO[bytes], digest: str) -> bytes:
    try:
        return stream.read(CHUNK)
    except OSError as wrong:
        if bucket.used():
            raise bucket.unreachable() from wrong
        raise changed(digest) from wrong  # the disk cannot read what it was given


def open_file(digest: str, *, folder: Path) -> IO[bytes]:
    """Open a file without checking it.

    Raises:
        Refusal: it is missing.
    """
    try:
        return bucket.get(digest) if bucket.used() else path_of(digest, folder=folder).open("rb")
    except FileNotFoundError:
        raise missing(digest) from None


def missing(digest: str) -> Refusal:
    """Return the refusal of a file that is not there."""
    return Refusal("文件 {digest} 不在证据库中；请从备份恢复后重试。", digest=digest[:12])


def changed(digest: str) -> Refusal:
    """Return the refusal of a file that is no longer what was sealed."""
    return Refusal(
        "文件 {digest} 的内容与封存时不一致，不能作为证据使用；请报告系统管理员。",
        digest=digest[:12],
    )


def path_of(digest: str, *, folder: Path) -> Path:
    """Return where the file of `digest` is kept."""
    return folder / digest[:2] / digest[2:]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
