"""Original files on disk, each under the name of its own SHA-256."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from jingyi.core.refusal import Refusal

CHUNK = 1 << 20  # bytes


def store(chunks: Iterable[bytes], *, folder: Path) -> tuple[str, int]:
    """Write a stream and return `(hex digest, bytes)`.

    The file and its folder reach the disk before this returns, so a database
    row that names the digest never points at nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    hasher, size = sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as stream:
        for chunk in chunks:
            hasher.update(chunk)
            size += len(chunk)
            stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    digest = hasher.hexdigest()
    place = path_of(digest, folder=folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    Path(stream.name).replace(place)
    place.chmod(0o440)
    _sync(place.parent)
    return digest, size


def read(digest: str, *, folder: Path) -> Iterator[bytes]:
    """Yield a file's bytes; refuse, before the end, a file that is no longer what was sealed."""
    hasher = sha256()
    try:
        stream = path_of(digest, folder=folder).open("rb")
    except FileNotFoundError:
        raise Refusal(
            "文件 {digest} 不在证据库中；请从备份恢复后重试。", digest=digest[:12]
        ) from None
    with stream:
        while chunk := stream.read(CHUNK):
            hasher.update(chunk)
            yield chunk
    if hasher.hexdigest() != digest:
        raise Refusal(
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
